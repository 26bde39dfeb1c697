"""Decimal points, commas and minus signs: what is no glyph of its own, but stands as a mark does.

No network is asked: a dot looks like dirt, and a dash like the bar of a 5. What makes them marks
is where they stand to the digits beside them: a point on the base line between two of them, a
comma with its tail below it, a minus flat at half their height before one of them, with clear
space around. Whatever stands elsewhere joins a glyph as a fragment or is a speck, as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inkread.core.geometry import Box, union
from inkread.core.segmentation.grouping import Distance, Group, outlines, typical_height
from inkread.core.segmentation.mark_shapes import COMMA, LONGEST_POINT, POINT, Place

# Lengths are in heights of the digits beside the mark.
#: A part that is lower and narrower than this, in typical heights, may be a mark.
_LOW = 0.45
_NARROW = 0.95
#: What marks stand beside is at least so high, in typical heights.
_BODY = 0.5
#: Marks are no farther than this from the digits beside them, and no nearer.
_REACH = 0.9
_APART = 0.06
#: With more stray specks than this for each point found, points are dirt as well.
_STRAYS = 2
#: A mark that only just is one is so probable, one as in the book is so much more.
_BARELY, _MORE = 0.7, 0.29


@dataclass(frozen=True, slots=True)
class Mark:
    """A part that is a mark.

    Attributes
    ----------
    part : int
        Its number.
    sign : str
        ``.``, ``,`` or ``-``.
    probability : float
        How well it keeps to its place and shape, 0 to 1.
    follower : int
        A part of the digit on its right.
    """

    part: int
    sign: str
    probability: float
    follower: int

    @property
    def guesses(self) -> tuple[tuple[str, float], ...]:
        """What it may be, and how probably."""
        other = {POINT: COMMA, COMMA: POINT}.get(self.sign)
        own = (self.sign, self.probability)
        return (own, (other, 1 - self.probability)) if other else (own,)


@dataclass(frozen=True, slots=True)
class _Body:
    """A digit, or half of one: its large parts, the box around them, and all of its parts."""

    parts: Group
    box: Box
    whole: Group

    def without(self, part: int, boxes: Sequence[Box]) -> Box:
        return union(boxes[i] for i in self.whole if i != part)


def find_marks(groups: Sequence[Group], boxes: Sequence[Box], distance: Distance) -> list[Mark]:
    """Find the parts that are marks.

    Parameters
    ----------
    groups : sequence of tuple of int
        What surely belongs together, fragments included (`grouping.group_sure`).
    boxes : sequence of Box
        One for each part, as it would stand if the hand did not lean.
    distance : callable
        Shortest way between two parts.

    Returns
    -------
    list of Mark
        At most one between two neighbours.
    """
    if not groups:
        return []
    height = typical_height(outlines(groups, boxes))
    small = [i for i, box in enumerate(boxes) if _is_small(box, height)]
    bodies = list(_bodies(groups, boxes, frozenset(small), height))
    found: dict[int, Mark] = {}
    for part in small:
        mark = _mark(part, bodies, boxes, distance)
        if mark and mark.probability > getattr(found.get(mark.follower), "probability", 0.0):
            found[mark.follower] = mark
    return _without_dirt(list(found.values()), small, groups, boxes, height)


def without(groups: Sequence[Group], marks: Sequence[Mark]) -> list[Group]:
    """The groups without the parts that are marks."""
    taken = {mark.part for mark in marks}
    left = (tuple(i for i in group if i not in taken) for group in groups)
    return [group for group in left if group]


def parted(
    line: Sequence[Group], marks: Sequence[Mark]
) -> Iterator[tuple[Mark | None, list[Group]]]:
    """A line in runs without marks between, each with the mark before it.

    Parameters
    ----------
    line : sequence of tuple of int
        Groups of parts, left to right.
    marks : sequence of Mark
        Those of other lines do not matter.
    """
    before = {mark.follower: mark for mark in marks}
    start, mark = 0, None
    for place, group in enumerate(line):
        new = next((before[i] for i in group if i in before), None)
        if new is None:
            continue
        if place > start:
            yield mark, list(line[start:place])
        start, mark = place, new
    yield mark, list(line[start:])


def _is_small(box: Box, height: float) -> bool:
    return box.height < _LOW * height and box.width < _NARROW * height


def _bodies(
    groups: Sequence[Group], boxes: Sequence[Box], small: frozenset[int], height: float
) -> Iterator[_Body]:
    for group in groups:
        large = tuple(i for i in group if i not in small)
        if large and (box := union(boxes[i] for i in large)).height >= _BODY * height:
            yield _Body(large, box, group)


def _mark(
    part: int, bodies: Sequence[_Body], boxes: Sequence[Box], distance: Distance
) -> Mark | None:
    box = boxes[part]
    beside = [b for b in bodies if _is_level(box, b.box)]
    left = max((b for b in beside if b.box.centre[0] < box.centre[0]), key=_right, default=None)
    right = min((b for b in beside if b.box.centre[0] >= box.centre[0]), key=_left, default=None)
    if right is None:
        return None
    unit = float(np.mean([b.box.height for b in (left, right) if b]))
    if left and -box.overlap_x(left.without(part, boxes)) > _REACH * unit:
        left, unit = None, right.box.height
    near = [b for b in (left, right) if b]
    nearest = min(distance(part, i) for b in near for i in b.parts)
    if nearest < _APART * unit or -box.overlap_x(right.box) > _REACH * unit:
        return None
    place = Place.of(box, [b.without(part, boxes) for b in near], [b.box for b in near], unit)
    for sign, margin in place.margins():
        if margin > 0:
            return Mark(part, sign, _BARELY + _MORE * min(1.0, margin), right.parts[0])
    return None


def _is_level(box: Box, body: Box) -> bool:
    middle = box.centre[1]
    return body.y - 0.2 * body.height <= middle <= body.bottom + 0.4 * body.height


def _right(body: _Body) -> float:
    return body.box.right


def _left(body: _Body) -> float:
    return body.box.x


def _without_dirt(
    marks: list[Mark],
    small: Sequence[int],
    groups: Sequence[Group],
    boxes: Sequence[Box],
    height: float,
) -> list[Mark]:
    """The marks without the points if as small things lie about everywhere."""
    points = [mark for mark in marks if mark.sign == POINT]
    used = {mark.part for mark in marks} | {i for group in groups for i in group}
    strays = [i for i in small if i not in used and boxes[i].longest_side < LONGEST_POINT * height]
    if len(strays) > _STRAYS * len(points):
        return [mark for mark in marks if mark.sign != POINT]
    return marks
