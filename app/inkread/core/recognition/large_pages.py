"""Large pages are read at half their size, where all that is written on them is large."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inkread.core.picture.downsample import half_of
from inkread.core.picture.page import Page
from inkread.core.quantiles import quantile
from inkread.core.reading import Reading

#: Pages of fewer pixels are read as they are.
_LARGE = 6_000_000
#: At half the size all but this share of the digits must be so high, px: the network sees 20.
_LEAST_HEIGHT = 48.0
_SHARE = 0.25


class SmallWriting(Exception):
    """What is written on a page is too small to be read at half its size."""


def read_halved(page: Page, read: Callable[[Page, float], Reading]) -> Reading:
    """Read a page, in a quarter of the time if it is large and its digits are, too.

    Parameters
    ----------
    page : Page
        As decoded.
    read : callable
        Reads a page, boxes in px of its file; raises SmallWriting if most blobs of the page are
        lower than so many px of it, so that they cost little before they are read as they are.
    """
    if page.grey.size < _LARGE:
        return read(page, 0)
    half = halved(page)
    try:
        reading = read(half, _LEAST_HEIGHT)
    except SmallWriting:
        return read(page, 0)
    heights = [glyph.box.height for glyph in reading.glyphs if not glyph.is_mark]
    is_large = heights and quantile(heights, _SHARE) * half.scale >= _LEAST_HEIGHT
    return reading if is_large else read(page, 0)


def halved(page: Page) -> Page:
    """The page at half its size, without colour; an odd last row or column is left out."""
    grey = half_of(page.grey)
    colour = np.broadcast_to(grey[..., np.newaxis], (*grey.shape, 3))
    return Page(colour, grey, page.scale / 2)
