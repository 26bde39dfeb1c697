from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.page.contrast import (
    contrasts,
    enlarged,
    ink_level,
    noise_beside,
    noise_of,
    threshold,
    threshold_of,
    thresholded,
    two_greys,
)
from inkread.core.page.pipeline import clean
from inkread.core.page.state import PageState, Reason
from inkread.core.picture.page import page_of as decoded_page_of
from inkread.core.reading import Grey
from tests.hostile import kinds
from tests.written import write


def page_of(*counts: tuple[int, int], size: int = 10_000) -> Grey:
    """A square page: the given count of px of each contrast, the rest 0."""
    page = np.zeros(size, np.uint8)
    at = 0
    for count, contrast in counts:
        page[at : at + count] = contrast
        at += count
    side = round(size**0.5)
    return page.reshape(side, side)


def noisy(deviation: float, level: int = 128, side: int = 400) -> Grey:
    grain = np.random.default_rng(0).normal(level, deviation, (side, side))
    return np.clip(np.rint(grain), 0, 255).astype(np.uint8)


def test_the_contrast_of_ink_does_not_depend_on_how_much_of_a_large_page_is_counted() -> None:
    drawn = np.asarray(
        255 - rasterise_page(write("2046", height=110, width=9), margin=30), np.uint8
    )
    faint = np.asarray(cv2.GaussianBlur(drawn, (0, 0), 2) // 3, np.uint8)
    large = np.kron(faint, np.ones((8, 8), np.uint8))
    assert large.size > 4 << 20
    one, other = (ink_level(page, noise_of(page)) for page in (faint, large))
    assert one is not None
    assert one == pytest.approx(other, abs=2)


@pytest.mark.parametrize(
    ("page", "noise", "expected"),
    [
        (page_of((100, 19)), 0.0, 19),  # just more than 18
        (page_of((100, 18)), 0.0, None),
        (page_of((3, 90)), 0.0, 90),
        (page_of((2, 90)), 0.0, None),
        (page_of((19, 90), size=1_000_000), 0.0, None),  # 0.002 % are 20 px
        (page_of((20, 90), size=1_000_000), 0.0, 90),
        (page_of((100, 31)), 5.0, 31),  # just more than six deviations
        (page_of((100, 30)), 5.0, None),
        (page_of((70, 50), (30, 90)), 0.0, 50),  # 70 % of the ink
        (page_of((69, 50), (31, 90)), 0.0, 90),
        (page_of((7400, 10), (100, 41)), 4.2, 41),  # a quarter of the page is below 10
        (page_of((7600, 10), (100, 35)), 4.2, None),  # no more: 10 + 6 x 4.2
        (page_of((7600, 10), (100, 36)), 4.2, 36),
    ],
)
def test_ink_stands_out_from_background_and_noise(
    page: Grey, noise: float, expected: float | None
) -> None:
    assert ink_level(page, noise) == expected


def test_ink_known_to_be_above_a_level_is_sought_above_it() -> None:
    page = page_of((100, 50), (100, 90))
    assert ink_level(page, 0.0, above=50) == 90
    assert ink_level(page, 0.0, above=90) is None


@pytest.mark.parametrize(
    ("level", "noise", "expected"), [(80, 0.0, 40), (80, 10.0, 40), (80, 10.5, 42), (255, 0, 127.5)]
)
def test_ink_is_cut_at_half_its_contrast_or_above_its_noise(
    level: float, noise: float, expected: float
) -> None:
    assert threshold_of(level, noise) == expected
    page = page_of((5, int(expected)), (7, int(expected) + 1))
    assert np.count_nonzero(thresholded(page, level, noise)) == 7
    assert thresholded(page, level, noise).max() == 255


@pytest.mark.parametrize("deviation", [2.0, 6.0, 15.0])
@pytest.mark.parametrize("side", [200, 1100])
def test_white_noise_is_measured_whether_the_page_is_sampled_or_not(
    deviation: float, side: int
) -> None:
    assert noise_of(noisy(deviation, side=side)) == pytest.approx(deviation, rel=0.04)


def test_edges_of_ink_are_no_noise() -> None:
    page = noisy(4.0)
    page[100:300:20] = 255
    assert noise_of(page) == pytest.approx(4.0, rel=0.2)
    assert noise_of(page_of((900, 200))) == 0


@pytest.mark.parametrize("deviation", [3.0, 8.0])
def test_noise_is_measured_on_the_bright_side_of_the_background_where_no_ink_is(
    deviation: float,
) -> None:
    page = noisy(deviation, 180)
    background = np.full((40, 40), 180, np.uint8)
    assert noise_beside(page, background) == pytest.approx(deviation, rel=0.1)
    page[50:150] = 30  # a quarter is ink: that many px fewer are noise
    assert noise_beside(page, background) == pytest.approx(0.75 * deviation, rel=0.1)


def test_a_background_too_dark_at_a_place_is_no_noise() -> None:
    page = noisy(4.0, 180)
    page[:20] = 250
    assert noise_beside(page, np.full((40, 40), 180, np.uint8)) < 6


def test_a_histogram_counts_every_px_of_a_small_page() -> None:
    found = contrasts(page_of((300, 7), (20, 255)))
    assert found[7] == 300
    assert found[255] == 20
    assert found.sum() == 10_000


def test_a_histogram_of_a_large_page_counts_some_of_its_rows() -> None:
    large = np.zeros((3000, 3000), np.uint8)
    large[:, ::3] = 9
    found = contrasts(large)
    assert found.sum() <= 1 << 21
    assert found[9] == pytest.approx(found.sum() / 3)


def test_a_reduced_picture_is_enlarged_to_the_size_of_the_page() -> None:
    small = np.array([[0, 100]], np.uint8)
    assert enlarged(small, (2, 4)).tolist() == [[0, 25, 75, 100]] * 2


def test_the_threshold_makes_mask_soft_contrast_and_components() -> None:
    ink = np.zeros((20, 30), np.uint8)
    ink[5:9, 4:8] = 60
    ink[4, 4:8] = 31
    ink[12:14, 20:23] = 30
    state = threshold(replace(PageState.of(ink), ink=ink, level=60.0))
    assert (state.mask > 0).tolist() == (ink > 30).tolist()
    assert state.soft[6, 6] == 255
    assert state.soft[4, 4] == round(31 * 255 / 60)
    assert state.soft[12, 20] == round(30 * 255 / 60)
    assert state.labels.max() == 1
    assert state.stats[1].tolist() == [4, 4, 4, 5, 20]
    assert state.note == "Ink is what differs from the background by more than 30 grey levels."


@pytest.mark.parametrize(("has_ink", "level"), [(False, None), (True, None), (False, 60.0)])
def test_without_ink_or_its_contrast_nothing_is_cut_out(has_ink: bool, level: float | None) -> None:
    ink = np.full((20, 30), 60, np.uint8)
    state = threshold(replace(PageState.of(ink), ink=ink if has_ink else None, level=level))
    assert state.mask.shape == state.soft.shape == (20, 30)
    assert not state.mask.any()
    assert not state.soft.any()
    assert len(state.stats) == 1
    assert state.note == "There is no ink."


@pytest.mark.parametrize(("middle", "are_two"), [(40, True), (47, False), (53, False), (60, True)])
def test_the_greys_of_two_parts_make_four_fifths_of_the_variance(
    middle: int, are_two: bool
) -> None:
    # Thirds of grey 0, m and 100: the best two parts have 78 % of the variance at m = 47 and 53,
    # 84 % at 40 and 60.
    page = np.repeat(np.array([50, 50 + middle, 150], np.uint8), 300)
    found = two_greys(np.tile(page, (30, 1)))
    assert (found is not None) == are_two


def test_the_two_greys_are_the_means_of_the_dark_and_the_light_part() -> None:
    page = np.tile(np.repeat(np.array([40, 60, 200, 220], np.uint8), 300), (30, 1))
    found = two_greys(page)
    assert found is not None
    light, low, high = found
    assert not light[:, :599].any()
    assert light[:, 601:].all()
    assert (low, high) == pytest.approx((50, 210), abs=0.2)
    assert two_greys(page[:, :300]) is None


def test_a_fine_pattern_on_a_large_page_is_no_ink_and_that_is_said() -> None:
    pattern = (kinds()["checker 3"]((1400, 1400), np.random.default_rng(0)) < 128) * np.uint8(200)
    state = threshold(replace(PageState.of(pattern), ink=pattern, level=200.0))
    assert not state.mask.any()
    assert [removed.reason for removed in state.removed] == [Reason.SURPLUS]
    assert state.is_partial


@pytest.mark.parametrize("kind", ["text of 12", "digits of 20", "boxes 25 written", "dashes 2 10"])
def test_a_page_full_of_small_writing_is_no_pattern(kind: str) -> None:
    page = kinds()[kind]((1400, 1400), np.random.default_rng(0))
    state = threshold(replace(PageState.of(page), ink=np.asarray(235 - page), level=215.0))
    assert state.mask.any()
    assert not state.is_partial


def grainy(page: Grey) -> Grey:
    noise = np.random.default_rng(0).normal(0, 60, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)


def halftone(page: Grey, step: float) -> Grey:
    """The page as dots of a screen that stands at 45 degrees, as newspapers print it."""
    y, x = np.indices(page.shape, np.float32) * np.float32(np.sqrt(2) * np.pi / step)
    screen = 127.5 + 63.75 * (np.cos(x + y) + np.cos(x - y))
    return np.where(page > screen, np.uint8(235), np.uint8(20))


@pytest.mark.slow
@pytest.mark.parametrize("taken", [grainy, partial(halftone, step=4), partial(halftone, step=10)])
def test_grain_and_screens_of_dots_are_no_pattern(taken: Callable[[Grey], Grey]) -> None:
    page = np.full((1600, 1600), 225, np.uint8)
    ink = rasterise_page(write("2047\n6183", height=200, width=20), margin=0)
    page[200 : 200 + ink.shape[0], 200 : 200 + ink.shape[1]] = np.where(ink < 128, 40, 225)
    seen = clean(decoded_page_of(taken(page), "test"))
    assert not seen.is_partial
    assert len(seen.blobs) == 8
