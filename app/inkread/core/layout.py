"""The layout of a page, if the user sets it."""

from __future__ import annotations

from enum import StrEnum


class Layout(StrEnum):
    """How the glyphs of a page or drawing are arranged."""

    #: Found out.
    AUTO = "auto"
    #: One glyph: everything but specks belongs to it.
    DIGIT = "digit"
    #: One line, left to right, even if its glyphs stand at different heights.
    LINE = "line"
    #: Lines, one below the other.
    PAGE = "page"
