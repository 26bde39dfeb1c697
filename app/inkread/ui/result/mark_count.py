"""Count of marks, which do not count as digits."""

from __future__ import annotations

from inkread.core.line_labels import SIGNS
from inkread.core.reading import Glyph, Reading


def is_mark(glyph: Glyph) -> bool:
    """Whether a glyph is a sign beside digits, as read or as corrected."""
    if glyph.confirmed is None:
        return glyph.is_mark
    # There are models with classes such as "+": what they read is no mark.
    is_class = not glyph.is_mark and any(g.label == glyph.confirmed for g in glyph.guesses)
    return glyph.confirmed in SIGNS and not is_class


def marks(reading: Reading) -> int:
    return sum(map(is_mark, reading.glyphs))
