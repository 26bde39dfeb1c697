"""Count of marks, which do not count as digits."""

from __future__ import annotations

from inkread.core.reading import Glyph, Reading
from inkread.core.segmentation.mark_shapes import MARKS


def is_mark(glyph: Glyph) -> bool:
    """Whether a glyph is a decimal point, comma or minus, as read or as corrected."""
    return glyph.is_mark if glyph.confirmed is None else glyph.confirmed in MARKS


def marks(reading: Reading) -> int:
    return sum(map(is_mark, reading.glyphs))
