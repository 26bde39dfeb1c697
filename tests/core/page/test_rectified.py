from __future__ import annotations

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.page.rectified import View
from inkread.core.picture.page import Page

GREY = np.zeros((30, 50), np.uint8)
PAGE = Page(np.zeros((30, 50, 3), np.uint8), GREY, scale=0.5)


def test_an_untouched_view_leaves_boxes_alone() -> None:
    box = Box(3, 4, 5, 6)
    assert View(PAGE).in_file(box) is box


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_boxes_of_a_turned_view_stand_where_its_pixels_were(quarters: int) -> None:
    grey = GREY.copy()
    grey[4:9, 20:32] = 200
    view = View(Page(PAGE.colour, grey, scale=0.5)).turned(quarters)
    y, x = np.nonzero(view.page.grey)
    seen = Box(float(x.min()), float(y.min()), float(np.ptp(x) + 1), float(np.ptp(y) + 1))
    found = view.in_file(seen)
    assert (found.x, found.y, found.width, found.height) == pytest.approx((40, 8, 24, 10))


def test_turns_add_up() -> None:
    view = View(PAGE).turned(1).turned(3)
    box = view.in_file(Box(1, 2, 3, 4))
    assert (box.x, box.y, box.width, box.height) == pytest.approx((2, 4, 6, 8))


def test_new_pixels_take_no_room_for_their_colour() -> None:
    view = View.seen(GREY, np.eye(3))
    assert view.page.colour.shape == (30, 50, 3)
    assert view.page.colour.strides[2] == 0
