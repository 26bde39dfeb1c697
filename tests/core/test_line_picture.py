from __future__ import annotations

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.ink import Ink, Stroke
from inkread.core.line_picture import (
    digit_rows,
    ink_line_picture,
    line_picture,
    normalised,
    resized,
)
from inkread.core.reading import Grey


def _ink_box(image: Grey) -> Box:
    rows, columns = np.nonzero(image > 127)
    width, height = int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
    return Box(int(columns.min()), int(rows.min()), width, height)


def _page(background: float, ink: float) -> Grey:
    """Two bars as tall as digits, and one small one, on 40 x 120 px."""
    grey = np.full((40, 120), background)
    grey[8:32, 20:24] = grey[8:32, 60:66] = ink
    grey[29:33, 90:94] = ink
    return np.asarray(grey, np.uint8)


def _grained(background: float, contrast: float) -> Grey:
    rng = np.random.default_rng(3)
    grain = rng.normal(0, 0.03, (40, 120))
    return np.asarray(_page(background, background - contrast) + contrast * grain, np.uint8)


@pytest.mark.parametrize(("background", "ink"), [(255, 0), (200, 120), (90, 60), (140, 20)])
def test_brightness_and_gain_make_no_difference(background: float, ink: float) -> None:
    difference = normalised(_page(background, ink)).astype(int) - normalised(_page(250, 10))
    assert np.abs(difference).max() <= 1


def test_light_on_dark_makes_no_difference() -> None:
    page = _grained(210, 120)
    inverted = np.asarray(255 - page, np.uint8)
    assert np.array_equal(normalised(inverted, light_on_dark=True), normalised(page))


def test_grain_of_the_same_contrast_looks_the_same() -> None:
    difference = normalised(_grained(240, 200)).astype(int) - normalised(_grained(120, 50))
    assert np.abs(difference).mean() < 3  # rounding to grey levels


def test_full_ink_is_bright_and_the_background_0() -> None:
    contrast = normalised(_page(180, 100))
    assert contrast[20, 22] == 255
    assert contrast[4, 4] == 0


def test_light_that_falls_off_along_the_line_is_evened_out() -> None:
    falloff = np.linspace(1, 0.5, 120)
    contrast = normalised(np.asarray(_page(220, 60) * falloff, np.uint8))
    background = np.delete(contrast, [*range(19, 25), *range(59, 67), *range(89, 95)], axis=1)
    assert background.mean() < 14
    assert contrast[20, 61:65].min() > 150


@pytest.mark.parametrize("angle", [0.3, 1.2, 2.5])
@pytest.mark.parametrize("soft", [1.0, 12.0])
def test_the_edge_of_a_shadow_is_no_ink_and_what_stands_in_it_is(angle: float, soft: float) -> None:
    page = _page(220, 40)
    height, width = page.shape
    y, x = np.mgrid[:height, :width]
    behind = (x - width / 2) * np.cos(angle) + (y - height / 2) * np.sin(angle)
    shadow = 1 - 0.6 * np.clip(behind / soft, 0, 1)
    even = normalised(page)
    found = normalised(np.asarray(page * shadow, np.uint8))
    assert (found[even == 0] > 60).mean() < 0.05
    assert found[even > 200].min() > 150


@pytest.mark.parametrize("grey", [0, 7, 255])
def test_a_page_of_one_grey_has_no_ink(grey: int) -> None:
    assert not normalised(np.full((30, 50), grey, np.uint8)).any()


def test_nothing_at_all_has_no_ink() -> None:
    assert normalised(np.zeros((0, 12), np.uint8)).shape == (0, 12)
    picture = line_picture(np.zeros((0, 12), np.uint8), 3, 9)
    assert picture.image.shape == (32, 16)


@pytest.mark.parametrize("height", [9.0, 20.0, 33.5, 120.0])
def test_digits_get_20_px_in_the_middle_and_boxes_lead_back(height: float) -> None:
    top, size = 1.4 * height, (round(4 * height), round(9 * height))
    crop = np.zeros(size, np.uint8)
    y, x = round(top), round(6.2 * height)
    box = Box(x, y, round(0.3 * height), round(top + height) - y)
    crop[y : int(box.bottom), x : int(box.right)] = 255
    picture = line_picture(crop, box.y, box.bottom)
    found = _ink_box(picture.image)
    assert found.y == pytest.approx(6, abs=1)
    assert found.bottom == pytest.approx(26, abs=1)
    back, pixel = picture.to_source(found), 1 / picture.scale
    for side in ("x", "y", "right", "bottom"):
        assert getattr(back, side) == pytest.approx(getattr(box, side), abs=pixel + 0.5)


@pytest.mark.parametrize("width", [1, 15, 16, 17, 100, 311])
def test_widths_are_multiples_of_4_and_at_least_16(width: int) -> None:
    picture = line_picture(np.zeros((32, width), np.uint8), 6, 26)
    assert picture.image.shape[0] == 32
    assert width <= picture.image.shape[1] < max(17, width + 4)
    assert picture.image.shape[1] % 4 == 0


def test_what_sticks_out_is_cut() -> None:
    crop = np.full((400, 40), 255, np.uint8)
    assert line_picture(crop, 190, 210).image.shape == (32, 40)
    assert not line_picture(crop, 900, 920).image.any()
    assert not line_picture(crop, -920, -900).image.any()


def test_hair_lines_of_large_digits_do_not_fade() -> None:
    crop = np.zeros((320, 400), np.uint8)
    crop[60:260, 100:104] = crop[60:260, 300:304] = 255
    assert line_picture(crop, 60, 260).image.max() > 200


def test_rows_without_height_are_refused() -> None:
    with pytest.raises(ValueError, match="have no height"):
        line_picture(np.zeros((10, 10), np.uint8), 5, 5)


def test_rows_of_digits_are_those_of_the_tall_glyphs() -> None:
    digits = [Box(10 * i, 10, 8, 20) for i in range(4)]
    signs = [Box(45, 28, 2, 3), Box(60, 19, 9, 2)]
    assert digit_rows([*digits, *signs]) == pytest.approx((10, 30))


def test_small_zeros_and_long_strokes_count_little() -> None:
    zeros = [Box(10 * i, 20, 8, 12) for i in range(1, 5)]
    assert digit_rows([Box(0, 12, 8, 20), *zeros]) == pytest.approx((16, 32))
    assert digit_rows([*zeros, Box(60, 10, 3, 24)]) == pytest.approx((20, 32))


def test_digits_in_pieces_count_as_one() -> None:
    pieces = [Box(0, 10, 8, 9), Box(1, 20, 7, 10), Box(20, 10, 9, 3), Box(21, 12, 8, 18)]
    assert digit_rows(pieces) == pytest.approx((10, 30))


def test_a_lone_dash_is_not_blown_up() -> None:
    top, bottom = digit_rows([Box(0, 50, 40, 2)])
    assert bottom - top >= 10


def _drawn(size: float, x: float, y: float) -> Ink:
    bars = [[(0.2, 0.0), (0.25, 1.0)], [(1.0, 0.0), (1.1, 1.0)], [(1.6, 0.95), (1.55, 1.1)]]
    return Ink(tuple(Stroke.of(np.array(bar) * size + [x, y]) for bar in bars))


def test_ink_is_drawn_alike_at_any_size_and_place() -> None:
    one = ink_line_picture(_drawn(100, 0, 0))
    other = ink_line_picture(_drawn(37, 5000, -900))
    assert np.abs(one.image.astype(int) - other.image).max() <= 16  # sixteenths of px


def test_boxes_of_ink_lead_back_to_the_canvas() -> None:
    picture = ink_line_picture(_drawn(100, 300, 200))
    second = _ink_box(picture.image[:, 10:22])
    back = picture.to_source(Box(second.x + 10, second.y, second.width, second.height))
    assert back.centre[0] == pytest.approx(300 + 105, abs=3)
    assert back.centre[1] == pytest.approx(200 + 50, abs=4)
    assert back.height == pytest.approx(100 * 20 / 17.4, abs=7)  # with the width of the line


@pytest.mark.parametrize("points", [[(3, 4)], [(3, 4), (3, 4)], [(-1e7, 0), (1e7, 0)]])
def test_ink_of_any_extent_has_a_picture(points: list[tuple[float, float]]) -> None:
    picture = ink_line_picture(Ink((Stroke.of(points),)))
    assert picture.image.max() > 200
    assert picture.image.shape[1] <= 16384


@pytest.mark.parametrize("factor", [0.8, 1.0, 1.25])
def test_a_resized_line_keeps_its_middle_row_and_its_left_edge(factor: float) -> None:
    image = np.zeros((32, 80), np.uint8)
    image[8:24, 20:60] = 255
    found = resized(image, factor)
    assert found.shape[0] == 32
    assert found.shape[1] % 4 == 0
    box = _ink_box(found)
    assert box.centre[1] == pytest.approx(16, abs=0.6)
    assert (box.x, box.width, box.height) == pytest.approx(
        (20 * factor, 40 * factor, 16 * factor), abs=1
    )
