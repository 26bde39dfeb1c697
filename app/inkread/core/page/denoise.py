"""Removes noise from photos that were taken in the dark or show faint ink, before the background
is estimated, so that lines do not break up and grain makes no ink.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inkread.core.page.background import clear_border
from inkread.core.page.contrast import ink_level, noise_beside, noise_of, thresholded
from inkread.core.page.state import PageState, Strokes
from inkread.core.quantiles import quantile
from inkread.core.reading import Grey
from inkread.core.stroke_width import line_width


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the denoising."""

    # Grey level to which a dark background is brightened; chosen: noise above it is not cut off.
    background_level: float = 235.0
    # Share of the page; chosen: full illumination without reflections.
    background_quantile: float = 0.98
    # Factor; chosen: less changes no decision.
    min_gain: float = 1.5
    # Factor; chosen: more would amplify single grey levels.
    max_gain: float = 4.0
    # Window of the median that removes thin lines, px of the small page; chosen: as `min_median`
    # of the background.
    median: int = 31
    # Noise over contrast; chosen: a threshold of half the contrast lies 5 standard deviations off.
    max_noise: float = 0.1
    # px by which reducing widens lines; chosen: a line of one px covers two where it lies between.
    widened: float = 0.9
    # Share by which that is too much for wider lines; chosen: by eye, within 10 % of the width.
    widened_by: float = 0.6
    # Standard deviation of the smoothing, line widths; chosen: lines keep their contrast.
    smoothing: float = 0.25


PARAMS = Params()


def denoise(state: PageState) -> PageState:
    """Brighten and smooth a page with thin lines where it is dark or noisy."""
    if state.strokes is not Strokes.THIN:
        return state
    bright = quantile(state.small, PARAMS.background_quantile)
    gain = min(PARAMS.max_gain, PARAMS.background_level / max(1.0, bright))
    grey, small, done = state.grey, state.small, list[str]()
    if gain >= PARAMS.min_gain:
        grey, small = (
            np.asarray(cv2.convertScaleAbs(g, alpha=gain), np.uint8) for g in (grey, small)
        )
        done.append(f"brightened {gain:.1f} times")
    spread = _smoothing(grey, small)
    # A stack of r + 1 boxes has a variance of r (r + 2) / 6.
    reach = round(float(np.sqrt(6 * spread**2 + 1)) - 1)
    if reach:
        grey = np.asarray(cv2.stackBlur(grey, (2 * reach + 1, 2 * reach + 1)), np.uint8)
        done.append(f"smoothed over {spread:.1f} px")
    return state.with_grey(grey, f"The page was {' and '.join(done)}.") if done else state


def _smoothing(grey: Grey, small: Grey) -> float:
    """Standard deviation of the smoothing that a page needs, px; 0 if it has little noise."""
    background = np.asarray(cv2.medianBlur(small, PARAMS.median), np.uint8)
    ink = np.asarray(cv2.subtract(background, small), np.uint8)
    level = ink_level(ink, noise_of(ink))
    if level is None or noise_beside(grey, background) < PARAMS.max_noise * level:
        return 0.0
    wide = (line_width(clear_border(thresholded(ink, level))) - PARAMS.widened) * (
        1 + PARAMS.widened_by
    )
    scale = float(max(grey.shape) / max(small.shape))
    return PARAMS.smoothing * max(0.0, wide) * scale
