from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.core.page.state import PageState, Strokes
from inkread.core.page.texture import is_texture, reject_texture
from inkread.core.reading import Grey
from tests.core.page.pages import before
from tests.test_pictures import surface


def ink_of(*counts: tuple[int, int]) -> Grey:
    """A page of 100 x 100 px: the given count of px of each contrast, the rest 0."""
    page = np.zeros(10_000, np.uint8)
    at = 0
    for count, contrast in counts:
        page[at : at + count] = contrast
        at += count
    return page.reshape(100, 100)


def state_of(ink: Grey, level: float, floor: float = 0.0) -> PageState:
    return replace(PageState.of(ink), ink=ink, level=level, noise_floor=floor)


@pytest.mark.parametrize("kind", ["packing paper", "wood", "wiped board", "lamp on a board"])
@pytest.mark.parametrize("seed", range(2))
def test_a_rough_surface_has_no_ink(kind: str, seed: int) -> None:
    grey = np.clip(surface(kind, np.random.default_rng(seed)), 0, 255).astype(np.uint8)
    state = before(reject_texture, grey)
    assert state.level is not None
    assert reject_texture(state).level is None


# With a level of 40 ink is cut at 20: clear above 30, near from 11 to 20.
@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (((100, 40),), False),  # clear ink alone
        (((59, 31), (41, 25), (60, 15)), True),  # less than 60 % clear, more than 54 % near
        (((60, 31), (40, 25), (60, 15)), False),  # 60 % clear
        (((59, 31), (41, 25), (54, 15)), False),  # 54 % near, less than 0.55 - 0.01
        (((59, 31), (41, 25), (55, 15)), True),  # 55 % near
        (((59, 31), (41, 25), (60, 10)), False),  # what is weaker still does not count
        (((59, 30), (41, 31), (60, 15)), True),  # 1.5 times the cut is not above it
        (((59, 31), (41, 25), (60, 20)), True),  # the cut itself is near
        (((0, 31), (1000, 25), (460, 15)), True),  # a long tail: 0.46 is over 0.55 - 0.1
        (((0, 31), (1000, 25), (440, 15)), False),
    ],
)
def test_texture_is_little_that_is_clear_and_much_that_is_near(
    counts: tuple[tuple[int, int], ...], expected: bool
) -> None:
    assert is_texture(ink_of(*counts), 40.0, 0.0) is expected


def test_noise_raises_the_cut_of_texture() -> None:
    ink = ink_of((59, 31), (41, 25), (60, 15))
    assert is_texture(ink, 40.0, 0.0)
    assert is_texture(ink, 40.0, 5.0)
    assert not is_texture(ink, 40.0, 8.1)  # cut at 32: nothing is cut out


def test_ink_above_texture_is_found_in_the_next_round() -> None:
    ink = ink_of((1000, 25), (900, 15), (59, 31), (200, 120))
    state = state_of(ink, 40.0)
    found = reject_texture(state)
    assert found.level == 120
    assert found.ink is ink
    assert found.note == "Texture below 120 grey levels was rejected."


def test_ink_clearly_above_the_noise_floor_stays_and_weaker_ink_goes() -> None:
    ink = ink_of((100, 40))
    clear = state_of(ink, 40.0, floor=23.5)  # 1.70 times
    assert reject_texture(clear) is clear
    assert reject_texture(state_of(ink, 40.0, floor=23.6)).level is None
    just = state_of(ink_of((100, 34)), 34.0, floor=20.0)  # 1.7 times, exactly
    assert reject_texture(just) is just


def test_bold_ink_is_never_texture() -> None:
    ink = ink_of((59, 31), (41, 25), (60, 15))
    state = replace(state_of(ink, 40.0), strokes=Strokes.BOLD)
    assert reject_texture(state) is state
