"""Which pages of a file are read."""

from __future__ import annotations

import pytest

from inkread.core.batch.page_choice import PageChoice
from inkread.core.errors import PageMissing, PagesUnknown


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        ("1", [0]),
        ("2-4", [1, 2, 3]),
        ("1,3", [0, 2]),
        ("3, 1, 3", [0, 2]),
        ("4-", [3, 4]),
        ("2-999999", [1, 2, 3, 4]),
        ("5-5", [4]),
        ("1-2,2-3", [0, 1, 2]),
    ],
)
def test_pages_of_five(text: str, indices: list[int]) -> None:
    assert PageChoice.of(text).indices(5, "a.pdf") == indices


@pytest.mark.parametrize("text", ["", "0", "a", "-3", "3-2", "1,,2", "1.5", "1-2-3", "٣", "1" * 9])
def test_what_names_no_pages(text: str) -> None:
    with pytest.raises(PagesUnknown, match="these are no pages"):
        PageChoice.of(text)


def test_none_of_them_is_there() -> None:
    with pytest.raises(PageMissing, match=r"^a\.pdf: of the pages 6-8 it has none; .* 1 to 5"):
        PageChoice.of("6-8").indices(5, "a.pdf")


def test_some_of_them_are_not() -> None:
    assert PageChoice.of("4-8").note(5) == "It has 5 pages; those after are not there."
    assert PageChoice.of("2").note(1) == "It has 1 page; those after are not there."
    assert PageChoice.of("4-5").note(5) is None
    assert PageChoice.of("4-").note(5) is None
