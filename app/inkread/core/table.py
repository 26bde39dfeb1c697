"""Tables: grids of cells on a page, and which glyphs stand in which cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from inkread.core.geometry import Box, union


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a table; a merged one covers several places of the grid.

    Attributes
    ----------
    row, column : int
        Its first row and column, from 0.
    corners : four pairs of float
        Upper left, upper right, lower right, lower left, px of the file; a page that lies or leans
        turns them with it.
    row_span, column_span : int
        How many rows and columns it covers, at least 1.
    """

    row: int
    column: int
    corners: tuple[tuple[float, float], ...]
    row_span: int = 1
    column_span: int = 1

    @property
    def box(self) -> Box:
        """The upright box around it, px of the file."""
        return union(Box(x, y, 0.0, 0.0) for x, y in self.corners)

    def distance_inside(self, x: float, y: float) -> float:
        """Px of the file from a point to the nearest side; negative outside."""
        outline = np.array(self.corners, np.float32)
        return float(cv2.pointPolygonTest(outline, (x, y), measureDist=True))


@dataclass(frozen=True, slots=True)
class Table:
    """A grid of cells on a page. Each place of the grid belongs to one cell.

    Attributes
    ----------
    rows, columns : int
        How many, at least 1.
    cells : tuple of TableCell
        In reading order of their first places.
    is_ruled : bool
        Whether lines make the grid; false: only how its texts stand below one another.
    has_single_signs : bool
        Whether each cell is for one sign, as in a sudoku or a comb field; a row reads as one word.
    """

    rows: int
    columns: int
    cells: tuple[TableCell, ...]
    is_ruled: bool = True
    has_single_signs: bool = False

    def cell_at(self, row: int, column: int) -> TableCell:
        """The cell that covers a place of the grid.

        Raises
        ------
        IndexError
            If there is no such place.
        """
        for cell in self.cells:
            is_row = cell.row <= row < cell.row + cell.row_span
            if is_row and cell.column <= column < cell.column + cell.column_span:
                return cell
        raise IndexError(f"no cell in row {row} and column {column}")

    def cell_index_of(self, box: Box) -> int | None:
        """Index of the cell in which the middle of a box stands, px of the file; None: in none."""
        x, y = box.x + box.width / 2, box.y + box.height / 2
        depths = [cell.distance_inside(x, y) for cell in self.cells]
        best = max(range(len(depths)), key=depths.__getitem__, default=None)
        return best if best is not None and depths[best] >= 0 else None

    def by_cell(self, boxes: Sequence[Box]) -> tuple[tuple[int, ...], ...]:
        """Indexes of the boxes in each cell, in their order."""
        found: list[list[int]] = [[] for _ in self.cells]
        for index, box in enumerate(boxes):
            cell = self.cell_index_of(box)
            if cell is not None:
                found[cell].append(index)
        return tuple(map(tuple, found))
