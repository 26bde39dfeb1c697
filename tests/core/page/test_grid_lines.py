from __future__ import annotations

import cv2
import numpy as np

from inkread.core.page.grid_lines import without_lines
from inkread.core.reading import Grey
from inkread.core.tables.grid import Grid
from tests.core.page.tables import grid_of

X, Y = np.array([20.0, 100, 180]), np.array([20.0, 80, 140])
GRID = grid_of(X, Y, 3)


def ruled(grid: Grid = GRID, dotted: bool = False) -> Grey:
    """Contrast of the lines alone."""
    ink = np.zeros((160, 200), np.uint8)
    for x in (20, 100, 180):
        cv2.line(ink, (x, 20), (x, 140), 200, 3)
    for y in (20, 80, 140):
        cv2.line(ink, (20, y), (180, y), 200, 3)
    if dotted:
        ink[:, ::6] = ink[:, 1::6] = ink[::6] = ink[1::6] = 0
    return ink


def test_lines_are_taken_off() -> None:
    assert without_lines(ruled(), GRID, X, Y, 3).max() < 30


def test_lines_of_dots_are_taken_off() -> None:
    left = without_lines(ruled(dotted=True), GRID, X, Y, 3)
    assert (left[:, :178] > 60).sum() == 0


def test_writing_across_a_line_stays_whole() -> None:
    ink = ruled()
    cv2.line(ink, (60, 50), (66, 110), 255, 5)
    left = np.asarray(without_lines(ink, GRID, X, Y, 3) > 100, np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(left)
    assert count == 2
    assert stats[1, cv2.CC_STAT_HEIGHT] >= 60


def test_a_level_stroke_near_a_line_stays() -> None:
    ink = ruled()
    cv2.line(ink, (45, 90), (75, 90), 200, 4)
    left = without_lines(ink, GRID, X, Y, 3)
    assert (left[88:93, 48:72] > 100).all()


def test_where_the_grid_has_no_line_all_ink_stays() -> None:
    grid = grid_of(X, Y, 3)
    grid.level_edges[1] = False
    left = without_lines(ruled(), grid, X, Y, 3)
    assert (left[80, 30:90] > 150).all()
    assert left[20, 30:90].max() < 30
