"""A text that a person typed for a whole picture, as corrections of its glyphs."""

from __future__ import annotations

from inkread.core.correction.edits import Edit, relabelled
from inkread.core.labels import composed
from inkread.core.reading import Reading


def retyped(reading: Reading, text: str) -> tuple[Edit, ...] | None:
    """The edits that make a reading say a text by other labels alone.

    Parameters
    ----------
    reading : Reading
        With its corrections so far.
    text : str
        Lines separated by newlines; spaces do not count.

    Returns
    -------
    tuple of Edit or None
        One for each glyph that is to have another label; None if the text has other lines, or
        more or fewer characters on one of them: then no glyph has a character of its own.
    """
    lines = ["".join(line.split()) for line in composed(text).split("\n")]
    if len(lines) != len(reading.lines):
        return None
    edits = []
    for signs, glyphs in zip(lines, reading.lines, strict=True):
        if len(signs) != len(glyphs) or any(len(glyph.label) != 1 for glyph in glyphs):
            return None
        edits += [relabelled(g, s) for g, s in zip(glyphs, signs, strict=True) if g.label != s]
    return tuple(edits)


def is_same_text(text: str, other: str) -> bool:
    """Whether two texts have the same characters on the same lines; spaces do not count."""
    return composed(text).replace(" ", "") == composed(other).replace(" ", "")
