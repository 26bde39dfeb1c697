from __future__ import annotations

import numpy as np
import pytest

from inkread.core.tables.grid import Grid, GridCell


def grid_of(rows: int, columns: int, cells: tuple[GridCell, ...] | None = None) -> Grid:
    x, y = np.meshgrid(np.arange(columns + 1) * 50.0, np.arange(rows + 1) * 40.0)
    own = cells or tuple(GridCell(r, c) for r in range(rows) for c in range(columns))
    return Grid(
        np.stack([x, y], axis=-1).astype(np.float32),
        own,
        2.0,
        np.ones((rows + 1, columns), np.bool_),
        np.ones((rows, columns + 1), np.bool_),
    )


def test_a_grid_has_as_many_rows_and_columns_as_stand_between_its_nodes() -> None:
    grid = grid_of(3, 2)
    assert (grid.rows, grid.columns) == (3, 2)
    assert grid.is_ruled
    assert grid.corners.tolist() == [[0, 0], [100, 0], [100, 120], [0, 120]]


def test_a_merged_cell_has_the_corners_of_all_its_places() -> None:
    wide = GridCell(0, 0, 1, 2)
    grid = grid_of(2, 2, (wide, GridCell(1, 0), GridCell(1, 1)))
    assert grid.cell_corners(wide).tolist() == [[0, 0], [100, 0], [100, 40], [0, 40]]
    assert grid.outline(wide).tolist() == [[0, 0], [50, 0], [100, 0], [100, 40], [50, 40], [0, 40]]


def test_a_table_stands_in_px_of_the_file() -> None:
    turned = np.array([[0.0, -2.0, 300.0], [2.0, 0.0, 10.0], [0.0, 0.0, 1.0]])
    table = grid_of(2, 3).to_table(turned)
    assert (table.rows, table.columns, len(table.cells)) == (2, 3, 6)
    assert table.is_ruled
    assert not table.has_single_signs
    first = np.array(table.cell_at(0, 0).corners)
    assert first == pytest.approx(np.array([[300, 10], [300, 110], [220, 110], [220, 10]]))


def test_a_merged_cell_keeps_its_spans_in_the_table() -> None:
    grid = grid_of(2, 2, (GridCell(0, 0, 2, 1), GridCell(0, 1), GridCell(1, 1)))
    table = grid.to_table(np.eye(3))
    assert table.cell_at(1, 0) is table.cell_at(0, 0)
    assert table.cell_at(1, 0).row_span == 2
