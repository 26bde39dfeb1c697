from __future__ import annotations

import numpy as np
import pytest

from tests.synthetic_tables import KINDS, STRENGTHS, WITHOUT, make_page


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_grids_whose_cells_cover_each_place_once(kind: str) -> None:
    page = make_page(kind, "low", 1)
    assert page.grids
    for grid in page.grids:
        count = np.zeros(np.array(grid.nodes.shape[:2]) - 1, int)
        for c in grid.cells:
            count[c.row : c.row + c.row_span, c.column : c.column + c.column_span] += 1
        assert (count == 1).all()
        assert sum(map(bool, np.ravel(grid.rows_of_texts()))) == sum(
            bool(c.text) for c in grid.cells
        )


@pytest.mark.parametrize("kind", WITHOUT)
def test_pages_without_a_grid_have_none(kind: str) -> None:
    page = make_page(kind, "medium", 1)
    assert page.grids == ()
    assert page.grey.shape == page.colour.shape[:2]


@pytest.mark.parametrize("strength", STRENGTHS)
def test_lines_run_through_the_crossings(strength: str) -> None:
    page = make_page("table", strength, 3)
    (grid,) = page.grids
    x, y = np.rint(grid.nodes[1, 1]).astype(int)
    near = page.grey[y - 20 : y + 21, x - 20 : x + 21].astype(int)
    assert near[18:23, 18:23].min() < np.median(near) - 40


def test_chance_comes_from_the_seed_alone() -> None:
    first, again, other = (make_page("sudoku", "high", seed).colour for seed in (2, 2, 3))
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)
