from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.page.components import components
from inkread.core.page.form_boxes import without_boxes
from inkread.core.reading import Grey

CELL = 60


def form(cells: int, rows: int = 1) -> Grey:
    """An empty form: cells in rows, lines of 3 px."""
    page = np.zeros((CELL * rows + 40, CELL * cells + 40), np.uint8)
    for row in range(rows):
        for cell in range(cells):
            x, y = 20 + CELL * cell, 20 + CELL * row
            cv2.rectangle(page, (x, y), (x + CELL, y + CELL), 255, 3)
    return page


def bare(mask: Grey) -> Grey:
    return without_boxes(mask, *components(mask))[0]


def turned(mask: Grey, degrees: float) -> Grey:
    size = mask.shape[1], mask.shape[0]
    onto = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), degrees, 1.0)
    return np.asarray((cv2.warpAffine(mask, onto, size) > 127) * np.uint8(255), np.uint8)


@pytest.mark.parametrize("degrees", [0.0, 1.5, -3.0])
@pytest.mark.parametrize(("cells", "rows"), [(3, 1), (6, 1), (4, 3)])
def test_nothing_is_left_of_an_empty_form(cells: int, rows: int, degrees: float) -> None:
    mask = turned(form(cells, rows), degrees)
    left = bare(mask)
    assert np.count_nonzero(left) < 0.02 * np.count_nonzero(mask)


@pytest.mark.parametrize("cells", [1, 4])
def test_what_is_written_in_a_box_stays_where_it_crosses_the_lines(cells: int) -> None:
    mask, ink = form(cells), np.zeros_like(form(cells))
    cv2.line(ink, (40, 35), (50, 95), 255, 5)  # through the lower side
    left = bare(np.asarray(mask | ink, np.uint8))
    assert np.count_nonzero(left[ink > 0]) > 0.97 * np.count_nonzero(ink)
    assert np.count_nonzero(left[ink == 0]) < 0.05 * np.count_nonzero(mask)


def test_a_square_zero_is_no_box_but_an_empty_box_beside_a_full_one_is() -> None:
    mask = np.zeros((120, 300), np.uint8)
    cv2.rectangle(mask, (20, 20), (80, 90), 255, 4)
    assert bare(mask) is mask
    cv2.rectangle(mask, (120, 20), (180, 90), 255, 4)
    cv2.line(mask, (150, 35), (148, 75), 255, 4)
    left = bare(mask)
    assert not left[:, :110].any()
    assert np.count_nonzero(left[30:80, 140:160]) > 0.95 * 40 * 4


def test_round_and_crossed_signs_are_no_boxes() -> None:
    mask = np.zeros((140, 400), np.uint8)
    cv2.ellipse(mask, (60, 70), (35, 50), 0, 0, 360, 255, 6)
    cv2.ellipse(mask, (160, 70), (40, 40), 0, 0, 360, 255, 6)
    cv2.line(mask, (150, 60), (170, 80), 255, 6)
    cv2.polylines(mask, [np.array([[230, 20], [290, 20], [250, 120]], np.int32)], False, 255, 6)
    cv2.rectangle(mask, (320, 20), (370, 68), 255, 5)
    cv2.rectangle(mask, (320, 70), (370, 120), 255, 5)  # an 8 of two squares
    assert bare(mask) is mask
