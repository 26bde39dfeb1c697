"""Evens out illumination that falls off slowly: vignettes, lamps at one side, the bend of a page.

Most of a page is background, so a smooth surface that most of it follows is its illumination: of
second degree, and the fourth power of the distance from the middle, which vignettes have.
It is fitted robustly (iteratively reweighted least squares, Holland and Welsch 1977), so that ink
and other outliers hardly count. A page that follows no such surface stays unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.page.state import PageState
from inkread.core.picture.downsample import fitted
from inkread.core.quantiles import median
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the illumination."""

    # px; chosen: 4096 points determine seven terms.
    side: int = 64
    # Rounds of reweighting; chosen: the scale has reached its least value after five.
    rounds: int = 12
    # Grey levels off the surface; chosen: noise and texture at medium in tests/synthetic.py.
    near: float = 7.0
    # Factor of the scale from round to round; chosen: slowly, so that ink is left out last.
    narrowing: float = 0.7
    # Share of the page near the surface; chosen: bold writing covers less than the rest.
    min_background: float = 0.75
    # Share of the page of exactly one grey; chosen: no photo has it over half of its area.
    plain: float = 0.5
    # Brightest over darkest; chosen: below, ink changes by less than its own noise.
    even: float = 1.08
    # Grey levels; chosen: darker backgrounds would be amplified by more than the gain holds.
    darkest: float = 12.0
    # Steps of the gain in a byte, so the largest gain is 255 / 64; chosen: 1.6 % each.
    gain_steps: int = 64


PARAMS = Params()

_Plane = NDArray[np.float64]


def even_illumination(state: PageState) -> PageState:
    """Brighten the page to the illumination of its brightest place."""
    small = fitted(state.grey, PARAMS.side)
    surface = None if _is_plain(small) else _surface(small.astype(np.float64))
    if surface is None:
        return state
    gain = np.rint(PARAMS.gain_steps * surface.max() / surface)
    gain = np.clip(gain, 0, 255).astype(np.uint8)
    whole = cv2.resize(gain, state.grey.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    grey = np.asarray(cv2.multiply(state.grey, whole, scale=1 / PARAMS.gain_steps), np.uint8)
    lost = 1 - float(surface.min() / surface.max())
    return state.with_grey(grey, f"Illumination that falls off by {lost:.0%} was evened out.")


def _is_plain(small: Grey) -> bool:
    """Whether most of a page, with all of its border, has one and the same grey, as what programs
    draw: uneven illumination would show at the border.
    """
    level = small[0, 0]
    border = small[0], small[-1], small[:, 0], small[:, -1]
    if any((side != level).any() for side in border):
        return False
    return bool(np.count_nonzero(small == level) >= PARAMS.plain * small.size)


def _surface(small: _Plane) -> _Plane | None:
    """The surface that most of a page follows; None if there is none, or if it is even."""
    terms = _terms(*small.shape)
    # A little of a ridge: a page may be one pixel high.
    ridge = 1e-9 * np.eye(terms.shape[1])
    values = small.ravel()
    surface = np.full_like(values, median(values))
    scale = max(PARAMS.near, median(np.abs(values - surface)) * 2)
    for _ in range(PARAMS.rounds):
        weights = 1 / (1 + ((values - surface) / scale) ** 2)
        weighted = terms * weights[:, np.newaxis]
        normal = weighted.T @ terms + ridge
        surface = terms @ np.linalg.solve(normal, weighted.T @ values)
        scale = max(PARAMS.near / 2, scale * PARAMS.narrowing)
    near = np.abs(values - surface) <= PARAMS.near
    low, high = float(surface.min()), float(surface.max())
    if near.mean() < PARAMS.min_background or low < PARAMS.darkest or high < PARAMS.even * low:
        return None
    return surface.reshape(small.shape)


@lru_cache(maxsize=64)
def _terms(height: int, width: int) -> _Plane:
    """(height * width, 7): the terms of the surface, in units of the longer side."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    x, y = (2 * x - width + 1) / max(height, width), (2 * y - height + 1) / max(height, width)
    each = (np.ones_like(x), x, y, x * x, x * y, y * y, (x * x + y * y) ** 2)
    terms = np.stack(each, axis=-1).reshape(-1, len(each))
    terms.setflags(write=False)  # threads share it
    return terms
