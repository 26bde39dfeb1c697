"""Rejects the digits of print, or other text: it has an o and an l in every line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inkread.core.reading import Glyph


@dataclass(frozen=True, slots=True)
class Params:
    """What is print."""

    #: Glyphs of a line that may be print; chosen: too few to decide.
    min_line: int = 6
    #: Glyphs of a page that may be; chosen: three short lines.
    min_page: int = 20
    #: Share of them that is rejected; measured: 0.4 to 0.6 of lines of print, hardly any of
    #: numbers.
    rejected: float = 0.4


PARAMS = Params()


def reject_print(glyphs: Sequence[Glyph]) -> list[Glyph]:
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
    if _is_print(rejected.total(), len(digits), PARAMS.min_page):
        lines = set(every)
    else:
        lines = {line for line in every if _is_print(rejected[line], every[line], PARAMS.min_line)}
    return [
        replace(glyph, rejected=True) if glyph.line in lines and not glyph.is_mark else glyph
        for glyph in glyphs
    ]


def _is_print(rejected: int, count: int, least: int) -> bool:
    return count >= least and rejected >= PARAMS.rejected * count
