"""The library undisturbed; test_disasters.py disturbs it."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from inkread.core.errors import (
    FileMissing,
    ModelAmbiguous,
    ModelInUse,
    ModelNameUnusable,
    ModelShipped,
    ModelUnknown,
    ModelUnusable,
    NothingToRevert,
    SaveFailed,
)
from inkread.data.models.library import SHIPPED, Card, ModelLibrary
from inkread.data.paths import bundled, home
from inkread.ml.inference.metadata import ModelInfo
from tests.data.libraries import SHIPPED_DATA, Info, check, content, in_use, keep, library_in, names


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


def opened(library: ModelLibrary) -> tuple[bytes, list[str]]:
    """The bytes of the model in use, and the sentences about those passed over."""

    def open_model(data: bytes, name: str) -> bytes:
        return data

    found = library.open_current(open_model)
    return found.model, [str(error) for error in found.passed_over]


class TestEmpty:
    def test_the_shipped_model_is_in_use(self, library: ModelLibrary, tmp_path: Path) -> None:
        assert library.current().id == SHIPPED
        assert library.current().path == tmp_path / "shipped.onnx"
        assert opened(library) == (SHIPPED_DATA, [])

    def test_it_is_listed_as_it_describes_itself(self, library: ModelLibrary) -> None:
        (listed,) = library.models()
        assert (listed.kept.card.name, listed.problem) == ("Shipped model", "")
        (listed,) = library.models(check)
        card = listed.kept.card
        assert (card.name, card.source) == (SHIPPED_DATA.decode(), "shipped")
        assert (card.after, card.data) == ({"accuracy": 0.5}, ("some data",))
        assert card.sha256 == sha256(SHIPPED_DATA).hexdigest()
        assert listed.in_use

    def test_reading_makes_no_folder(self, library: ModelLibrary, folder: Path) -> None:
        library.models(check)
        library.current()
        with pytest.raises(ModelUnknown):
            library.find("a")
        assert not folder.exists()

    def test_the_users_own_is_in_their_home(self, tmp_path: Path) -> None:
        library = ModelLibrary.of(home(tmp_path))
        assert library.current().path == bundled("models/digits.onnx")
        kept = keep(library, "a")
        assert kept.path.parent == home(tmp_path).data / "models"


class TestKeeping:
    def test_a_kept_model_is_a_file_and_a_card(self, library: ModelLibrary, folder: Path) -> None:
        card = Card(
            name="Better sevens",
            source="trained",
            before={"accuracy": 0.98},
            after={"accuracy": 0.99, "loss": 0.1},
            data=("starter", "mine"),
            recipe={"architecture": "inkread", "epochs": 3, "layers": [1, {"a": None}]},
            parents=("b", "a"),
        )
        kept = library.keep(b"abc", card)
        assert kept.path == folder / f"{kept.id}.onnx"
        assert kept.path.read_bytes() == b"abc"
        assert kept == library.find(kept.id) == library.current()
        stored = json.loads((folder / f"{kept.id}.json").read_bytes())
        assert stored["sha256"] == sha256(b"abc").hexdigest()
        assert stored["size"] == 3
        assert (kept.card.name, kept.card.before) == ("Better sevens", {"accuracy": 0.98})
        assert kept.card.recipe == card.recipe
        assert kept.card.parents == ("b", "a")
        assert kept.card.created.endswith("+00:00")

    def test_it_is_used_only_if_that_is_wished(self, library: ModelLibrary) -> None:
        keep(library, "a", use=False)
        assert in_use(library) == "Shipped model"
        keep(library, "b", use=True)
        assert in_use(library) == "b"
        assert names(library) == ["Shipped model", "a", "b"]

    def test_nothing_is_kept_in_memory(self, library: ModelLibrary, tmp_path: Path) -> None:
        other = library_in(tmp_path)
        keep(library, "a")
        assert in_use(other) == "a"
        assert opened(other) == (b"a", [])

    def test_a_child_has_its_whole_history(self, library: ModelLibrary) -> None:
        first = keep(library, "a").card
        second = Card(name="b", source="trained", parents=first.lineage)
        second = library.keep(b"b", second).card
        third = Card(name="c", source="trained", parents=second.lineage)
        assert third.parents == (
            f"b (SHA-256 {sha256(b'b').hexdigest()[:16]})",
            f"a (SHA-256 {sha256(b'a').hexdigest()[:16]})",
        )
        assert Card(name="a", source="imported").lineage == ("a",)


class TestUsing:
    def test_use_and_revert_walk_through_the_history(self, library: ModelLibrary) -> None:
        a, b = keep(library, "a"), keep(library, "b")
        library.use(SHIPPED)
        library.use(a.id)
        library.use(a.id)  # once more changes nothing
        seen = [in_use(library)]
        while in_use(library) != "Shipped model" or len(seen) < 4:
            seen.append(library.revert().card.name)
        assert seen == ["a", "Shipped model", "b", "a", "Shipped model"]
        assert b.id in [listed.kept.id for listed in library.models()]

    def test_before_the_first_there_is_nothing(self, library: ModelLibrary) -> None:
        with pytest.raises(NothingToRevert):
            library.revert()
        library.use(SHIPPED)
        with pytest.raises(NothingToRevert, match="Shipped model"):
            library.revert()

    def test_the_list_tells_which_one_was_in_use_before(self, library: ModelLibrary) -> None:
        def before() -> list[str]:
            return [one.kept.card.name for one in library.models() if one.is_previous]

        assert before() == []
        keep(library, "a"), keep(library, "b")
        while previous := before():
            assert previous == [library.revert().card.name]
        assert in_use(library) == "Shipped model"

    def test_a_deleted_model_is_not_gone_back_to(self, library: ModelLibrary) -> None:
        a, b, _ = keep(library, "a"), keep(library, "b"), keep(library, "c")
        library.delete(b.id)
        assert library.revert() == a
        keep(library, "d")
        library.use(a.id)
        library.delete(library.find("d").id)
        assert library.revert().id == SHIPPED  # not to a again

    def test_a_model_is_tried_before_it_is_used(self, library: ModelLibrary) -> None:
        kept = keep(library, "xyz", use=False)
        with pytest.raises(ModelUnusable, match=r"xyz.*begins with an x"):
            library.use(kept.id, check)
        assert in_use(library) == "Shipped model"
        assert library.use(keep(library, "a", use=False).id, check).card.name == "a"
        assert in_use(library) == "a"

    def test_an_unknown_one_is_refused(self, library: ModelLibrary) -> None:
        keep(library, "a")
        for wanted in ("", "a", "nobody", "../shipped"):
            with pytest.raises(ModelUnknown):
                library.use(wanted)
        assert in_use(library) == "a"

    def test_the_history_does_not_grow_for_ever(
        self, library: ModelLibrary, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("inkread.data.models.usage.MAX_USES", 3)
        for name in "abcde":
            keep(library, name)
        assert len(json.loads((folder / "current").read_bytes())) == 3
        assert [library.revert().card.name for _ in range(3)] == ["d", "c", "Shipped model"]

    def test_one_that_cannot_be_opened_is_passed_over(self, library: ModelLibrary) -> None:
        keep(library, "a")
        keep(library, "xb")
        keep(library, "xc")

        def open_model(data: bytes, name: str) -> str:
            check(data, name)
            return f"open {name}"

        found = library.open_current(open_model)
        assert (found.model, found.kept.card.name) == ("open a", "a")
        assert [str(error) for error in found.passed_over] == [
            f"{name}: this model cannot be used (it begins with an x), so a is; "
            "choose another model or import a good copy."
            for name in ("xc", "xb")
        ]
        listed = {one.kept.card.name: one for one in library.models(check)}
        assert listed["a"].in_use
        assert listed["xc"].problem == "it begins with an x"

    def test_if_not_even_the_shipped_one_can_be_opened_that_is_reported(
        self, library: ModelLibrary, tmp_path: Path
    ) -> None:
        (tmp_path / "shipped.onnx").unlink()
        with pytest.raises(ModelUnusable, match=r"Shipped model.*missing"):
            opened(library)
        assert library.current().id == SHIPPED
        (listed,) = library.models()
        assert listed.problem == "its file is missing"


class TestFinding:
    def test_by_id_name_or_the_beginning_of_an_id(self, library: ModelLibrary) -> None:
        kept = keep(library, "Better sevens")
        assert library.find(kept.id) == kept
        assert library.find("Better sevens") == kept
        assert library.find(kept.id[:7]) == kept
        assert library.find("ship").id == SHIPPED

    def test_an_id_comes_before_a_name(self, library: ModelLibrary) -> None:
        a = keep(library, "a")
        keep(library, a.id)
        assert library.find(a.id) == a

    def test_what_is_not_clear_is_not_guessed(self, library: ModelLibrary) -> None:
        ids = sorted(keep(library, f"twin {side}").id for side in "ab")
        with pytest.raises(ModelAmbiguous, match="twin: this may be 2 models") as caught:
            library.find("twin")
        assert all(f"{one} twin" in str(caught.value) for one in ids)
        assert library.find("TWIN B").card.name == library.find(" B").card.name == "twin b"
        for wanted in ("", "twin c", "zz"):
            with pytest.raises(ModelUnknown):
                library.find(wanted)

    def test_in_an_old_library_several_may_have_one_name(
        self, library: ModelLibrary, folder: Path
    ) -> None:
        a, b = keep(library, "a"), keep(library, "b")
        card = folder / f"{b.id}.json"
        card.write_bytes(replace(b.card, name="a").to_json())
        with pytest.raises(ModelAmbiguous, match="a: this may be 2 models"):
            library.find("a")
        assert library.find(b.id).card.name == "a"
        assert library.rename(b.id, "c").card.name == "c"
        assert library.find("a") == a

    def test_the_shipped_one_is_found_by_its_own_name(self, tmp_path: Path) -> None:
        library_in(tmp_path)
        library = ModelLibrary(tmp_path / "models", tmp_path / "shipped.onnx", check)
        name = SHIPPED_DATA.decode()
        assert library.find(name).id == SHIPPED
        assert library.current().card.name == name
        keep(library, "xa")
        found = library.open_current(lambda data, _: check(data, ""))
        assert [error.facts["instead"] for error in found.passed_over] == [name]
        with pytest.raises(ModelShipped, match=name):
            library.rename(SHIPPED, "b")
        (tmp_path / "shipped.onnx").unlink()
        assert library.find(SHIPPED).card.name == "Shipped model"


class TestMeanwhile:
    def test_it_is_used_only_in_the_place_of_the_model_that_it_was_made_from(
        self, library: ModelLibrary
    ) -> None:
        a = keep(library, "a")
        b = library.keep(b"b", Card(name="b", source="trained"), instead_of=a.id)
        assert in_use(library) == "b"
        c = library.keep(b"c", Card(name="c", source="trained"), instead_of=a.id)
        assert in_use(library) == "b"
        assert library.find("c") == c
        library.use(SHIPPED)
        library.keep(b"d", Card(name="d", source="trained"), instead_of=SHIPPED)
        assert in_use(library) == "d"
        assert library.revert().id == SHIPPED
        assert library.revert() == b


class TestRenaming:
    def test_the_file_stays(self, library: ModelLibrary) -> None:
        a = keep(library, "a")
        renamed = library.rename(a.id, "  Größte 7 ")
        assert renamed.card.name == "Größte 7"
        assert (renamed.id, renamed.path) == (a.id, a.path)
        assert library.find("Größte 7") == renamed
        assert in_use(library) == "Größte 7"

    @pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x1b[1m", "x" * 101, "\ud800"])
    def test_a_name_is_a_line_of_text(self, library: ModelLibrary, name: str) -> None:
        a = keep(library, "a")
        with pytest.raises(ModelNameUnusable):
            library.rename(a.id, name)
        assert library.find("a") == a

    def test_the_shipped_one_keeps_its_name(self, library: ModelLibrary, folder: Path) -> None:
        with pytest.raises(ModelShipped):
            library.rename(SHIPPED, "b")
        assert content(folder) == {}


class TestExportAndImport:
    def test_what_was_exported_can_be_imported(self, library: ModelLibrary, tmp_path: Path) -> None:
        kept = keep(library, "a")
        library.export(kept.id, tmp_path / "out.onnx")
        assert (tmp_path / "out.onnx").read_bytes() == b"a"
        (tmp_path / "there").mkdir()
        other = library_in(tmp_path / "there")
        imported = other.import_(tmp_path / "out.onnx", check)
        assert in_use(other) == "Shipped model"
        assert other.read(imported.id) == b"a"
        card = imported.card
        assert (card.name, card.source, card.after) == ("a", "imported", {"accuracy": 0.5})
        assert (card.data, card.parents) == (("some data",), ("some parent",))
        assert card.sha256 == sha256(b"a").hexdigest()

    def test_the_shipped_one_can_be_exported(self, library: ModelLibrary, tmp_path: Path) -> None:
        library.export(SHIPPED, tmp_path / "out.onnx")
        assert (tmp_path / "out.onnx").read_bytes() == SHIPPED_DATA

    def test_what_is_there_is_not_taken_in_again(
        self, library: ModelLibrary, tmp_path: Path
    ) -> None:
        kept = keep(library, "a")
        (tmp_path / "copy").write_bytes(b"a")
        assert library.import_(tmp_path / "copy", check) == kept
        assert library.import_(tmp_path / "shipped.onnx", check).id == SHIPPED
        assert names(library) == ["Shipped model", "a"]

    def test_a_good_copy_of_a_damaged_one_is_taken_in(
        self, library: ModelLibrary, tmp_path: Path
    ) -> None:
        kept = keep(library, "a")
        kept.path.write_bytes(b"?")
        (tmp_path / "copy").write_bytes(b"a")
        imported = library.import_(tmp_path / "copy", check)
        assert imported.id != kept.id
        assert library.read(imported.id) == b"a"
        assert kept.path.read_bytes() == b"?"

    def test_what_does_not_fit_is_refused(
        self, library: ModelLibrary, tmp_path: Path, folder: Path
    ) -> None:
        (tmp_path / "bad.onnx").write_bytes(b"xa")
        with pytest.raises(ModelUnusable, match=r"bad\.onnx: .*begins with an x"):
            library.import_(tmp_path / "bad.onnx", check)
        with pytest.raises(FileMissing):
            library.import_(tmp_path / "none.onnx", check)
        assert content(folder) == {}

    def test_texts_of_an_imported_model_are_cut_to_size(
        self, library: ModelLibrary, tmp_path: Path
    ) -> None:
        def boasting(data: bytes, name: str) -> Info:
            long = "b\x1b[31m\n" * 100_000
            scores = {f"{long}{i}": 0.5 for i in range(1000)} | {"\n": float("nan")}
            return Info(long, scores, (long,) * 10_000, (long, "\ud800"))

        (tmp_path / "m.onnx").write_bytes(b"a")
        kept = library.import_(tmp_path / "m.onnx", boasting)
        assert library.find(kept.id) == kept  # the card can be read
        assert kept.card.name.isprintable()
        assert 90 < len(kept.card.name) <= 100
        assert (kept.path.with_suffix(".json")).stat().st_size < 200_000

    def test_a_nameless_one_is_called_like_its_file(
        self, library: ModelLibrary, tmp_path: Path
    ) -> None:
        def nameless(data: bytes, name: str) -> ModelInfo:
            return ModelInfo()

        (tmp_path / "zoo model.onnx").write_bytes(b"a")
        assert library.import_(tmp_path / "zoo model.onnx", nameless).card.name == "zoo model"

    def test_an_export_that_fails_is_reported(self, library: ModelLibrary, tmp_path: Path) -> None:
        with pytest.raises(SaveFailed):
            library.export(SHIPPED, tmp_path / "none" / "out.onnx")
        with pytest.raises(ModelUnknown):
            library.export("none", tmp_path / "out.onnx")
        assert not (tmp_path / "out.onnx").exists()


class TestDeleting:
    def test_model_and_card_go(self, library: ModelLibrary, folder: Path) -> None:
        a = keep(library, "a")
        before = content(folder)
        b = keep(library, "b")
        library.use(a.id)
        library.delete(b.id)
        assert set(content(folder)) == set(before)
        assert names(library) == ["Shipped model", "a"]

    def test_the_one_in_use_stays(self, library: ModelLibrary, folder: Path) -> None:
        a = keep(library, "a")
        before = content(folder)
        with pytest.raises(ModelInUse, match=r"^a: "):
            library.delete(a.id)
        assert content(folder) == before
        library.revert()
        library.delete(a.id)
        assert names(library) == ["Shipped model"]

    def test_the_shipped_one_stays(self, library: ModelLibrary, tmp_path: Path) -> None:
        keep(library, "a")
        with pytest.raises(ModelShipped):
            library.delete(SHIPPED)
        assert (tmp_path / "shipped.onnx").read_bytes() == SHIPPED_DATA

    def test_what_is_gone_is_unknown(self, library: ModelLibrary) -> None:
        a = keep(library, "a", use=False)
        library.delete(a.id)
        for change in (library.delete, library.read, library.use):
            with pytest.raises(ModelUnknown):
                change(a.id)
