"""Fields that a form shows by itself: its boxes, combs and the cells of its tables."""

from __future__ import annotations

import numpy as np

from inkread.core.forms.template import MAX_FIELDS, MIN_SIDE, FormField
from inkread.core.geometry import Box, bounds, union
from inkread.core.picture.page import Page
from inkread.core.tables.find_grids import find_grids
from inkread.core.tables.grid import Grid


def proposed_fields(page: Page) -> tuple[FormField, ...]:
    """A field for each box and cell, and for each row of a comb, in reading order.

    Parameters
    ----------
    page : Page
        A scan of the form, flat and upright.
    """
    boxes = [box for grid in find_grids(page.grey) for box in _boxes(grid)]
    height, width = page.grey.shape
    fits = [box for box in boxes if min(box.width, box.height) >= MIN_SIDE * max(page.scale, 1)]
    whole = [_on_page(box, width, height).scaled(1 / page.scale) for box in fits]
    return tuple(
        FormField(f"field {number}", box) for number, box in enumerate(whole[:MAX_FIELDS], start=1)
    )


def _boxes(grid: Grid) -> list[Box]:
    cells = [
        bounds(
            np.asarray(
                grid.nodes[
                    cell.row : cell.row + cell.row_span + 1,
                    cell.column : cell.column + cell.column_span + 1,
                ].reshape(-1, 2),
                np.float32,
            )
        )
        for cell in grid.cells
    ]
    if not grid.has_single_signs:
        return cells
    rows = sorted({cell.row for cell in grid.cells})
    return [
        union(box for cell, box in zip(grid.cells, cells, strict=True) if cell.row == row)
        for row in rows
    ]


def _on_page(box: Box, width: int, height: int) -> Box:
    left, top = max(0.0, box.x), max(0.0, box.y)
    return Box(left, top, min(box.right, width) - left, min(box.bottom, height) - top)
