"""Transparent pictures -> opaque ones, on paper that their ink stands out from."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

_WHITE = 255
_BLOCK_PIXELS = 1 << 18
_SOLID = 192
_FAR = 64


def flatten(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay a picture on paper.

    Parameters
    ----------
    picture : (h, w, 4) array of uint8
        RGBA, alpha not multiplied in.

    Returns
    -------
    (h, w, 3) array of uint8
        RGB. The paper is `paper_level`'s.
    """
    flat = np.empty((*picture.shape[:2], 3), np.uint8)
    paper = paper_level(picture)
    for rows in _blocks(picture):
        alpha = picture[rows, :, 3:].astype(np.uint16)
        mixed = picture[rows, :, :3] * alpha + (255 - alpha) * np.uint16(paper)
        flat[rows] = (mixed + 127) // 255
    return flat


def paper_level(picture: NDArray[np.uint8]) -> int:
    """The grey level of the paper that suits a transparent picture.

    Dark ink gets white paper and light ink black paper, told from the mean luminance of what is
    there, weighted by its alpha. A picture that is mostly opaque and shows light and dark within
    (a page with round corners, a window with its shadow) brings its own paper: its median.

    Parameters
    ----------
    picture : (h, w, 4) array of uint8
        RGBA. With nothing in it that could be seen, it is a blank white page.
    """
    weights = np.zeros(256)
    solid = np.zeros(256)
    for rows in _blocks(picture):
        alpha = picture[rows, :, 3].ravel()
        luminance = cv2.cvtColor(picture[rows], cv2.COLOR_RGBA2GRAY).ravel()
        weights += np.bincount(luminance, alpha, minlength=256)
        solid += np.bincount(luminance[alpha >= _SOLID], minlength=256)
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
    far = np.abs(np.arange(256) - level) > _FAR
    return float(histogram[far].sum() / histogram.sum())


def _blocks(picture: NDArray[np.uint8]) -> Iterator[slice]:
    """Rows, some at a time: what is worked out between them stays small."""
    rows = max(1, _BLOCK_PIXELS // picture.shape[1])
    for top in range(0, picture.shape[0], rows):
        yield slice(top, top + rows)
