from __future__ import annotations

import cv2
import numpy as np

from inkread.core.tables.contents import contents_of
from inkread.core.tables.lattice import Lattice
from inkread.core.tables.line_maps import line_maps
from tests.core.tables.drawn import drawn_grid
from tests.core.tables.test_cells import lattice


def ink_of(page: np.ndarray) -> np.ndarray:
    return line_maps(page).ink


def four_cells() -> tuple[np.ndarray, Lattice]:
    page = drawn_grid([40, 100, 160], [40, 100, 160], (200, 200))
    made = lattice(2, 2, 60, 60)
    made.nodes[...] += 41
    return page, made


def test_glyphs_are_found_apart_from_the_lines() -> None:
    page, made = four_cells()
    cv2.line(page, (70, 55), (70, 88), 20, 5)
    found = contents_of(made, ink_of(page), 150)
    assert len(found.boxes) == 1
    x, y, width, height = found.boxes[0].tolist()
    assert abs(x - 68) <= 2
    assert abs(y - 53) <= 2
    assert height > width
    assert found.several_share == 0
    assert found.crossing_share == 0


def test_glyphs_side_by_side_are_several() -> None:
    page, made = four_cells()
    for x in (60, 78):
        cv2.line(page, (x, 55), (x, 88), 20, 5)
    assert contents_of(made, ink_of(page), 150).several_share == 1


def test_writing_over_lines_crosses_them() -> None:
    page, made = four_cells()
    cv2.line(page, (60, 55), (140, 145), 20, 5)
    cv2.line(page, (70, 50), (70, 150), 20, 5)
    assert contents_of(made, ink_of(page), 150).crossing_share > 0


def test_empty_cells_hold_nothing() -> None:
    page, made = four_cells()
    found = contents_of(made, ink_of(page), 150)
    assert not len(found.boxes)
    assert not len(found.all_heights)
