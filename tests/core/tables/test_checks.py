from __future__ import annotations

import cv2
import numpy as np

from inkread.core.tables.checks import (
    is_frame,
    is_lattice_of_lines,
    is_squared_paper,
    line_contrast,
    without_nested,
)
from inkread.core.tables.contents import Contents
from inkread.core.tables.grid import Nodes
from inkread.core.tables.lattice import Lattice
from inkread.core.tables.line_maps import line_maps
from tests.core.tables.drawn import drawn_grid
from tests.core.tables.test_cells import lattice


def at(made: Lattice, off: float) -> Lattice:
    made.nodes[...] += off
    return made


def test_a_box_of_lines_is_a_lattice_of_lines() -> None:
    ink = line_maps(drawn_grid([40, 120], [40, 100], (150, 160))).ink
    box = at(lattice(1, 1, 80, 60), 40.5)
    contrast = line_contrast(box, ink)
    assert contrast > 100
    assert is_lattice_of_lines(box, ink, contrast)


def test_round_corners_are_none_of_a_box() -> None:
    page = np.full((150, 160), 230, np.uint8)
    cv2.ellipse(page, (80, 70), (40, 30), 0, 0, 360, 40, 3, cv2.LINE_AA)
    ink = line_maps(page).ink
    box = at(lattice(1, 1, 80, 60), 40)
    assert not is_lattice_of_lines(box, ink, line_contrast(box, ink))


def contents(heights: list[float], middles: list[float], crossing: float = 0.0) -> Contents:
    boxes = np.zeros((0, 4), np.int32)
    return Contents(boxes, 0.0, np.array(heights), np.array(middles), crossing)


def test_a_box_around_lines_of_text_is_a_frame() -> None:
    box = lattice(1, 1, 800, 600)
    assert is_frame(box, contents([60, 60, 60], [100, 200, 400]), 10**6)
    assert not is_frame(box, contents([300, 310], [290, 300]), 10**6)
    assert not is_frame(lattice(2, 2), contents([4, 4], [1, 70]), 10**6)


def test_an_empty_box_around_much_of_the_picture_is_a_frame() -> None:
    assert is_frame(lattice(1, 1, 800, 600), contents([], []), 10**6)
    assert not is_frame(lattice(1, 1, 80, 60), contents([], []), 10**6)


def test_squares_that_writing_crosses_are_squared_paper() -> None:
    assert is_squared_paper(lattice(8, 8), contents([90], [100], crossing=0.6))
    assert not is_squared_paper(lattice(9, 9), contents([20], [100], crossing=0.05))
    assert not is_squared_paper(lattice(8, 8, width=80), contents([90], [100], crossing=0.6))


def box(x: float, y: float, right: float, bottom: float) -> Nodes:
    return np.array([[x, y], [right, y], [right, bottom], [x, bottom]], np.float32)


def test_what_lies_in_a_larger_grid_is_writing() -> None:
    assert without_nested([(box(0, 0, 100, 100), False), (box(10, 10, 30, 30), True)]) == [0]


def test_a_single_box_around_a_table_is_a_frame() -> None:
    assert without_nested([(box(0, 0, 100, 100), True), (box(10, 10, 90, 90), False)]) == [1]
