"""Large pages are read at half their size, where all the writing on them is large."""

from __future__ import annotations

from dataclasses import dataclass

from inkread.core.picture.page import Page
from inkread.core.quantiles import quantile
from inkread.core.reading import Grey, Reading
from inkread.core.segmentation.text_lines import BoxLayout


@dataclass(frozen=True, slots=True)
class Params:
    """Which pages are read at half their size."""

    #: Pixels; chosen: a page scanned at 200 dpi has fewer, a photo more.
    min_pixels: int = 6_000_000
    #: Px, height of digits at half the size; chosen: the network sees 20.
    min_height: float = 48.0
    #: Share of the digits that may be lower; chosen: fragments may, a line of small digits not.
    low_share: float = 0.25


PARAMS = Params()


def half_sizes(page: Page) -> tuple[bool, ...]:
    """Whether to read a page at half its size, in the order in which this is tried."""
    return (True, False) if is_large_page(page.grey) else (False,)


def is_large_page(grey: Grey) -> bool:
    """Whether a page is large enough to be tried at half its size."""
    return grey.size >= PARAMS.min_pixels


def is_small(layout: BoxLayout) -> bool:
    """Whether most of the primitives of a page are too low to be read, before the network is."""
    return bool(layout.boxes) and layout.typical_height < PARAMS.min_height


def is_large(reading: Reading, scale: float) -> bool:
    """Whether nearly all digits of a reading are high enough.

    Parameters
    ----------
    reading : Reading
        Boxes in px of the file.
    scale : float
        Px of the page, as it was read, for one px of the file.
    """
    heights = [glyph.box.height for glyph in reading.glyphs if not glyph.is_mark]
    if not heights:
        return False
    return quantile(heights, PARAMS.low_share) * scale >= PARAMS.min_height
