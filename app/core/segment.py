"""Which parts (strokes, or connected blobs of a picture) make one glyph, and in what order.

Parts are first put together where geometry alone is sure: fragments such as the bar of a 5 join
what they belong to, parts across one another are one. What then stands side by side in a line may
be one glyph (the two strokes of a 4) or two (an 11): every grouping of neighbours is a candidate,
the recogniser says how well each can be read, and the cheapest path through the lattice wins
(Burges, Matan, LeCun et al. 1992, "Shortest path segmentation"). The same question is put for
parts above one another: an 8 of two rings, or two lines.

Boxes are those of the upright hand: slanted writing is sheared first, so that neighbours that
lean over one another do not overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.core.geometry import Box, union
from app.core.quantiles import quantile
from app.core.rows import line_numbers, overlaps

# Lengths are in heights of the neighbour in question, or of the line's typical glyph.
#: A fragment is flat (height to width) and lower than this part of its neighbour, or tiny.
_FLAT = 0.8
_FLAT_HEIGHT = 0.45
_FLAT_WIDTH = 2.4
_TINY = 0.35
#: A fragment joins a neighbour no farther off than this,
_FRAGMENT_REACH = 0.65
#: and this far to the side; what is farther off may be half of another glyph.
_FRAGMENT_ASIDE = 0.25
#: What is smaller than this and joins nothing is a speck.
_SPECK = 0.25
#: Parts that share this much of the narrower one's width, and stand side by side, are one glyph.
_SURE_OVERLAP = 0.7
_SURE_HEIGHT = 0.3
#: Parts above one another may be one glyph if they share this much width, this near.
_STACK_OVERLAP = 0.3
_STACK_GAP = 0.15
#: They may also share any width and this much height, that near: the loops of an 8 that leans.
_STACK_HEIGHT = 0.6
#: The gap may be so wide where both together are no taller than this, or one is smaller than that.
_LOW_STACK_GAP = 0.25
_LOW_STACK = 1.3
_PART = 0.55
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
#: and parts above one another that touch, or do nearly, one leaning over.
_STACK_BONUS = 3.0
_LEAN_BONUS = 1.0

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
    """Height of the taller glyphs, px; never 0."""
    heights = [box.height for box in boxes]
    return quantile(heights, 0.75) or max(box.longest_side for box in boxes) or 1.0


def outlines(groups: Sequence[Group], boxes: Sequence[Box]) -> list[Box]:
    """The box around each group."""
    return [union(boxes[i] for i in group) for group in groups]


def group_sure(
    boxes: Sequence[Box], distance: Distance, dots: frozenset[int] = frozenset()
) -> list[Group]:
    """Put together what is surely one glyph; drop specks and what is nothing but dots.

    Parameters
    ----------
    boxes : sequence of Box
        One for each part; at least one.
    distance : callable
        Shortest way between two parts, by their numbers.
    dots : frozenset of int
        Numbers of the parts that are no glyph of their own.

    Returns
    -------
    list of tuple of int
        Numbers of the parts of each group; a part that is in none is a speck or a dot.
    """
    number = np.arange(len(boxes))
    for i, j in _fragments(boxes, distance) + _sure_pairs(boxes):
        number[number == number[j]] = number[i]
    found = [tuple(np.flatnonzero(number == k).tolist()) for k in sorted(set(number.tolist()))]
    found = [group for group in found if not dots.issuperset(group)]
    if not found:
        return []
    around = outlines(found, boxes)
    speck = _SPECK * typical_height(around)
    return sorted(
        group for group, box in zip(found, around, strict=True) if box.longest_side > speck
    )


def _fragments(boxes: Sequence[Box], distance: Distance) -> list[tuple[int, int]]:
    """(home, fragment) for every part that is a fragment of another: of its nearest."""
    if len(boxes) == 1:
        return []
    along_x, along_y = overlaps(boxes)
    apart = np.hypot(np.maximum(0, -along_x), np.maximum(0, -along_y))
    width, height = np.array([(b.width, b.height) for b in boxes]).T
    flat = (height < _FLAT * width)[:, np.newaxis] & (width[:, np.newaxis] < _FLAT_WIDTH * height)
    low = height[:, np.newaxis] < _FLAT_HEIGHT * height
    tiny = np.maximum(width, height)[:, np.newaxis] < _TINY * height
    near = (apart <= _FRAGMENT_REACH * height) & (along_x >= -_FRAGMENT_ASIDE * height)
    pairs = []
    for part, homes in enumerate((flat & low | tiny) & near):
        ways = ((distance(part, int(i)) / height[i], int(i)) for i in np.flatnonzero(homes))
        away, home = min(ways, default=(np.inf, part))
        if away <= _FRAGMENT_REACH:
            pairs.append((home, part))
    return pairs


def _sure_pairs(boxes: Sequence[Box]) -> list[tuple[int, int]]:
    """Pairs that lie across one another."""
    if len(boxes) == 1:
        return []
    along_x, along_y = overlaps(boxes)
    width, height = np.array([(b.width, b.height) for b in boxes]).T
    least = np.maximum(np.minimum.outer(width, width), 0.1 * np.maximum.outer(height, height))
    sure = (along_x > _SURE_OVERLAP * least) & (
        along_y > _SURE_HEIGHT * np.minimum.outer(height, height)
    )
    return [(int(i), int(j)) for i, j in np.argwhere(np.triu(sure, 1))]


def stacked(boxes: Sequence[Box], distance: Distance) -> list[tuple[int, int, float]]:
    """Pairs of groups above one another that may be one glyph.

    Of two lines that have several groups each, only what is no taller than a glyph.

    Parameters
    ----------
    boxes : sequence of Box
        One for each group.
    distance : callable
        Shortest way between two groups, by their numbers.

    Returns
    -------
    list of (int, int, float)
        Numbers of the two, and what speaks for joining them: a logarithm of odds.
    """
    if len(boxes) < 2:
        return []
    along_x, along_y = overlaps(boxes)
    width, height = np.array([(b.width, b.height) for b in boxes]).T
    lower, narrower = np.minimum.outer(height, height), np.minimum.outer(width, width)
    whole = np.add.outer(height, height) - along_y
    is_low = whole <= _LOW_STACK * typical_height(boxes)
    gap = np.maximum(0, -along_y) / np.maximum(whole, 1e-6)
    gap /= np.where(is_low | _has_part(boxes), _LOW_STACK_GAP, _STACK_GAP)
    over = (along_x > _STACK_OVERLAP * narrower) & (along_y < _SURE_HEIGHT * lower)
    perhaps = (along_x > 0) & (along_y < _STACK_HEIGHT * lower) & (gap < 1)
    perhaps &= is_low | ~_of_two_lines(boxes)
    pairs = [(int(i), int(j)) for i, j in np.argwhere(np.triu(perhaps, 1))]
    return [
        (i, j, _STACK_BONUS * (1 - gap[i, j]) if over[i, j] else _LEAN_BONUS)
        for i, j in pairs
        if over[i, j] or distance(i, j) < _STACK_GAP * lower[i, j]
    ]


def _has_part(boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """Whether one of two boxes is too small for a glyph of its own."""
    small = np.array([box.longest_side for box in boxes]) < _PART * typical_height(boxes)
    return np.logical_or.outer(small, small)


def _of_two_lines(boxes: Sequence[Box]) -> NDArray[np.bool_]:
    """Whether two boxes stand in different lines that have several each."""
    line, size = line_numbers(boxes)
    return np.not_equal.outer(line, line) & (np.minimum.outer(size, size) > 1)


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
