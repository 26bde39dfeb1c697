"""The paper of a page, as it were without ink, and how much darker the ink is.

The paper is estimated by grey-scale closing (opening for light ink), which swallows lines that
are narrower than its window and keeps changes of light, slow ones and the hard edge of a shadow
(Serra 1982). Beside lines that are known to be thin it is a median, which noise does not lift.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from inkread.core.page.contrast import cut, enlarged, ink_level, noise_beside
from inkread.core.picture.downsample import reduced
from inkread.core.quantiles import quantile
from inkread.core.reading import Grey
from inkread.core.stroke_width import line_width

#: The light and the polarity are judged on a page reduced to this side.
_SMALL_SIDE = 320
#: Windows of the paper estimate: the widest and the least, as a part of the shorter side, and
#: how many line widths it takes to swallow a line where it bends and crosses.
_WINDOW = 0.4
_LEAST_WINDOW = 0.08
_LINES = 5.0
#: Beside thin lines the paper is a median of a page reduced to this side; the least window, small
#: px, how many line widths it has, and the most px that OpenCV takes.
_FINE_SIDE = 960
_LEAST_MEDIAN = 31
_MEDIAN_LINES = 10.0
_MOST_MEDIAN = 255
#: The width of thin lines is that of what closing with this window, small px, fills.
_THIN = 15
#: Surfaces differ by more than this, grey levels; what differs less is the paper's roughness.
_ROUGH = 12
#: Ink in the shade is strengthened at most so many times: there is more noise, too.
_MOST_GAIN = 2.5
#: The brightest paper: the light that shade is measured by.
_LIT_QUANTILE = 0.9
#: Reducing, smoothing and enlarging again blur the edge of a shadow by so many small px.
_BLURRED_EDGE = 2
#: Steps of the gain in a byte.
_GAIN_STEPS = 64
#: Thin lines are so many standard deviations of the noise darker than the paper.
_ABOVE_NOISE = 2.5

#: Paper, and the window it was estimated with -> the same paper, less rough.
Smoothing = Callable[[Grey, int], Grey]


def small_of(grey: Grey, side: int = _SMALL_SIDE) -> Grey:
    """A page reduced to the size at which its light and polarity are judged."""
    scale = side / max(grey.shape)
    if scale >= 1:
        return grey
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return reduced(grey, size)


def lit_ink(grey: Grey) -> Grey | None:
    """How much darker than its paper each pixel of a page is, as if all stood in full light.

    Parameters
    ----------
    grey : (h, w) array of uint8
        Dark ink on light paper.

    Returns
    -------
    (h, w) array of uint8 or None
        None if nothing stands out.
    """
    paper = paper_of(grey, midst)
    ink = np.asarray(cv2.subtract(enlarged(paper, grey.shape), grey), np.uint8)
    return None if ink_level(ink) is None else _relit(ink, paper)


def lit_lines(grey: Grey) -> tuple[Grey, float] | None:
    """As `lit_ink`, of a page whose lines are known to be thin.

    Returns
    -------
    ((h, w) array of uint8, float) or None
        The second: what is weaker was taken off as noise.
    """
    paper = _beside_lines(grey)
    ink = np.asarray(cv2.subtract(enlarged(paper, grey.shape), grey), np.uint8)
    if ink_level(ink) is None:
        return None
    least = _ABOVE_NOISE * noise_beside(grey, paper)
    ink = np.asarray(cv2.threshold(ink, least, 255, cv2.THRESH_TOZERO)[1], np.uint8)
    return _relit(ink, paper), least


def paper_of(grey: Grey, smoothed: Smoothing) -> Grey:
    """The page as it were without its dark ink, reduced.

    A first estimate with a wide window shows how wide the lines are; the second, with a window
    that just swallows them, follows the light as closely as can be.
    """
    small, paper = _widely(grey, smoothed)
    ink = np.asarray(cv2.subtract(paper, small), np.uint8)
    level = ink_level(ink)
    if level is not None:
        side = min(small.shape)
        lines = _LINES * line_width(cut(ink, level))
        window = round(min(max(side * _LEAST_WINDOW, lines), side * _WINDOW))
        paper = smoothed(_closed(small, window), window)
    if small.shape == grey.shape:
        return paper
    # Paper that is too bright at the edge of a shadow would make ink of it.
    kernel = np.ones((2 * _BLURRED_EDGE + 1, 2 * _BLURRED_EDGE + 1), np.uint8)
    return np.asarray(cv2.erode(paper, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)


def _widely(grey: Grey, smoothed: Smoothing) -> tuple[Grey, Grey]:
    """A reduced page, and an estimate of its paper with the widest window."""
    # Grain would lift the paper to its brightest speck.
    small = np.asarray(cv2.blur(small_of(grey), (3, 3)), np.uint8)
    widest = round(min(small.shape) * _WINDOW)
    return small, smoothed(_closed(small, widest), widest)


def _beside_lines(grey: Grey) -> Grey:
    """The paper of a page with thin lines, reduced: of all that is near it is the middle.

    What reaches the border is no line: a shadow would count as a very wide one.
    """
    small, paper = _widely(grey, midst)
    ink = np.asarray(cv2.subtract(paper, small), np.uint8)
    level = ink_level(ink)
    lines = 0.0 if level is None else line_width(inside(cut(ink, level)))
    fine = small_of(grey, _FINE_SIDE)
    window = max(_LEAST_MEDIAN, _MEDIAN_LINES * lines) * max(fine.shape) / max(small.shape)
    middle = np.asarray(cv2.medianBlur(fine, min(_MOST_MEDIAN, round(window) | 1)), np.uint8)
    return _with_surfaces(middle, fine, _thin_width(small) * max(fine.shape) / max(small.shape))


def _thin_width(small: Grey) -> float:
    """The width of the thin lines of a reduced page, whatever else is dark on it, px."""
    thin = np.asarray(cv2.subtract(_closed(small, _THIN), small), np.uint8)
    level = ink_level(thin)
    return 1.0 if level is None else line_width(cut(thin, level))


def _with_surfaces(paper: Grey, fine: Grey, lines: float) -> Grey:
    """Paper not clearly brighter, nor darker, than what is too wide for a line: the shadow of a
    hand, the light between its fingers, the two sides of a fold.
    """
    window = round(_LINES * lines)
    light = cv2.subtract(_opened(fine, window), np.full_like(fine, _ROUGH))
    dark = cv2.add(_closed(fine, window), np.full_like(fine, _ROUGH))
    return np.asarray(np.clip(paper, light, dark), np.uint8)


def inside(mask: Grey) -> Grey:
    """The blobs of a mask that do not reach its border."""
    room = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=255)
    cv2.floodFill(room, None, (0, 0), 0.0)
    return np.asarray(room[1:-1, 1:-1], np.uint8)


def _closed(grey: Grey, window: int) -> Grey:
    """Grey-scale closing: dark lines narrower than `window` px vanish."""
    side = max(3, window | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    lifted = np.asarray(cv2.dilate(grey, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)
    if is_uniform(lifted):
        return lifted
    return np.asarray(cv2.erode(lifted, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)


def is_uniform(grey: Grey) -> bool:
    """Whether all pixels are of one grey, as paper is that was never photographed."""
    low, high, _, _ = cv2.minMaxLoc(grey)
    return low == high


def _opened(grey: Grey, window: int) -> Grey:
    """Grey-scale opening: light lines narrower than `window` px vanish."""
    return 255 - _closed(255 - grey, window)


def averaged(paper: Grey, window: int) -> Grey:
    """Smoothing that leaves halos around wide ink."""
    side = max(3, window | 1) // 2 | 1
    return np.asarray(cv2.blur(paper, (side, side), borderType=cv2.BORDER_REPLICATE), np.uint8)


def midst(paper: Grey, window: int) -> Grey:
    """Smoothing that keeps the edges of shadows."""
    if is_uniform(paper):
        return paper
    return np.asarray(cv2.medianBlur(paper, max(3, window // 4 | 1)), np.uint8)


def _relit(ink: Grey, paper: Grey) -> Grey:
    """Ink of the strength that it would have in full light; `paper` may be smaller than `ink`."""
    if is_uniform(paper):
        return ink
    lit = quantile(paper[::3, ::3], _LIT_QUANTILE)
    gain = np.clip(lit / np.maximum(paper, 1), 1, _MOST_GAIN)
    steps = np.rint(_GAIN_STEPS * gain).astype(np.uint8)
    if int(steps.max(initial=0)) == _GAIN_STEPS:
        return ink
    return np.asarray(
        cv2.multiply(ink, enlarged(steps, ink.shape), scale=1 / _GAIN_STEPS), np.uint8
    )
