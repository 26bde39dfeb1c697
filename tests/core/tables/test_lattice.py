from __future__ import annotations

import numpy as np
import pytest

from inkread.core.tables.chains import Chain
from inkread.core.tables.lattice import lattice_of, lines_of
from inkread.core.tables.line_maps import LineMaps


def straight(start: int, end: int, across: float) -> Chain:
    return Chain(start, np.full(end - start, across), 2.0)


def maps_of(level: list[Chain], upright: list[Chain]) -> LineMaps:
    first, second = np.zeros((300, 400), np.uint8), np.zeros((300, 400), np.uint8)
    for chain in level:
        y = round(float(chain.across[0]))
        first[y - 1 : y + 1, chain.start : chain.end] = 1
    for chain in upright:
        x = round(float(chain.across[0]))
        second[chain.start : chain.end, x - 1 : x + 1] = 1
    ink = np.asarray(100 * (first | second), np.uint8)
    return LineMaps(ink, first * np.uint8(100), second * np.uint8(100), first, second, np.eye(3))


BOX = (40, 30, 361, 271)
ROWS = [straight(40, 361, y) for y in (30, 110, 190, 270)]
COLUMNS = [straight(30, 271, x) for x in (40, 200, 360)]


def test_pieces_that_continue_one_another_are_one_line() -> None:
    pieces = [straight(40, 120, 50), straight(150, 300, 51), straight(40, 300, 90)]
    lines = lines_of(pieces, (40, 300), (40, 100), maps_of(pieces, []).ink)
    assert [round(line.level) for line in lines] == [51, 90]
    assert lines[0].covered.sum() == pytest.approx(80 + 150, abs=2)


def test_lines_that_cross_make_nodes() -> None:
    lattice = lattice_of(ROWS, COLUMNS, maps_of(ROWS, COLUMNS), BOX)
    assert lattice is not None
    assert lattice.shape == (3, 2)
    assert lattice.nodes[1, 1] == pytest.approx([200, 110], abs=0.5)
    assert (lattice.level_edges > 0.9).all()
    assert (lattice.upright_edges > 0.9).all()


def test_a_stroke_in_a_cell_is_no_line() -> None:
    strokes = [straight(50, 95, 120), straight(125, 180, 120)]
    lattice = lattice_of(ROWS, [*COLUMNS, *strokes], maps_of(ROWS, COLUMNS), BOX)
    assert lattice is not None
    assert lattice.shape == (3, 2)


def test_a_line_through_some_cells_is_a_line() -> None:
    part = straight(110, 271, 280)
    lattice = lattice_of(ROWS, [*COLUMNS, part], maps_of(ROWS, [*COLUMNS, part]), BOX)
    assert lattice is not None
    assert lattice.shape == (3, 3)
    assert lattice.upright_edges[0, 2] == 0
    assert (lattice.upright_edges[1:, 2] > 0.9).all()


def test_a_double_line_is_one() -> None:
    double = [*ROWS, straight(40, 361, 115)]
    lattice = lattice_of(double, COLUMNS, maps_of(double, COLUMNS), BOX)
    assert lattice is not None
    assert lattice.shape == (3, 2)
    assert lattice.nodes[1, 0, 1] == pytest.approx(112.5, abs=1)


def test_lines_that_stand_out_leave_cells_open() -> None:
    inner = [*COLUMNS[1:2], straight(30, 271, 280)]
    lattice = lattice_of(ROWS, inner, maps_of(ROWS, inner), BOX)
    assert lattice is not None
    assert lattice.shape == (3, 3)
    assert lattice.lines == (4, 2)
    assert lattice.nodes[0, :, 0] == pytest.approx([40, 200, 280, 360], abs=1)
    assert not lattice.upright_edges[:, 0].any()
