from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.page.tight_crop import bold_ink, find_bold
from inkread.core.reading import Grey
from inkread.core.recognition.recognise import read_page
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
