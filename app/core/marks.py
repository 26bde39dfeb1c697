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

from app.core.geometry import Box, union
from app.core.segment import Distance, Group, outlines, typical_height

POINT, COMMA, MINUS = ".", ",", "-"

# Lengths are in heights of the digits beside the mark; levels are 0 at their top, 1 at their base.
#: A part that is lower and narrower than this, in typical heights, may be a mark.
_LOW = 0.45
_NARROW = 0.95
#: What marks stand beside is at least so high, in typical heights.
_BODY = 0.5
#: Marks are no farther than this from the digits beside them, and no nearer.
_REACH = 0.9
_APART = 0.06
#: A mark may stand under the end of a 7, so far into its neighbour.
_UNDER = 0.35
#: Points are no longer than this, and their middles stand between these levels.
_POINT = 0.24
_POINT_LEVELS = (0.8, 1.2)
#: Commas are so high and no wider, start below the level, and end so far below the base line.
_COMMA_HEIGHT = (0.12, 0.5)
_COMMA_WIDTH = 0.32
_COMMA_START = 0.65
_TAIL = 0.06
#: So much higher than wide is a comma, both counted so much thicker than their middle lines.
_UPRIGHT = 1.2
_LINE = 0.04
#: Minus signs are so long, so flat, and stand between these levels.
_MINUS_LENGTH = (0.18, 0.9)
_MINUS_FLAT = 0.45
_MINUS_THICK = 0.25
_MINUS_LEVELS = (0.3, 0.72)
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
    """The large parts of a group: a digit, or half of one."""

    parts: Group
    box: Box


def find_marks(groups: Sequence[Group], boxes: Sequence[Box], distance: Distance) -> list[Mark]:
    """Find the parts that are marks.

    Parameters
    ----------
    groups : sequence of tuple of int
        What surely belongs together, fragments included (`app.core.segment.group_sure`).
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
            yield _Body(large, box)


def _mark(
    part: int, bodies: Sequence[_Body], boxes: Sequence[Box], distance: Distance
) -> Mark | None:
    box = boxes[part]
    beside = [b for b in bodies if _is_level(box, b.box)]
    left = max((b for b in beside if b.box.centre[0] < box.centre[0]), key=_right, default=None)
    right = min((b for b in beside if b.box.centre[0] >= box.centre[0]), key=_left, default=None)
    if right is None:
        return None
    near = [b for b in (left, right) if b is not None]
    unit = float(np.mean([b.box.height for b in near]))
    ways = [min(distance(part, i) for i in b.parts) / unit for b in near]
    if min(ways) < _APART or ways[-1] > _REACH:
        return None
    place = _Place.of(box, left.box if left and ways[0] <= _REACH else None, right.box, unit)
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


@dataclass(frozen=True, slots=True)
class _Place:
    """A small part beside digits, in their heights."""

    width: float
    height: float
    #: Level of its top, middle and bottom: 0 at the top of the digits, 1 at their base.
    top: float
    middle: float
    bottom: float
    #: How far it reaches over or under its neighbours; None: there is none on the left.
    into_left: float | None
    into_right: float

    @classmethod
    def of(cls, box: Box, left: Box | None, right: Box, unit: float) -> _Place:
        near = [right] if left is None else [left, right]
        top = float(np.mean([b.y for b in near]))
        base = float(np.mean([b.bottom for b in near]))
        upper, middle, lower = ((y - top) / (base - top) for y in _heights(box))
        into_left = None if left is None else box.overlap_x(left) / unit
        size = box.width / unit, box.height / unit
        return cls(*size, upper, middle, lower, into_left, box.overlap_x(right) / unit)

    def margins(self) -> Iterator[tuple[str, float]]:
        """For each sign how clearly it is one, about 1 in the middle; not positive: it is none."""
        if self.into_left is not None and max(self.into_left, self.into_right) < _UNDER:
            if self._is_upright:
                yield COMMA, self._comma()
            yield POINT, self._point()
        yield MINUS, self._minus()

    @property
    def _is_upright(self) -> bool:
        tails = self.bottom > 1 + _TAIL and self.height >= _COMMA_HEIGHT[0]
        return tails and self.height + _LINE > _UPRIGHT * (self.width + _LINE)

    def _comma(self) -> float:
        return min(
            _within(self.height, (0.0, _COMMA_HEIGHT[1])),
            (_COMMA_WIDTH - self.width) / _COMMA_WIDTH,
            (self.top - _COMMA_START) / 0.2,
        )

    def _point(self) -> float:
        longest = max(self.width, self.height)
        return min(3 * (_POINT - longest) / _POINT, _within(self.middle, _POINT_LEVELS))

    def _minus(self) -> float:
        into = max(self.into_right, -1.0 if self.into_left is None else self.into_left)
        return min(
            _within(self.width, _MINUS_LENGTH),
            2 * (_MINUS_FLAT - self.height / max(self.width, 1e-6)),
            3 * (_MINUS_THICK - self.height) / _MINUS_THICK,
            _within(self.middle, _MINUS_LEVELS),
            -into / _APART,
        )


def _heights(box: Box) -> tuple[float, float, float]:
    return box.y, box.centre[1], box.bottom


def _within(value: float, limits: tuple[float, float]) -> float:
    """1 from a quarter of the way in, 0 at the limits, negative outside."""
    low, high = limits
    return 4 * min(value - low, high - value) / (high - low)


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
    strays = [i for i in small if i not in used and boxes[i].longest_side < _POINT * height]
    if len(strays) > _STRAYS * len(points):
        return [mark for mark in marks if mark.sign != POINT]
    return marks
