from __future__ import annotations

import numpy as np

from inkread.core.page.table_ink import TableInk
from tests.core.page.tables import drawn_table


def test_cells_of_the_table_are_those_of_the_ink() -> None:
    page, grid = drawn_table([["4", ""], ["", "7"], ["2", ""]])
    ink = TableInk.of(page, grid, np.diag([2.0, 2.0, 1.0]))
    assert (ink.table.rows, ink.table.columns) == (3, 2)
    assert [bool(cell.blobs) for cell in ink.cells] == [True, False, False, True, True, False]
    for index, state in enumerate(ink.cells):
        for blob in state.blobs:
            assert ink.table.cell_index_of(state.in_file(blob.box)) == index


def test_a_table_is_seen_turned_with_its_page() -> None:
    page, grid = drawn_table([["4", ""], ["", "7"], ["2", ""]])
    # Turned anticlockwise its last column is the first row.
    ink = TableInk.of(page, grid, np.eye(3), 1)
    assert [bool(cell.blobs) for cell in ink.cells] == [False, True, False, True, False, True]
    assert ink.table.cells[0].corners[0] == (200.0, 40.0)


def test_an_empty_table_is_empty() -> None:
    assert TableInk.of(*drawn_table([["", ""]]), np.eye(3)).is_empty
    assert not TableInk.of(*drawn_table([["", "3"]]), np.eye(3)).is_empty
