from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.core.page.background import (
    ClosedBackgrounds,
    blurred,
    clear_border,
    closed,
    estimate_background,
    fully_lit,
    is_uniform,
    mean_filtered,
    median_filtered,
)
from inkread.core.page.state import PageState, Strokes
from inkread.core.reading import Grey


def page(level: int = 200, line: int = 80, width: int = 4) -> Grey:
    grey = np.full((200, 260), level, np.uint8)
    grey[60:140, 100 : 100 + width] = line
    return grey


@pytest.mark.parametrize("strokes", [Strokes.UNKNOWN, Strokes.THIN])
def test_ink_is_how_much_darker_than_the_background_it_is(strokes: Strokes) -> None:
    state = replace(PageState.of(page()), strokes=strokes)
    found = estimate_background(state)
    assert found.ink is not None
    assert found.background is not None
    assert set(np.unique(found.background)) == {200}
    assert np.array_equal(found.ink, 200 - page())
    assert found.level == 120
    assert found.noise == found.noise_floor == 0


@pytest.mark.parametrize("strokes", [Strokes.UNKNOWN, Strokes.THIN])
def test_ink_in_the_shade_is_strengthened_as_its_background_is_darkened(strokes: Strokes) -> None:
    grey = page()
    grey[:100] //= 2  # background 100, ink 40
    found = estimate_background(replace(PageState.of(grey), strokes=strokes))
    assert found.ink is not None
    assert found.ink[70:90, 100:104].mean() == pytest.approx(120, abs=2)
    assert found.ink[110:130, 100:104].mean() == pytest.approx(120, abs=2)
    assert (found.ink[:, :90] > 6).mean() < 0.006  # a row at the edge


def test_noise_beside_thin_lines_is_removed_below_its_floor() -> None:
    grain = np.random.default_rng(0).normal(0, 4, (200, 260))
    grey = np.clip(page() + grain, 0, 255).astype(np.uint8)
    found = estimate_background(replace(PageState.of(grey), strokes=Strokes.THIN))
    assert found.ink is not None
    assert found.noise_floor == pytest.approx(2.5 * 4, rel=0.15)
    beside = found.ink[:, :90]
    assert not ((beside > 0) & (beside < found.noise_floor)).any()
    assert 0.001 < (beside > 0).mean() < 0.02
    whole = estimate_background(PageState.of(grey))
    assert whole.noise_floor == 0
    assert whole.noise == pytest.approx(4, rel=0.2)


def test_a_page_without_contrast_has_no_ink_but_a_background() -> None:
    found = estimate_background(PageState.of(page(line=190)))
    assert found.ink is None
    assert found.level is None
    assert found.background is not None
    assert found.note == "Nothing differs from the background."


def test_a_background_reduced_from_a_large_page_is_not_too_bright_beside_a_shadow() -> None:
    grey = np.kron(page(), np.ones((4, 4), np.uint8))
    grey[:, 500:] = (grey[:, 500:] * 0.6).astype(np.uint8)
    found = estimate_background(PageState.of(grey))
    assert found.ink is not None
    assert (found.ink[:, 450:560] > 20).mean() < 0.01


def test_closing_fills_dark_lines_narrower_than_its_window() -> None:
    grey = page(width=4)
    assert set(np.unique(closed(grey, 5))) == {200}
    assert np.array_equal(closed(grey, 3), grey)
    assert np.array_equal(closed(grey, 4), closed(grey, 5))  # windows are odd
    assert np.array_equal(closed(grey, 1), closed(grey, 3))  # and 3 px at least
    light = np.asarray(255 - grey, np.uint8)
    assert np.array_equal(closed(light, 5), light)


def test_smoothing_keeps_an_edge_with_a_median_and_blurs_it_with_a_mean() -> None:
    step = np.zeros((60, 60), np.uint8)
    step[:, 30:] = 100
    assert np.array_equal(median_filtered(step, 40), step)
    mean = mean_filtered(step, 20)  # a window of 11 px
    assert mean[30, 24] == 0
    assert mean[30, 25] == 9
    assert mean[30, 34] == 91
    assert mean[30, 35] == 100


def test_a_median_removes_a_spot_of_less_than_half_its_window() -> None:
    spot = np.zeros((60, 60), np.uint8)
    spot[30:35, 30:35] = 100
    assert not median_filtered(spot, 36).any()  # a window of 9 px
    assert median_filtered(spot, 20).any()  # 5 px


def test_a_background_without_halos_follows_a_shadow_and_one_with_halos_does_not() -> None:
    grey = np.full((200, 200), 200, np.uint8)
    grey[:, 100:] = 100
    backgrounds = ClosedBackgrounds(grey)
    sharp, soft = (backgrounds.smoothed(by) for by in (median_filtered, mean_filtered))
    assert np.abs(sharp.astype(int) - grey).max() <= 67  # the blur against grain
    assert (np.abs(sharp.astype(int) - grey) > 2).mean() < 0.02
    assert (np.abs(soft.astype(int) - grey) > 2).mean() > 0.05


def test_wide_ink_has_a_background_too() -> None:
    grey = np.full((200, 200), 200, np.uint8)
    grey[40:160, 85:115] = 40
    assert set(np.unique(ClosedBackgrounds(grey).smoothed(median_filtered))) == {200}


def test_grain_is_blurred_over_three_px() -> None:
    spot = np.zeros((9, 9), np.uint8)
    spot[4, 4] = 90
    found = blurred(spot)
    assert (found == 10).sum() == 9
    assert found.sum() == 90


def test_blobs_that_reach_the_border_are_not_inside() -> None:
    mask = np.zeros((30, 40), np.uint8)
    mask[10:15, 10:15] = 255
    for window in ((0, 5), (29, 20), (12, 0), (12, 39)):
        mask[window] = 255
    found = clear_border(mask)
    assert found[12, 12] == 255
    assert np.count_nonzero(found) == 25


def test_ink_is_relit_by_at_most_two_and_a_half() -> None:
    ink = np.full((4, 100), 40, np.uint8)
    background = np.full((4, 100), 200, np.uint8)
    background[:, :10] = 100
    background[:, 10:20] = 20
    found = fully_lit(ink, background)
    assert found[0, 5] == 80
    assert found[0, 15] == 100
    assert found[0, 50] == 40
    assert fully_lit(ink, np.full((4, 100), 90, np.uint8)) is ink
    nearly = np.full((4, 100), 200, np.uint8)
    nearly[:, 0] = 199
    assert fully_lit(ink, nearly) is ink


def test_a_uniform_picture_has_one_grey() -> None:
    assert is_uniform(np.full((3, 4), 7, np.uint8))
    assert not is_uniform(np.array([[7, 7, 8]], np.uint8))
