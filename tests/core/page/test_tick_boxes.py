from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.page.components import components
from inkread.core.page.tick_boxes import find_tick_boxes, is_tick_box
from inkread.core.reading import Grey


def square(side: int, line: int = 1, height: int | None = None) -> Grey:
    own = np.zeros((height or side, side), np.uint8)
    cv2.rectangle(own, (0, 0), (side - 1, own.shape[0] - 1), 1, 1)
    for inset in range(1, line):
        cv2.rectangle(own, (inset, inset), (side - 1 - inset, own.shape[0] - 1 - inset), 1, 1)
    return own


def beside(*blobs: Grey) -> Grey:
    mask = np.zeros((60, 60 * len(blobs)), np.uint8)
    for place, own in enumerate(blobs):
        x = 60 * place + 5
        mask[5 : 5 + own.shape[0], x : x + own.shape[1]] = own * np.uint8(255)
    return mask


def count(*blobs: Grey) -> int:
    return len(find_tick_boxes(*components(beside(*blobs))))


@pytest.mark.parametrize(("side", "line"), [(8, 1), (12, 2), (24, 3), (50, 4)])
def test_an_empty_square_is_a_tick_box(side: int, line: int) -> None:
    assert is_tick_box(square(side, line))


@pytest.mark.parametrize("side", [12, 20, 40])
@pytest.mark.parametrize("wide", [0.6, 1.0])
def test_a_zero_is_none_however_round(side: int, wide: float) -> None:
    zero = np.zeros((side, round(wide * side)), np.uint8)
    middle = (zero.shape[1] - 1) // 2, (side - 1) // 2
    cv2.ellipse(zero, middle, (middle[0] - 1, middle[1] - 1), 0, 0, 360, 1, 2)
    x, y, width, height = cv2.boundingRect(zero)
    assert not is_tick_box(zero[y : y + height, x : x + width])


def test_a_square_with_something_in_it_or_an_open_side_is_none() -> None:
    ticked, opened = square(20, 2), square(20, 2)
    cv2.line(ticked, (4, 8), (9, 15), 1, 2)
    opened[5:15, -4:] = 0
    assert not is_tick_box(ticked)
    assert not is_tick_box(opened)
    assert not is_tick_box(np.ones((20, 20), np.uint8))


def test_tick_boxes_are_several_of_one_size() -> None:
    assert count(square(20)) == 0
    assert count(square(20), square(20)) == 0
    assert count(square(20), square(21), square(20)) == 3
    assert count(square(20), square(30), square(20)) == 0
    assert count(square(20), square(30), square(20), square(20)) == 3


def test_small_and_long_boxes_are_none() -> None:
    assert count(*[square(7)] * 4) == 0
    assert count(*[square(30, height=20)] * 4) == 0
