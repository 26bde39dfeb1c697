"""Which glyph is shown in detail."""

from __future__ import annotations

from inkread.core.geometry import Box
from inkread.core.reading import Reading
from inkread.ui.glyphs.selection import glyph_near
from tests.ui.readings import reading


def test_the_glyph_near_the_pen() -> None:
    three = reading("123")
    assert glyph_near(three, Box(21, 2, 5, 5)) == 1
    assert glyph_near(three, Box(60, 2, 5, 5)) == 2
    assert glyph_near(Reading(), Box(0, 0, 1, 1)) == -1
