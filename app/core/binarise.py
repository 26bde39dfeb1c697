"""Threshold and invert: from a grey page to bright ink on black, whatever the light and colours.

The paper is estimated by grey-scale closing (opening for light ink), which swallows lines that
are narrower than its window and keeps slow changes of light (Serra 1982). What is left over is
ink, and it is cut at half its height, where the edge of a blurred line lies.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from app.core.reading import Grey

#: The light and the polarity are judged on a page reduced to this side.
_SMALL_SIDE = 320
#: Window of the paper estimate, as a part of the shorter side: no line is wider.
_WINDOW = 0.4
#: Contrast of ink against paper, grey levels, below which it is dirt or noise.
_LEAST_CONTRAST = 18
#: Contrast must be this many times the paper's own roughness.
_NOISE_FACTOR = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    """A page told apart into ink and paper.

    Attributes
    ----------
    mask : (h, w) array of uint8
        255 where there is ink, else 0.
    soft : (h, w) array of uint8
        Strength of the ink, 0 (paper) to 255, light evened out; the mask with its soft edges.
    light_on_dark : bool
        Whether the ink was brighter than its paper.
    """

    mask: Grey
    soft: Grey
    light_on_dark: bool


def binarise(grey: Grey) -> Binary:
    """Tell ink from paper.

    Parameters
    ----------
    grey : (h, w) array of uint8
        Dark on light or light on dark, evenly lit or not.

    Returns
    -------
    Binary
        With an empty mask if nothing stands out from the paper.
    """
    light_on_dark = is_light_on_dark(grey)
    dark_ink = 255 - grey if light_on_dark else grey
    ink = np.asarray(cv2.subtract(_paper(dark_ink), dark_ink), np.uint8)
    level = _ink_level(ink)
    if level is None:
        empty = np.zeros_like(grey)
        return Binary(empty, empty, light_on_dark)
    _, mask = cv2.threshold(ink, level / 2, 255, cv2.THRESH_BINARY)
    soft = cv2.convertScaleAbs(ink, alpha=255 / level)
    return Binary(np.asarray(mask, np.uint8), np.asarray(soft, np.uint8), light_on_dark)


def is_light_on_dark(grey: Grey) -> bool:
    """Polarity from the picture itself: paper has room, ink is thin and covers less.

    The border is continued outwards first, so ink may touch it.
    """
    small = _reduce(grey)
    level, _ = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    pad = max(small.shape) // 4
    wide = cv2.copyMakeBorder(small, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    light = (wide > level).astype(np.uint8)
    return _room(1 - light) * _share(1 - light) > _room(light) * _share(light)


def _share(mask: Grey) -> float:
    return float(mask.mean())


def _room(mask: Grey) -> float:
    """Radius of the largest circle that fits into a class, px."""
    return float(cv2.distanceTransform(mask, cv2.DIST_L2, 3).max(initial=0))


def _reduce(grey: Grey) -> Grey:
    scale = _SMALL_SIDE / max(grey.shape)
    if scale >= 1:
        return grey
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _paper(grey: Grey) -> Grey:
    """The page as it were without its dark ink."""
    small = _reduce(grey)
    window = max(3, round(min(small.shape) * _WINDOW)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (window, window))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    blurred = cv2.blur(closed, (window // 2 | 1, window // 2 | 1), borderType=cv2.BORDER_REPLICATE)
    size = (grey.shape[1], grey.shape[0])
    return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _ink_level(ink: Grey) -> float | None:
    """Typical strength of full ink, grey levels; None if there is none."""
    histogram = np.bincount(ink.ravel(), minlength=256).astype(np.float64)
    total = float(histogram.sum())
    # Most of a page is paper: its median is the paper's offset, its quartiles its roughness.
    cumulative = np.cumsum(histogram) / total
    offset, rough = (int(np.searchsorted(cumulative, q)) for q in (0.5, 0.75))
    floor = max(_LEAST_CONTRAST, offset + _NOISE_FACTOR * (rough - offset))
    above = histogram.copy()
    above[: int(min(255, floor)) + 1] = 0
    count = above.sum()
    if count < 3:
        return None
    # The strongest half of what stands out is the core of the lines.
    level = float(np.searchsorted(np.cumsum(above) / count, 0.7))
    return max(level, float(_LEAST_CONTRAST))
