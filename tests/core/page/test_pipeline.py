from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.reading import Grey
from tests.core.page.pages import cleaned, drawn
from tests.synthetic import of_level, photograph
from tests.written import write

PAGE = rasterise_page(write("2046", height=110, width=9), margin=30)
TRUE = PAGE < 128
SHEET = write("2046\n7183\n5592", height=80, width=5, at=(120, 60))


def light(page: Grey, strength: float) -> Grey:
    """A lamp at the upper left: the far corner gets `1 - strength` of the light."""
    height, width = page.shape
    y, x = np.mgrid[:height, :width]
    fall = 1 - strength * (x / width + y / height) / 2
    return np.asarray(page * fall, np.uint8)


def agreement(mask: Grey) -> float:
    """Intersection over union with the true ink."""
    found = mask > 0
    return float((found & TRUE).sum() / (found | TRUE).sum())


@pytest.mark.parametrize("strength", [0.0, 0.4, 0.75])
@pytest.mark.parametrize("inverted", [False, True])
def test_ink_is_found_in_any_light_and_either_polarity(strength: float, inverted: bool) -> None:
    page = light(np.clip(PAGE, 40, 230), strength)
    binary = cleaned(255 - page if inverted else page)
    assert binary.light_on_dark is inverted
    assert agreement(binary.mask) > 0.9


def test_faint_pencil_is_found() -> None:
    assert agreement(cleaned(np.clip(PAGE, 205, 240)).mask) > 0.9


def test_grain_of_a_camera_does_not_hide_ink_nor_make_any() -> None:
    grain = np.random.default_rng(0).normal(0, 6, PAGE.shape)
    noisy = np.clip(np.clip(PAGE, 60, 200) + grain, 0, 255).astype(np.uint8)
    assert agreement(cleaned(noisy).mask) > 0.85
    empty = np.clip(np.full(PAGE.shape, 200) + grain, 0, 255).astype(np.uint8)
    assert not cleaned(empty).mask.any()


@pytest.mark.parametrize("level", [0, 7, 128, 255])
def test_an_even_page_has_no_ink(level: int) -> None:
    assert not cleaned(np.full((60, 80), level, np.uint8)).mask.any()


def test_a_slow_change_of_light_is_no_ink() -> None:
    assert not cleaned(light(np.full((300, 400), 230, np.uint8), 0.6)).mask.any()


@pytest.mark.parametrize("shade", [0.7, 0.4, 0.25])
@pytest.mark.parametrize("across", [False, True])
def test_the_hard_edge_of_a_shadow_costs_no_ink(shade: float, across: bool) -> None:
    page = np.kron(np.clip(PAGE, 60, 230), np.ones((3, 3))).astype(np.uint8)
    height, width = page.shape
    page[: height // 2 if across else height, : width if across else width // 2] = (
        page[: height // 2 if across else height, : width if across else width // 2] * shade
    ).astype(np.uint8)
    binary = cleaned(page)
    assert not binary.light_on_dark
    assert agreement(binary.mask[1::3, 1::3]) > 0.85


def test_soft_strength_keeps_the_edges() -> None:
    blurred = cv2.GaussianBlur(PAGE, (0, 0), 2)
    soft = cleaned(np.asarray(blurred, np.uint8)).soft
    assert ((soft > 60) & (soft < 200)).sum() > 100


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2), (3, 5000)])
def test_pages_without_room_are_no_trouble(shape: tuple[int, int]) -> None:
    grey = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    binary = cleaned(grey)
    assert binary.mask.shape == binary.soft.shape == shape


@pytest.mark.parametrize("more", [(), ("vignette",), ("pencil",)])
@pytest.mark.parametrize("seed", [3, 4, 8])
def test_paper_in_a_shadow_is_no_ink(more: tuple[str, ...], seed: int) -> None:
    shape = (480, 640)
    sizes = of_level("medium", ("shadow", "dark", *more))
    page = photograph(SHEET, shape, sizes, np.random.default_rng(seed)).page
    ink = drawn(SHEET, shape)
    mask = cleaned(page.grey).mask
    assert (mask[cv2.dilate(ink, np.ones((7, 7), np.uint8)) == 0] > 0).mean() < 0.001
    assert (mask[ink > 200] > 0).mean() > 0.9


@pytest.mark.parametrize("seed", range(3))
def test_faint_lines_that_cross_the_edge_of_a_shadow_stay_whole(seed: int) -> None:
    shape = (720, 960)
    ink = write("2046\n7183\n5592", height=110, width=6, at=(160, 80))
    sizes = of_level("medium", ("shadow", "pencil", "blur"))
    page = photograph(ink, shape, sizes, np.random.default_rng(seed)).page
    assert (cleaned(page.grey).mask[drawn(ink, shape) > 250] > 0).mean() > 0.975


@pytest.mark.parametrize("width", [20, 44])
@pytest.mark.parametrize("names", [("squares",), ("squares", "shadow", "slope")])
def test_a_wide_pen_on_squared_paper_is_not_hollowed_out(
    width: int, names: tuple[str, ...]
) -> None:
    shape = (720, 960)
    ink = write("5", height=500, width=width, at=(160, 90))
    page = photograph(ink, shape, of_level("medium", names), np.random.default_rng(3)).page
    assert (cleaned(page.grey).mask[drawn(ink, shape) > 250] > 0).mean() > 0.98
