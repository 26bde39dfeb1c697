from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.page.denoise import denoise
from tests.core.page.pages import before, cleaned, drawn
from tests.synthetic import Photo, of_level, photograph
from tests.written import write

SHAPE = (720, 960)
SHEET = write("2046\n7183\n5592", height=110, width=6, at=(160, 80))


def photo(names: tuple[str, ...]) -> Photo:
    return photograph(SHEET, SHAPE, of_level("medium", names), np.random.default_rng(1))


@pytest.mark.parametrize("more", [("dark",), ("dark", "slope"), ("slope", "vignette")])
def test_faint_lines_in_noise_stay_whole_and_noise_makes_no_ink(more: tuple[str, ...]) -> None:
    page = photo(("pencil", "texture", "blur", "noise", "jpeg", *more)).page
    ink = drawn(SHEET, SHAPE)
    mask = cleaned(page.grey).mask
    clear = cv2.dilate(ink, np.ones((9, 9), np.uint8)) == 0
    assert (mask[ink > 250] > 0).mean() > 0.97
    assert (mask[clear] > 0).mean() < 0.0005
    blobs = cv2.connectedComponentsWithStats(mask, connectivity=8)[2][1:, cv2.CC_STAT_AREA]
    assert np.count_nonzero(blobs > 150) <= 20  # 12 digits, some of two strokes


@pytest.mark.parametrize("names", [(), ("slope", "vignette"), ("rules",)])
def test_a_page_without_noise_is_left_alone(names: tuple[str, ...]) -> None:
    state = before(denoise, photo(names).page.grey)
    assert denoise(state) is state
