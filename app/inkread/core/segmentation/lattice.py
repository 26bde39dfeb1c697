"""The lattice of a text line: every run of neighbours that may be one glyph, and the best path.

What stands side by side in a line may be one glyph (the two strokes of a 4) or two (an 11): every
run of neighbours is a candidate, the recogniser says how well each can be read, and the cheapest
path through the lattice wins (Burges, Matan, LeCun et al. 1992, "Shortest path segmentation").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from inkread.core.segmentation import prices
from inkread.core.segmentation.primitives import Distance, Group


@dataclass(frozen=True, slots=True)
class Params:
    """Which runs of groups are candidates."""

    #: Groups of one glyph; chosen: no digit is written as more groups side by side.
    max_groups: int = 3
    #: Width to height of more than one group; chosen: of isolated digits 1 % are wider, and
    #: `prices.wide` is high there.
    max_aspect: float = 1.6
    #: Groups of a line as high as one another, that may be digits written small; chosen: the zeros
    #: of a price.
    small_count: int = 2
    #: Ratio of their heights; chosen: digits of one hand differ by less.
    alike: float = 0.8
    #: Heights of the line, of such a digit at least; chosen: fragments of one size are smaller.
    small: float = 0.22


PARAMS = Params()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Items `start`..`stop` - 1 of a line, taken as one glyph; `price` is geometry's."""

    start: int
    stop: int
    group: Group
    price: float


def candidates(line: Sequence[Group], distance: Distance, height: float) -> Iterator[Candidate]:
    """Every run of neighbours of a line that may be one glyph.

    Parameters
    ----------
    line : sequence of Group
        Left to right.
    distance : callable
        Shortest distance between two primitives.
    height : float
        Typical height of a glyph, px.

    Yields
    ------
    Candidate
        Starts in ascending order.
    """
    small = _small_digits(line, height)
    for start, whole in enumerate(line):
        for stop in range(start + 1, min(start + PARAMS.max_groups, len(line)) + 1):
            run = line[start:stop]
            if stop - start > 1:
                whole = whole.joined(run[-1])
                if whole.box.width > PARAMS.max_aspect * max(whole.box.height, height):
                    break
            price = prices.shape(whole.box, height) + inner_price(run, height)
            if len(run) == 1 and start in small:
                price -= prices.low(whole.box.longest_side, height)
            if stop < len(line):
                price += prices.seam(run[-1].distance(line[stop], distance), height)
            yield Candidate(start, stop, whole, price)


def _small_digits(line: Sequence[Group], height: float) -> set[int]:
    """Indexes of the groups of a line that are low, but as high as others of it."""
    low = [
        (index, group.box.height)
        for index, group in enumerate(line)
        if PARAMS.small * height <= group.box.height < prices.PARAMS.low_below * height
    ]
    return {
        index
        for index, own in low
        if sum(PARAMS.alike <= own / other <= 1 / PARAMS.alike for _, other in low)
        >= PARAMS.small_count
    }


def inner_price(run: Sequence[Group], height: float) -> float:
    """Price of taking the groups of a run for one glyph."""
    return sum(prices.gap(a.box, b.box, height) for a, b in pairwise(run))


def best_path(candidates: Sequence[Candidate], costs: Sequence[float]) -> list[int]:
    """The cheapest path through a line.

    Parameters
    ----------
    candidates : sequence of Candidate
        They cover the line; starts in ascending order.
    costs : sequence of float
        Cost of each candidate, its price included.

    Returns
    -------
    list of int
        Indexes of the chosen candidates, left to right.
    """
    end = max(candidate.stop for candidate in candidates)
    best: list[tuple[float, list[int]]] = [(np.inf, []) for _ in range(end + 1)]
    best[0] = (0.0, [])
    for index, candidate in enumerate(candidates):
        cost, path = best[candidate.start]
        if cost + costs[index] < best[candidate.stop][0]:
            best[candidate.stop] = (cost + costs[index], [*path, index])
    return best[end][1]
