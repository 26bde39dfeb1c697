from __future__ import annotations

import numpy as np
import pytest

from inkread.core.page.box_sides import without_sides
from inkread.core.page.straight_lines import StraightLine
from inkread.core.reading import Grey

TOP, BOTTOM = StraightLine(True, 50, 0.0), StraightLine(True, 110, 0.0)


def box(right: int = 260, left: int = 40) -> Grey:
    marked = np.zeros((200, 300), np.uint8)
    marked[50, 40:260] = 1
    marked[110, left:right] = 1
    marked[50:106, 40] = marked[50:106, 259] = 1
    return marked


def test_two_lines_joined_at_both_ends_are_the_sides_of_a_box() -> None:
    assert without_sides([TOP, BOTTOM], box()) == []


def test_a_ruling_line_beside_a_box_stays() -> None:
    marked = box()
    marked[170] = 1
    line = StraightLine(True, 170, 0.0)
    assert without_sides([TOP, line, BOTTOM], marked) == [line]


@pytest.mark.parametrize("column", [40, 259])
def test_lines_joined_at_one_end_are_no_sides(column: int) -> None:
    marked = box()
    marked[51:110, column] = 0
    assert without_sides([TOP, BOTTOM], marked) == [TOP, BOTTOM]


@pytest.mark.parametrize(("gap", "is_box"), [(5, True), (6, False)])
def test_a_side_may_have_gaps_of_a_seventh(gap: int, is_box: bool) -> None:
    marked = box()
    marked[60 : 60 + gap, 40] = 0  # of 61 rows, 4 are missing at its end
    assert (without_sides([TOP, BOTTOM], marked) == []) == is_box


@pytest.mark.parametrize(("gap", "is_box"), [(9, True), (10, False)])
def test_a_side_of_sixty_rows_is_marked_in_fifty_one(gap: int, is_box: bool) -> None:
    marked = box()
    marked[109, 40:260] = 1
    marked[110] = 0
    marked[106:109, 40] = marked[106:109, 259] = 1
    marked[60 : 60 + gap, 40] = 0
    lines = [TOP, StraightLine(True, 109, 0.0)]
    assert (without_sides(lines, marked) == []) == is_box


@pytest.mark.parametrize(("off", "is_box"), [(5, True), (6, False)])
def test_sides_end_near_one_another(off: int, is_box: bool) -> None:
    assert (without_sides([TOP, BOTTOM], box(right=260 - off)) == []) == is_box
    assert (without_sides([TOP, BOTTOM], box(left=40 + off)) == []) == is_box


@pytest.mark.parametrize(("gap", "is_box"), [(24, True), (25, False)])
def test_a_side_is_one_stretch_but_for_short_gaps(gap: int, is_box: bool) -> None:
    marked = box()
    marked[50, 150 : 149 + gap] = 0
    assert (without_sides([TOP, BOTTOM], marked) == []) == is_box


@pytest.mark.parametrize(("beyond", "is_box"), [(20, True), (30, False)])
def test_nearly_all_that_is_marked_along_a_side_is_its_own(beyond: int, is_box: bool) -> None:
    marked = np.zeros((200, 400), np.uint8)
    marked[:, :300] = box()
    marked[50, 300 : 300 + beyond] = 1  # of 220 px
    assert (without_sides([TOP, BOTTOM], marked) == []) == is_box


def test_a_slanted_box_is_one() -> None:
    marked = np.zeros((200, 300), np.uint8)
    x = np.arange(40, 260)
    for start in (50, 110):
        marked[np.rint(start + 0.05 * x).astype(int), x] = 1
    marked[52:112, 40] = marked[63:123, 259] = 1
    lines = [StraightLine(True, start, 0.05) for start in (50, 110)]
    assert without_sides(lines, marked) == []


@pytest.mark.parametrize("count", [1, 11])
def test_a_lone_line_and_a_ruled_page_have_no_sides(count: int) -> None:
    marked = np.zeros((200, 300), np.uint8)
    marked[:, 40] = marked[:, 259] = 1
    lines = [StraightLine(True, 10 + 15 * i, 0.0) for i in range(count)]
    for line in lines:
        marked[int(line.start), 40:260] = 1
    assert without_sides(lines, marked) == lines
    assert without_sides(lines[:10], marked) == ([] if count > 1 else lines)


def test_lines_without_marks_are_no_sides() -> None:
    assert without_sides([TOP, BOTTOM], np.zeros((200, 300), np.uint8)) == [TOP, BOTTOM]
