from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.correction.reread_page import PageInk
from inkread.core.geometry import Box, union
from inkread.core.ink import rasterise_page
from inkread.core.picture.page import Page
from inkread.core.reading import Grey, Seen, StageName
from inkread.core.recognition.read_page import read_page
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.core.page.tables import drawn_table
from tests.core.templates import Templates
from tests.written import write

TEMPLATES = Templates()


@pytest.fixture(scope="module")
def network() -> OnnxClassifier:
    return OnnxClassifier.open(bundled("models/digits.onnx"))


def page_of(grey: Grey, scale: float = 1.0) -> Page:
    return Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey, scale)


def written(text: str) -> Page:
    return page_of(rasterise_page(write(text, height=100, width=8), margin=30))


def test_a_box_around_a_glyph_reads_as_the_page_does() -> None:
    page = written("471")
    ink = PageInk.of(page)
    for glyph in read_page(page, TEMPLATES).glyphs:
        for margin in (0, 8):
            again = ink.read_box(glyph.box.grown(margin), TEMPLATES)
            assert again is not None
            assert again.label == glyph.label
            assert again.box == glyph.box
            assert np.abs(again.cell - glyph.cell).max() < 0.02
            assert [stage.name for stage in again.stages] == [s.name for s in glyph.stages]
            assert again.stages[0].name is StageName.GREY


@pytest.mark.parametrize("scale", [0.5, 1.0])
def test_boxes_are_in_px_of_the_file(scale: float) -> None:
    page = written("7")
    (glyph,) = read_page(page, TEMPLATES).glyphs
    reduced = PageInk.of(page_of(page.grey, scale))
    again = reduced.read_box(glyph.box.scaled(1 / scale), TEMPLATES)
    assert again is not None
    assert again.box == glyph.box.scaled(1 / scale)


def test_light_on_dark_is_read_too() -> None:
    page = page_of(255 - written("7").grey)
    again = PageInk.of(page).read_box(Box(0, 0, 500, 500), TEMPLATES)
    assert again is not None
    assert again.label == "7"


@pytest.mark.parametrize(
    "box", [Box(0, 0, 10, 10), Box(-50, -50, 20, 20), Box(9000, 0, 5, 5), Box(40, 40, 0, 0)]
)
def test_a_box_without_ink_is_nothing(box: Box) -> None:
    ink = PageInk.of(written("1"))
    assert ink.read_box(box, TEMPLATES) is None
    assert ink.split(box, TEMPLATES) is None


def test_a_blank_page_has_nothing_in_any_box() -> None:
    ink = PageInk.of(page_of(np.full((60, 60), 255, np.uint8)))
    assert ink.read_box(Box(0, 0, 60, 60), TEMPLATES) is None


def test_a_neighbour_that_looks_in_is_left_out() -> None:
    page = written("47")
    ink = PageInk.of(page)
    four, seven = read_page(page, TEMPLATES).glyphs
    wide = Box(four.box.x - 3, four.box.y, seven.box.x + 6 - four.box.x, four.box.height)
    again = ink.read_box(wide, TEMPLATES)
    assert again is not None
    assert again.label == "4"
    assert again.box.right == pytest.approx(four.box.right)


def test_several_blobs_in_a_box_are_one_glyph() -> None:
    page = written("47")
    boxes = [glyph.box for glyph in read_page(page, TEMPLATES).glyphs]
    whole = PageInk.of(page).read_box(union(boxes), TEMPLATES)
    assert whole is not None
    assert whole.box == union(boxes)


def touching(text: str) -> Page:
    """Two digits joined by a bar."""
    ink = write(text, height=100, width=8)
    grey = rasterise_page(ink, margin=30)
    half = grey.shape[1] // 2
    cv2.line(grey, (half - 30, 90), (half + 30, 90), 0, 6)
    return page_of(grey)


@pytest.mark.parametrize("text", ["38", "20", "66", "05"])
def test_a_split_finds_the_two_digits(text: str) -> None:
    page = touching(text)
    parts = PageInk.of(page).split(Box(0, 0, *page.grey.shape[::-1]), TEMPLATES)
    assert parts is not None
    left, right = parts
    assert left.label + right.label == text
    assert left.box.right <= right.box.x


def test_what_is_one_px_wide_cannot_be_split() -> None:
    grey = np.full((100, 100), 255, np.uint8)
    grey[20:80, 50] = 0
    assert PageInk.of(page_of(grey)).split(Box(0, 0, 100, 100), TEMPLATES) is None


def test_digits_that_lean_over_one_another_are_cut_along_a_bent_path() -> None:
    """No upright cut parts these: the one reaches under the other."""
    grey = np.full((160, 170), 255, np.uint8)
    two, seven = (rasterise_page(write(t, height=100, width=8), margin=0) for t in "27")
    grey[30 : 30 + two.shape[0], 20 : 20 + two.shape[1]] = two
    left = 20 + two.shape[1] - 20
    area = grey[10 : 10 + seven.shape[0], left : left + seven.shape[1]]
    np.minimum(area, seven, out=area)
    parts = PageInk.of(page_of(grey)).split(Box(0, 0, 170, 160), TEMPLATES)
    assert parts is not None
    assert [glyph.label for glyph in parts] == ["2", "7"]
    assert parts[0].box.overlap_x(parts[1].box) > 3


def test_boxes_on_a_sheet_that_is_seen_askew_are_of_the_file() -> None:
    paper = np.full((400, 600), 235, np.uint8)
    ink = rasterise_page(write("47", height=110, width=9), margin=0)
    paper[140 : 140 + ink.shape[0], 180 : 180 + ink.shape[1]] = np.minimum(ink, 235)
    corners = np.array([[0, 0], [600, 0], [600, 400], [0, 400]], np.float32)
    there = np.array([[90, 70], [640, 100], [690, 520], [60, 480]], np.float32)
    onto = cv2.getPerspectiveTransform(corners, there)
    photo = cv2.warpPerspective(paper, onto, (760, 600), borderValue=70)
    page = page_of(np.asarray(photo, np.uint8))
    reading = read_page(page, TEMPLATES)
    assert reading.text == "47"
    assert reading.seen is not None
    assert reading.seen.is_rectified
    ink_of_page = PageInk.of(page, reading.seen)
    for glyph in reading.glyphs:
        again = ink_of_page.read_box(glyph.box, TEMPLATES)
        assert again is not None
        assert again.label == glyph.label
        assert again.box.centre == pytest.approx(glyph.box.centre, abs=2)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_that_lies_on_its_side_is_re_read_turned(quarters: int) -> None:
    upright = written("4715")
    page = page_of(np.ascontiguousarray(np.rot90(upright.grey, -quarters)))
    ink = PageInk.of(page, Seen(quarters=quarters))
    state = ink.page.state
    for glyph in read_page(upright, TEMPLATES).glyphs:
        there = state.in_file(glyph.box)
        again = ink.read_box(there, TEMPLATES)
        assert again is not None
        assert again.label == glyph.label
        assert again.box.centre == pytest.approx(there.centre, abs=1.5)
    first, second = (glyph.box for glyph in read_page(upright, TEMPLATES).glyphs[:2])
    parts = ink.split(state.in_file(union((first, second))), TEMPLATES)
    assert parts is not None
    assert [glyph.label for glyph in parts] == ["4", "7"]


def test_a_page_that_lies_with_one_digit_a_line_is_re_read_as_it_was_read(
    network: OnnxClassifier,
) -> None:
    """Its boxes do not show the turn: 257 was re-read as 062."""
    upright = rasterise_page(write("2\n5\n7", height=90, width=9), margin=60)
    page = page_of(np.ascontiguousarray(np.rot90(upright)))
    reading = read_page(page, network)
    assert reading.text == "2\n5\n7"
    assert reading.seen is not None
    assert reading.seen.quarters == 3
    ink = PageInk.of(page, reading.seen)
    for glyph in reading.glyphs:
        again = ink.read_box(glyph.box, network)
        assert again is not None
        assert again.label == glyph.label
        assert again.box == glyph.box
    pair = union(glyph.box for glyph in reading.glyphs[:2])
    assert ink.read_box(pair, network) is not None
    assert ink.split(reading.glyphs[0].box, network) is not None


def test_writing_around_an_empty_rectangle_is_re_read_as_it_was_read() -> None:
    """The rectangle is taken for a sheet at first; nothing was found in either box."""
    grey = np.full((600, 800), 90, np.uint8)
    cv2.rectangle(grey, (190, 90), (640, 510), 235, -1)
    for text, x in (("4", 40), ("6", 690)):
        digit = rasterise_page(write(text, height=110, width=9), margin=0)
        area = grey[240 : 240 + digit.shape[0], x : x + digit.shape[1]]
        area[digit < 128] = 10
    page = page_of(grey)
    reading = read_page(page, TEMPLATES)
    assert reading.text.replace(" ", "") == "46"
    assert reading.seen is not None
    assert not reading.seen.is_rectified
    ink = PageInk.of(page, reading.seen)
    for glyph in reading.glyphs:
        again = ink.read_box(glyph.box, TEMPLATES)
        assert again is not None
        assert again.label == glyph.label


def test_a_page_read_at_half_its_size_is_re_read_so() -> None:
    grey = np.full((2201, 2801), 255, np.uint8)
    digit = rasterise_page(write("3", height=300, width=25), margin=0)
    grey[300 : 300 + digit.shape[0], 500 : 500 + digit.shape[1]] = digit
    page = page_of(grey)
    reading = read_page(page, TEMPLATES)
    assert reading.seen is not None
    assert reading.seen.half_size
    ink = PageInk.of(page, reading.seen)
    assert ink.page.state.seen.shape == (1100, 1400)
    again = ink.read_box(reading.glyphs[0].box, TEMPLATES)
    assert again is not None
    assert again.label == "3"
    assert again.box == reading.glyphs[0].box


def test_glyphs_of_a_table_read_again_as_before(network: OnnxClassifier) -> None:
    for rows in ([["40", "7"], ["", "23"]], [["4", "7", "2"], ["1", "", "5"]]):
        grey, _ = drawn_table(rows, 70, 60)
        page = page_of(grey)
        reading = read_page(page, network)
        assert reading.tables
        ink = PageInk.of(page, reading.seen)
        for glyph in reading.glyphs:
            again = ink.read_box(glyph.box, network)
            assert again is not None
            assert again.label == glyph.label
            assert again.box == glyph.box
            assert np.abs(again.cell - glyph.cell).max() < 0.02


def test_two_digits_of_a_cell_join_and_split(network: OnnxClassifier) -> None:
    page = page_of(drawn_table([["40", "7"], ["", "23"]], 80, 60)[0])
    reading = read_page(page, network)
    ink = PageInk.of(page, reading.seen)
    first, second = reading.glyphs[:2]
    joined = ink.read_box(union([first.box, second.box]), network)
    assert joined is not None
    assert joined.box.likeness(union([first.box, second.box])) > 0.99
    halves = ink.split(joined.box, network)
    assert halves is not None
    assert [half.label for half in halves] == ["4", "0"]
