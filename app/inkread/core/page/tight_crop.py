"""One bold glyph to which a picture is cropped: more ink than background, of which only slivers
are left.

No background can be estimated between such lines. But where a page has two greys (Otsu 1979), and
one of them has nearly all of the border, the other one is ink if it is a single, long blob.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from inkread.core.page.blob_shapes import inner_radius
from inkread.core.page.contrast import two_greys
from inkread.core.page.state import PageState, Strokes
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the tight crop."""

    # Share of the page; chosen: below, there is background enough to be estimated.
    min_cover: float = 0.3
    # Share of the border; chosen: a stroke may end at the border, no more.
    background_border: float = 0.92
    # Share of the ink; chosen: the rest are specks.
    one_blob: float = 0.97
    # Area over the square of its width, holes filled; chosen: a sheet of paper has 1.4.
    long: float = 1.8
    # Share of the rectangle around it; chosen: what fills more may be a strip of paper, which is
    # no ink if it has holes: they would be what is written on it.
    rectangular: float = 0.85


PARAMS = Params()


@dataclass(frozen=True, slots=True)
class Bold:
    """The mean greys of bold ink and of its background."""

    ink: float
    background: float


def separate_tight_crop(state: PageState) -> PageState:
    """Separate the two greys of a picture that is cropped to one bold glyph."""
    bold = find_bold(state.small) if state.light_on_dark is None else None
    if bold is None:
        return state
    return replace(
        state,
        light_on_dark=bold.ink > bold.background,
        strokes=Strokes.BOLD,
        ink=bold_ink(state.grey, bold),
        level=255.0,
        note="The picture is cropped to one bold glyph: its two greys were separated.",
    )


def find_bold(small: Grey) -> Bold | None:
    """The greys of bold ink and its background.

    Parameters
    ----------
    small : (h, w) array of uint8
        A page, reduced or not.

    Returns
    -------
    Bold or None
        None if it is no page of one bold glyph.
    """
    found = two_greys(small)
    if found is None:
        return None
    light, low, high = found
    border = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]]) > 0
    share = float(border.mean())
    if max(share, 1 - share) < PARAMS.background_border:
        return None
    is_dark = share > 0.5
    ink = np.asarray(cv2.bitwise_not(light), np.uint8) if is_dark else light
    if cv2.countNonZero(ink) <= PARAMS.min_cover * ink.size or not _is_glyph(ink):
        return None
    return Bold(low, high) if is_dark else Bold(high, low)


def _is_glyph(ink: Grey) -> bool:
    """Whether ink is one long blob, and no sheet of paper."""
    blobs, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(blobs, key=cv2.contourArea)
    filled = np.zeros_like(ink)
    cv2.drawContours(filled, [outline], -1, 255, cv2.FILLED)
    own, area = cv2.countNonZero(cv2.bitwise_and(ink, filled)), cv2.countNonZero(filled)
    if own < PARAMS.one_blob * cv2.countNonZero(ink):
        return False
    if area < PARAMS.long * (2 * inner_radius(filled)) ** 2:
        return False
    around = cv2.minAreaRect(outline)[1]
    return own == area or area < PARAMS.rectangular * around[0] * around[1]


def bold_ink(grey: Grey, bold: Bold) -> Grey:
    """Contrast of bold ink, 0 (background) to 255, between its two greys."""
    levels = (np.arange(256) - bold.background) * (255 / (bold.ink - bold.background))
    return np.asarray(cv2.LUT(grey, np.clip(np.rint(levels), 0, 255).astype(np.uint8)), np.uint8)
