from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.page.flat_grid import flattened
from inkread.core.page.state import PageState
from inkread.core.page.table_cells import cells_of
from inkread.core.reading import Grey
from inkread.core.tables.grid import Grid
from tests.core.page.tables import drawn_table


def cells(page: Grey, grid: Grid) -> tuple[PageState, ...]:
    return cells_of(flattened(page, grid), np.eye(3)).cells


def boxes(page: Grey, grid: Grid) -> list[list[Box]]:
    return [[cell.in_file(blob.box) for blob in cell.blobs] for cell in cells(page, grid)]


def test_each_cell_has_its_own_ink() -> None:
    found = boxes(*drawn_table([["1", "", "17"], ["", "7", ""]]))
    assert [len(own) for own in found] == [1, 0, 2, 0, 1, 0]
    (one,) = found[0]
    assert one.centre == pytest.approx((80, 70), abs=2)


def test_dirt_and_dots_of_a_guide_line_make_no_cell_written() -> None:
    page, grid = drawn_table([["", ""], ["", ""]])
    page[60:63, 70:73] = 0
    page[85:87, 130:190:5] = 0
    page[85:87, 131:190:5] = 0
    assert not any(boxes(page, grid))


def test_faint_writing_is_ink_beside_bold_print() -> None:
    page, grid = drawn_table([["8", "7"]])
    page[:, 120:] = 255 - (255 - page[:, 120:]) // 5
    assert all(boxes(page, grid))


def test_ink_that_overflows_its_cell_stays_in_one_piece() -> None:
    page, grid = drawn_table([["", ""], ["", ""]])
    cv2.line(page, (80, 60), (84, 112), 0, 5)  # the line between the rows is at 100
    own = boxes(page, grid)
    assert [len(each) for each in own] == [1, 0, 0, 0]
    assert own[0][0].height >= 50


def test_ink_that_joins_two_cells_is_cut_between_them() -> None:
    page, grid = drawn_table([["", ""], ["", ""]])
    cv2.line(page, (80, 50), (80, 150), 0, 5)
    assert [len(each) for each in boxes(page, grid)] == [1, 0, 1, 0]


def test_blurred_bold_digits_keep_their_holes_in_cells_for_single_signs() -> None:
    page, grid = drawn_table([["", ""]], 60, 60)
    cv2.ellipse(page, (70, 70), (7, 10), 0, 0, 360, 0, 8)
    blurred = np.asarray(cv2.GaussianBlur(page, (0, 0), 4), np.uint8)
    (single, _) = cells(blurred, replace(grid, has_single_signs=True))
    (plain, _) = cells(blurred, grid)

    def hole(cell: PageState) -> float:
        (blob,) = cell.blobs
        x, y = (round(v) for v in blob.box.centre)
        return float(cell.soft[y - 1 : y + 2, x - 1 : x + 2].mean()) / float(cell.soft.max())

    assert hole(single) < hole(plain) - 0.1


def test_ink_across_cells_is_counted() -> None:
    page, grid = drawn_table([["4", "7", "2"], ["2", "5", "4"]])
    assert cells_of(flattened(page, grid), np.eye(3)).crossing == 0
    cv2.line(page, (60, 80), (250, 84), 0, 5)
    assert cells_of(flattened(page, grid), np.eye(3)).crossing > 0.3
