"""Threshold and invert: from a grey page to bright ink on black, whatever the light and colours.

The paper is estimated by grey-scale closing (opening for light ink), which swallows lines that
are narrower than its window and keeps changes of light, slow ones and the hard edge of a shadow
(Serra 1982); it is smoothed by a median, which keeps edges too. What is darker than the paper is
ink. Whether ink is dark or light is told by thin lines where a page has them; else the paper is
smoothed by averaging: where a reading is wrong, that leaves broad halos, which give it away. In
the shade the same ink is less dark by the same factor as the paper, so that it is strengthened
there. It is cut at half its height, where the edge of a blurred line lies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from app.core.light import evened
from app.core.preprocess import line_width
from app.core.quantiles import median, quantile
from app.core.reading import Grey
from app.core.reduce import reduced
from app.core.rules import find_rules, without_rules

#: The light and the polarity are judged on a page reduced to this side.
_SMALL_SIDE = 320
#: Windows of the paper estimate: the widest and the least, as a part of the shorter side, and
#: how many line widths it takes to swallow a line where it bends and crosses.
_WINDOW = 0.4
_LEAST_WINDOW = 0.08
_LINES = 5.0
#: Lines are what a median wipes out, whatever its window, px of the small page (which must have
#: room for the widest); what stands out by so much, as a logarithm, and by so many times the grain.
_LINE_WINDOWS = (61, 15)
_STANDS_OUT = 0.06
_OVER_GRAIN = 6.0
#: Lines tell the polarity if those of one have so many times the weight of the other's, with
#: every window, and at least so much for each pixel.
_MOSTLY = 3.0
_LEAST_LINES = 1e-3
#: Keeps the darkest greys, which are noise, from standing out, grey levels.
_DIM = 4.0
#: How much halos tell against a reading. Of right readings at least 0.95 last, of wrong ones 0.2
#: to 1.
_HALO_POWER = 4
#: Ink in the shade is strengthened at most so many times: there is more noise, too.
_MOST_GAIN = 2.5
#: The brightest paper: the light that shade is measured by.
_LIT_QUANTILE = 0.9
#: Reducing, smoothing and enlarging again blur the edge of a shadow by so many small px.
_BLURRED_EDGE = 2
#: Steps of the gain in a byte.
_GAIN_STEPS = 64
#: Contrast of ink against paper, grey levels, below which it is dirt or noise.
_LEAST_CONTRAST = 18
#: Contrast must be this many times the paper's own grain.
_NOISE_FACTOR = 6.0
#: At least this part of a page is paper.
_PAPER_QUANTILE = 0.25
#: A page is of two greys if so much of its variance lies between them (Otsu 1979), and the ink is
#: plain if it covers no more than this, and the other one has so many times its bulk.
_TWO_GREYS = 0.8
_PLAINLY = 2.5
_LITTLE = 0.35
#: So many rules of one polarity are those of the paper.
_MANY_RULES = 8
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


#: Paper, and the window it was estimated with -> the same paper, less rough.
Smoothing = Callable[[Grey, int], Grey]


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
    grey = evened(grey)
    light_on_dark = _is_light_on_dark(grey)
    mask, soft = _split(255 - grey if light_on_dark else grey, ruled=True)
    return Binary(mask, soft, light_on_dark)


def is_light_on_dark(grey: Grey) -> bool:
    """Polarity from the picture itself: ink is thin and covers little, paper has room.

    Where no thin lines tell it, both readings are tried on a reduced page; the border is continued
    outwards, so that ink may touch it. What is ink only as long as the paper is smoothed by
    averaging is a halo, the mark of a wrong reading.
    """
    return _is_light_on_dark(evened(grey))


def _is_light_on_dark(grey: Grey) -> bool:
    small = _reduce(grey)
    for sign in (_lines_are_light(small), _plainly_light_on_dark(small)):
        if sign is not None:
            return sign
    dark_rules, light_rules = _is_ruled(small), _is_ruled(255 - small)
    if dark_rules != light_rules:
        return light_rules
    return bool(_unlikeness(255 - small) < _unlikeness(small))


def _lines_are_light(small: Grey) -> bool | None:
    """Polarity of the thin lines of a reduced page; None if both are there, or none are.

    A median keeps straight edges, so that shadows, however hard and large, tell nothing; nor do
    the surfaces of wide lines, but what is between them would, were it not for the wide window.
    """
    if min(small.shape) < 2 * _LINE_WINDOWS[0]:
        return None
    soft = np.asarray(cv2.blur(small, (3, 3)), np.uint8)
    ways = {_line_polarity(soft, window) for window in _LINE_WINDOWS}
    return ways.pop() if len(ways) == 1 else None


def _line_polarity(soft: Grey, window: int) -> bool | None:
    """Whether what a median of this window wipes out is light; None if it is so and so."""
    levels = np.log(np.arange(256, dtype=np.float32) + np.float32(_DIM))
    off = levels[soft] - levels[cv2.medianBlur(soft, window)]
    least = max(_STANDS_OUT, _OVER_GRAIN * median(np.abs(off)))
    light, dark = (float(way[way > least].sum()) / off.size for way in (off, -off))
    if max(light, dark) < max(_LEAST_LINES, _MOSTLY * min(light, dark)):
        return None
    return bool(light > dark)


def _plainly_light_on_dark(small: Grey) -> bool | None:
    """Polarity of a page of two greys, one of which covers little; None if it is not so plain."""
    soft = np.asarray(cv2.blur(small, (3, 3)), np.uint8)
    cut = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    light = np.asarray(cut, np.uint8)
    share = np.count_nonzero(light) / light.size
    if not 0 < share < 1:
        return None
    apart = float(soft[light > 0].mean()) - float(soft[light == 0].mean())
    between = share * (1 - share) * apart**2
    if between < _TWO_GREYS * float(soft.var()):
        return None
    bulk, rest = _bulk(light), _bulk(np.asarray(255 - light, np.uint8))
    is_light = bulk < rest
    ink = share if is_light else 1 - share
    if ink > _LITTLE or max(bulk, rest) < _PLAINLY * min(bulk, rest):
        return None
    return is_light


def _is_ruled(small: Grey) -> bool:
    """Whether a reduced page has many dark rules, such as squared paper has."""
    ink = np.asarray(cv2.subtract(_paper(small, _median), small), np.uint8)
    return len(find_rules(ink, _noise(ink))) >= _MANY_RULES


def _unlikeness(small: Grey) -> float:
    """How unlike ink the dark ink of a reduced page is."""
    mask = _with_halos(small)
    if not mask.any():
        return float("inf")
    lasting = np.count_nonzero(mask & _split(small)[0]) / np.count_nonzero(mask)
    return _bulk(mask) / max(lasting, 0.01) ** _HALO_POWER


def _with_halos(small: Grey) -> Grey:
    """Mask of the dark ink of a reduced page, and of halos if its ink is light."""
    ink = np.asarray(cv2.subtract(_paper(small, _averaged), small), np.uint8)
    level = _ink_level(ink)
    return np.zeros_like(small) if level is None else _cut(ink, level)


def _bulk(mask: Grey) -> float:
    """Covered share of a mask times the radius of the largest circle in it."""
    pad = max(mask.shape) // 4
    wide = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    radius = float(cv2.distanceTransform(wide, cv2.DIST_L2, 3).max(initial=0))
    return radius * float(wide.mean())


def _split(grey: Grey, ruled: bool = False) -> tuple[Grey, Grey]:
    """Mask and soft strength of dark ink; rules are taken off if the page may be `ruled`."""
    paper = _paper(grey, _median)
    ink = np.asarray(cv2.subtract(_enlarged(paper, grey.shape), grey), np.uint8)
    level, grain = _ink_level(ink), 0.0
    if level is not None:
        clear = _relit(ink, paper)
        if ruled:
            grain = _noise(clear)
            clear = without_rules(clear, grain)
        if clear is not ink:
            ink, level = clear, _ink_level(clear, grain)
    if level is None:
        return np.zeros_like(grey), np.zeros_like(grey)
    soft = cv2.convertScaleAbs(ink, alpha=255 / level)
    return _cut(ink, level, grain), np.asarray(soft, np.uint8)


def _cut(ink: Grey, level: float, grain: float = 0.0) -> Grey:
    least = max(level / 2, _CUT_NOISE * grain)
    return np.asarray(cv2.threshold(ink, least, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _relit(ink: Grey, paper: Grey) -> Grey:
    """Ink of the strength that it would have in full light; `paper` may be smaller than `ink`."""
    lit = quantile(paper, _LIT_QUANTILE)
    gain = np.clip(lit / np.maximum(paper, 1), 1, _MOST_GAIN)
    steps = np.rint(_GAIN_STEPS * gain).astype(np.uint8)
    if int(steps.max(initial=0)) == _GAIN_STEPS:
        return ink
    return np.asarray(
        cv2.multiply(ink, _enlarged(steps, ink.shape), scale=1 / _GAIN_STEPS), np.uint8
    )


def _enlarged(small: Grey, shape: tuple[int, ...]) -> Grey:
    return np.asarray(cv2.resize(small, shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _reduce(grey: Grey) -> Grey:
    scale = _SMALL_SIDE / max(grey.shape)
    if scale >= 1:
        return grey
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return reduced(grey, size)


def _paper(grey: Grey, smoothed: Smoothing) -> Grey:
    """The page as it were without its dark ink, reduced.

    A first estimate with a wide window shows how wide the lines are; the second, with a window
    that just swallows them, follows the light as closely as can be.
    """
    # Grain would lift the paper to its brightest speck.
    small = np.asarray(cv2.blur(_reduce(grey), (3, 3)), np.uint8)
    side = min(small.shape)
    widest = round(side * _WINDOW)
    paper = smoothed(_closed(small, widest), widest)
    ink = np.asarray(cv2.subtract(paper, small), np.uint8)
    level = _ink_level(ink)
    if level is not None:
        lines = _LINES * line_width(_cut(ink, level))
        window = round(min(max(side * _LEAST_WINDOW, lines), side * _WINDOW))
        paper = smoothed(_closed(small, window), window)
    if small.shape == grey.shape:
        return paper
    # Paper that is too bright at the edge of a shadow would make ink of it.
    kernel = np.ones((2 * _BLURRED_EDGE + 1, 2 * _BLURRED_EDGE + 1), np.uint8)
    return np.asarray(cv2.erode(paper, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)


def _closed(grey: Grey, window: int) -> Grey:
    """Grey-scale closing: dark lines narrower than `window` px vanish."""
    side = max(3, window | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(closed, np.uint8)


def _averaged(paper: Grey, window: int) -> Grey:
    side = max(3, window | 1) // 2 | 1
    return np.asarray(cv2.blur(paper, (side, side), borderType=cv2.BORDER_REPLICATE), np.uint8)


def _median(paper: Grey, window: int) -> Grey:
    return np.asarray(cv2.medianBlur(paper, max(3, window // 4 | 1)), np.uint8)


def _ink_level(ink: Grey, grain: float = 0.0) -> float | None:
    """Typical strength of full ink, grey levels; None if there is none. `grain` may be known."""
    # Ten times as quick as NumPy's bincount.
    histogram = cv2.calcHist([ink], [0], None, [256], [0, 256]).ravel().astype(np.float64)
    offset = float(np.searchsorted(np.cumsum(histogram) / histogram.sum(), _PAPER_QUANTILE))
    floor = max(float(_LEAST_CONTRAST), offset + _NOISE_FACTOR * max(grain, _noise(ink)))
    above = histogram.copy()
    above[: int(min(255.0, floor)) + 1] = 0
    if above.sum() < max(_LEAST_INK, _LEAST_SHARE * ink.size):
        return None
    # What is strongest among what stands out is the core of the lines.
    return float(np.searchsorted(np.cumsum(above) / above.sum(), _CORE_QUANTILE))


def _noise(image: Grey) -> float:
    """Standard deviation of the grain, grey levels (after Immerkaer 1996, with a median instead
    of the mean, so that the edges of ink do not count).
    """
    bands = max(1, image.size // _GRAIN_PIXELS)
    rows = np.array_split(np.arange(image.shape[0]), max(1, image.shape[0] // _GRAIN_BAND))
    sampled = [image[band[0] : band[-1] + 1] for band in rows[::bands]]
    grains = [np.abs(cv2.filter2D(band, cv2.CV_16S, _GRAIN)).ravel() for band in sampled]
    return median(np.concatenate(grains)) / (0.6745 * 6)
