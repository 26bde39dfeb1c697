from __future__ import annotations

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Guess
from inkread.core.recognition.reject_print import print_lines, reject_print

CELL = np.zeros((28, 28), np.float32)


def glyph(
    line: int,
    rejected: bool,
    is_mark: bool = False,
    height: float = 9,
    probability: float = 0.99,
) -> Glyph:
    sign = Guess("." if is_mark else "0", probability)
    return Glyph(Box(0, 0, 9, height), line, (sign,), CELL, (), rejected, is_mark)


def row(line: int, rejected: int, count: int, height: float = 9) -> list[Glyph]:
    return [glyph(line, k < rejected, height=height) for k in range(count)]


@pytest.mark.parametrize(
    ("rejected", "count", "after"), [(3, 6, 6), (2, 6, 2), (3, 5, 3), (0, 8, 0), (4, 10, 10)]
)
def test_a_line_much_of_which_is_rejected_is_rejected(
    rejected: int, count: int, after: int
) -> None:
    other = row(1, 0, 9)
    found = reject_print([*row(0, rejected, count), *other])
    assert sum(g.rejected for g in found) == after
    assert found[count:] == other


def test_a_page_much_of_which_is_rejected_is_rejected_with_its_short_lines() -> None:
    page = [*row(0, 9, 17), *row(1, 0, 3), glyph(1, rejected=False, is_mark=True)]
    found = reject_print(page)
    assert [g.rejected for g in found] == [True] * 20 + [False]


@pytest.mark.parametrize(
    ("number", "is_kept"),
    [
        (row(2, 0, 10), True),
        (row(2, 0, 4), True),
        (row(2, 0, 3), False),
        (row(2, 1, 10), False),
        (row(2, 0, 3, height=13), True),
        (row(2, 0, 3, height=12), False),
        (row(2, 0, 3, height=6), True),
        ([*row(2, 0, 8), *[glyph(2, rejected=False, probability=0.7)] * 2], True),
        ([*row(2, 0, 7), *[glyph(2, rejected=False, probability=0.7)] * 2], False),
    ],
)
def test_a_number_below_text_is_judged_by_itself(number: list[Glyph], is_kept: bool) -> None:
    text = [*row(0, 10, 20), *row(1, 12, 20)]
    found = reject_print([*text, *number])
    assert all(g.rejected for g in found[: len(text)])
    assert (found[len(text) :] == number) is is_kept
    assert is_kept or all(g.rejected for g in found[len(text) :])
    assert print_lines([*text, *number]) == ({0, 1} if is_kept else {0, 1, 2})


def test_nothing_is_nothing() -> None:
    assert reject_print([]) == []
