"""A grid as it lies on a page that was turned by quarters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inkread.core.tables.grid import Grid, GridCell


def turned(grid: Grid, quarters: int) -> Grid:
    """The grid of a page that is looked at turned anticlockwise; its nodes stay in px of the page.

    Parameters
    ----------
    grid : Grid
        Of the page as it is.
    quarters : int
        Of a full turn.
    """
    for _ in range(quarters % 4):
        grid = _turned_once(grid)
    return grid


def _turned_once(grid: Grid) -> Grid:
    """Its last column becomes the first row."""
    columns = grid.columns
    cells = (
        GridCell(
            columns - cell.column - cell.column_span, cell.row, cell.column_span, cell.row_span
        )
        for cell in grid.cells
    )
    return replace(
        grid,
        nodes=np.ascontiguousarray(np.rot90(grid.nodes)),
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))),
        level_edges=np.rot90(grid.upright_edges),
        upright_edges=np.rot90(grid.level_edges),
    )
