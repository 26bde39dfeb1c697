"""Whether the ink of a page is darker or brighter than its background.

Ink is thin and covers little, background has room. Thin lines decide where a page has them. Else
both polarities are tried on a reduced page; its border is continued outwards, so that ink may
touch it. For that the background is smoothed by averaging: what then is ink, but no longer with a
median, is a halo, which only the wrong polarity has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from inkread.core.page.background import (
    ClosedBackgrounds,
    fully_lit,
    mean_filtered,
    median_filtered,
)
from inkread.core.page.blob_shapes import inner_radius
from inkread.core.page.contrast import ink_level, noise_of, thresholded, two_greys
from inkread.core.page.illumination import even_illumination
from inkread.core.page.ruling_lines import find_rulings
from inkread.core.page.state import PageState, Strokes
from inkread.core.quantiles import median
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the polarity."""

    # Window of a median that removes lines, px of the small page; chosen: any thin line vanishes.
    wide: int = 61
    # The same; chosen: the background between lines stays.
    narrow: int = 15
    # Difference of logarithms; chosen: 6 %, the contrast of the faintest ruling lines is 10 %.
    min_contrast: float = 0.06
    # Times the median difference, which is grain; chosen: as far as noise never gets.
    min_grains: float = 6.0
    # Weight of one polarity over the other's, geometric mean of both windows; chosen: anything
    # less is left to the surfaces.
    min_ratio: float = 3.0
    # The same with each window; chosen: neither may be against it.
    min_each: float = 1.5
    # Weight for each px; chosen: a single digit on a page has about this.
    min_weight: float = 1e-3
    # Weight with the wide window over that with the narrow one; chosen: that of corners grows
    # with the square of the side (16), that of lines hardly.
    max_widened: float = 8.0
    # Grey levels; chosen: added before the logarithm, as the darkest greys are noise.
    dim: float = 4.0
    # Power of the lasting share; measured: at least 0.95 of the ink lasts with the right
    # polarity, 0.2 to 1 with the wrong one.
    halo_power: int = 4
    # Share of the ink; chosen: fewer lasting px count as these, far below any right polarity.
    min_lasting: float = 0.01
    # Bulk of the background over that of the ink; chosen: below, halos are counted.
    min_bulk_ratio: float = 2.5
    # Share of the page; chosen: ink covers less where there is background to be seen.
    max_cover: float = 0.35
    # px; chosen: OpenCV's distance transform counts no step as shorter.
    step: float = 0.95
    # Ruling lines of one polarity; chosen: handwriting has fewer lines across a page.
    min_rulings: int = 8
    # Unlikeness of both polarities; chosen: digits have 100, so that nothing is seen at this size.
    max_unlike: float = 1000.0
    # px of the middle of a page that is looked at as it is; chosen: holds 20 digits of 32 px.
    closer: int = 640
    # Times that, the page's sides at least; chosen: a smaller page is seen well when reduced.
    min_reduced: int = 2
    # Share of the longer side by which the border is continued; chosen: wider than any line.
    margin: float = 0.25


PARAMS = Params()


def find_line_polarity(state: PageState) -> PageState:
    """Take the polarity from the thin lines of the page, where it has them."""
    is_light = lines_are_light(state.small) if state.light_on_dark is None else None
    if is_light is None:
        return state
    return replace(_with_polarity(state, is_light), strokes=Strokes.THIN)


def find_polarity(state: PageState) -> PageState:
    """Try both polarities where thin lines decide nothing."""
    if state.light_on_dark is not None:
        return state
    plain = _plainly_light_on_dark(state.small)
    if plain is not None:
        return _with_polarity(state, plain)
    dark, light = _Hypothesis(state.small), _Hypothesis(255 - state.small)
    if min(dark.unlikeness(), light.unlikeness()) > PARAMS.max_unlike:
        closer = _seen_closer(state.grey)
        if closer is not None:
            return _with_polarity(state, closer)
    likely, other = (light, dark) if light.unlikeness() < dark.unlikeness() else (dark, light)
    # Rulings decide if one polarity alone has them: mostly a single search shows that they do not.
    if other.is_ruled() and not likely.is_ruled():
        likely = other
    found = _with_polarity(state, likely is light)
    # Reducing may round an inverted page the other way: then its background is another.
    is_same = likely is dark or np.array_equal(found.small, 255 - state.small)
    return replace(found, background=likely.background) if is_same else found


def _seen_closer(grey: Grey) -> bool | None:
    """Whether the middle of a page that is full of small writing is light on dark; None if nothing
    is seen there, either.
    """
    side = PARAMS.closer
    if min(grey.shape) < PARAMS.min_reduced * side:
        return None
    top, left = ((length - side) // 2 for length in grey.shape)
    middle = np.ascontiguousarray(grey[top : top + side, left : left + side])
    lines = lines_are_light(middle)
    if lines is not None:
        return lines
    dark, light = (_Hypothesis(page).unlikeness() for page in (middle, 255 - middle))
    return light < dark if min(dark, light) <= PARAMS.max_unlike else None


def is_light_on_dark(grey: Grey) -> bool:
    """Whether the ink of a page, evenly lit or not, is brighter than its background."""
    state = even_illumination(PageState.of(grey))
    return find_polarity(find_line_polarity(state)).light_on_dark is True


def _with_polarity(state: PageState, is_light: bool) -> PageState:
    """The page with dark ink on a light background."""
    if not is_light:
        return replace(state, light_on_dark=False, note="The ink is darker than its background.")
    note = "The ink is brighter than its background: the page was inverted."
    # Reduced anew: an inverted small page is rounded the other way, half a grey level off.
    return replace(state.with_grey(255 - state.grey, note), light_on_dark=True)


def lines_are_light(small: Grey) -> bool | None:
    """Polarity of the thin lines of a reduced page; None if both are there, or none are.

    A median keeps straight edges, so that shadows, however hard and large, have no weight; nor do
    the surfaces of wide lines, but the gaps between them would, were it not for the wide window.
    """
    if min(small.shape) < 2 * PARAMS.wide:
        return None
    soft = np.asarray(cv2.blur(small, (3, 3)), np.uint8)
    wide, narrow = (_removed(soft, window) for window in (PARAMS.wide, PARAMS.narrow))
    for is_light, own, other in ((True, 0, 1), (False, 1, 0)):
        least = max(
            PARAMS.min_weight, PARAMS.min_each * narrow[other], wide[own] / PARAMS.max_widened
        )
        if narrow[own] < least or wide[own] < PARAMS.min_each * wide[other]:
            continue
        if narrow[own] * wide[own] >= PARAMS.min_ratio**2 * narrow[other] * wide[other]:
            return is_light
    return None


def _removed(soft: Grey, window: int) -> tuple[float, float]:
    """Weight for each pixel of what a median of this window removes: of light, of dark."""
    levels = np.log(np.arange(256, dtype=np.float32) + np.float32(PARAMS.dim))
    off = levels[soft] - levels[cv2.medianBlur(soft, window)]
    least = max(PARAMS.min_contrast, PARAMS.min_grains * median(np.abs(off)))
    light, dark = (float(way[way > least].sum()) / off.size for way in (off, -off))
    return light, dark


def _plainly_light_on_dark(small: Grey) -> bool | None:
    """Polarity of a page of two greys, one of which covers little; None if it is not so plain."""
    found = two_greys(small)
    if found is None:
        return None
    light = found[0]
    share = cv2.countNonZero(light) / light.size
    if PARAMS.max_cover < share < 1 - PARAMS.max_cover:
        return None
    is_light = share <= PARAMS.max_cover
    ink = light if is_light else np.asarray(cv2.bitwise_not(light), np.uint8)
    return is_light if _is_plain_ink(ink) else None


def _is_plain_ink(ink: Grey) -> bool:
    """Whether everything but the ink has far more bulk."""
    x, y, width, height = cv2.boundingRect(ink)
    right, bottom = ink.shape[1] - x - width, ink.shape[0] - y - height
    if min(x, y, right, bottom) > 0:
        # Off the border, its bulk is seen in its own box, and background has room at the corners.
        pad = _margin(ink)
        area = (ink.shape[0] + 2 * pad) * (ink.shape[1] + 2 * pad)
        share = 255 * cv2.countNonZero(ink) / area
        own = inner_radius(ink[y : y + height, x : x + width], 3) * share
        room = PARAMS.step * (pad + max(x, y, right, bottom))
        if room * (255 - share) >= PARAMS.min_bulk_ratio * own:
            return True
    return _bulk(np.asarray(255 - ink, np.uint8)) >= PARAMS.min_bulk_ratio * _bulk(ink)


class _Hypothesis:
    """The hypothesis that a reduced page has dark ink on a light background."""

    def __init__(self, small: Grey) -> None:
        self._small = small
        self._backgrounds = ClosedBackgrounds(small)
        self.background = self._backgrounds.smoothed(median_filtered)
        self._ink = np.asarray(cv2.subtract(self.background, small), np.uint8)
        self._noise = noise_of(self._ink)

    def is_ruled(self) -> bool:
        """Whether it has many dark ruling lines, such as squared paper has."""
        return len(find_rulings(self._ink, self._noise)) >= PARAMS.min_rulings

    def unlikeness(self) -> float:
        """How unlike ink the dark ink is: its bulk, and how little of it lasts."""
        background = self._backgrounds.smoothed(mean_filtered)
        mask = _mask(np.asarray(cv2.subtract(background, self._small), np.uint8))
        if not mask.any():
            return float("inf")
        lasting = cv2.countNonZero(mask & self._lasting()) / cv2.countNonZero(mask)
        return _bulk(mask) / max(lasting, PARAMS.min_lasting) ** PARAMS.halo_power

    def _lasting(self) -> Grey:
        """Mask of the ink that stays ink with a background that leaves no halos."""
        if ink_level(self._ink, self._noise) is None:
            return np.zeros_like(self._ink)
        return _mask(fully_lit(self._ink, self.background))


def _mask(ink: Grey) -> Grey:
    level = ink_level(ink, noise_of(ink))
    return np.zeros_like(ink) if level is None else thresholded(ink, level)


def _margin(mask: Grey) -> int:
    return int(max(mask.shape) * PARAMS.margin)


def _bulk(mask: Grey) -> float:
    """Covered share of a mask times the radius of the largest circle in it."""
    pad = _margin(mask)
    wide = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    radius = float(cv2.distanceTransform(wide, cv2.DIST_L2, 3).max(initial=0))
    return radius * float(wide.mean())
