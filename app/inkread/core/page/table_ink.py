"""The tables of a page, each cell a small page of its own."""

from __future__ import annotations

from dataclasses import dataclass

from inkread.core.geometry import Matrix
from inkread.core.page.flat_grid import FlatGrid, flattened
from inkread.core.page.state import PageState
from inkread.core.page.table_cells import cells_of
from inkread.core.page.turned_grid import turned
from inkread.core.reading import Grey
from inkread.core.table import Table
from inkread.core.tables.grid import Grid


@dataclass(frozen=True, slots=True, eq=False)
class TableInk:
    """A table and what is written in it.

    Attributes
    ----------
    table : Table
        Its cells in px of the file.
    flat : FlatGrid
        The table made flat.
    cells : tuple of PageState
        Each cell of the table as a page of its own, with the ink that belongs to it.
    crossing : float
        Share of its ink that is connected across cells, 0 to 1.
    """

    table: Table
    flat: FlatGrid
    cells: tuple[PageState, ...]
    crossing: float

    @classmethod
    def of(cls, grey: Grey, grid: Grid, to_file: Matrix, quarters: int = 0) -> TableInk:
        """The ink of a grid.

        Parameters
        ----------
        grey : (h, w) array of uint8
            The page in which it was found.
        grid : Grid
            Px of the page.
        to_file : (3, 3) array of float64
            Homography from px of the page to px of the file.
        quarters : int
            Of a full turn, by which the page is turned anticlockwise.
        """
        grid = turned(grid, quarters)
        flat = flattened(grey, grid)
        ink = cells_of(flat, to_file)
        return cls(grid.to_table(to_file), flat, ink.cells, ink.crossing)

    @property
    def is_empty(self) -> bool:
        return not any(cell.blobs for cell in self.cells)
