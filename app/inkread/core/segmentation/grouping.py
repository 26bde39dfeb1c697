"""Which parts (strokes, or connected blobs of a picture) are surely one glyph, or may be.

Fragments such as the bar of a 5 join what they belong to, parts across one another are one, and
specks are left out. Parts above one another, an 8 of two rings or two lines, are named: the
recogniser is asked about them.

Boxes are those of the upright hand: slanted writing is sheared first, so that neighbours that
lean over one another do not overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box, union
from inkread.core.quantiles import quantile
from inkread.core.segmentation.text_lines import Matrix, line_numbers, lines_of, overlaps

# Lengths are in heights of the neighbour in question, or of the typical glyph.
#: A fragment is flat (height to width) and lower than this part of its neighbour, or tiny.
_FLAT = 0.8
_FLAT_HEIGHT = 0.45
_FLAT_WIDTH = 2.4
_TINY = 0.35
#: A fragment joins a neighbour no farther off than this,
_FRAGMENT_REACH = 0.65
#: and this far to the side; what is farther off may be half of another glyph.
_FRAGMENT_ASIDE = 0.25
#: It stays with what it touches: with what is nearer than this.
_TOUCH = 0.05
#: What is not flat joins nothing above or below it, so far off at least, where it stands in a row
#: of so many as high.
_BELOW = 0.1
_ROW = 3
_ALIKE = 0.7
#: What is smaller than this and joins nothing is a speck,
_SPECK = 0.25
#: unless it stands in a row of no higher ones: it is so high, to them.
_SMALL = 0.45
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
#: What speaks for parts above one another that touch, or do nearly, and for one leaning over.
_STACK_BONUS = 3.0
_LEAN_BONUS = 1.0

Group = tuple[int, ...]
#: Shortest way between two parts, px; 0 where they touch.
Distance = Callable[[int, int], float]


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
    kept = _no_specks(outlines(found, boxes))
    return sorted(found[i] for i in kept)


def _no_specks(boxes: Sequence[Box]) -> list[int]:
    """Numbers of those that are large enough, or so in a row of small ones."""
    least = _SPECK * typical_height(boxes)
    large = [box.longest_side > least for box in boxes]
    kept = [i for i, is_large in enumerate(large) if is_large]
    for row in lines_of(boxes) if len(kept) < len(boxes) else ():
        others = [boxes[i] for i in row if large[i]]
        if len(others) >= _ROW:
            high = _SMALL * typical_height(others)
            kept += [i for i in row if not large[i] and boxes[i].longest_side > high]
    return kept


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
    near &= flat | (along_y > -_BELOW * height) | ~_in_own_row(boxes, height)[:, np.newaxis]
    pairs = []
    for part, homes in enumerate((flat & low | tiny) & near):
        ways = ((distance(part, int(i)) / height[i], int(i)) for i in np.flatnonzero(homes))
        away, home = min(ways, default=(np.inf, part))
        across = (int(i) for i in np.flatnonzero(apart[part] == 0) if i not in (part, home))
        if away <= _TOUCH or (
            away <= _FRAGMENT_REACH and all(distance(part, i) > _TOUCH * height[i] for i in across)
        ):
            pairs.append((home, part))
    return pairs


def _in_own_row(boxes: Sequence[Box], height: Matrix) -> NDArray[np.bool_]:
    """Whether a box has others as high as it on its line: small digits under large ones."""
    line, _ = line_numbers(boxes)
    alike = np.minimum.outer(height, height) > _ALIKE * np.maximum.outer(height, height)
    return np.asarray((np.equal.outer(line, line) & alike).sum(axis=1) >= _ROW)


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
