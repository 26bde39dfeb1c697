"""Whether the ink of a page is darker or brighter than its paper.

Ink is thin and covers little, paper has room. Thin lines tell it where a page has them. Else both
readings are tried on a reduced page; the border is continued outwards, so that ink may touch it.
For that the paper is smoothed by averaging: what then is ink, but no longer with a median, is a
halo, the mark of a wrong reading.
"""

from __future__ import annotations

import cv2
import numpy as np

from inkread.core.page.background import averaged, lit_ink, midst, paper_of, small_of
from inkread.core.page.contrast import cut, ink_level, noise_of
from inkread.core.page.illumination import evened
from inkread.core.page.ruling_lines import find_rules
from inkread.core.quantiles import median
from inkread.core.reading import Grey

#: Lines are what a median wipes out, whatever its window, px of the small page (which must have
#: room for the widest); what stands out by so much, as a logarithm, and by so many times the grain.
_LINE_WINDOWS = (61, 15)
_STANDS_OUT = 0.06
_OVER_GRAIN = 6.0
#: Lines tell the polarity if those of one have so many times the weight of the other's, both
#: windows taken together (the geometric mean); with each of them, and at least for each pixel.
_MOSTLY = 3.0
_MORE = 1.5
_LEAST_LINES = 1e-3
#: Of corners a median wipes out more with the wide window, by the square of its side; of lines
#: hardly more, unless they are as wide as the narrow one.
_WIDENED = 8.0
#: Keeps the darkest greys, which are noise, from standing out, grey levels.
_DIM = 4.0
#: How much halos tell against a reading. Of right readings at least 0.95 last, of wrong ones 0.2
#: to 1.
_HALO_POWER = 4
#: A page is of two greys if so much of its variance lies between them (Otsu 1979), and the ink is
#: plain if it covers no more than this, and the other one has so many times its bulk.
_TWO_GREYS = 0.8
_PLAINLY = 2.5
_LITTLE = 0.35
#: No way from pixel to pixel is counted shorter than this by OpenCV's distance transform.
_STEP = 0.95
#: So many rules of one polarity are those of the paper.
_MANY_RULES = 8


def is_light_on_dark(grey: Grey) -> bool:
    """Whether the ink of a page, evenly lit or not, is brighter than its paper."""
    small = small_of(evened(grey))
    lines = lines_are_light(small)
    return of_surfaces(small) if lines is None else lines


def lines_are_light(small: Grey) -> bool | None:
    """Polarity of the thin lines of a reduced page; None if both are there, or none are.

    A median keeps straight edges, so that shadows, however hard and large, tell nothing; nor do
    the surfaces of wide lines, but what is between them would, were it not for the wide window.
    """
    if min(small.shape) < 2 * _LINE_WINDOWS[0]:
        return None
    soft = np.asarray(cv2.blur(small, (3, 3)), np.uint8)
    wide, narrow = (_wiped_out(soft, window) for window in _LINE_WINDOWS)
    for is_light, own, other in ((True, 0, 1), (False, 1, 0)):
        least = max(_LEAST_LINES, _MORE * narrow[other], wide[own] / _WIDENED)
        if narrow[own] < least or wide[own] < _MORE * wide[other]:
            continue
        if narrow[own] * wide[own] >= _MOSTLY**2 * narrow[other] * wide[other]:
            return is_light
    return None


def _wiped_out(soft: Grey, window: int) -> tuple[float, float]:
    """Weight for each pixel of what a median of this window wipes out: of light, of dark."""
    levels = np.log(np.arange(256, dtype=np.float32) + np.float32(_DIM))
    off = levels[soft] - levels[cv2.medianBlur(soft, window)]
    least = max(_STANDS_OUT, _OVER_GRAIN * median(np.abs(off)))
    light, dark = (float(way[way > least].sum()) / off.size for way in (off, -off))
    return light, dark


def of_surfaces(small: Grey) -> bool:
    """Polarity of a reduced page that thin lines do not tell."""
    plain = _plainly_light_on_dark(small)
    if plain is not None:
        return plain
    dark_rules, light_rules = _is_ruled(small), _is_ruled(255 - small)
    if dark_rules != light_rules:
        return light_rules
    return bool(_unlikeness(255 - small) < _unlikeness(small))


def _plainly_light_on_dark(small: Grey) -> bool | None:
    """Polarity of a page of two greys, one of which covers little; None if it is not so plain."""
    soft = np.asarray(cv2.blur(small, (3, 3)), np.uint8)
    cut = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    light = np.asarray(cut, np.uint8)
    share = cv2.countNonZero(light) / light.size
    if not 0 < share < 1 or _LITTLE < share < 1 - _LITTLE:
        return None
    apart = cv2.mean(soft, light)[0] - cv2.mean(soft, cv2.bitwise_not(light))[0]
    between = share * (1 - share) * apart**2
    if between < _TWO_GREYS * float(cv2.meanStdDev(soft)[1][0, 0]) ** 2:
        return None
    is_light = share <= _LITTLE
    ink = light if is_light else np.asarray(cv2.bitwise_not(light), np.uint8)
    return is_light if _is_plain_ink(ink) else None


def _is_plain_ink(ink: Grey) -> bool:
    """Whether what is not ink has far more bulk."""
    x, y, width, height = cv2.boundingRect(ink)
    right, bottom = ink.shape[1] - x - width, ink.shape[0] - y - height
    if min(x, y, right, bottom) > 0:
        # Off the border, its bulk is seen in its own box, and paper has room at the corners.
        pad = max(ink.shape) // 4
        area = (ink.shape[0] + 2 * pad) * (ink.shape[1] + 2 * pad)
        part = 255 * cv2.countNonZero(ink) / area
        own = _radius(ink[y : y + height, x : x + width]) * part
        if _STEP * (pad + max(x, y, right, bottom)) * (255 - part) >= _PLAINLY * own:
            return True
    return _bulk(np.asarray(255 - ink, np.uint8)) >= _PLAINLY * _bulk(ink)


def _is_ruled(small: Grey) -> bool:
    """Whether a reduced page has many dark rules, such as squared paper has."""
    ink = np.asarray(cv2.subtract(paper_of(small, midst), small), np.uint8)
    return len(find_rules(ink, noise_of(ink))) >= _MANY_RULES


def _unlikeness(small: Grey) -> float:
    """How unlike ink the dark ink of a reduced page is."""
    mask = _with_halos(small)
    if not mask.any():
        return float("inf")
    lasting = np.count_nonzero(mask & _lasting(small)) / np.count_nonzero(mask)
    return _bulk(mask) / max(lasting, 0.01) ** _HALO_POWER


def _lasting(small: Grey) -> Grey:
    """Mask of the dark ink of a reduced page that stays ink whichever way paper is smoothed."""
    ink = lit_ink(small)
    level = None if ink is None else ink_level(ink)
    return np.zeros_like(small) if ink is None or level is None else cut(ink, level)


def _with_halos(small: Grey) -> Grey:
    """Mask of the dark ink of a reduced page, and of halos if its ink is light."""
    ink = np.asarray(cv2.subtract(paper_of(small, averaged), small), np.uint8)
    level = ink_level(ink)
    return np.zeros_like(small) if level is None else cut(ink, level)


def _bulk(mask: Grey) -> float:
    """Covered share of a mask times the radius of the largest circle in it."""
    pad = max(mask.shape) // 4
    wide = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    radius = float(cv2.distanceTransform(wide, cv2.DIST_L2, 3).max(initial=0))
    return radius * float(wide.mean())


def _radius(blob: Grey) -> float:
    """Of the largest circle in what has paper all around."""
    room = cv2.copyMakeBorder(blob, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return float(cv2.distanceTransform(room, cv2.DIST_L2, 3).max())
