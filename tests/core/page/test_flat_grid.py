from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from inkread.core.page.flat_grid import flattened
from inkread.core.reading import Grey
from inkread.core.tables.grid import Grid
from tests.core.page.tables import drawn_table

ROWS = [["4", "", "7"], ["", "5", "2"]]


def inked(ink: Grey, cell: tuple[float, float, float, float]) -> float:
    left, top, right, bottom = (round(v) for v in cell)
    return float((ink[top:bottom, left:right] > 60).mean())


def in_perspective(page: Grey, grid: Grid) -> tuple[Grey, Grid]:
    height, width = page.shape
    before = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    after = before + np.array([[40, 10], [-10, 30], [0, -20], [10, 0]], np.float32)
    onto = cv2.getPerspectiveTransform(before, after)
    photo = cv2.warpPerspective(page, onto, (width, height), borderValue=255)
    nodes = cv2.perspectiveTransform(grid.nodes, onto)
    return np.asarray(photo, np.uint8), replace(grid, nodes=np.asarray(nodes, np.float32))


@pytest.mark.parametrize("is_straight", [True, False])
def test_cells_are_upright_rectangles_without_lines(is_straight: bool) -> None:
    page, grid = drawn_table(ROWS)
    if not is_straight:
        page, grid = in_perspective(page, grid)
    flat = flattened(page, grid)
    for cell in grid.cells:
        share = inked(flat.ink, flat.bounds(cell))
        text = ROWS[cell.row][cell.column]
        assert share > 0.02 if text else share == 0


def test_the_middle_of_a_cell_goes_back_to_its_place() -> None:
    page, grid = in_perspective(*drawn_table(ROWS))
    flat = flattened(page, grid)
    for cell in grid.cells:
        left, top, right, bottom = flat.bounds(cell)
        corner = np.array([[[left, top]], [[right, bottom]]], np.float64)
        there = cv2.perspectiveTransform(corner, flat.to_page(cell))[:, 0]
        assert there == pytest.approx(grid.cell_corners(cell)[[0, 2]], abs=0.5)


def test_light_ink_on_a_dark_page_is_ink() -> None:
    page, grid = drawn_table(ROWS)
    dark = flattened(np.asarray(255 - page, np.uint8) // 2 + 60, grid)
    plain = flattened(page, grid)
    for cell in grid.cells:
        bounds = plain.bounds(cell)
        assert inked(dark.ink, bounds) == pytest.approx(inked(plain.ink, bounds), abs=0.03)


def test_the_edge_of_a_shadow_is_no_ink() -> None:
    page, grid = drawn_table([["", ""], ["", ""]])
    page[:, : page.shape[1] // 3] //= 2
    flat = flattened(page, grid)
    assert all(inked(flat.ink, flat.bounds(cell)) == 0 for cell in grid.cells)


def test_cells_of_a_large_photo_are_made_small() -> None:
    page, grid = drawn_table([["4", "7"]] * 2, 900, 700)
    flat = flattened(page, replace(grid, has_single_signs=True))
    assert max(flat.ink.shape) < 400
