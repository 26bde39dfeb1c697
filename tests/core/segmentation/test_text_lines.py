"""The lines that boxes stand in."""

from __future__ import annotations

import pytest

from inkread.core.geometry import Box
from inkread.core.segmentation.text_lines import BoxLayout


def lines_of(boxes: list[Box]) -> list[list[int]]:
    return [list(line) for line in BoxLayout.of(boxes).lines]


def test_lines_run_top_to_bottom_and_left_to_right() -> None:
    boxes = [Box(200, 130, 50, 90), Box(100, 0, 50, 100), Box(0, 10, 50, 95), Box(10, 125, 50, 90)]
    assert lines_of(boxes) == [[2, 1], [3, 0]]


def test_a_line_may_climb() -> None:
    boxes = [Box(70 * i, 300 - 40 * i, 50, 100) for i in range(7)]
    assert lines_of(boxes) == [list(range(7))]


@pytest.mark.parametrize("y", [52, 60])
def test_a_line_goes_on_close_by_a_little_higher_or_lower(y: int) -> None:
    low_one, six = Box(0, 58, 5, 42), Box(30, y - 40, 33, 54)
    assert lines_of([low_one, six]) == [[0, 1]]


@pytest.mark.parametrize(
    "other",
    [Box(90, 20, 33, 54), Box(30, 0, 33, 58), Box(-2, 20, 33, 54)],
    ids=["too far off", "above", "over it"],
)
def test_another_line_stays_one(other: Box) -> None:
    assert len(lines_of([Box(0, 58, 5, 42), other])) == 2


def test_what_is_taller_than_two_lines_leads_into_the_nearer_one_only() -> None:
    tall = Box(0, 0, 20, 260)
    upper = [Box(60 * i + 40, -45, 40, 60) for i in range(3)]
    lower = [Box(60 * i + 50, 246, 40, 60) for i in range(3)]
    assert sorted(lines_of([tall, *upper, *lower])) == [[0, 1, 2, 3], [4, 5, 6]]


def test_strokes_without_any_width_are_in_one_line_each() -> None:
    assert lines_of([Box(10, 0, 0, 25)]) == [[0]]
    assert lines_of([Box(10, 0, 0, 25), Box(10, 20, 0, 25)]) == [[0], [1]]


def test_each_box_knows_its_line_and_how_many_are_on_it() -> None:
    layout = BoxLayout.of([Box(0, 0, 40, 50), Box(0, 100, 40, 50), Box(60, 100, 40, 50)])
    assert layout.line_of.tolist() == [0, 1, 1]
    assert layout.line_size.tolist() == [1, 2, 2]


def test_a_layout_computes_each_figure_once() -> None:
    layout = BoxLayout.of([Box(0, 0, 10, 20), Box(15, 5, 10, 5)])
    assert layout.overlaps is layout.overlaps
    assert layout.lines is layout.lines
    assert layout.lower.tolist() == [[20, 5], [5, 5]]


def typical_height(boxes: list[Box]) -> float:
    return BoxLayout.of(boxes).typical_height


def test_typical_height_is_never_nothing() -> None:
    assert typical_height([Box(0, 0, 0, 0)]) == 1
    assert typical_height([Box(0, 0, 30, 0)]) == 30
    assert typical_height([Box(0, 0, 60, 100), Box(0, 0, 50, 3)]) > 70


@pytest.mark.parametrize(("y", "lines"), [(60, [[0, 1]]), (61, [[0], [1]])])
def test_boxes_far_apart_share_a_line_by_their_height(y: float, lines: list[list[int]]) -> None:
    assert lines_of([Box(0, 0, 50, 100), Box(200, y, 50, 100)]) == lines


@pytest.mark.parametrize(
    ("x", "y", "lines"),
    [
        (149, 61, [[0, 1]]),
        (150, 61, [[0], [1]]),  # a height away
        (50, 89, [[0, 1]]),
        (50, 90, [[0], [1]]),  # a tenth of the height in common
        (49, 89, [[0], [1]]),  # over one another
    ],
)
def test_a_line_goes_on_near_by(x: float, y: float, lines: list[list[int]]) -> None:
    assert lines_of([Box(0, 0, 50, 100), Box(x, y, 50, 100)]) == lines


def test_the_typical_height_is_that_of_the_taller_ones() -> None:
    assert typical_height([Box(0, 0, 9, height) for height in (10, 20, 30, 40, 50)]) == 40
