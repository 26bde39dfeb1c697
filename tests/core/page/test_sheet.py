from __future__ import annotations

import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.page.sheet import find_sheet, rectify_sheet
from inkread.core.page.state import PageState
from inkread.core.picture.page import Page, page_of
from inkread.core.reading import Grey
from inkread.core.recognition.recognise import read_page
from tests.core.templates import Templates
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
