"""What is counted as a digit, the same wherever numbers are told."""

from __future__ import annotations

from inkread.core.reading import Glyph, Reading
from inkread.core.segmentation.mark_shapes import MARKS


def is_mark(glyph: Glyph) -> bool:
    """Whether it is a decimal point, comma or minus, as it was read or as a person says."""
    return glyph.is_mark if glyph.confirmed is None else glyph.confirmed in MARKS


def marks(reading: Reading) -> int:
    return sum(map(is_mark, reading.glyphs))
