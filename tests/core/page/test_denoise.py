from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from inkread.core.page.denoise import denoise
from inkread.core.page.state import PageState, Strokes
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


@pytest.mark.parametrize("names", [(), ("slope", "vignette"), ("rulings",)])
def test_a_page_without_noise_is_left_alone(names: tuple[str, ...]) -> None:
    state = before(denoise, photo(names).page.grey)
    assert denoise(state) is state


def page_of(level: int, line: int, noise: float = 0.0, width: int = 6) -> PageState:
    """Thin upright lines; dark on light."""
    grey = np.full((300, 400), float(level))
    for x in range(50, 400, 60):
        grey[60:240, x : x + width] = line
    grain = np.random.default_rng(0).normal(0, noise, grey.shape) if noise else 0.0
    taken = np.clip(np.rint(grey + grain), 0, 255).astype(np.uint8)
    return replace(PageState.of(taken), strokes=Strokes.THIN)


@pytest.mark.parametrize(("level", "gain"), [(60, 235 / 60), (100, 2.35), (156, 235 / 156)])
def test_a_dark_background_is_brightened_to_235(level: int, gain: float) -> None:
    state = page_of(level, level // 4)
    found = denoise(state)
    assert found.grey[20, 20] == pytest.approx(235, abs=1)
    assert found.grey[100, 52] == round(gain * (level // 4))
    assert found.small[20, 20] == found.grey[20, 20]
    assert found.note == f"The page was brightened {gain:.1f} times."


def test_a_very_dark_background_is_brightened_four_times() -> None:
    assert denoise(page_of(40, 4)).grey[20, 20] == 160


def test_a_background_that_is_bright_enough_stays() -> None:
    state = page_of(158, 40)  # 1.49 times
    assert denoise(state) is state


def test_a_clean_or_strong_page_is_not_smoothed() -> None:
    for noise in (0.0, 4.0):
        state = page_of(235, 50, noise)
        assert denoise(state) is state


@pytest.mark.parametrize(("line", "is_noisy"), [(115, False), (165, True)])
def test_a_page_is_noisy_from_a_tenth_of_its_contrast(line: int, is_noisy: bool) -> None:
    state = page_of(235, line, noise=9.0)
    assert (denoise(state) is not state) is is_noisy


@pytest.mark.parametrize(("width", "spread"), [(6, 2.0), (12, 3.8)])
def test_a_noisy_page_is_smoothed_by_a_third_of_the_width_of_its_lines(
    width: int, spread: float
) -> None:
    state = page_of(200, 120, noise=12.0, width=width)
    found = denoise(state)
    said = float(found.note.split(" px")[0].split("over ")[1])
    assert said == pytest.approx(spread, abs=0.25)
    noise = found.grey[:40].std() / state.grey[:40].std()
    # White noise smoothed by a Gaussian has 1 / (2 sqrt(pi) sigma) of its deviation.
    assert noise == pytest.approx(1 / (2 * np.sqrt(np.pi) * said), rel=0.4)


def test_lines_that_may_be_wide_are_left_alone() -> None:
    state = replace(page_of(60, 15, noise=5.0), strokes=Strokes.UNKNOWN)
    assert denoise(state) is state
