"""A grid on a grey picture: the crossings of its lines, and the cells between them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.table import Table, TableCell

Nodes = NDArray[np.float32]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a grid; a merged one covers several places.

    Attributes
    ----------
    row, column : int
        Its first row and column, from 0.
    row_span, column_span : int
        How many it covers, at least 1.
    """

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A grid of cells, px of the picture in which it was found.

    Attributes
    ----------
    nodes : (rows + 1, columns + 1, 2) array of float32
        x, y of the crossings of the middles of its lines. Where a side has no line, the crossings
        stand where the cells end.
    cells : tuple of GridCell
        In reading order of their first places; each place belongs to one cell.
    line_width : float
        Of its lines, px; 0 without lines.
    level_edges : (rows + 1, columns) array of bool
        Whether there is a line between two neighbouring nodes of a row of nodes.
    upright_edges : (rows, columns + 1) array of bool
        The same between nodes of a column of nodes.
    has_single_signs : bool
        Whether each cell is for one sign, as in a sudoku or a comb field.
    """

    nodes: Nodes
    cells: tuple[GridCell, ...]
    line_width: float
    level_edges: NDArray[np.bool_]
    upright_edges: NDArray[np.bool_]
    has_single_signs: bool = False

    @property
    def rows(self) -> int:
        return int(self.nodes.shape[0]) - 1

    @property
    def columns(self) -> int:
        return int(self.nodes.shape[1]) - 1

    @property
    def is_ruled(self) -> bool:
        """Whether lines make the grid; false: only how its texts stand below one another."""
        return self.line_width > 0

    @property
    def corners(self) -> Nodes:
        """Upper left, upper right, lower right, lower left corner of the grid, (4, 2)."""
        return self.nodes[[0, 0, -1, -1], [0, -1, -1, 0]]

    def cell_corners(self, cell: GridCell) -> Nodes:
        """Upper left, upper right, lower right, lower left corner of a cell, (4, 2)."""
        top, bottom = cell.row, cell.row + cell.row_span
        left, right = cell.column, cell.column + cell.column_span
        return self.nodes[[top, top, bottom, bottom], [left, right, right, left]]

    def outline(self, cell: GridCell) -> Nodes:
        """All nodes around a cell, clockwise from its upper left, (n, 2): a merged cell on curved
        paper has bent sides.
        """
        top, bottom = cell.row, cell.row + cell.row_span
        left, right = cell.column, cell.column + cell.column_span
        sides = (
            self.nodes[top, left:right],
            self.nodes[top:bottom, right],
            self.nodes[bottom, right:left:-1],
            self.nodes[bottom:top:-1, left],
        )
        return np.concatenate(sides)

    def to_table(self, matrix: Matrix) -> Table:
        """The grid as a reading holds it.

        Parameters
        ----------
        matrix : (3, 3) array of float64
            Homography from px of the picture to px of the file.
        """
        nodes = cv2.perspectiveTransform(np.asarray(self.nodes, np.float64), matrix)
        cells = []
        for cell in self.cells:
            bottom, right = cell.row + cell.row_span, cell.column + cell.column_span
            places = (
                (cell.row, cell.column),
                (cell.row, right),
                (bottom, right),
                (bottom, cell.column),
            )
            corners = tuple((float(nodes[p][0]), float(nodes[p][1])) for p in places)
            cells.append(TableCell(cell.row, cell.column, corners, cell.row_span, cell.column_span))
        return Table(self.rows, self.columns, tuple(cells), self.is_ruled, self.has_single_signs)
