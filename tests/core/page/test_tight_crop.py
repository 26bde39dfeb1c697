from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.page.tight_crop import Bold, bold_ink, find_bold
from inkread.core.reading import Grey
from inkread.core.recognition.read_page import read_page
from tests.core.page.test_blob_shapes import page_of
from tests.core.templates import Templates
from tests.written import write


def tight(digit: str, width: int) -> Grey:
    return rasterise_page(write(digit, height=230, width=width), margin=8)


@pytest.mark.parametrize("turned_round", [False, True])
@pytest.mark.parametrize("digit", "12357")
def test_one_bold_digit_is_read_though_hardly_any_background_is_left(
    digit: str, turned_round: bool
) -> None:
    grey = tight(digit, 56)
    page = np.asarray(255 - grey, np.uint8) if turned_round else grey
    reading = read_page(page_of(page), Templates())
    assert len(reading.glyphs) == 1
    x, y, right, bottom = 8, 8, grey.shape[1] - 8, grey.shape[0] - 8
    box = reading.glyphs[0].box
    assert np.allclose([box.x, box.y, box.right, box.bottom], [x, y, right, bottom], atol=3)


def test_the_greys_of_ink_and_background_are_found() -> None:
    levels = np.linspace(40, 210, 256).astype(np.uint8)
    page = np.asarray(cv2.LUT(tight("1", 56), levels), np.uint8)
    bold = find_bold(page)
    assert bold is not None
    assert bold.ink == pytest.approx(40, abs=6)
    assert bold.background == pytest.approx(210, abs=6)
    soft = bold_ink(page, bold)
    assert soft[page == 40].min() > 240
    assert soft[page == 210].max() < 15


def sheet(*, written: bool) -> Grey:
    page = np.full((300, 220), 30, np.uint8)
    page[12:-12, 12:-12] = 230
    if written:
        page[60:240, 60:160] = cv2.resize(tight("5", 12), (100, 180))
    return page


def strip() -> Grey:
    page = np.full((120, 400), 30, np.uint8)
    page[12:-12, 12:-12] = 230
    page[40:80, 60:66] = page[40:80, 120:126] = 30
    return page


@pytest.mark.parametrize(
    "page",
    [
        sheet(written=False),
        sheet(written=True),
        strip(),
        np.full((50, 40), 200, np.uint8),
        rasterise_page(write("1", height=230, width=12), margin=120),
    ],
    ids=["an empty sheet", "a sheet", "a strip of paper", "nothing", "much paper"],
)
def test_no_other_page_is_taken_for_a_bold_digit(page: Grey) -> None:
    assert find_bold(page) is None


def stroke(
    *, width: int = 44, length: int = 120, shape: tuple[int, int] = (130, 80), specks: int = 0
) -> Grey:
    """A dark upright stroke on light background, its ends 5 px from the border."""
    page = np.full(shape, 220, np.uint8)
    left = (shape[1] - width) // 2
    page[5 : 5 + length, left : left + width] = 40
    page[6 : 6 + specks, 4:8] = 40
    return page


@pytest.mark.parametrize(("width", "is_bold"), [(24, False), (30, True)])
def test_bold_ink_covers_three_tenths(width: int, is_bold: bool) -> None:
    assert (find_bold(stroke(width=width)) is not None) == is_bold


@pytest.mark.parametrize(("length", "is_bold"), [(76, False), (84, True)])
def test_a_bold_glyph_is_1_8_times_as_long_as_wide(length: int, is_bold: bool) -> None:
    page = stroke(length=length, shape=(length + 10, 60))
    assert (find_bold(page) is not None) == is_bold


@pytest.mark.parametrize(("specks", "is_bold"), [(30, True), (55, False)])
def test_nearly_all_bold_ink_is_one_blob(specks: int, is_bold: bool) -> None:
    assert (find_bold(stroke(specks=specks)) is not None) == is_bold


@pytest.mark.parametrize(("cut", "is_bold"), [(6, True), (12, False)])
def test_nearly_all_of_the_border_is_background(cut: int, is_bold: bool) -> None:
    page = stroke()
    page[:6, 20 : 20 + 2 * cut] = 40  # of a border of 420 px
    page[-6:, 20 : 20 + 2 * cut] = 40
    assert (find_bold(page) is not None) == is_bold


@pytest.mark.parametrize("noise", [10, 130])
def test_a_page_of_two_greys_has_little_else(noise: int) -> None:
    page = stroke().astype(np.float32)
    x = np.linspace(-noise, noise, page.shape[1])
    found = find_bold(np.clip(page + x, 0, 255).astype(np.uint8))
    assert (found is not None) == (noise == 10)


def test_bold_ink_keeps_its_soft_edge_between_the_two_greys() -> None:
    soft = bold_ink(np.array([[220, 130, 40, 20, 250]], np.uint8), Bold(40.0, 220.0))
    assert soft.tolist() == [[0, 128, 255, 255, 0]]
    light = bold_ink(np.array([[40, 85, 220]], np.uint8), Bold(220.0, 40.0))
    assert light.tolist() == [[0, 64, 255]]


def test_the_greys_are_means_of_the_page_blurred_over_three_px() -> None:
    page = np.full((130, 81), 220, np.uint8)
    page[5:125, 18:63] = 40  # 120 x 45 px; a px beside an edge becomes a third lighter: 100, 160
    found = find_bold(page)
    assert found is not None
    ink, edge = 118 * 43, 2 * 118 + 2 * 43
    assert found.ink == pytest.approx((40 * ink + 100 * edge) / (ink + edge), abs=0.01)
    # The corners of the ink are nearer to the background; those beside them are a little darker.
    bright = 130 * 81 - 120 * 45 - edge - 12
    total = 220 * bright + 160 * edge + 180 * 8 + 200 * 4 + 140 * 4
    assert found.background == pytest.approx(total / (bright + edge + 16), abs=0.01)
