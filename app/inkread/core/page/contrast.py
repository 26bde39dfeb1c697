"""Contrast and noise of a page's ink, and the threshold between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.page.components import components, runs_of
from inkread.core.page.state import PageState, Reason, Removed
from inkread.core.quantiles import median, quantile
from inkread.core.reading import Grey

#: Responds to grain only (Immerkaer 1996): the difference of two Laplacians.
_GRAIN = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of contrast, noise and threshold."""

    # Grey levels; chosen: a third of the faintest pencil in tests/synthetic.py, which has 48.
    min_contrast: float = 18
    # Standard deviations of the noise; chosen: white noise exceeds 6 once in 1e9 px.
    min_noises: float = 6.0
    # Share of a page; chosen: even a table of bold digits is background for a quarter.
    background_quantile: float = 0.25
    # px; chosen: bounds the work; two million give each share to 0.1 %.
    counted_pixels: int = 1 << 21
    # px; chosen: a point of small writing has 4 px at least.
    min_ink: float = 3
    # Share of a page; chosen: 20 px of a megapixel, less than one digit of 6 px.
    min_ink_share: float = 2e-5
    # Standard deviations of the noise; chosen: the threshold passes 3 px of noise in 100,000.
    threshold_noises: float = 4.0
    # Share of the typical contrast; chosen: a blurred edge lies at half its height.
    threshold_share: float = 0.5
    # Runs of ink along the rows, share of the page; chosen: print of 12 px has 0.05, a pattern of
    # lines of 8 px has as many.
    max_runs: float = 1 / 16
    # Runs of ink; chosen: bounds the work, fewer are no work on a page of any size.
    min_runs: int = 250_000
    # Share of what stands out; chosen: above the blurred edges, below the darkest crossings.
    core_quantile: float = 0.7
    # px; chosen: bounds the work; a million give the noise to 0.2 %.
    grain_pixels: int = 1 << 20
    # Rows; chosen: few enough to sample all of a page, enough that their ends cost little.
    grain_band: int = 16
    # px; chosen: bounds the work on large pages.
    sampled_side: int = 640
    # Share of the pixels that is surely noise; chosen: its edge is 0.84 standard deviations.
    noise_quantile: float = 0.8
    # Times that edge; chosen: 3.4 standard deviations. Beyond is background estimated too dark.
    max_noise_factor: float = 4
    # Share of the variance between two greys; chosen: ink with its soft edges keeps it.
    two_greys: float = 0.8


PARAMS = Params()


def threshold(state: PageState) -> PageState:
    """Threshold the ink at half its typical contrast, where the edge of a blurred line lies."""
    if state.mask.size:
        return state
    if state.ink is None or state.level is None:
        mask = soft = np.zeros_like(state.grey)
        note = "There is no ink."
    else:
        mask = thresholded(state.ink, state.level, state.noise)
        soft = np.asarray(cv2.convertScaleAbs(state.ink, alpha=255 / state.level), np.uint8)
        least = threshold_of(state.level, state.noise)
        note = f"Ink is what differs from the background by more than {least:.0f} grey levels."
    removed = state.removed
    if is_pattern(mask):
        height, width = mask.shape
        mask = np.zeros_like(mask)
        removed = (*removed, Removed(Reason.SURPLUS, Box(0, 0, width, height)))
        note = "There is more ink than anybody writes: a pattern covers the page."
    labels, stats = components(mask)
    return replace(
        state, mask=mask, soft=soft, labels=labels, stats=stats, removed=removed, note=note
    )


def is_pattern(mask: Grey) -> bool:
    """Whether ink and background alternate more often than writing can: noise, or a fine mesh."""
    return runs_of(mask) > max(PARAMS.min_runs, PARAMS.max_runs * mask.size)


def enlarged(small: Grey, shape: tuple[int, ...]) -> Grey:
    """A reduced picture at the size of a page."""
    return np.asarray(cv2.resize(small, shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def thresholded(ink: Grey, level: float, noise: float = 0.0) -> Grey:
    """Mask of the ink that has at least half the typical contrast."""
    at = threshold_of(level, noise)
    return np.asarray(cv2.threshold(ink, at, 255, cv2.THRESH_BINARY)[1], np.uint8)


def threshold_of(level: float, noise: float) -> float:
    """The threshold for ink of a typical contrast, grey levels."""
    return max(level * PARAMS.threshold_share, PARAMS.threshold_noises * noise)


def contrasts(ink: Grey) -> NDArray[np.float64]:
    """Histogram of the contrast of a page's pixels, (256,); large pages are sampled by rows."""
    step = 1 + ink.size // PARAMS.counted_pixels
    counted = np.ascontiguousarray(ink[::step])
    # Ten times as quick as NumPy's bincount.
    return cv2.calcHist([counted], [0], None, [256], [0, 256]).ravel().astype(np.float64)


def ink_level(ink: Grey, noise: float, above: float = 0.0) -> float | None:
    """Typical contrast of full ink.

    Parameters
    ----------
    ink : (h, w) array of uint8
        Contrast of each pixel to the background.
    noise : float
        Its standard deviation, grey levels.
    above : float
        The ink is known to have more contrast than this.

    Returns
    -------
    float or None
        Grey levels; None if there is no ink.
    """
    histogram = contrasts(ink)
    share = np.cumsum(histogram) / histogram.sum()
    offset = float(np.searchsorted(share, PARAMS.background_quantile))
    least = max(PARAMS.min_contrast, offset + PARAMS.min_noises * noise, above)
    core = histogram.copy()
    core[: int(min(255.0, least)) + 1] = 0
    if core.sum() < max(PARAMS.min_ink, PARAMS.min_ink_share * histogram.sum()):
        return None
    return float(np.searchsorted(np.cumsum(core) / core.sum(), PARAMS.core_quantile))


def two_greys(small: Grey) -> tuple[Grey, float, float] | None:
    """The two greys of a page, blurred against grain, that part it best (Otsu 1979).

    Returns
    -------
    (mask, float, float) or None
        255 where the page is light, and the means of its dark and its light part; None if it has
        one grey, or more than two.
    """
    soft = np.asarray(cv2.blur(small, (3, 3)), np.uint8)
    halves = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    light = np.asarray(halves, np.uint8)
    share = cv2.countNonZero(light) / light.size
    low, high = cv2.mean(soft, cv2.bitwise_not(light))[0], cv2.mean(soft, light)[0]
    between = share * (1 - share) * (high - low) ** 2
    least = PARAMS.two_greys * float(cv2.meanStdDev(soft)[1][0, 0]) ** 2
    return (light, low, high) if 0 < share < 1 and between >= least else None


def noise_beside(grey: Grey, background: Grey) -> float:
    """Standard deviation of a page's noise on the bright side of its (reduced) background, where
    no dark ink is. An encoder such as JPEG's hides it from filters that compare neighbours.
    """
    step = max(1, max(grey.shape) // PARAMS.sampled_side)
    sample = grey[::step, ::step]
    above = cv2.subtract(sample, enlarged(background, sample.shape))
    typical = quantile(above, PARAMS.noise_quantile)
    most = min(255, round(PARAMS.max_noise_factor * typical) + 1)
    # The mean of one half of a normal distribution is 0.4 standard deviations.
    return float(np.mean(np.minimum(above, most))) / 0.4


def noise_of(image: Grey) -> float:
    """Standard deviation of the grain, grey levels (after Immerkaer 1996, with a median instead
    of the mean, so that the edges of ink do not count).
    """
    rows, kept = _bands(image.shape[0], max(1, image.size // PARAMS.grain_pixels))
    grains = np.abs(cv2.filter2D(image[rows], cv2.CV_16S, _GRAIN)[kept])
    # Of clean pictures: sorting would take far longer than counting.
    if 2 * cv2.countNonZero(grains) < grains.size - 2:
        return 0.0
    # The filter amplifies white noise by 6; the median of its size is 0.6745 of its deviation.
    return median(grains) / (0.6745 * 6)


@lru_cache(maxsize=64)
def _bands(height: int, step: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows of every `step`-th band of a page, with one more at each end of a band, mirrored;
    and which of those rows are the bands' own.
    """
    bands = np.array_split(np.arange(height), max(1, height // PARAMS.grain_band))[::step]
    rows, kept = list[int](), list[int]()
    for band in bands:
        first, last = int(band[0]), int(band[-1])
        kept += range(len(rows) + 1, len(rows) + 1 + len(band))
        rows += [min(first + 1, last), *band.tolist(), max(last - 1, first)]
    return np.array(rows, np.intp), np.array(kept, np.intp)
