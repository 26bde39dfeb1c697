from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.tables.find_grids import find_grids
from tests.benchmarks.grids import is_same
from tests.core.tables.drawn import drawn_grid
from tests.synthetic_tables import make_page


def test_a_ruled_table_is_found() -> None:
    (grid,) = find_grids(drawn_grid([50, 150, 250, 350], [40, 120, 200, 280]))
    assert (grid.rows, grid.columns, len(grid.cells)) == (3, 3, 9)
    assert grid.nodes[1, 1] == pytest.approx([150.5, 120.5], abs=1)
    assert 1 <= grid.line_width <= 4


def test_grids_come_in_reading_order() -> None:
    page = drawn_grid([220, 300, 380], [30, 90], (300, 400))
    page = np.minimum(page, drawn_grid([20, 100, 180], [40, 100], (300, 400)))
    page = np.minimum(page, drawn_grid([20, 200, 380], [150, 200, 250], (300, 400)))
    found = find_grids(page)
    assert [(round(float(g.nodes[0, 0, 0])), g.rows) for g in found] == [(20, 1), (220, 1), (20, 2)]


@pytest.mark.parametrize("kind", ["table", "double", "hand", "open", "merged", "light"])
@pytest.mark.parametrize("strength", ["low", "medium"])
def test_grids_of_many_kinds_are_found(kind: str, strength: str) -> None:
    page = make_page(kind, strength, 1)
    found = find_grids(page.grey)
    assert len(found) == len(page.grids)
    assert all(is_same(grid, true) for grid, true in zip(found, page.grids, strict=True))


@pytest.mark.parametrize("kind", ["numbers", "frame", "underline", "bars"])
@pytest.mark.parametrize("seed", [0, 1])
def test_pages_without_a_grid_give_none(kind: str, seed: int) -> None:
    assert find_grids(make_page(kind, "medium", seed).grey) == ()


@pytest.mark.parametrize("shape", [(1, 1), (5, 400), (16, 16), (2, 2000), (300, 300)])
def test_plain_pictures_of_any_shape_give_none(shape: tuple[int, int]) -> None:
    assert find_grids(np.full(shape, 200, np.uint8)) == ()
    noise = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    assert find_grids(noise) == ()


def test_a_turned_table_is_found_where_it_lies() -> None:
    page = drawn_grid([50, 150, 250, 350], [40, 120, 200, 280])
    turn = cv2.getRotationMatrix2D((200, 150), 12, 0.75)
    turned = np.asarray(cv2.warpAffine(page, turn, (400, 300), borderValue=230), np.uint8)
    (grid,) = find_grids(turned)
    assert (grid.rows, grid.columns) == (3, 3)
    assert grid.nodes[2, 1] == pytest.approx(turn @ [150.5, 200.5, 1], abs=1.5)
