"""Transparent pictures -> opaque ones, on a background that their ink stands out from."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

_WHITE = 255
_BLOCK_PIXELS = 1 << 18
_MIN_SOLID = 192
_MIN_CONTRAST = 64


def flatten(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay a picture on a background.

    Parameters
    ----------
    picture : (h, w, 4) array of uint8
        RGBA, straight alpha.

    Returns
    -------
    (h, w, 3) array of uint8
        RGB, on a background of `background_level`.
    """
    flat = np.empty((*picture.shape[:2], 3), np.uint8)
    background = background_level(picture)
    for rows in _blocks(picture):
        alpha = picture[rows, :, 3:].astype(np.uint16)
        mixed = picture[rows, :, :3] * alpha
        mixed += (255 - alpha) * np.uint16(background) + np.uint16(127)
        # Divided by 255, exactly for all of 16 bits that occur, in a third of the time.
        mixed += (mixed >> 8) + np.uint16(1)
        flat[rows] = mixed >> 8
    return flat


def background_level(picture: NDArray[np.uint8]) -> int:
    """The grey level of a background that suits a transparent picture.

    White for dark ink, black for light ink, by the mean luminance weighted by alpha. A picture that
    is mostly opaque and holds both light and dark (a page with round corners, a window with its
    shadow) has a background of its own: its median.

    Parameters
    ----------
    picture : (h, w, 4) array of uint8
        RGBA. A fully transparent one is a blank white page.
    """
    counts = np.zeros((256, 256))
    for rows in _blocks(picture):
        alpha = np.ascontiguousarray(picture[rows, :, 3])
        luminance = cv2.cvtColor(picture[rows], cv2.COLOR_RGBA2GRAY)
        ranges = [0.0, 256.0, 0.0, 256.0]
        counts += cv2.calcHist([luminance, alpha], [0, 1], None, [256, 256], ranges)
    weights, solid = counts @ np.arange(256.0), counts[:, _MIN_SOLID:].sum(axis=1)
    total = weights.sum()
    if not total:
        return _WHITE
    if 2 * solid.sum() > picture.shape[0] * picture.shape[1]:
        median = int(np.searchsorted(np.cumsum(solid), solid.sum() / 2))
        if _share_far_from(median, solid) > 0.005:
            return median
    mean = (weights @ np.arange(256)) / total
    return _WHITE if mean < 128 else 0


def _share_far_from(level: int, histogram: NDArray[np.float64]) -> float:
    far = np.abs(np.arange(256) - level) > _MIN_CONTRAST
    return float(histogram[far].sum() / histogram.sum())


def _blocks(picture: NDArray[np.uint8]) -> Iterator[slice]:
    """Slices of rows; bounds the memory of intermediate arrays."""
    rows = max(1, _BLOCK_PIXELS // picture.shape[1])
    for top in range(0, picture.shape[0], rows):
        yield slice(top, top + rows)
