from __future__ import annotations

import cv2
import numpy as np

from inkread.core.page.blank_grids import outline_of_grid, without_grids
from tests.core.page.tables import drawn_table, grid_of


def test_a_page_without_its_grid_is_plain() -> None:
    page, grid = drawn_table([["48", "10"], ["7", ""]])
    cv2.line(page, (10, 10), (60, 10), 0, 3)
    before = page.copy()
    blank = without_grids(page, [grid])
    assert np.array_equal(page, before)
    assert blank[30:].min() > 230
    assert np.array_equal(blank[:30], page[:30])


def test_light_that_falls_off_stays() -> None:
    page, grid = drawn_table([["48", "10"], ["7", ""]])
    shade = np.linspace(1, 0.4, page.shape[1])
    blank = without_grids((page * shade).astype(np.uint8), [grid])
    assert np.abs(blank[30:-30] - 255 * shade).max() < 30


def test_without_grids_it_is_the_same_page() -> None:
    page, _ = drawn_table([["4"]])
    assert without_grids(page, []) is page


def test_the_outline_runs_around_the_grid() -> None:
    grid = grid_of(np.array([0.0, 10, 20]), np.array([0.0, 30]))
    assert outline_of_grid(grid).tolist() == [[0, 0], [10, 0], [20, 0], [20, 30], [10, 30], [0, 30]]
