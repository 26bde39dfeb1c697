from __future__ import annotations

from dataclasses import replace

import numpy as np

from inkread.core.page.turned_grid import turned
from inkread.core.tables.grid import GridCell
from tests.core.page.tables import grid_of

GRID = replace(
    grid_of(np.array([0.0, 10, 30, 60]), np.array([0.0, 20, 40])),
    cells=(GridCell(0, 0, 1, 2), GridCell(0, 2), GridCell(1, 0), GridCell(1, 1), GridCell(1, 2)),
)


def test_the_last_column_becomes_the_first_row() -> None:
    once = turned(GRID, 1)
    assert (once.rows, once.columns) == (3, 2)
    # Its upper left corner is what was the upper right one, read downwards.
    assert once.nodes[0, 0].tolist() == [60, 0]
    assert once.nodes[0, -1].tolist() == [60, 40]
    assert once.cells == (
        GridCell(0, 0), GridCell(0, 1), GridCell(1, 0, 2, 1), GridCell(1, 1), GridCell(2, 1),
    )  # fmt: skip


def test_cells_keep_their_corners() -> None:
    for quarters in range(4):
        grid = turned(GRID, quarters)
        places = {frozenset(map(tuple, grid.cell_corners(c).tolist())) for c in grid.cells}
        assert places == {frozenset(map(tuple, GRID.cell_corners(c).tolist())) for c in GRID.cells}


def test_four_quarters_change_nothing() -> None:
    edges = GRID.level_edges.copy()
    edges[0, 1] = False
    grid = replace(GRID, level_edges=edges)
    once, again = turned(grid, 1), turned(turned(grid, 1), 3)
    assert not once.upright_edges[1, 0]
    assert once.upright_edges.sum() == edges.sum()
    assert np.array_equal(again.level_edges, edges)
    assert np.array_equal(again.nodes, grid.nodes)
    assert again.cells == grid.cells
