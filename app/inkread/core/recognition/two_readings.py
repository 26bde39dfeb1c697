"""Two readings of the same ink: which one stays, and what is doubtful where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from inkread.core.reading import Glyph


@dataclass(frozen=True, slots=True)
class Params:
    """Doubt of what only one reading has."""

    #: Share of its probability that such a glyph keeps; chosen: below 0.9, from which on a glyph is
    #: not doubtful.
    alone: float = 0.85


PARAMS = Params()

#: Signs that only the network for lines knows.
_OTHER_SIGNS = frozenset("/:()+=%*'")


def surer(alone: list[Glyph], together: list[Glyph]) -> list[Glyph]:
    """Of two readings of the same ink the surer one, doubted where the other differs.

    Parameters
    ----------
    alone : list of Glyph
        As the network of cells reads it, with the marks that it finds by their shapes.
    together : list of Glyph
        As a network for lines proposes it and the cells judge it.

    Returns
    -------
    list of Glyph
        Those of one reading, in its order.

    Notes
    -----
    Cells know no other signs than points, commas and dashes, but these better: 97 of 100 are found
    by their shapes, 90 by the network for lines (tests.benchmarks.layouts). So a reading with other
    signs stays, and where the digits are the same, the one with more signs.
    """
    is_alone = _confidence(alone) > _confidence(together)
    if any(label in _OTHER_SIGNS for label in _labels(together)):
        is_alone = False
    elif _digits(alone) == _digits(together):
        is_alone = is_alone or len(alone) > len(together)
    if not is_alone:
        return _doubted(together, alone, heeds_doubt=False)
    return _doubted(alone, together, heeds_doubt=True)


def _doubted(kept: list[Glyph], other: list[Glyph], heeds_doubt: bool) -> list[Glyph]:
    """A reading, less sure where another differs, or doubts the same if that is heeded."""
    same = SequenceMatcher(None, _labels(kept), _labels(other), autojunk=False)
    agreed = {
        block.a + k
        for block in same.get_matching_blocks()
        for k in range(block.size)
        if not (heeds_doubt and other[block.b + k].is_doubtful)
    }
    return [glyph if i in agreed else _less_sure(glyph) for i, glyph in enumerate(kept)]


def _confidence(glyphs: Sequence[Glyph]) -> float:
    return min((0.0 if g.rejected else g.probability for g in glyphs), default=0.0)


def _labels(glyphs: Sequence[Glyph]) -> list[str]:
    return [glyph.label for glyph in glyphs]


def _digits(glyphs: Sequence[Glyph]) -> list[str]:
    return [glyph.label for glyph in glyphs if not glyph.is_mark]


def _less_sure(glyph: Glyph) -> Glyph:
    """A glyph that only one of two readings has: less probable, its other guesses more so."""
    first, *others = glyph.guesses
    taken = (1 - PARAMS.alone) * first.probability
    guesses = [replace(first, probability=first.probability - taken)]
    guesses += [replace(g, probability=g.probability + taken / len(others)) for g in others]
    return replace(glyph, guesses=tuple(guesses))
