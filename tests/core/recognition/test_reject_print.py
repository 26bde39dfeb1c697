from __future__ import annotations

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Guess
from inkread.core.recognition.reject_print import reject_print

CELL = np.zeros((28, 28), np.float32)


def glyph(line: int, rejected: bool, is_mark: bool = False) -> Glyph:
    sign = "." if is_mark else "0"
    return Glyph(Box(0, 0, 9, 9), line, (Guess(sign, 0.99),), CELL, (), rejected, is_mark)


def row(line: int, rejected: int, count: int) -> list[Glyph]:
    return [glyph(line, k < rejected) for k in range(count)]


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
    page = [*row(0, 9, 16), *row(1, 0, 4), glyph(1, rejected=False, is_mark=True)]
    found = reject_print(page)
    assert [g.rejected for g in found] == [True] * 20 + [False]


def test_nothing_is_nothing() -> None:
    assert reject_print([]) == []
