"""Evens out light that falls off slowly: vignettes, lamps at one side, the bend of a page.

The paper is most of a page, so a smooth surface that most of it follows is the light: of second
degree, and the fourth power of the distance from the middle, which vignettes have.
It is fitted robustly (iteratively reweighted least squares, Holland and Welsch 1977): ink, and
whatever else lies far off, hardly counts. Where no such surface is followed, nothing is changed.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.picture.downsample import reduced
from inkread.core.quantiles import median
from inkread.core.reading import Grey

#: The surface is fitted on a page reduced to this side.
_SIDE = 64
_ROUNDS = 12
#: Grey levels by which paper may lie off the surface.
_NEAR = 7.0
#: So much of a page must lie near to it: else it is not paper, or not slowly lit.
_LEAST_PAPER = 0.75
#: Paper of exactly one grey covers so much of a page that was not photographed.
_PLAIN = 0.5
#: Light that changes by less than this factor is even enough.
_EVEN = 1.08
#: The darkest light that is believed, grey levels.
_DARKEST = 12.0
#: Steps of the gain in a byte, and so the greatest gain: 255 / 64.
_STEPS = 64

_Plane = NDArray[np.float64]


def evened(grey: Grey) -> Grey:
    """The page as it would look in the light of its brightest place.

    Parameters
    ----------
    grey : (h, w) array of uint8
        Dark on light or light on dark.

    Returns
    -------
    (h, w) array of uint8
        `grey` itself if its light is even, or changes otherwise than slowly.
    """
    scale = _SIDE / max(grey.shape)
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    resized = reduced(grey, size) if scale < 1 else grey
    small = np.asarray(resized, np.uint8)
    light = None if _is_plain(small) else _light(small.astype(np.float64))
    if light is None:
        return grey
    gain = np.clip(np.rint(_STEPS * light.max() / light), 0, 255).astype(np.uint8)
    whole = cv2.resize(gain, grey.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(grey, whole, scale=1 / _STEPS), np.uint8)


def _is_plain(small: Grey) -> bool:
    """Whether most of a page, with all of its border, is of one and the same grey: it never was in
    a light that changes, which would show at the border. So it is with what programs draw.
    """
    level = small[0, 0]
    border = small[0], small[-1], small[:, 0], small[:, -1]
    if any((side != level).any() for side in border):
        return False
    return bool(np.count_nonzero(small == level) >= _PLAIN * small.size)


def _light(small: _Plane) -> _Plane | None:
    """The surface that most of a page follows; None if there is none, or if it is even."""
    terms = _terms(*small.shape)
    # A little of a ridge: a page may be one pixel high.
    ridge = 1e-9 * np.eye(terms.shape[1])
    values = small.ravel()
    surface = np.full_like(values, median(values))
    reach = max(_NEAR, median(np.abs(values - surface)) * 2)
    for _ in range(_ROUNDS):
        weights = 1 / (1 + ((values - surface) / reach) ** 2)
        weighted = terms * weights[:, np.newaxis]
        normal = weighted.T @ terms + ridge
        surface = terms @ np.linalg.solve(normal, weighted.T @ values)
        reach = max(_NEAR / 2, reach * 0.7)
    near = np.abs(values - surface) <= _NEAR
    low, high = float(surface.min()), float(surface.max())
    if near.mean() < _LEAST_PAPER or low < _DARKEST or high < _EVEN * low:
        return None
    return surface.reshape(small.shape)


@lru_cache(maxsize=64)
def _terms(height: int, width: int) -> _Plane:
    """(height * width, 7): the surfaces that light is made of, in units of the longer side."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    x, y = (2 * x - width + 1) / max(height, width), (2 * y - height + 1) / max(height, width)
    each = (np.ones_like(x), x, y, x * x, x * y, y * y, (x * x + y * y) ** 2)
    terms = np.stack(each, axis=-1).reshape(-1, len(each))
    terms.setflags(write=False)  # threads share it
    return terms
