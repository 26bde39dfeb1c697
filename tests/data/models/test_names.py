"""No two models have one name."""

from __future__ import annotations

import pytest

from inkread.core.errors import ModelNameTaken
from inkread.data.models.library import ModelLibrary
from inkread.data.models.names import unique_name
from tests.data.libraries import keep, names


class TestNames:
    def test_each_model_has_its_own(self, library: ModelLibrary) -> None:
        for name in ("hand", "hand", "hand", "hand (2)", "other"):
            keep(library, name)
        expected = ["hand", "hand (2)", "hand (3)", "hand (4)", "other"]
        assert names(library) == ["Shipped model", *expected]

    def test_a_number_is_not_given_again_while_there_are_higher_ones(
        self, library: ModelLibrary
    ) -> None:
        keep(library, "hand")
        second = keep(library, "hand")
        keep(library, "hand")
        library.delete(second.id)
        assert keep(library, "hand").card.name == "hand (4)"

    @pytest.mark.parametrize(
        ("name", "taken", "found"),
        [
            ("a", [], "a"),
            ("a", ["b"], "a"),
            ("a", ["a"], "a (2)"),
            ("a (2)", ["a"], "a (2)"),
            ("a (2)", ["a", "a (2)"], "a (3)"),
            ("a", ["a", "a (7)", "b (9)"], "a (8)"),
            ("a (0)", ["a (0)"], "a (0) (2)"),
            ("(2)", ["(2)"], "(2) (2)"),
            ("x" * 100, ["x" * 100], "x" * 96 + " (2)"),
            ("x" * 100, ["x" * 100, "x" * 96 + " (2)"], "x" * 96 + " (3)"),
        ],
    )
    def test_numbers_tell_apart(self, name: str, taken: list[str], found: str) -> None:
        assert unique_name(name, taken) == found

    @pytest.mark.parametrize("name", ["shipped", "current"])
    def test_no_model_is_called_what_finds_another_one(
        self, library: ModelLibrary, name: str
    ) -> None:
        kept = keep(library, name)
        assert kept.card.name == f"{name} (2)"
        with pytest.raises(ModelNameTaken):
            library.rename(kept.id, name)

    def test_renaming_to_anothers_name_is_refused(self, library: ModelLibrary) -> None:
        a, b = keep(library, "a"), keep(library, "b")
        with pytest.raises(ModelNameTaken, match="a: another model"):
            library.rename(b.id, " a ")
        assert library.rename(a.id, "a").card == a.card
