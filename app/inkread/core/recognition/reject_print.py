"""Doubts the digits of what is no writing of digits: print has an o and an l in every line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from inkread.core.reading import Glyph

#: A line, or a page, with so many signs or more, this part of them rejected, is no writing of
#: digits. Of lines of print 0.4 to 0.6 are rejected, of numbers hardly any.
_LINE, _PAGE = 6, 20
_REJECTED = 0.4


def doubted(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a page, all of a line rejected where much of it is.

    Parameters
    ----------
    glyphs : sequence of Glyph
        Marks do not count.

    Returns
    -------
    list of Glyph
        In the same order.
    """
    digits = [glyph for glyph in glyphs if not glyph.is_mark]
    every = Counter(glyph.line for glyph in digits)
    rejected = Counter(glyph.line for glyph in digits if glyph.rejected)
    if _is_print(rejected.total(), len(digits), _PAGE):
        lines = set(every)
    else:
        lines = {line for line in every if _is_print(rejected[line], every[line], _LINE)}
    return [
        replace(glyph, rejected=True) if glyph.line in lines and not glyph.is_mark else glyph
        for glyph in glyphs
    ]


def _is_print(rejected: int, count: int, least: int) -> bool:
    return count >= least and rejected >= _REJECTED * count
