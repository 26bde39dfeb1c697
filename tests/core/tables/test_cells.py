from __future__ import annotations

import numpy as np

from inkread.core.tables.cells import cells_of, edges_of, single_signs
from inkread.core.tables.contents import Contents
from inkread.core.tables.grid import GridCell
from inkread.core.tables.lattice import Lattice


def lattice(rows: int, columns: int, width: float = 40.0, height: float = 40.0) -> Lattice:
    x, y = np.meshgrid(np.arange(columns + 1) * width, np.arange(rows + 1) * height)
    return Lattice(
        np.stack([x, y], axis=-1).astype(np.float64),
        np.ones((rows + 1, columns)),
        np.ones((rows, columns + 1)),
        (2.0, 2.0),
        (rows + 1, columns + 1),
    )


def contents(several: float) -> Contents:
    return Contents(np.zeros((0, 4), np.int32), several, np.zeros(0), np.zeros(0), 0.0)


def test_places_without_a_line_between_are_one_cell() -> None:
    open_ = lattice(2, 3)
    open_.upright_edges[0, 1] = 0.1
    cells = cells_of(open_)
    assert cells[0] == GridCell(0, 0, 1, 2)
    assert len(cells) == 5
    assert not edges_of(open_)[1][0, 1]


def test_places_that_make_no_rectangle_stay_cells() -> None:
    open_ = lattice(2, 2)
    open_.upright_edges[0, 1] = 0.0
    open_.level_edges[1, 0] = 0.0
    assert len(cells_of(open_)) == 4


def test_narrow_cells_that_are_alike_are_for_single_signs() -> None:
    assert single_signs(lattice(1, 8, width=30), contents(0.0))
    assert not single_signs(lattice(1, 8, width=60), contents(0.0))
    assert not single_signs(lattice(4, 4), contents(0.5))
    uneven = lattice(1, 4, width=30)
    uneven.nodes[:, -1, 0] += 20
    assert not single_signs(uneven, contents(0.0))
