from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.core.binarise import binarise, is_light_on_dark
from app.core.ink import rasterise_page
from app.core.reading import Grey
from tests.synthetic import of_level, photograph
from tests.written import write

PAGE = rasterise_page(write("2046", height=110, width=9), margin=30)
TRUE = PAGE < 128


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
    binary = binarise(255 - page if inverted else page)
    assert binary.light_on_dark is inverted
    assert agreement(binary.mask) > 0.9


def test_faint_pencil_is_found() -> None:
    assert agreement(binarise(np.clip(PAGE, 205, 240)).mask) > 0.9


def test_grain_of_a_camera_does_not_hide_ink_nor_make_any() -> None:
    grain = np.random.default_rng(0).normal(0, 6, PAGE.shape)
    noisy = np.clip(np.clip(PAGE, 60, 200) + grain, 0, 255).astype(np.uint8)
    assert agreement(binarise(noisy).mask) > 0.85
    empty = np.clip(np.full(PAGE.shape, 200) + grain, 0, 255).astype(np.uint8)
    assert not binarise(empty).mask.any()


@pytest.mark.parametrize("level", [0, 7, 128, 255])
def test_an_even_page_has_no_ink(level: int) -> None:
    assert not binarise(np.full((60, 80), level, np.uint8)).mask.any()


def test_a_slow_change_of_light_is_no_ink() -> None:
    assert not binarise(light(np.full((300, 400), 230, np.uint8), 0.6)).mask.any()


@pytest.mark.parametrize("shade", [0.7, 0.4, 0.25])
@pytest.mark.parametrize("across", [False, True])
def test_the_hard_edge_of_a_shadow_costs_no_ink(shade: float, across: bool) -> None:
    page = np.kron(np.clip(PAGE, 60, 230), np.ones((3, 3))).astype(np.uint8)
    height, width = page.shape
    page[: height // 2 if across else height, : width if across else width // 2] = (
        page[: height // 2 if across else height, : width if across else width // 2] * shade
    ).astype(np.uint8)
    binary = binarise(page)
    assert not binary.light_on_dark
    assert agreement(binary.mask[1::3, 1::3]) > 0.85


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


def test_soft_strength_keeps_the_edges() -> None:
    blurred = cv2.GaussianBlur(PAGE, (0, 0), 2)
    soft = binarise(np.asarray(blurred, np.uint8)).soft
    assert ((soft > 60) & (soft < 200)).sum() > 100


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2), (3, 5000)])
def test_pages_without_room_are_no_trouble(shape: tuple[int, int]) -> None:
    grey = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    binary = binarise(grey)
    assert binary.mask.shape == binary.soft.shape == shape


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
    ink = write("2046\n7183\n5592", height=80, width=5, at=(120, 60))
    sizes = of_level("medium", ("shadow", *light, *pen))
    for seed in range(6, 10):
        page = photograph(ink, (480, 640), sizes, np.random.default_rng(seed)).page
        assert is_light_on_dark(page.grey) is bool(pen)
