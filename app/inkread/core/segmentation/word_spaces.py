"""Where the spaces of a line are, told by its own gaps.

Hands differ in how far apart they write, so no fixed gap is a space: gaps are sorted, and split
into those inside numbers and those between them where the smallest gap between stands clear of
the spread of those inside (gap clustering: Seni and Cohen 1994, "External word segmentation of
off-line handwritten text lines"). Without a gap inside to compare with, only a very wide one is a
space: a space that is not there makes a number wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from inkread.core.reading import Glyph
from inkread.core.segmentation.mark_shapes import MINUS

# Lengths are in heights of the line's glyphs. Measured on 656 pen-written numbers without a space.
#: No gap below this is a space; any gap above that one is, or above the last one if a line has
#: no other.
_LEAST = 0.75
_SURELY = 1.4
_ALONE = 1.1
#: So far above the middle of the gaps inside, and so many times their spread.
_CLEAR = 0.5
_SPREADS = 3.5
#: The spread that gaps have in any hand, counted as so many gaps.
_USUAL_SPREAD = 0.13
_USUAL_COUNT = 2.0


def least_space(gaps: Sequence[float] | NDArray[np.float64]) -> float:
    """The least gap of a line that is a space.

    Parameters
    ----------
    gaps : sequence of float
        Between neighbours, in heights; negative where they overlap.
    """
    if len(gaps) == 1:
        return _ALONE
    ordered = np.sort(np.asarray(gaps, np.float64))
    for count in range(1, len(ordered)):
        inside, next_gap = ordered[:count], float(ordered[count])
        middle = float(np.median(inside))
        squares = float(np.sum((inside - middle) ** 2)) + _USUAL_COUNT * _USUAL_SPREAD**2
        spread = float(np.sqrt(squares / (count + _USUAL_COUNT)))
        if next_gap >= max(_LEAST, middle + max(_CLEAR, _SPREADS * spread)):
            return min(next_gap, _SURELY)
    return _SURELY


def with_spaces(line: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs of a line, those after a space told so.

    A point or comma belongs to both its neighbours, a minus to the number on its right: there is
    no space between them, however wide the gap.

    Parameters
    ----------
    line : sequence of Glyph
        Left to right.
    """
    if len(line) < 2:
        return list(line)
    height = float(np.median([glyph.box.height for glyph in line if not glyph.is_mark])) or 1.0
    gaps = [-a.box.overlap_x(b.box) / height for a, b in pairwise(line)]
    least = least_space(gaps)
    after = [
        gap >= least and not _belong_together(a, b)
        for gap, (a, b) in zip(gaps, pairwise(line), strict=True)
    ]
    return [line[0], *(replace(b, after_space=s) for b, s in zip(line[1:], after, strict=True))]


def _belong_together(first: Glyph, second: Glyph) -> bool:
    return first.is_mark or (second.is_mark and second.label != MINUS)
