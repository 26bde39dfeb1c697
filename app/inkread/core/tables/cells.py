"""Which cells of a lattice are merged, and whether they are for single signs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.core.tables.contents import Contents
from inkread.core.tables.grid import GridCell
from inkread.core.tables.lattice import Lattice

Flags = NDArray[np.bool_]
Plane = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the cells."""

    # Share of a side that is marked where there is a line; chosen: half of it, digits cross it.
    marked: float = 0.5
    # Share below which there is none; chosen: a stroke that touches one end counts by half.
    bare: float = 0.4
    # Width over height of a cell for one sign; chosen: two digits are wider.
    single: float = 1.15
    # Size of a cell over the median one; chosen: cells for single signs are alike.
    alike: float = 0.25
    # Rows and columns of a puzzle; chosen: the smallest sudoku has 4.
    puzzle: int = 4
    # Share of written cells with glyphs side by side; chosen: a broken digit or two.
    several: float = 0.2


PARAMS = Params()


def cells_of(lattice: Lattice) -> tuple[GridCell, ...]:
    """The cells of a lattice: places without a line between are one, if they make a rectangle."""
    rows, columns = lattice.shape
    owner = np.arange(rows * columns).reshape(rows, columns)
    if _is_puzzle(lattice):
        return tuple(GridCell(r, c) for r, c in np.ndindex(rows, columns))
    for r, c in np.ndindex(rows, columns):
        if c + 1 < columns and lattice.upright_edges[r, c + 1] < PARAMS.bare:
            owner[owner == owner[r, c + 1]] = owner[r, c]
        if r + 1 < rows and lattice.level_edges[r + 1, c] < PARAMS.bare:
            owner[owner == owner[r + 1, c]] = owner[r, c]
    cells = []
    for label in np.unique(owner):
        places = np.argwhere(owner == label)
        low, high = places.min(axis=0), places.max(axis=0) + 1
        size = high - low
        if len(places) == size[0] * size[1]:
            cells.append(GridCell(int(low[0]), int(low[1]), int(size[0]), int(size[1])))
        else:
            cells += [GridCell(int(r), int(c)) for r, c in places]
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))


def _is_puzzle(lattice: Lattice) -> bool:
    """Whether all cells are squares in more than a few rows: none is merged."""
    widths, heights = lattice.sizes
    sizes = np.concatenate([widths, heights])
    is_alike = (np.abs(sizes / np.median(sizes) - 1) < PARAMS.alike).all()
    return bool(is_alike and min(lattice.shape) >= PARAMS.puzzle)


def edges_of(lattice: Lattice) -> tuple[Flags, Flags]:
    """Which level and upright edges of a lattice are lines."""
    return lattice.level_edges >= PARAMS.marked, lattice.upright_edges >= PARAMS.marked


def single_signs(lattice: Lattice, contents: Contents) -> bool:
    """Whether the cells are for one sign each."""
    widths, heights = lattice.sizes
    if widths.size < 2:
        return False
    width, height = float(np.median(widths)), float(np.median(heights))
    is_alike = (np.abs(widths / width - 1) < PARAMS.alike).all()
    is_narrow = is_alike and width <= PARAMS.single * height
    return bool(is_narrow and contents.several_share <= PARAMS.several)
