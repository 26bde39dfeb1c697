"""Rejects the digits of print, or other text: it has an o and an l in every line.

Each line is judged by itself, as a number may stand below a sentence. Where much of a page is text,
a line of it may look like digits by chance: there a line has to be a plain number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from inkread.core.quantiles import median
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
    #: Digits of a line that is a plain number, on a page of text; chosen: fewer may be a word.
    min_plain: int = 4
    #: Share of them that may be doubtful; chosen: one of five, letters are doubtful for the most
    #: part.
    doubtful: float = 0.2
    #: Height over that of the text, or the reverse, from which on fewer are one, too; chosen: print
    #: has one height.
    other_height: float = 1.4


PARAMS = Params()


def reject_print(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a page, all of a line rejected where it is print.

    Parameters
    ----------
    glyphs : sequence of Glyph
        Marks do not count.

    Returns
    -------
    list of Glyph
        In the same order.
    """
    lines = print_lines(glyphs)
    return [
        replace(glyph, rejected=True) if glyph.line in lines and not glyph.is_mark else glyph
        for glyph in glyphs
    ]


def print_lines(glyphs: Sequence[Glyph]) -> set[int]:
    """The indices of the lines that are print, or other text; marks do not count."""
    lines = dict[int, list[Glyph]]()
    for glyph in glyphs:
        if not glyph.is_mark:
            lines.setdefault(glyph.line, []).append(glyph)
    found = {line for line, own in lines.items() if _is_print(own, PARAMS.min_line)}
    every = [glyph for own in lines.values() for glyph in own]
    if not _is_print(every, PARAMS.min_page):
        return found
    return found | {line for line in lines if not _is_number(line, lines, found)}


def _is_print(digits: Sequence[Glyph], least: int) -> bool:
    rejected = sum(glyph.rejected for glyph in digits)
    return len(digits) >= least and rejected >= PARAMS.rejected * len(digits)


def _is_number(line: int, lines: Mapping[int, Sequence[Glyph]], text: set[int]) -> bool:
    """Whether a line is plainly a number, on a page of text."""
    own = lines[line]
    doubtful = sum(glyph.is_doubtful for glyph in own)
    if any(glyph.rejected for glyph in own) or doubtful > PARAMS.doubtful * len(own):
        return False
    if len(own) >= PARAMS.min_plain:
        return True
    high = _height([glyph for other in text for glyph in lines[other]])
    ratio = _height(own) / high if high else 0.0
    return not 1 / PARAMS.other_height < ratio < PARAMS.other_height and ratio > 0


def _height(digits: Sequence[Glyph]) -> float:
    return median([glyph.box.height for glyph in digits] or [0.0])
