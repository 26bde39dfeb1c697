"""Background of a page with its ink removed, and the contrast of the ink to it.

Grey-scale closing (Serra 1982) removes dark lines that are narrower than its window and keeps
changes of illumination, slow ones and the hard edge of a shadow. Beside lines that are known to be
thin the background is a median, which noise does not lift.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial

import cv2
import numpy as np

from inkread.core.page.contrast import enlarged, ink_level, noise_beside, noise_of, thresholded
from inkread.core.page.state import PageState, Strokes
from inkread.core.picture.downsample import fitted
from inkread.core.quantiles import quantile
from inkread.core.reading import Grey
from inkread.core.stroke_width import line_width


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the background."""

    # Widest window, share of the shorter side; chosen: no line is wider, a shadow mostly is.
    max_window: float = 0.4
    # Least window, share of the shorter side; chosen: small digits vanish whole.
    min_window: float = 0.08
    # Window, line widths; chosen: swallows a line where it bends and crosses.
    window_lines: float = 5.0
    # Window of the mean over that of the closing; chosen: as wide as the halos to be seen.
    mean_share: float = 0.5
    # Window of the median over that of the closing; chosen: wide enough to level its blocks.
    median_share: float = 0.25
    # Longer side of the page on which the median is taken, px; chosen: thin lines are still seen.
    fine_side: int = 960
    # px of the fine page; chosen: three digits' lines of a page of 40 digits fit in it.
    min_median: int = 31
    # Window of the median, line widths; chosen: ink covers less than half of it.
    median_lines: float = 10.0
    # px; chosen: more is not taken by OpenCV.
    max_median: int = 255
    # Window that fills thin lines, px of the small page; chosen: wider than any thin line there.
    thin: int = 15
    # Grey levels; chosen: twice the strongest texture of tests/synthetic.py at medium (4).
    texture: int = 12
    # Factor; chosen: ink in deeper shade has more noise than ink.
    max_gain: float = 2.5
    # Share of the background; chosen: full illumination without reflections.
    lit_quantile: float = 0.9
    # px of the small page; chosen: reducing, smoothing and enlarging blur an edge by these.
    blurred_edge: int = 2
    # Steps of the gain in a byte; chosen: 1.6 % each, a third of a grey level of ink at 20.
    gain_steps: int = 64
    # Standard deviations; chosen: 0.6 % of the noise remains, as single px.
    min_noises: float = 2.5


PARAMS = Params()


def estimate_background(state: PageState) -> PageState:
    """Measure how much each pixel differs from the background, as if all were fully lit."""
    if state.ink is not None:
        return state
    floor = 0.0
    if state.strokes is Strokes.THIN:
        background = _beside_lines(state)
    else:
        found = state.background
        background = (
            ClosedBackgrounds(state.small).smoothed(median_filtered) if found is None else found
        )
        if state.small.shape != state.grey.shape:
            # Background that is too bright at the edge of a shadow would become ink.
            edge = np.ones((2 * PARAMS.blurred_edge + 1,) * 2, np.uint8)
            lower = cv2.erode(background, edge, borderType=cv2.BORDER_REPLICATE)
            background = np.asarray(lower, np.uint8)
    ink = np.asarray(cv2.subtract(enlarged(background, state.grey.shape), state.grey), np.uint8)
    noise = noise_of(ink)
    level = ink_level(ink, noise)
    if level is None:
        return replace(state, background=background, note="Nothing differs from the background.")
    seen = ink
    if state.strokes is Strokes.THIN:
        floor = PARAMS.min_noises * noise_beside(state.grey, background)
        ink = np.asarray(cv2.threshold(ink, floor, 255, cv2.THRESH_TOZERO)[1], np.uint8)
    ink = fully_lit(ink, background)
    if ink is not seen:
        noise = noise_of(ink)
        level = ink_level(ink, noise)
    return replace(
        state,
        background=background,
        ink=ink,
        noise=noise,
        noise_floor=floor,
        level=level,
        note=f"The background was estimated; what differs has {noise:.1f} grey levels of noise.",
    )


class ClosedBackgrounds:
    """Backgrounds of a reduced page with dark ink; they share their closings.

    Parameters
    ----------
    small : (h, w) array of uint8
        The page.
    """

    def __init__(self, small: Grey) -> None:
        self._soft = blurred(small)
        self._closed = cache(partial(closed, self._soft))

    def smoothed(self, smoothing: Callable[[Grey, int], Grey]) -> Grey:
        """A background as `median_filtered` or `mean_filtered` smooths it.

        A first estimate with a wide window shows how wide the lines are; the second, with a window
        that just swallows them, follows the illumination as closely as it can.
        """
        side = min(self._soft.shape)
        window = round(side * PARAMS.max_window)
        background = smoothing(self._closed(window), window)
        ink = np.asarray(cv2.subtract(background, self._soft), np.uint8)
        level = ink_level(ink, noise_of(ink))
        if level is None:
            return background
        lines = PARAMS.window_lines * line_width(thresholded(ink, level))
        window = round(min(max(side * PARAMS.min_window, lines), side * PARAMS.max_window))
        return smoothing(self._closed(window), window)


def blurred(small: Grey) -> Grey:
    """A page without the specks to which grain would lift a closing."""
    return np.asarray(cv2.blur(small, (3, 3)), np.uint8)


def _beside_lines(state: PageState) -> Grey:
    """The background of a page with thin lines, reduced: a median.

    Blobs that reach the border are no lines: a shadow would count as a very wide one.
    """
    soft = blurred(state.small)
    window = round(min(soft.shape) * PARAMS.max_window)
    ink = np.asarray(cv2.subtract(median_filtered(closed(soft, window), window), soft), np.uint8)
    level = ink_level(ink, noise_of(ink))
    lines = 0.0 if level is None else line_width(clear_border(thresholded(ink, level)))
    fine = fitted(state.grey, PARAMS.fine_side)
    scale = max(fine.shape) / max(soft.shape)
    window = round(max(PARAMS.min_median, PARAMS.median_lines * lines) * scale)
    middle = np.asarray(cv2.medianBlur(fine, min(PARAMS.max_median, window | 1)), np.uint8)
    return _with_surfaces(middle, fine, _thin_width(soft) * scale)


def _thin_width(soft: Grey) -> float:
    """The width of the thin lines of a reduced page, whatever else is dark on it, px."""
    thin = np.asarray(cv2.subtract(closed(soft, PARAMS.thin), soft), np.uint8)
    level = ink_level(thin, noise_of(thin))
    return 1.0 if level is None else line_width(thresholded(thin, level))


def _with_surfaces(background: Grey, fine: Grey, lines: float) -> Grey:
    """Background not clearly brighter, nor darker, than surfaces too wide for a line: the shadow
    of a hand, the light between its fingers, the two sides of a fold.
    """
    window = round(PARAMS.window_lines * lines)
    margin = np.full_like(fine, PARAMS.texture)
    light = cv2.subtract(255 - closed(255 - fine, window), margin)
    dark = cv2.add(closed(fine, window), margin)
    return np.asarray(np.clip(background, light, dark), np.uint8)


def clear_border(mask: Grey) -> Grey:
    """The blobs of a mask that do not reach its border."""
    room = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=255)
    cv2.floodFill(room, None, (0, 0), 0.0)
    return np.asarray(room[1:-1, 1:-1], np.uint8)


def closed(grey: Grey, window: int) -> Grey:
    """Grey-scale closing: dark lines narrower than `window` px vanish."""
    side = max(3, window | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    lifted = np.asarray(cv2.dilate(grey, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)
    if is_uniform(lifted):
        return lifted
    return np.asarray(cv2.erode(lifted, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)


def is_uniform(grey: Grey) -> bool:
    """Whether all pixels have the same grey, as in a background that was never photographed."""
    low, high, _, _ = cv2.minMaxLoc(grey)
    return low == high


def mean_filtered(background: Grey, window: int) -> Grey:
    """Smoothing that leaves halos around wide ink."""
    side = int(max(3, window | 1) * PARAMS.mean_share) | 1
    return np.asarray(cv2.blur(background, (side, side), borderType=cv2.BORDER_REPLICATE), np.uint8)


def median_filtered(background: Grey, window: int) -> Grey:
    """Smoothing that keeps the edges of shadows."""
    if is_uniform(background):
        return background
    return np.asarray(
        cv2.medianBlur(background, max(3, int(window * PARAMS.median_share) | 1)), np.uint8
    )


def fully_lit(ink: Grey, background: Grey) -> Grey:
    """The contrast that ink would have if fully lit; the background may be smaller than the ink.

    In the shade, ink is less dark by the same factor as the background.
    """
    if is_uniform(background):
        return ink
    lit = quantile(background[::3, ::3], PARAMS.lit_quantile)
    gain = np.clip(lit / np.maximum(background, 1), 1, PARAMS.max_gain)
    steps = np.rint(PARAMS.gain_steps * gain).astype(np.uint8)
    if int(steps.max(initial=0)) == PARAMS.gain_steps:
        return ink
    gains = enlarged(steps, ink.shape)
    return np.asarray(cv2.multiply(ink, gains, scale=1 / PARAMS.gain_steps), np.uint8)
