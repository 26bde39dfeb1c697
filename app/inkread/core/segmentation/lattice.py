"""The glyphs of a line: which groups of parts stand for one, by the cheapest path.

What stands side by side in a line may be one glyph (the two strokes of a 4) or two (an 11): every
run of neighbours is a candidate, the recogniser says how well each can be read, and the cheapest
path through the lattice wins (Burges, Matan, LeCun et al. 1992, "Shortest path segmentation").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from inkread.core.geometry import Box, union
from inkread.core.segmentation.grouping import Distance, Group, outlines

# Lengths are in heights of the line's typical glyph.
#: No glyph has more parts side by side, or is wider to its height.
_MOST_PARTS = 3
_WIDEST = 1.6
# What the recogniser's doubt is weighed against:
#: a gap of one height inside a glyph, and the bonus for one that has no gap,
_GAP_PRICE = 12.0
_NEAR_BONUS = 1.0
#: a seam through ink that touches, fading out at this distance,
_SEAM_PRICE = 1.5
_SEAM_REACH = 0.05
#: a glyph that is much lower than its line,
_LOW_PRICE = 3.0
#: a glyph that is wider to its height than most (of isolated digits 10 % are, 1 % by half more),
_WIDE_PRICE = 2.5
_WIDE = 1.15


@dataclass(frozen=True, slots=True)
class Candidate:
    """Neighbours `start`..`stop` - 1 of a line, taken as one glyph; `price` is geometry's."""

    start: int
    stop: int
    parts: Group
    price: float


def candidates(
    line: Sequence[Group], boxes: Sequence[Box], distance: Distance, height: float
) -> Iterator[Candidate]:
    """Every run of neighbours of a line that may be one glyph.

    Parameters
    ----------
    line : sequence of tuple of int
        Groups of parts, left to right.
    boxes : sequence of Box
        One for each part.
    distance : callable
        Shortest way between two parts.
    height : float
        Typical height of a glyph, px.

    Yields
    ------
    Candidate
        Starts in ascending order.
    """
    for start in range(len(line)):
        for stop in range(start + 1, min(start + _MOST_PARTS, len(line)) + 1):
            run = line[start:stop]
            box = union(boxes[i] for group in run for i in group)
            if stop - start > 1 and box.width > _WIDEST * max(box.height, height):
                break
            price = shape_price(box, height)
            price += sum(inner_price(a, b, boxes, height) for a, b in pairwise(run))
            if stop < len(line):
                price += seam_price(run[-1], line[stop], distance, height)
            yield Candidate(start, stop, tuple(i for group in run for i in group), price)


def inner_price(first: Group, second: Group, boxes: Sequence[Box], height: float) -> float:
    """What it costs that neighbours are one glyph: more, the wider the gap."""
    a, b = outlines((first, second), boxes)
    gap = -a.overlap_x(b) / height
    return _GAP_PRICE * max(0.0, gap) - _NEAR_BONUS


def shape_price(box: Box, height: float) -> float:
    """What it costs that a glyph is lower than its line, or very wide."""
    wide = max(0.0, box.width / max(box.height, 0.5 * height) - _WIDE)
    return low_price(box.longest_side, height) + _WIDE_PRICE * wide


def low_price(side: float, height: float) -> float:
    """What it costs that a glyph measures only `side` px in a line of `height`."""
    return _LOW_PRICE * max(0.0, 1 - side / (0.7 * height))


def seam_price(first: Group, second: Group, distance: Distance, height: float) -> float:
    """What it costs that neighbours that touch are two glyphs."""
    near = min(distance(i, j) for i in first for j in second) / height
    return _SEAM_PRICE * max(0.0, 1 - near / _SEAM_REACH)


def best_path(candidates: Sequence[Candidate], costs: Sequence[float]) -> list[int]:
    """The cheapest way through a line.

    Parameters
    ----------
    candidates : sequence of Candidate
        They cover the line; starts in ascending order.
    costs : sequence of float
        Cost of each candidate, its price included.

    Returns
    -------
    list of int
        Numbers of the chosen candidates, left to right.
    """
    end = max(candidate.stop for candidate in candidates)
    best: list[tuple[float, list[int]]] = [(np.inf, []) for _ in range(end + 1)]
    best[0] = (0.0, [])
    for number, candidate in enumerate(candidates):
        cost, path = best[candidate.start]
        if cost + costs[number] < best[candidate.stop][0]:
            best[candidate.stop] = (cost + costs[number], [*path, number])
    return best[end][1]
