from __future__ import annotations

from collections import Counter
from dataclasses import replace

import cv2
import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.page.components import Blob, components, own_of
from inkread.core.page.non_text import PageBlobs, drop_non_text, long_things, rings
from inkread.core.page.state import PageState, Reason
from inkread.core.reading import Grey

PAGE = (400, 600)


def page_blobs(*drawn: Grey, dots: frozenset[int] = frozenset()) -> PageBlobs:
    """Masks with one blob each, on one page."""
    blobs = list[Blob]()
    for index, mask in enumerate(drawn):
        box = Box(*(float(v) for v in cv2.boundingRect(mask)))
        (contour,) = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
        outline = np.concatenate([contour[:, 0], contour[:1, 0]]).astype(np.float32)
        area = cv2.countNonZero(mask)
        blobs.append(Blob(index + 1, box, area, outline, index in dots))
    return PageBlobs.of(blobs, PAGE)


def line(*points: tuple[int, int], width: int = 4) -> Grey:
    mask = np.zeros(PAGE, np.uint8)
    return np.asarray(
        cv2.polylines(mask, [np.array(points, np.int32)], False, 255, width), np.uint8
    )


def ring(x: int, y: int, wide: int, high: int) -> Grey:
    mask = np.zeros(PAGE, np.uint8)
    return np.asarray(cv2.ellipse(mask, (x, y), (wide, high), 0, 0, 360, 255, 4), np.uint8)


GLYPHS = [line((x, 100), (x + 30, 100), (x + 10, 150)) for x in (60, 110, 160, 210)]


@pytest.mark.parametrize("count", [3, 4])
def test_a_thing_much_longer_than_several_glyphs_is_no_text(count: int) -> None:
    pen = line((500, 40), (520, 320), width=16)
    assert long_things(page_blobs(*GLYPHS[:count], pen)) == ({4} if count == 4 else set())


def test_a_large_digit_beside_dirt_and_dots_is_no_long_thing() -> None:
    digit = line((300, 60), (310, 340), width=8)
    dirt = [line((x, 30), (x + 5, 33), width=3) for x in range(50, 250, 20)]
    assert not long_things(page_blobs(digit, *dirt))
    spots = [line((x, 30), (x + 20, 44), width=20) for x in range(50, 250, 45)]
    dots = frozenset(range(1, 1 + len(spots)))
    assert not long_things(page_blobs(digit, *spots, dots=dots))


def test_a_ring_around_a_number_is_no_text() -> None:
    assert rings(page_blobs(*GLYPHS[:2], ring(100, 125, 85, 60))) == {2}


@pytest.mark.parametrize(
    "inside", [line((98, 120), (102, 130)), line((60, 300), (90, 300), (70, 350))]
)
def test_a_zero_with_a_point_in_it_or_a_digit_beside_it_stays(inside: Grey) -> None:
    assert not rings(page_blobs(ring(100, 125, 40, 60), inside))


def test_a_five_with_a_long_flag_over_its_neighbours_stays() -> None:
    five = line((200, 60), (40, 60), (40, 110), (80, 130), (70, 160), (30, 160))
    small = line((110, 80), (140, 80), (120, 140))
    assert not rings(page_blobs(five, small))


@pytest.mark.parametrize(("length", "is_thing"), [(238, False), (239, True)])
def test_a_thing_is_at_least_two_fifths_of_the_page(length: int, is_thing: bool) -> None:
    pen = np.zeros(PAGE, np.uint8)
    pen[100:106, 300 : 300 + length + 1] = 255
    assert (long_things(page_blobs(*GLYPHS, pen)) == {4}) == is_thing


@pytest.mark.parametrize(("height", "is_thing"), [(18, False), (21, True), (79, True), (86, False)])
def test_glyphs_beside_a_thing_are_shorter_by_3_5_to_14_times(height: int, is_thing: bool) -> None:
    pen = np.zeros(PAGE, np.uint8)
    pen[100:106, 300:580] = 255
    glyphs = [line((x, 200), (x, 200 + height), width=1) for x in (60, 110, 160, 210)]
    assert (long_things(page_blobs(*glyphs, pen)) == {4}) == is_thing


@pytest.mark.parametrize("side", ["left", "top", "right", "bottom"])
def test_a_ring_that_touches_the_border_of_the_page_stays(side: str) -> None:
    height, width = PAGE
    x = {"left": 87, "right": width - 88}.get(side, 300)
    y = {"top": 62, "bottom": height - 63}.get(side, 200)
    glyphs = [line((s, y - 20), (s, y + 20), width=2) for s in (x - 30, x + 30)]
    assert not rings(page_blobs(*glyphs, ring(x, y, 85, 60)))
    inward = {"left": (1, 0), "right": (-1, 0), "top": (0, 1), "bottom": (0, -1)}[side]
    moved = ring(x + inward[0], y + inward[1], 85, 60)
    assert rings(page_blobs(*glyphs, moved)) == {2}


@pytest.mark.parametrize(
    ("width", "height", "is_ring"),
    [(60, 40, True), (60, 30, False), (40, 40, False), (52, 40, True)],
)
def test_a_ring_holds_glyphs_of_a_third_of_its_size(width: int, height: int, is_ring: bool) -> None:
    x, y = 300, 200
    sides = [x - width // 2, x + width // 2]
    glyphs = [line((s, y - height // 2), (s, y + height // 2), width=2) for s in sides]
    assert (rings(page_blobs(*glyphs, ring(x, y, 85, 60))) == {2}) == is_ring


def test_a_full_disc_is_no_ring_and_dots_are_not_held() -> None:
    glyphs = [line((x, 180), (x, 220), width=2) for x in (270, 330)]
    around = ring(300, 200, 85, 60)
    assert rings(page_blobs(*glyphs, around)) == {2}
    assert not rings(page_blobs(*glyphs, around, dots=frozenset({0, 1})))
    disc = np.asarray(
        cv2.ellipse(around.copy(), (300, 200), (85, 60), 0, 0, 360, 255, -1), np.uint8
    )
    assert not rings(page_blobs(*glyphs, disc))


def dropped(mask: Grey) -> PageState:
    labels, stats = components(mask)
    return drop_non_text(replace(PageState.of(mask), mask=mask, labels=labels, stats=stats))


def squares(*sides: int) -> Grey:
    """Crosses of these sides in a row, thin enough to be no dots."""
    mask = np.zeros((60, 40 * len(sides) + 20), np.uint8)
    for i, side in enumerate(sides):
        at = 20 + 40 * i
        mask[20 : 20 + side, at] = mask[20, at : at + side] = 255
    return mask


def test_blobs_of_six_px_are_text_and_smaller_ones_are_specks() -> None:
    state = dropped(squares(30, 6, 5, 5))
    assert [blob.box.longest_side for blob in state.blobs] == [30, 6]
    assert [removed.reason for removed in state.removed] == [Reason.SPECK] * 2
    assert state.note == "2 blobs may be text, 2 are none."


def test_points_of_three_px_stay_where_they_are_few() -> None:
    state = dropped(squares(30, 28, 26, 24, 3, 3))
    assert [blob.box.longest_side for blob in state.blobs] == [30, 28, 26, 24, 3, 3]
    assert [b.box.longest_side for b in dropped(squares(30, 28, 26, 24, 3, 2)).blobs][-1] == 3
    assert len(dropped(squares(30, 28, 26, 24, 3, 3, 3)).blobs) == 4


def test_blobs_are_reported_with_place_area_outline_and_whether_they_are_dots() -> None:
    mask = np.zeros((100, 120), np.uint8)
    mask[20:60, 30:34] = 255
    mask[50:58, 80:88] = 255
    one, dot = dropped(mask).blobs
    assert one.box == Box(30, 20, 4, 40)
    assert one.area == 160
    assert not one.is_dot
    assert dot.is_dot
    assert one.outline.min(axis=0).tolist() == [30, 20]
    assert one.outline.max(axis=0).tolist() == [33, 59]
    assert (one.outline[0] == one.outline[-1]).all()
    assert own_of(dropped(mask).labels, one.label, one.box).all()


def test_of_very_many_blobs_the_largest_are_kept() -> None:
    mask = np.zeros((400, 400), np.uint8)
    for i, off in enumerate(np.random.default_rng(0).integers(0, 4, 700)):
        y, x = 4 + int(off) + 13 * (i // 30), 4 + 13 * (i % 30)
        mask[y : y + (9 if i < 40 else 7), x] = 255
    state = dropped(mask)
    assert len(state.blobs) == 600
    assert sum(blob.area == 9 for blob in state.blobs) == 40
    assert [removed.reason for removed in state.removed] == [Reason.SURPLUS] * 100


def test_of_blobs_around_one_another_the_smallest_are_kept() -> None:
    mask = np.zeros((400, 400), np.uint8)
    for inset in range(2, 150, 4):
        cv2.rectangle(mask, (inset, inset), (399 - inset, 399 - inset), 255, 1)
    mask[190:210, 200] = 255
    state = dropped(mask)
    assert sum(blob.box.area for blob in state.blobs) <= 4 * mask.size
    assert state.blobs[-1].box == Box(200, 190, 1, 20)
    assert state.is_partial
    assert Reason.SURPLUS in {removed.reason for removed in state.removed}


def test_each_rule_says_why() -> None:
    pad = np.zeros((400, 300), np.uint8)
    for x in range(10, 290, 24):
        cv2.circle(pad, (x, 12), 5, 255, 1)
    pad[150:200, 55] = pad[150:200, 95] = 255
    cv2.ellipse(pad, (75, 175), (50, 45), 0, 0, 360, 255, 2)
    pad[399, :] = 255
    found = Counter(removed.reason for removed in dropped(pad).removed)
    assert found == {Reason.SURROUNDINGS: 1, Reason.RING: 1, Reason.BINDING: 12}
    framed = np.zeros((400, 300), np.uint8)
    cv2.rectangle(framed, (20, 20), (280, 380), 255, 2)
    framed[150:200, 60] = 255
    assert [removed.reason for removed in dropped(framed).removed] == [Reason.FRAME]
    penned = np.zeros(PAGE, np.uint8)
    penned[300:306, 100:500] = 255
    for x in (60, 110, 160, 210):
        penned[100:150, x] = 255
    assert [removed.reason for removed in dropped(penned).removed] == [Reason.LONG_THING]


def test_a_page_without_components_is_left_alone() -> None:
    labels, stats = components(np.zeros((20, 30), np.uint8))
    state = replace(PageState.of(np.zeros((20, 30), np.uint8)), labels=labels, stats=stats)
    assert drop_non_text(state) is state


def with_digit(*dots: tuple[int, int, int]) -> PageState:
    """A digit of a pen of 12 px, and squares: x, y, side."""
    mask = np.zeros((160, 240), np.uint8)
    cv2.line(mask, (100, 30), (100, 120), 255, 12)
    for x, y, side in dots:
        mask[y : y + side, x : x + side] = 255
    return dropped(mask)


@pytest.mark.parametrize(("side", "is_text"), [(5, False), (8, True), (12, True)])
def test_a_point_is_half_as_wide_as_the_pen_at_least(side: int, is_text: bool) -> None:
    assert len(with_digit((140, 115, side)).blobs) == 1 + is_text


def test_a_dot_that_a_side_of_the_picture_cuts_off_is_none() -> None:
    assert len(with_digit((0, 115, 10), (230, 115, 10)).blobs) == 1
    assert len(with_digit((1, 115, 10), (229, 115, 10)).blobs) == 3
    assert len(with_digit((140, 0, 10)).blobs) == 2


def test_one_digit_may_have_a_small_point() -> None:
    mask = np.zeros((80, 80), np.uint8)
    cv2.line(mask, (40, 15), (40, 60), 255, 4)
    mask[56:60, 20:24] = 255
    assert len(dropped(mask).blobs) == 2
