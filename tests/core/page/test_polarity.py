from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.page.background import estimate_background
from inkread.core.page.polarity import find_polarity, is_light_on_dark, lines_are_light
from inkread.core.page.state import PageState
from inkread.core.reading import Grey
from tests.hostile import kinds
from tests.synthetic import of_level, photograph
from tests.written import write

PAGE = rasterise_page(write("2046", height=110, width=9), margin=30)
TRUE = PAGE < 128
SHEET = write("2046\n7183\n5592", height=80, width=5, at=(120, 60))


@pytest.mark.parametrize("margin", [0, 16, 40])
@pytest.mark.parametrize("inverted", [False, True])
def test_polarity_of_a_lone_stroke(margin: int, inverted: bool) -> None:
    page = rasterise_page(write("1"), margin=margin)
    assert is_light_on_dark(255 - page if inverted else page) is inverted


@pytest.mark.parametrize("inverted", [False, True])
def test_polarity_holds_when_ink_touches_the_border(inverted: bool) -> None:
    y, x = np.nonzero(TRUE)
    tight = PAGE[y.min() : y.max() + 1, x.min() : x.max() + 1]
    assert is_light_on_dark(255 - tight if inverted else tight) is inverted


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("inverted", [False, True])
def test_polarity_of_a_bold_digit_that_fills_the_picture(digit: str, inverted: bool) -> None:
    page = rasterise_page(write(digit, height=200, width=24), margin=0)
    assert is_light_on_dark(255 - page if inverted else page) is inverted


@pytest.mark.parametrize("width", [4, 20, 30, 40])
@pytest.mark.parametrize("text", ["3", "4", "8", "0"])
def test_wide_lines_in_much_paper_are_ink_not_what_is_around_them(text: str, width: int) -> None:
    ink = write(text, height=150, width=width)
    for paper, dark in ((255, 0), (205, 128), (240, 150)):
        drawn = rasterise_page(ink, margin=60)
        page = (dark + (paper - dark) / 255 * drawn).astype(np.uint8)
        assert not is_light_on_dark(page)
        assert is_light_on_dark(np.asarray(255 - page, np.uint8))


@pytest.mark.parametrize("light", [("slope",), ("vignette",), ("slope", "vignette")])
@pytest.mark.parametrize("pen", [(), ("chalk",)])
def test_the_hard_edge_of_a_shadow_does_not_turn_the_polarity(
    light: tuple[str, ...], pen: tuple[str, ...]
) -> None:
    sizes = of_level("medium", ("shadow", *light, *pen))
    for seed in range(6, 10):
        page = photograph(SHEET, (480, 640), sizes, np.random.default_rng(seed)).page
        assert is_light_on_dark(page.grey) is bool(pen)


def lined(width: int, level: int, background: int, *, step: int = 40, height: int = 240) -> Grey:
    page = np.full((height, 320), background, np.uint8)
    for x in range(30, 300, step):
        page[30 : height - 30, x : x + width] = level
    return page


@pytest.mark.parametrize("width", [2, 4, 6])
@pytest.mark.parametrize("turned_round", [False, True])
def test_thin_lines_decide_the_polarity(width: int, turned_round: bool) -> None:
    page = lined(width, 60, 220)
    shown = np.asarray(255 - page if turned_round else page, np.uint8)
    assert lines_are_light(shown) is turned_round


@pytest.mark.parametrize(("height", "is_decided"), [(122, True), (121, False)])
def test_a_page_without_room_for_the_wide_window_is_not_decided(
    height: int, is_decided: bool
) -> None:
    page = lined(4, 60, 220, height=height)
    assert (lines_are_light(page) is not None) == is_decided


def test_lines_of_both_polarities_decide_nothing() -> None:
    page = lined(4, 60, 140)
    for x in range(50, 300, 40):
        page[30:210, x : x + 4] = 255
    assert lines_are_light(page) is None


@pytest.mark.parametrize(("contrast", "is_decided"), [(1.08, False), (1.1, True)])
def test_lines_stand_out_by_six_percent_over_a_blur_of_three_px(
    contrast: float, is_decided: bool
) -> None:
    # A line of two px keeps two thirds of its contrast: 5 and 7 % of 200 + 4 grey levels.
    page = lined(2, 200 - round(200 * (contrast - 1)), 200, step=20)
    assert (lines_are_light(page) is False) == is_decided


def test_grain_hides_lines_that_are_no_stronger() -> None:
    grain = np.random.default_rng(0).normal(0, 25, (240, 320))
    page = np.clip(lined(2, 165, 200) + grain, 0, 255).astype(np.uint8)
    assert lines_are_light(lined(2, 165, 200)) is False
    assert lines_are_light(page) is None


def test_an_empty_page_and_an_edge_decide_nothing() -> None:
    page = np.full((240, 320), 200, np.uint8)
    assert lines_are_light(page) is None
    page[:, 160:] = 90
    assert lines_are_light(page) is None


def faintly_ruled(count: int) -> Grey:
    """A dark stroke and light lines a quarter as strong."""
    page = np.full((120, 300), 128, np.uint8)
    for y in range(8, 8 + 13 * count, 13):
        page[y : y + 2] = 150
    page[40:70, 60:63] = 40
    return page


@pytest.mark.parametrize(("count", "is_light"), [(7, False), (8, True)])
@pytest.mark.parametrize("turned_round", [False, True])
def test_eight_ruling_lines_outweigh_what_is_written(
    count: int, is_light: bool, turned_round: bool
) -> None:
    # Too low for the wide window; a stroke of the other polarity, four times as strong, decides
    # where there are fewer lines: handwriting has fewer.
    page = faintly_ruled(count)
    shown = np.asarray(255 - page if turned_round else page, np.uint8)
    assert is_light_on_dark(shown) is (is_light != turned_round)


@pytest.mark.parametrize(("share", "is_light"), [(0.32, False), (0.34, True)])
def test_a_surface_along_the_border_goes_on_by_a_quarter_of_the_side(
    share: float, is_light: bool
) -> None:
    # With a quarter on both sides, what is no ink has (1.25 - s)^2 / (s + 0.25)^2 times the bulk
    # of a surface of share s: 2.5 at 0.331. Above that, a thin light stroke decides.
    page = np.full((120, 120), 200, np.uint8)
    page[120 - round(120 * share) :] = 60
    page[10:60, 15:17] = 255
    assert is_light_on_dark(page) is is_light


@pytest.mark.parametrize(
    ("scale", "turned_round", "is_kept"),
    [(1, False, True), (1, True, True), (5, False, True), (5, True, False)],
)
def test_the_background_of_the_right_polarity_is_kept_where_it_is_that_of_the_page(
    scale: int, turned_round: bool, is_kept: bool
) -> None:
    page = np.kron(faintly_ruled(7), np.ones((scale, scale), np.uint8))
    if scale > 1:  # grain, so that reducing has to round; inverted, the other way
        page = page + np.random.default_rng(0).integers(0, 4, page.shape, dtype=np.uint8)
    found = find_polarity(PageState.of(np.asarray(255 - page if turned_round else page, np.uint8)))
    assert found.light_on_dark is turned_round
    assert (found.background is not None) == is_kept
    kept, anew = (estimate_background(state) for state in (found, replace(found, background=None)))
    assert kept.background is not None
    assert anew.background is not None
    assert np.array_equal(kept.background, anew.background)


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize(("kind", "side"), [("digits of 32", 4000), ("digits 10 of 32", 4000)])
def test_digits_too_small_to_be_seen_on_the_reduced_page_are_looked_at_closer(
    kind: str, side: int, inverted: bool
) -> None:
    page = kinds()[kind]((side, side), np.random.default_rng(0))
    assert is_light_on_dark(255 - page if inverted else page) is inverted
