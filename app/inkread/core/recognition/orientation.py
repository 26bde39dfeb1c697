"""Which way up a page is read: what reads badly may lie on its side, or stand on its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkread.core.reading import Reading


@dataclass(frozen=True, slots=True)
class Params:
    """When a page is turned."""

    #: Glyphs for which a page is turned; chosen: one or two may well read better lying.
    min_glyphs: int = 3
    #: Glyphs of a page that is tried; chosen: bounds the work, a full page of digits reads well.
    max_glyphs: int = 60
    #: Share of its glyphs that a page must keep; chosen: digits that lie run together, rather.
    kept: float = 0.5
    #: Mean probability of the glyphs of a page that stands upright; chosen: plain digits have 0.99.
    upright: float = 0.9
    #: Mean probability of a turned page at least; chosen: more than that.
    min_turned: float = 0.93
    #: Mean probability by which it leads; chosen: a page that reads about as well as it is stays.
    min_lead: float = 0.1
    #: The same of a page on its head whose digits read both ways up; chosen: one that is hard to
    #: read makes less difference.
    min_half_lead: float = 0.3


PARAMS = Params()

#: Digits that are digits upside down, too.
_BOTH_WAYS_UP = frozenset("01689")


def may_lie(reading: Reading) -> bool:
    """Whether a page that reads so is tried turned by quarters, too."""
    count = len(reading.glyphs)
    return 0 < count <= PARAMS.max_glyphs and mean_probability(reading) < PARAMS.upright


def best_turn(upright: Reading, turned: Sequence[Reading]) -> Reading:
    """The reading of a page as it is, or of the page turned if it is plainly better."""
    least = max(PARAMS.min_glyphs, PARAMS.kept * len(upright.glyphs))
    complete = [reading for reading in turned if len(reading.glyphs) >= least]
    before = mean_probability(upright)
    better = [
        reading
        for reading in complete
        if mean_probability(reading) >= max(PARAMS.min_turned, before + _lead(reading))
    ]
    return max(better, key=mean_probability, default=upright)


def _lead(turned: Reading) -> float:
    """By how much a turned page has to read better than as it is."""
    is_half = turned.seen is not None and turned.seen.quarters == 2
    digits = {glyph.label for glyph in turned.glyphs if not glyph.is_mark}
    return PARAMS.min_half_lead if is_half and digits <= _BOTH_WAYS_UP else PARAMS.min_lead


def mean_probability(reading: Reading) -> float:
    """Of the glyphs, 0 to 1; 0 if there is none."""
    return float(np.mean([glyph.probability for glyph in reading.glyphs] or [0.0]))
