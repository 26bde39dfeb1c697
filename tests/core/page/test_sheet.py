from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.page.sheet import find_sheet, rectify_sheet
from inkread.core.page.state import PageState
from inkread.core.picture.page import Page, page_of
from inkread.core.reading import Grey
from inkread.core.recognition.read_page import read_page
from tests.core.templates import Templates
from tests.hostile import kinds
from tests.synthetic import Photo, of_level, photograph
from tests.written import write

TEXT = "207\n4618"
INK = write(TEXT, height=100, width=9, at=(120, 100))
SHAPE = (480, 640)
LYING = ("table", "perspective", "turn")


def photo(level: str, seed: int, *more: str) -> Photo:
    sizes = of_level(level, (*LYING, *more))
    return photograph(INK, SHAPE, sizes, np.random.default_rng(seed))


def page(grey: Grey) -> Page:
    return page_of(grey, "test")


@pytest.mark.parametrize("level", ["mild", "medium", "strong"])
@pytest.mark.parametrize("seed", range(4))
def test_corners_of_a_sheet_on_a_table_are_found(level: str, seed: int) -> None:
    taken = photo(level, seed)
    corners = find_sheet(taken.page.grey)
    assert corners is not None
    assert np.abs(corners - taken.corners).max() < 8


@pytest.mark.parametrize("more", [("chalk",), ("shadow", "slope"), ("dark", "noise"), ("dirt",)])
def test_a_sheet_is_found_in_bad_light_and_whatever_its_colour(more: tuple[str, ...]) -> None:
    photos = [photo("medium", seed, *more) for seed in range(4)]
    off = [
        np.inf if corners is None else float(np.abs(corners - taken.corners).max())
        for taken in photos
        for corners in [find_sheet(taken.page.grey)]
    ]
    assert sum(away < 10 for away in off) >= 3


@pytest.mark.parametrize("level", ["mild", "medium", "strong"])
def test_writing_is_read_off_the_flattened_sheet_and_found_in_the_file(level: str) -> None:
    taken = photo(level, 1)
    reading = read_page(taken.page, Templates())
    assert reading.text == TEXT
    first = reading.glyphs[0].box
    points = np.concatenate([stroke.points for stroke in INK.strokes[:1]])
    flat = np.append(points.mean(axis=0), 1.0)
    x, y, w = taken.onto @ flat
    assert first.grown(4).contains(float(x / w), float(y / w))
    assert first.longest_side < 130


def test_boxes_are_px_of_the_file_when_the_page_was_reduced() -> None:
    taken = photo("medium", 2)
    whole = page(taken.page.grey)
    reduced = Page(whole.colour, whole.grey, scale=0.5)
    boxes = [[g.box for g in read_page(p, Templates()).glyphs] for p in (whole, reduced)]
    assert len(boxes[0]) == len(boxes[1]) == 7
    for one, two in zip(boxes[0], boxes[1], strict=True):
        assert two.x == pytest.approx(2 * one.x, abs=0.1)
        assert two.height == pytest.approx(2 * one.height, abs=0.1)


@pytest.mark.parametrize("text", [*list("0123456789"), "2046", "11", "31\n42"])
@pytest.mark.parametrize("width", [4, 16, 40])
@pytest.mark.parametrize("margin", [0, 20, 80])
def test_what_fills_a_picture_is_no_sheet(text: str, width: int, margin: int) -> None:
    drawn = rasterise_page(write(text, height=220, width=width), margin)
    for grey in (drawn, np.asarray(255 - drawn, np.uint8)):
        state = PageState.of(grey)
        assert rectify_sheet(state) is state


def test_a_frame_is_no_sheet_nor_is_the_edge_of_a_shadow() -> None:
    grey = np.full(SHAPE, 230, np.uint8)
    grey[40:440, 60:580] = 30
    grey[46:434, 66:574] = 230
    assert find_sheet(grey) is None
    light = ("shadow", "slope", "vignette")
    for seed in range(6):
        lit = photograph(INK, SHAPE, of_level("medium", light), np.random.default_rng(seed))
        assert find_sheet(lit.page.grey) is None


def test_an_empty_rectangle_does_not_hide_what_stands_around_it() -> None:
    ink = write("46", height=90, width=8, at=(20, 20))
    grey = np.asarray(rasterise_page(ink, margin=12), np.uint8)
    whole = np.full((480, 640), 255, np.uint8)
    whole[: grey.shape[0], : grey.shape[1]] = grey
    whole[160:440, 60:580] = 225
    assert read_page(page(whole), Templates()).text == "46"


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (300, 200)])
def test_pages_without_room_or_light_are_taken(shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    for grey in (noise, np.zeros(shape, np.uint8)):
        assert find_sheet(grey) is None


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("seed", range(3))
def test_a_sheet_that_the_border_of_the_photo_cuts_off_is_found(side: str, seed: int) -> None:
    taken = photo("medium", seed)
    grey, corners = taken.page.grey, taken.corners
    inner = 40 + int(corners[[0, 3], 0].max()), int(corners[[1, 2], 0].min()) - 40
    cut = slice(inner[0], None) if side == "left" else slice(0, inner[1])
    found = find_sheet(np.ascontiguousarray(grey[:, cut]))
    assert found is not None
    seen = [1, 2] if side == "left" else [0, 3]
    assert np.abs(found[seen] + [cut.start or 0, 0] - corners[seen]).max() < 8
    at = 0 if side == "left" else inner[1] - 1
    assert np.abs(found[[0, 3] if side == "left" else [1, 2], 0] - at).max() < 4


def test_a_shadow_is_not_taken_for_a_sheet_that_the_border_cuts_off() -> None:
    grey = np.full((480, 640), 230, np.uint8)
    grey[:, 400:] = 120  # one edge
    assert find_sheet(grey) is None
    grey[300:] = 120  # two
    assert find_sheet(grey) is None


def on_table(quad: list[list[int]], sheet: int = 220, table: int = 90) -> Grey:
    grey = np.full(SHAPE, table, np.uint8)
    return np.asarray(cv2.fillPoly(grey, [np.array(quad, np.int32)], sheet), np.uint8)


QUAD = [[80, 60], [560, 70], [570, 420], [70, 410]]


@pytest.mark.parametrize(("sheet", "table"), [(220, 90), (90, 220), (120, 60), (150, 110)])
def test_the_corners_are_exact_whatever_the_greys(sheet: int, table: int) -> None:
    found = find_sheet(on_table(QUAD, sheet, table))
    assert found is not None
    assert np.abs(found - QUAD).max() < 3


def test_a_flat_sheet_has_the_mean_lengths_of_its_sides_less_a_rim() -> None:
    state = rectify_sheet(PageState.of(on_table(QUAD)))
    height, width = state.grey.shape
    assert width == pytest.approx(490 - 2 * 0.008 * 350, abs=4)
    assert height == pytest.approx(350 - 2 * 0.008 * 350, abs=4)
    assert state.grey.min() > 200  # nothing of the table
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    there = cv2.perspectiveTransform(corners, state.to_file)[0]
    inward = np.sign(np.mean(QUAD, axis=0) - QUAD)
    assert ((there - QUAD) * inward >= -1).all()
    assert np.abs(there - QUAD).max() < 7
    assert state.note == f"A sheet was found and flattened: {width} x {height} px."


def test_the_largest_of_two_sheets_is_taken() -> None:
    grey = on_table([[20, 20], [620, 20], [620, 460], [20, 460]], 200, 80)
    cv2.fillPoly(grey, [np.array([[150, 120], [480, 120], [480, 400], [150, 400]])], 250)
    found = find_sheet(grey)
    assert found is not None
    assert np.abs(found - [[20, 20], [620, 20], [620, 460], [20, 460]]).max() < 4


@pytest.mark.parametrize(("side", "is_found"), [(0.8, True), (0.4, False)])
def test_a_sheet_covers_a_quarter_of_the_photo(side: float, is_found: bool) -> None:
    wide, high = round(640 * side), round(480 * side)
    x, y = (640 - wide) // 2, (480 - high) // 2
    quad = [[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]]
    assert (find_sheet(on_table(quad)) is not None) == is_found


@pytest.mark.parametrize(("covered", "is_found"), [(0.35, True), (0.7, False)])
def test_half_of_each_side_is_seen(covered: float, is_found: bool) -> None:
    grey = on_table(QUAD)
    ramp = np.linspace(90, 220, 300).astype(np.uint8)[:, np.newaxis]
    grey[:300, 90 : 90 + round(470 * covered)] = ramp
    assert (find_sheet(grey) is not None) == is_found


@pytest.mark.parametrize(("degrees", "is_found"), [(15, True), (35, False)])
def test_a_sheet_tilted_by_too_much_is_left(degrees: float, is_found: bool) -> None:
    grey = on_table([[170, 120], [470, 120], [470, 360], [170, 360]])
    onto = cv2.getRotationMatrix2D((320, 240), degrees, 1.25)
    turned = cv2.warpAffine(grey, onto, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    assert (find_sheet(np.asarray(turned, np.uint8)) is not None) == is_found


def test_a_corner_may_lie_just_outside_of_the_photo() -> None:
    quad = [[-8, 40], [600, 30], [610, 440], [30, 450]]
    found = find_sheet(on_table(quad))
    assert found is not None
    assert np.abs(found - quad).max() < 6


def test_a_small_picture_holds_no_sheet() -> None:
    grey = on_table(QUAD)
    small = np.asarray(cv2.resize(grey, (210, 158), interpolation=cv2.INTER_AREA), np.uint8)
    assert find_sheet(small) is None
    assert find_sheet(np.asarray(cv2.resize(grey, (220, 165)), np.uint8)) is not None


def test_a_large_photo_has_its_corners_at_the_same_places() -> None:
    large = np.kron(on_table(QUAD), np.ones((4, 4), np.uint8))
    found = find_sheet(large)
    assert found is not None
    assert np.abs(found / 4 - QUAD).max() < 3


def test_a_sheet_darker_than_its_table_that_the_border_cuts_off_is_left() -> None:
    quad = [[-50, 60], [560, 70], [570, 420], [-50, 410]]
    bright = find_sheet(on_table(quad))
    assert bright is not None
    assert np.abs(bright[[1, 2]] - [quad[1], quad[2]]).max() < 4
    assert np.abs(bright[[0, 3], 0]).max() < 3
    assert find_sheet(on_table(quad, sheet=90, table=220)) is None


@pytest.mark.parametrize("turned_round", [False, True])
@pytest.mark.parametrize(
    "quad",
    [
        [[100, 70], [540, 150], [540, 330], [100, 410]],  # its long sides meet at x = 1035
        [[70, 60], [570, 60], [445, 420], [195, 420]],  # at y = 780
    ],
)
def test_sides_that_meet_not_far_beside_the_photo_are_ordered_by_its_middle(
    quad: list[list[int]], turned_round: bool
) -> None:
    grey, corners = on_table(quad), np.array(quad)
    if turned_round:
        grey = np.ascontiguousarray(grey[::-1, ::-1])
        corners = np.roll([639, 479] - corners, 2, axis=0)
    found = find_sheet(grey)
    assert found is not None
    assert np.abs(found - corners).max() < 4


@pytest.mark.parametrize(("x", "found_at"), [(655, 655), (670, 639)])
def test_a_sheet_with_a_corner_3_percent_outside_is_cut_off_by_the_border(
    x: int, found_at: int
) -> None:
    found = find_sheet(on_table([[40, 40], [x, 60], [610, 440], [30, 430]]))
    assert found is not None
    assert found[1, 0] == pytest.approx(found_at, abs=3)


@pytest.mark.parametrize(("off", "is_found"), [(12, True), (30, False)])
@pytest.mark.parametrize("turned_round", [False, True])
def test_a_sheet_with_a_corner_far_above_or_below_the_photo_is_left(
    off: int, is_found: bool, turned_round: bool
) -> None:
    grey = on_table([[40, -off], [600, 40], [600, 440], [30, 430]])
    shown = np.ascontiguousarray(grey[::-1, ::-1]) if turned_round else grey
    assert (find_sheet(shown) is not None) == is_found


@pytest.mark.parametrize(("side", "is_found"), [(210, True), (150, False)])
@pytest.mark.parametrize("turned_round", [False, True])
def test_each_side_of_a_sheet_has_a_fifth_of_the_longer_side_of_the_photo(
    side: int, is_found: bool, turned_round: bool
) -> None:
    above, below = 200 - side // 2, 200 + side // 2
    quad = np.array([[100, 30], [600, above], [600, below], [100, 370]], np.int32)
    grey = cv2.fillPoly(np.full((400, 900), 90, np.uint8), [quad], 220)
    shown = np.asarray(grey[::-1, ::-1] if turned_round else grey, np.uint8)
    assert (find_sheet(np.ascontiguousarray(shown)) is not None) == is_found


def test_an_edge_along_the_border_is_no_side_of_a_sheet() -> None:
    # The Hough transform rounds one of its lines off the page.
    dashes = kinds()["dashes 4 20"]((1000, 1000), np.random.default_rng(0))
    assert find_sheet(dashes) is None
