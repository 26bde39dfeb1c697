from __future__ import annotations

import numpy as np
import pytest

from inkread.core.tables.chains import Chain
from inkread.core.tables.find_grids import find_grids
from inkread.core.tables.line_maps import line_maps
from inkread.core.tables.ticks import comb_of_ticks

Picture = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def comb(x: list[int], tick: int = 16, ends: int = 0) -> Picture:
    page = np.full((160, 420), 235, np.uint8)
    page[110:112, x[0] - ends : x[-1] + 2 + ends] = 40
    for at in x:
        page[110 - tick : 112, at : at + 2] = 40
    return page


def test_ticks_on_a_line_are_a_comb_that_is_open_above() -> None:
    (grid,) = find_grids(comb(list(range(40, 361, 40))))
    assert (grid.rows, grid.columns) == (1, 8)
    assert grid.has_single_signs
    assert not grid.level_edges[0].any()
    assert grid.level_edges[1].all()
    assert grid.nodes[1, :, 0] == pytest.approx(np.arange(40, 361, 40), abs=2)


@pytest.mark.parametrize(
    "page",
    [
        comb([40, 75, 140, 160, 250, 300, 360]),
        comb(list(range(120, 281, 40)), ends=80),
        comb([40, 80, 120]),
    ],
    ids=["uneven", "the line goes on", "few"],
)
def test_other_strokes_on_a_line_are_no_comb(page: Picture) -> None:
    assert find_grids(page) == ()


def test_strokes_that_lean_are_no_ticks() -> None:
    base = Chain(40, np.full(320, 110.0), 2.0)
    leaning = [
        Chain(90, np.asarray(x + 0.3 * np.arange(20), np.float64), 2.0) for x in range(40, 361, 40)
    ]
    assert comb_of_ticks([base], leaning, line_maps(comb([40, 360]))) is None
