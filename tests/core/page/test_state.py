from __future__ import annotations

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.page.pipeline import clean, turn
from inkread.core.page.state import PageState, Reason
from inkread.core.picture.page import Page, page_of
from inkread.core.reading import Grey
from tests.synthetic import of_level, photograph
from tests.written import write

GREY = np.full((30, 50), 240, np.uint8)
GREY[4:9, 20:32] = 20
TO_FILE = np.diag([2.0, 2.0, 1.0])
SHEET = write("2046\n7183", height=80, width=6, at=(120, 60))
SHAPE = (480, 640)


def around(where: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> Box:
    y, x = np.nonzero(where)
    return Box(float(x.min()), float(y.min()), float(np.ptp(x) + 1), float(np.ptp(y) + 1))


def page(*names: str) -> Page:
    photo = photograph(SHEET, SHAPE, of_level("medium", names), np.random.default_rng(4), 110)
    return photo.page


def test_boxes_go_to_the_file_and_back() -> None:
    state = PageState.of(GREY, np.array([[0, -2, 100], [2, 0, 10], [0, 0, 1]], np.float64))
    box = state.in_file(Box(20, 4, 12, 5))
    assert (box.x, box.y, box.width, box.height) == pytest.approx((82, 50, 10, 24))
    again = state.from_file(box)
    assert (again.x, again.y, again.width, again.height) == pytest.approx((20, 4, 12, 5))


def test_a_box_seen_in_perspective_is_the_upright_one_around_it() -> None:
    state = PageState.of(GREY, np.array([[1, 0.5, 0], [0, 1, 0], [0, 0.01, 1]], np.float64))
    box = state.in_file(Box(0, 0, 10, 100))
    assert (box.x, box.y) == pytest.approx((0, 0))
    assert (box.right, box.bottom) == pytest.approx((30, 50))


@pytest.mark.parametrize("quarters", [-1, 0, 1, 2, 3, 4, 6])
def test_boxes_of_a_turned_page_stand_where_its_pixels_were(quarters: int) -> None:
    turned = PageState.of(GREY, TO_FILE).turned(quarters)
    assert np.array_equal(turned.seen, np.rot90(GREY, quarters))
    assert turned.quarters == quarters % 4
    box = turned.in_file(around(turned.seen < 128))
    assert (box.x, box.y, box.width, box.height) == pytest.approx((40, 8, 24, 10))


def test_turns_add_up_to_the_page_as_it_was() -> None:
    state = PageState.of(GREY, TO_FILE)
    again = state.turned(1).turned(3)
    assert np.array_equal(again.seen, GREY)
    assert np.allclose(again.to_file, TO_FILE)
    assert again.quarters == 0


def test_a_small_page_is_not_reduced_and_a_large_one_is() -> None:
    assert PageState.of(GREY).small is GREY
    assert PageState.of(np.zeros((400, 960), np.uint8)).small.shape == (133, 320)


@pytest.mark.parametrize("names", [(), ("rulings",), ("squares",), ("chalk",), ("slope", "noise")])
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_was_turned_has_the_ink_of_one_that_lay_so(
    names: tuple[str, ...], quarters: int
) -> None:
    upright = page(*names)
    state = turn(clean(upright), quarters)
    lying = clean(page_of(np.ascontiguousarray(np.rot90(upright.grey, quarters)), "lying"))
    assert state.light_on_dark is lying.light_on_dark
    assert np.mean((state.mask > 0) != (lying.mask > 0)) < 5e-4
    assert len(state.blobs) == len(lying.blobs) == 8
    for blob, other in zip(by_place(state), by_place(lying), strict=True):
        assert (blob.x, blob.y) == pytest.approx((other.x, other.y), abs=1.5)
    for box, other in zip(in_file(state), in_file(clean(upright)), strict=True):
        assert (box.x, box.y) == pytest.approx((other.x, other.y), abs=1.5)


def by_place(state: PageState) -> list[Box]:
    return sorted((blob.box for blob in state.blobs), key=lambda box: (box.x, box.y))


def in_file(state: PageState) -> list[Box]:
    boxes = (state.in_file(blob.box) for blob in state.blobs)
    return sorted(boxes, key=lambda box: (round(box.x / 8), box.y))


def test_no_turn_is_the_same_page() -> None:
    state = clean(page())
    assert turn(state, 0) is state
    assert turn(state, 4) is state


def test_ruling_lines_stay_known_when_the_page_is_turned() -> None:
    state = clean(page("rulings"))
    found = [removed.box for removed in state.removed if removed.reason is Reason.RULING]
    turned = turn(state, 1)
    boxes = [removed.box for removed in turned.removed if removed.reason is Reason.RULING]
    assert len(found) == len(boxes) == 4
    for box, other in zip(found, boxes, strict=True):
        there = turned.in_file(other)
        assert (there.x, there.y) == pytest.approx((box.x, box.y))
        assert (there.width, there.height) == pytest.approx((box.width, box.height))


def one_lying(grey: Grey) -> int:
    return sum(blob.is_dot for blob in clean(page_of(grey, "one")).blobs)


def test_a_one_that_lies_is_a_dash_until_the_page_is_turned() -> None:
    grey = np.full((200, 200), 240, np.uint8)
    grey[60:140, 60:70] = grey[60:140, 120:130] = 20
    lying = np.ascontiguousarray(np.rot90(grey))
    assert one_lying(grey) == 0
    assert one_lying(lying) == 2
    assert not any(blob.is_dot for blob in turn(clean(page_of(lying, "one")), 3).blobs)


def test_boxes_of_a_halved_page_stand_where_its_pixels_were() -> None:
    halved = PageState.of(GREY, TO_FILE).halved()
    assert halved.seen.shape == (15, 25)
    box = halved.in_file(around(halved.seen < 128))
    assert (box.x, box.y, box.width, box.height) == pytest.approx((40, 8, 24, 8))


def test_a_halved_page_is_cleaned_on_from_its_ink() -> None:
    whole = clean(page("rulings"))
    half = turn(whole.halved(), 4 + 2)
    assert half.mask.shape == (SHAPE[0] // 2, SHAPE[1] // 2)
    assert len(half.blobs) == len(whole.blobs)
    rulings = [removed.box.y for removed in whole.removed if removed.reason is Reason.RULING]
    kept = [removed.box.y for removed in whole.halved().removed]
    assert kept == pytest.approx([y / 2 for y in rulings])
