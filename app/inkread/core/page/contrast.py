"""How strong the ink and the noise of a page are, and where the one is cut from the other."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.quantiles import median, quantile
from inkread.core.reading import Grey

#: Contrast of ink against paper, grey levels, below which it is dirt or noise.
_LEAST_CONTRAST = 18
#: Contrast must be this many times the paper's own grain.
_NOISE_FACTOR = 6.0
#: At least this part of a page is paper.
_PAPER_QUANTILE = 0.25
#: The strengths of ink are counted in rows that have no more than so many px together.
_COUNTED_PIXELS = 1 << 21
#: Fewer pixels than this are no ink, nor is less than this part of a page.
_LEAST_INK = 3
_LEAST_SHARE = 2e-5
#: Ink is cut no lower than so many times the paper's grain.
_CUT_NOISE = 4.0
#: The strength of full ink, among all that stands out from the paper.
_CORE_QUANTILE = 0.7
#: Answers to grain only: the difference of two Laplacians; its gain for white noise is 6.
_GRAIN = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
#: Grain is measured on about so many pixels, in bands of so many rows.
_GRAIN_PIXELS = 1 << 20
_GRAIN_BAND = 16
#: Noise is measured on so many px; the mean of one half of it, in standard deviations.
_SAMPLED_SIDE = 640
_HALF_MEAN = 0.4
#: What is brighter than the paper by so many times this quantile is no noise: the paper was taken
#: for too dark there, as happens at the edge of a shadow.
_MOST_NOISE, _MOSTLY_NOISE = 4, 0.8


def enlarged(small: Grey, shape: tuple[int, ...]) -> Grey:
    return np.asarray(cv2.resize(small, shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def cut(ink: Grey, level: float, grain: float = 0.0) -> Grey:
    """Mask of what has at least half the typical strength of ink."""
    return np.asarray(cv2.threshold(ink, cut_at(level, grain), 255, cv2.THRESH_BINARY)[1], np.uint8)


def cut_at(level: float, grain: float) -> float:
    """The strength at which ink of a typical strength is cut."""
    return max(level / 2, _CUT_NOISE * grain)


def strengths(ink: Grey) -> NDArray[np.float64]:
    """How many of the pixels counted have each of the 256 strengths."""
    step = 1 + ink.size // _COUNTED_PIXELS
    counted = np.ascontiguousarray(ink[::step])
    # Ten times as quick as NumPy's bincount.
    return cv2.calcHist([counted], [0], None, [256], [0, 256]).ravel().astype(np.float64)


def ink_level(ink: Grey, grain: float = 0.0, above: float = 0.0) -> float | None:
    """Typical strength of full ink, grey levels; None if there is none.

    The `grain` may be known, and that ink is stronger than something.
    """
    histogram = strengths(ink)
    offset = float(np.searchsorted(np.cumsum(histogram) / histogram.sum(), _PAPER_QUANTILE))
    noise = offset + _NOISE_FACTOR * max(grain, noise_of(ink))
    core = histogram.copy()
    core[: int(min(255.0, max(float(_LEAST_CONTRAST), noise, above))) + 1] = 0
    if core.sum() < max(_LEAST_INK, _LEAST_SHARE * histogram.sum()):
        return None
    # What is strongest among what stands out is the core of the lines.
    return float(np.searchsorted(np.cumsum(core) / core.sum(), _CORE_QUANTILE))


def noise_beside(grey: Grey, paper: Grey) -> float:
    """Standard deviation of a page's noise on the bright side of its (reduced) paper, which ink
    never reaches: what an encoder such as JPEG's hides where one looks pixel by pixel.
    """
    step = max(1, max(grey.shape) // _SAMPLED_SIDE)
    sample = grey[::step, ::step]
    above = cv2.subtract(sample, enlarged(paper, sample.shape))
    most = min(255, round(_MOST_NOISE * quantile(above, _MOSTLY_NOISE)) + 1)
    return float(np.mean(np.minimum(above, most))) / _HALF_MEAN


def noise_of(image: Grey) -> float:
    """Standard deviation of the grain, grey levels (after Immerkaer 1996, with a median instead
    of the mean, so that the edges of ink do not count).
    """
    rows, kept = _bands(image.shape[0], max(1, image.size // _GRAIN_PIXELS))
    grains = np.abs(cv2.filter2D(image[rows], cv2.CV_16S, _GRAIN)[kept])
    # Of clean pictures: sorting would take far longer than counting.
    if 2 * cv2.countNonZero(grains) < grains.size - 2:
        return 0.0
    return median(grains) / (0.6745 * 6)


@lru_cache(maxsize=64)
def _bands(height: int, step: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows of every `step`-th band of a page, one more at each end of a band as if mirrored
    there; and which of those rows are the bands' own.
    """
    bands = np.array_split(np.arange(height), max(1, height // _GRAIN_BAND))[::step]
    rows, kept = list[int](), list[int]()
    for band in bands:
        first, last = int(band[0]), int(band[-1])
        kept += range(len(rows) + 1, len(rows) + 1 + len(band))
        rows += [min(first + 1, last), *band.tolist(), max(last - 1, first)]
    return np.array(rows, np.intp), np.array(kept, np.intp)
