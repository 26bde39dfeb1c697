from __future__ import annotations

import numpy as np
import pytest

from inkread.core.ink import rasterise_page
from inkread.core.page.polarity import is_light_on_dark
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
