"""Which parts (strokes, or connected blobs of a picture) make one glyph, and in what order.

Parts are first put together where geometry alone is sure: fragments such as the bar of a 5 join
what they belong to, parts above one another are one. What then stands side by side in a line may
be one glyph (the two strokes of a 4) or two (an 11): every grouping of neighbours is a candidate,
the recogniser says how well each can be read, and the cheapest path through the lattice wins
(Burges, Matan, LeCun et al. 1992, "Shortest path segmentation").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.core.geometry import Box, union

#: A part lower than this, in typical heights, is a fragment of something taller.
_FRAGMENT_HEIGHT = 0.45
#: A fragment joins a taller part no farther off than this, in typical heights.
_FRAGMENT_REACH = 0.5
#: A fragment that stands alone is a sign if its longer side reaches this, in typical heights.
_SIGN_SIDE = 0.3
#: Parts that share this much of the narrower one's width are one glyph.
_SURE_OVERLAP = 0.7
#: Parts share a line if they share this much of the lower one's height.
_LINE_OVERLAP = 0.4
#: No glyph has more parts side by side.
_MOST_PARTS = 3
#: What the recogniser's doubt is weighed against: price of a gap of one typical height inside a
#: glyph, of a seam through ink that touches, and of a glyph of half the typical height.
_GAP_PRICE = 8.0
_SEAM_PRICE = 1.5
_LOW_PRICE = 3.0

Group = tuple[int, ...]
#: Shortest way between two parts, px; 0 where they touch.
Distance = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Neighbours `start`..`stop` - 1 of a line, taken as one glyph; `price` is geometry's."""

    start: int
    stop: int
    parts: Group
    price: float


def typical_height(boxes: Sequence[Box]) -> float:
    """Height of the taller parts, px: fragments do not pull it down."""
    return float(np.percentile([box.height for box in boxes], 75)) or _widest(boxes)


def _widest(boxes: Sequence[Box]) -> float:
    return max(box.longest_side for box in boxes)


def group_sure(boxes: Sequence[Box], distance: Distance) -> list[Group]:
    """Put together what is surely one glyph; drop specks.

    Parameters
    ----------
    boxes : sequence of Box
        One for each part; at least one.
    distance : callable
        Shortest way between two parts, by their numbers.

    Returns
    -------
    list of tuple of int
        Numbers of the parts of each group; a part that is in none is a speck.
    """
    height = typical_height(boxes)
    tall = [i for i, box in enumerate(boxes) if box.height >= _FRAGMENT_HEIGHT * height]
    low = [i for i in range(len(boxes)) if i not in set(tall)]
    groups = _join([(i,) for i in tall], boxes, distance, height)
    alone: list[Group] = []
    for i in low:
        near = min(groups, key=lambda g: min(distance(i, j) for j in g), default=None)
        if near and min(distance(i, j) for j in near) <= _FRAGMENT_REACH * height:
            groups[groups.index(near)] = (*near, i)
        elif boxes[i].longest_side >= _SIGN_SIDE * height:
            alone.append((i,))
    return [tuple(sorted(group)) for group in groups + alone]


def _join(
    groups: list[Group], boxes: Sequence[Box], distance: Distance, height: float
) -> list[Group]:
    """Join groups, two by two, until no two of them are surely one."""
    for i, first in enumerate(groups):
        for j in range(i + 1, len(groups)):
            if _surely_one(first, groups[j], boxes, distance, height):
                rest = [group for k, group in enumerate(groups) if k not in (i, j)]
                return _join([*rest, first + groups[j]], boxes, distance, height)
    return groups


def _surely_one(
    first: Group, second: Group, boxes: Sequence[Box], distance: Distance, height: float
) -> bool:
    a, b = (union(boxes[i] for i in group) for group in (first, second))
    shared = a.overlap_x(b) / max(min(a.width, b.width), 0.1 * height)
    if shared < _SURE_OVERLAP:
        return False
    return min(distance(i, j) for i in first for j in second) < 0.15 * height or (
        a.overlap_y(b) > 0.5 * min(a.height, b.height)
    )


def lines_of(boxes: Sequence[Box]) -> list[list[int]]:
    """Numbers of the boxes of each line, top to bottom, left to right.

    Every box is chained to its nearest neighbour on the right that shares enough of its height,
    so that a line may rise or fall.
    """
    line = list(range(len(boxes)))
    order = sorted(range(len(boxes)), key=lambda i: boxes[i].centre[0])
    for place, i in enumerate(order):
        follower = next(
            (
                j
                for j in order[place + 1 :]
                if boxes[i].overlap_y(boxes[j])
                > _LINE_OVERLAP * min(boxes[i].height, boxes[j].height)
            ),
            None,
        )
        if follower is not None:
            old, new = line[follower], line[i]
            line = [new if number == old else number for number in line]
    members = [[i for i in order if line[i] == number] for number in sorted(set(line))]
    return sorted(members, key=lambda m: float(np.mean([boxes[i].centre[1] for i in m])))


def candidates(
    line: Sequence[Group], boxes: Sequence[Box], distance: Distance, height: float
) -> Iterator[Candidate]:
    """Every run of neighbours of a line that may be one glyph."""
    for start in range(len(line)):
        for stop in range(start + 1, min(start + _MOST_PARTS, len(line)) + 1):
            run = line[start:stop]
            box = union(boxes[i] for group in run for i in group)
            if stop - start > 1 and box.width > 1.6 * max(box.height, height):
                break
            price = _low_price(box, height)
            price += sum(_inner_price(a, b, boxes, height) for a, b in pairwise(run))
            if stop < len(line):
                price += _seam_price(run[-1], line[stop], distance, height)
            yield Candidate(start, stop, tuple(i for group in run for i in group), price)


def _inner_price(first: Group, second: Group, boxes: Sequence[Box], height: float) -> float:
    a, b = (union(boxes[i] for i in group) for group in (first, second))
    gap = -a.overlap_x(b) / height
    return _GAP_PRICE * max(0.0, gap) + 0.5


def _low_price(box: Box, height: float) -> float:
    return _LOW_PRICE * max(0.0, 1 - box.longest_side / (0.7 * height))


def _seam_price(first: Group, second: Group, distance: Distance, height: float) -> float:
    near = min(distance(i, j) for i in first for j in second) / height
    return _SEAM_PRICE * max(0.0, 1 - near / 0.05)


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
