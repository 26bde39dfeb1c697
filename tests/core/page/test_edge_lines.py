from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.page.edge_lines import edge_lines, remove_edge_lines
from inkread.core.page.state import PageState, Reason
from inkread.core.reading import Grey
from tests.core.page.pages import drawn
from tests.written import write


def cell(text: str = "3", shape: tuple[int, int] = (100, 100)) -> Grey:
    """A digit with background all around it."""
    ink = drawn(write(text, height=50, width=7, at=(33, 25)), shape)
    return np.asarray(235 - ink.astype(np.float32) * 0.8, np.uint8)


def with_lines(grey: Grey, *sides: int, thick: int = 6, level: int = 50) -> Grey:
    """The cell with lines at its top (0), right, bottom or left (3) side."""
    lined = grey.copy()
    for side in sides:
        np.rot90(lined, side)[:thick] = level
    return np.asarray(cv2.GaussianBlur(lined, (0, 0), 0.8), np.uint8)


@pytest.mark.parametrize("sides", [(0,), (1,), (2,), (3,), (0, 3), (1, 2), (1, 3), (0, 1, 2, 3)])
@pytest.mark.parametrize(("thick", "level"), [(2, 60), (6, 50), (12, 160)])
def test_lines_are_found_at_the_sides_where_they_are(
    sides: tuple[int, ...], thick: int, level: int
) -> None:
    found = edge_lines(with_lines(cell(), *sides, thick=thick, level=level))
    assert tuple(side for side in range(4) if found[side]) == sides
    assert all(thick <= found[side] <= thick + 4 for side in sides)


def test_a_line_that_is_brighter_than_its_background_is_one_too() -> None:
    assert edge_lines(255 - with_lines(cell(), 0)) == edge_lines(with_lines(cell(), 0))


@pytest.mark.parametrize(("thick", "level"), [(25, 50), (6, 220)])
def test_what_is_wide_or_faint_is_no_line(thick: int, level: int) -> None:
    assert not any(edge_lines(with_lines(cell(), 0, thick=thick, level=level)))


def test_a_line_that_ends_is_none() -> None:
    grey = with_lines(cell(), 0)
    grey[:12, :8] = 235
    assert not any(edge_lines(grey))


def test_a_line_that_a_digit_touches_is_one() -> None:
    grey = cell()
    cv2.line(grey, (60, 0), (60, 30), 47, 7)
    assert edge_lines(with_lines(grey, 0))[0]


def tight(*lines: tuple[int, int, int, int], shape: tuple[int, int] = (80, 60)) -> Grey:
    """Straight strokes of 8 px in a picture that is cropped to them: x, y of both ends."""
    grey = np.full(shape, 235, np.uint8)
    for x, y, right, bottom in lines:
        cv2.line(grey, (x, y), (right, bottom), 50, 8)
    return grey


def test_strokes_of_a_picture_that_is_cropped_to_its_ink_are_no_lines() -> None:
    seven = tight((0, 3, 60, 3), (52, 3, 20, 80))
    eleven = tight((3, 0, 3, 80), (56, 0, 56, 80))
    fourteen = tight((3, 0, 3, 80), (50, 0, 25, 55), (22, 55, 60, 55), (50, 0, 50, 80))
    for grey in (seven, eleven, fourteen):
        assert not any(edge_lines(grey))


def test_lines_alone_are_not_looked_at() -> None:
    grey = np.full((100, 100), 235, np.uint8)
    assert not any(edge_lines(with_lines(grey, 0, 3)))
    assert not any(edge_lines(grey))


def test_lines_are_painted_over_and_reported() -> None:
    grey = with_lines(cell(), 0, 3)
    state = remove_edge_lines(PageState.of(grey))
    assert state.grey.min(axis=1)[:10].min() > 200
    assert np.array_equal(state.grey[12:, 12:], grey[12:, 12:])
    assert np.array_equal(state.seen, grey)
    assert [removed.reason for removed in state.removed] == [Reason.RULING] * 2
    top, left = (removed.box for removed in state.removed)
    assert (top.width, left.height) == (100, 100)


@pytest.mark.parametrize("shape", [(1, 1), (3, 40), (19, 19), (20, 20), (900, 900)])
def test_other_pictures_stay_as_they_are(shape: tuple[int, int]) -> None:
    grey = np.full(shape, 235, np.uint8)
    grey[:1] = 40
    state = PageState.of(grey)
    assert remove_edge_lines(state) is state
