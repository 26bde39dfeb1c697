"""Tables: grids of cells on a page, and which glyphs stand in which cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box, union

Points = NDArray[np.float64]


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
        return next((i for i, own in enumerate(self.by_cell([box])) if own), None)

    def by_cell(self, boxes: Sequence[Box]) -> tuple[tuple[int, ...], ...]:
        """Indexes of the boxes in each cell, in their order."""
        found: list[list[int]] = [[] for _ in self.cells]
        corners = np.array([cell.corners for cell in self.cells], np.float64).reshape(-1, 4, 2)
        middles = np.array([box.centre for box in boxes], np.float64).reshape(-1, 2)
        for start in range(0, len(boxes), _CHUNK):
            depths = _distances_inside(corners, middles[start : start + _CHUNK])
            best = depths.argmax(axis=1)
            for index in np.flatnonzero(depths.max(axis=1) >= 0).tolist():
                found[best[index]].append(start + index)
        return tuple(map(tuple, found))


#: Boxes whose cells are found at once: bounds the memory. *Chosen*: 4 MB for 500 cells.
_CHUNK = 64


def _distances_inside(corners: Points, points: Points) -> Points:
    """Px from each point to the nearest side of each quadrilateral; negative outside.

    Parameters
    ----------
    corners : (m, 4, 2) array
        Of each in their order.
    points : (n, 2) array
        x, y of each.

    Returns
    -------
    (n, m) array
        One by one in OpenCV, 1,500 points and 400 cells take twenty times as long (measured).
    """
    sides = np.roll(corners, -1, axis=1) - corners
    x, y = sides[..., 0], sides[..., 1]
    lengths = np.maximum(np.hypot(x, y), 1e-9)
    starts = x * corners[..., 1] - y * corners[..., 0]
    turns = np.where(starts.sum(axis=1, keepdims=True) > 0, -1.0, 1.0) / lengths
    px, py = points[:, np.newaxis, np.newaxis, 0], points[:, np.newaxis, np.newaxis, 1]
    depths = (turns * x) * py - (turns * y) * px - turns * starts
    return np.asarray(depths.min(axis=2), np.float64)
