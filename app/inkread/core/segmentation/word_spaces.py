"""Where the spaces of a text line are, by its own gaps.

Hands differ in how far apart they write, so no fixed gap is a space: gaps are sorted, and split
into those inside numbers and those between them where the smallest gap between stands clear of
the spread of those inside (gap clustering: Seni and Cohen 1994, "External word segmentation of
off-line handwritten text lines"). Without a gap inside to compare with, only a very wide one is a
space: a space that is not there makes a number wrong. Where all gaps are wide and alike, a hand
writes wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from inkread.core.reading import Glyph


@dataclass(frozen=True, slots=True)
class Params:
    """Gaps in heights of the line's glyphs; spaces that are not there make a number wrong.

    `min_space` and `alone` are cliffs: 20 % more miss 0.8 and 2.5 points of 120 numbers with spaces
    (tests.benchmarks.cliffs --kinds layouts --sample 240).
    """

    #: Heights, of the narrowest space; measured: with all these numbers 1 % of 682 pen-written
    #: numbers without a space get one, 12 % of spaces of 0.8 to 2 are missed
    #: (tests.benchmarks.layouts --strings).
    min_space: float = 0.75
    #: Heights, of a gap that is a space wherever it is; measured: as `min_space`.
    sure_space: float = 1.4
    #: Heights, the same on a line with a single gap; measured: as `min_space`.
    alone: float = 1.1
    #: Heights, of a space beyond the middle of the gaps inside; measured: as `min_space`.
    clear: float = 0.5
    #: Spreads of the gaps inside, the same; measured: as `min_space`.
    spreads: float = 3.5
    #: Gaps of a line that may be wide throughout; chosen: of two, either may be a space.
    min_even: int = 3
    #: Widest gap over the middle one, of a line whose gaps are as wide as one another; chosen:
    #: narrow digits stand in wider gaps.
    even: float = 1.5
    #: Share of the middle of the gaps inside, by which a space is wider; chosen: as above, of a
    #: hand that writes wide.
    wider: float = 0.5
    #: Heights, spread that gaps have in any hand; measured: as `min_space`.
    usual_spread: float = 0.13
    #: Gaps, weight of that spread; measured: as `min_space`.
    usual_count: float = 2.0


PARAMS = Params()

#: Signs before which a number may begin, and after which one ends.
_BEGINS, _ENDS = "-+(", ")%"


def least_space(gaps: Sequence[float] | NDArray[np.float64]) -> float:
    """The least gap of a line that is a space.

    Parameters
    ----------
    gaps : sequence of float
        Between neighbours, in heights; negative where they overlap.
    """
    if len(gaps) == 1:
        return PARAMS.alone
    ordered = np.sort(np.asarray(gaps, np.float64))
    is_long = len(ordered) >= PARAMS.min_even
    for count in range(1, len(ordered)):
        inside, next_gap = ordered[:count], float(ordered[count])
        middle = float(np.median(inside))
        squares = (
            float(np.sum((inside - middle) ** 2)) + PARAMS.usual_count * PARAMS.usual_spread**2
        )
        spread = float(np.sqrt(squares / (count + PARAMS.usual_count)))
        clear = max(PARAMS.clear, PARAMS.spreads * spread, PARAMS.wider * middle)
        if next_gap >= max(PARAMS.min_space, middle + clear):
            is_wide = is_long and inside[-1] >= PARAMS.sure_space
            return next_gap if is_wide else min(next_gap, PARAMS.sure_space)
    if is_long and ordered[-1] < PARAMS.even * float(np.median(ordered)):
        return float("inf")
    return PARAMS.sure_space


def with_spaces(line: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a line, `after_space` set on those after a space.

    A point, comma, colon or stroke belongs to both its neighbours, an opening bracket, minus or
    plus to the number on its right, a closing bracket or percent sign to the one on its left: there
    is no space between them, however wide the gap.

    Parameters
    ----------
    line : sequence of Glyph
        Left to right.
    """
    if len(line) < 2:
        return list(line)
    tall = [glyph.box.height for glyph in line if not glyph.is_sign]
    height = float(np.median(tall or [glyph.box.height for glyph in line])) or 1.0
    gaps = [-a.box.overlap_x(b.box) / height for a, b in pairwise(line)]
    least = least_space(gaps)
    after = [
        gap >= least and not _belong_together(a, b)
        for gap, (a, b) in zip(gaps, pairwise(line), strict=True)
    ]
    return [line[0], *(replace(b, after_space=s) for b, s in zip(line[1:], after, strict=True))]


def _belong_together(first: Glyph, second: Glyph) -> bool:
    return (first.is_sign and first.label not in _ENDS) or (
        second.is_sign and second.label not in _BEGINS
    )
