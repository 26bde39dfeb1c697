from __future__ import annotations

import numpy as np
import pytest

from inkread.core.page.illumination import even_illumination
from inkread.core.page.polarity import is_light_on_dark
from inkread.core.page.state import PageState
from inkread.core.reading import Grey
from tests.core.page.pages import cleaned
from tests.core.pictures import figure

Light = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def evened(page: Grey) -> Grey:
    return even_illumination(PageState.of(page)).grey


def _places(page: Grey) -> tuple[Light, Light]:
    height, width = page.shape
    y, x = np.mgrid[:height, :width]
    return x / width - 0.5, y / height - 0.5


def _lit(page: Grey, light: Light) -> Grey:
    return np.asarray(np.clip(np.rint(page * light), 0, 255), np.uint8)


def _vignette(page: Grey, corner: float) -> Light:
    x, y = _places(page)
    return 1 - 2 * (1 - corner) * (x**2 + y**2)


def _slope(page: Grey, dark: float) -> Light:
    x, _ = _places(page)
    return 1 - (1 - dark) * (x + 0.5)


PAGE = np.maximum(figure(300, 240), 50).astype(np.uint8)


@pytest.mark.parametrize("corner", [0.8, 0.6, 0.4, 0.25])
def test_a_vignette_vanishes(corner: float) -> None:
    even = evened(_lit(PAGE, _vignette(PAGE, corner)))
    paper = PAGE == 255
    assert np.abs(even[paper].astype(int) - 255).mean() < 4
    assert np.quantile(np.abs(even.astype(int) - PAGE), 0.98) < 25


@pytest.mark.parametrize("dark", [0.8, 0.5, 0.3])
def test_light_from_one_side_vanishes(dark: float) -> None:
    even = evened(_lit(PAGE, _slope(PAGE, dark)))
    assert np.quantile(np.abs(even.astype(int) - PAGE), 0.98) < 25


def test_even_light_and_what_is_no_light_stay_as_they_are() -> None:
    rng = np.random.default_rng(0)
    half = np.where(_places(PAGE)[0] > 0, 255, 90).astype(np.uint8)
    noise = rng.integers(0, 256, (60, 80), dtype=np.uint8)
    for page in (PAGE, half, noise, np.full((9, 9), 200, np.uint8), np.zeros((5, 7), np.uint8)):
        assert evened(page) is page


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 3)])
def test_the_smallest_pages_are_taken(shape: tuple[int, int]) -> None:
    page = np.linspace(40, 255, shape[0] * shape[1]).astype(np.uint8).reshape(shape)
    assert evened(page).shape == shape


@pytest.mark.parametrize("width", [2, 6, 12, 30])
@pytest.mark.parametrize("corner", [0.7, 0.5, 0.3])
def test_lines_of_any_width_are_distinguished_from_vignetted_paper(
    width: int, corner: float
) -> None:
    y, x = np.mgrid[:300, :300]
    line = (np.abs(x - 150) <= width / 2) & (np.abs(y - 150) < 70)
    page = np.where(line, 60, 255).astype(np.uint8)
    board = np.where(line, 240, 70).astype(np.uint8)
    dark = _lit(page, _vignette(page, corner))
    assert not is_light_on_dark(dark)
    assert is_light_on_dark(_lit(board, _vignette(board, corner)))
    found = cleaned(dark).mask > 0
    assert (found & line).sum() > 0.8 * line.sum()
    assert (found & ~line).sum() < 0.3 * line.sum() + 300


def test_a_page_of_one_grey_with_its_border_is_left_alone() -> None:
    page = np.full((90, 120), 240, np.uint8)
    page[20:60, 30:90] = np.linspace(60, 200, 60).astype(np.uint8)
    assert evened(page) is page


def test_the_darker_a_place_the_more_it_is_brightened_and_the_brightest_stays() -> None:
    dark = _lit(PAGE, _slope(PAGE, 0.5))
    state = even_illumination(PageState.of(dark))
    assert state.grey[5, 5] == pytest.approx(255, abs=3)
    assert state.grey[5, -5] == pytest.approx(255, abs=3)
    assert state.small is state.grey
    assert state.note == "Illumination that falls off by 49% was evened out."


def _page_of(light: Light) -> Grey:
    return np.asarray(np.clip(np.rint(240 * light), 0, 255), np.uint8)


X = np.tile(np.linspace(-1, 1, 200), (150, 1))
Y = np.tile(np.linspace(-1, 1, 150)[:, np.newaxis], (1, 200))


@pytest.mark.parametrize(
    "light",
    [
        1 - 0.2 * X,
        1 - 0.2 * Y,
        1 - 0.3 * X**2,
        1 - 0.3 * Y**2,
        1 - 0.2 * X * Y,
        1 - 0.25 * (X**2 + (0.75 * Y) ** 2) ** 2,
    ],
    ids=["along x", "along y", "bent along x", "bent along y", "saddle", "vignette"],
)
def test_light_of_each_kind_of_surface_is_evened(light: Light) -> None:
    dark = _page_of(light / light.max())
    even = evened(dark)
    assert dark.std() > 8
    assert even.std() < 0.25 * dark.std()
    assert np.quantile(even, 0.5) == pytest.approx(240, abs=6)


@pytest.mark.parametrize(("dark", "is_even"), [(0.95, True), (0.9, False)])
def test_light_that_loses_less_than_8_percent_is_even(dark: float, is_even: bool) -> None:
    page = _lit(PAGE, _slope(PAGE, dark))
    assert (evened(page) is page) == is_even


@pytest.mark.parametrize(("dark", "is_lit"), [(0.03, False), (0.1, True)])
def test_light_that_is_nearly_none_is_not_believed(dark: float, is_lit: bool) -> None:
    page = _page_of(1 - (1 - dark) * (X + 1) / 2)
    assert (evened(page) is not page) == is_lit


@pytest.mark.parametrize(("share", "is_followed"), [(0.15, True), (0.4, False)])
def test_three_quarters_of_a_page_follow_its_light(share: float, is_followed: bool) -> None:
    light = 1 - 0.3 * (X + 1) / 2
    page = _page_of(light)
    page[: round(150 * share)] = page[: round(150 * share)] // 3
    assert (evened(page) is not page) == is_followed


def test_exactly_three_quarters_of_the_small_page_are_enough() -> None:
    page = np.tile(np.linspace(240, 170, 64).astype(np.uint8), (48, 1))
    page[::2, ::2] //= 3
    assert evened(page) is not page
    page[1, 1] //= 3
    assert evened(page) is page


@pytest.mark.parametrize(("side", "index"), [(0, 0), (0, -1), (1, 0), (1, -1)])
def test_a_border_of_two_greys_is_that_of_a_photo(side: int, index: int) -> None:
    page = _page_of(1 - 0.15 * np.maximum(0, X[:60, 70:130] / 0.3) ** 2)
    page[0] = page[-1] = page[:, 0] = page[:, -1] = 240
    assert evened(page) is page
    np.moveaxis(page, side, 0)[index, 30] = 200
    assert evened(page) is not page


def test_half_of_a_drawn_page_is_of_one_grey() -> None:
    page = _page_of(1 - 0.3 * (X + 1) / 2)
    page[0] = page[-1] = page[:, 0] = page[:, -1] = 240
    assert evened(page) is not page
    page[:90] = 240
    assert evened(page) is page
