"""Decimal points, commas and minus signs: no glyphs of their own, but placed as a mark is.

No network is asked: a dot looks like dirt, and a dash like the bar of a 5. What makes them marks
is where they stand to the digits beside them: a point on the base line between two of them, close
before the first or close behind the last, a comma with its tail below it, a minus flat at half
their height before one of them, with clear space around. Anything that stands elsewhere joins a
glyph as a fragment or is a speck.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from inkread.core.geometry import Box, union
from inkread.core.segmentation import mark_shapes
from inkread.core.segmentation.grouping import layout_of
from inkread.core.segmentation.mark_shapes import COMMA, MINUS, POINT, Place
from inkread.core.segmentation.primitives import Distance, Group
from inkread.core.text_line import TextLine


@dataclass(frozen=True, slots=True)
class Params:
    """Where marks are looked for; heights are those of the digits beside them."""

    #: Typical heights, of a mark; chosen: a comma with its tail is lower.
    low: float = 0.45
    #: Typical heights, width of a mark; chosen: a long minus is narrower.
    narrow: float = 0.95
    #: Typical heights, of what marks stand beside; chosen: half a digit at least.
    min_body: float = 0.5
    #: Primitives of what marks stand beside; chosen: bounds the work, a digit has fewer.
    max_members: int = 40
    #: Heights, of a mark's middle above the digit beside it; chosen: room for a line that climbs.
    above: float = 0.2
    #: Heights, of a mark's middle below that digit; chosen: a comma hangs below the base line.
    below: float = 0.4
    #: Heights, gap to the digits beside it; chosen: the widest gap inside a number is narrower.
    reach: float = 0.9
    #: Heights, gap to the only digit beside it; chosen: farther off it is dirt.
    end_reach: float = 0.65
    #: Heights, gap to them at least; chosen: what touches a digit is part of it.
    min_gap: float = 0.06
    #: Stray specks for each point found; chosen: with more, points are dirt as well.
    max_strays: int = 2
    #: Probability of a mark that only just is one; chosen: doubtful, see `reading.SURE`.
    barely: float = 0.7
    #: Probability that a perfect one has besides; chosen: 0.99 in all.
    more: float = 0.29


PARAMS = Params()


@dataclass(frozen=True, slots=True)
class Mark:
    """A primitive that is a mark.

    Attributes
    ----------
    primitive : int
        Its index.
    sign : str
        ``.``, ``,`` or ``-``.
    probability : float
        How well it keeps to its place and shape, 0 to 1.
    follower : int or None
        A primitive of the digit on its right; None: it stands behind the last digit.
    leader : int or None
        A primitive of the digit on its left; None: it stands before the first one.
    """

    primitive: int
    sign: str
    probability: float
    follower: int | None
    leader: int | None = None

    @property
    def is_end(self) -> bool:
        """Whether it stands before the first digit or behind the last one."""
        return self.follower is None or self.leader is None

    @property
    def guesses(self) -> tuple[tuple[str, float], ...]:
        """The signs that it may be, with their probabilities."""
        other = {POINT: COMMA, COMMA: POINT}.get(self.sign)
        own = (self.sign, self.probability)
        return (own, (other, 1 - self.probability)) if other else (own,)


@dataclass(frozen=True, slots=True)
class _Body:
    """A digit, or half of one: its large primitives, and all of them."""

    large: Group
    whole: Group

    def without(self, primitive: int, boxes: Sequence[Box]) -> Box:
        return union(boxes[i] for i in self.whole.members if i != primitive)


def find_marks(groups: Sequence[Group], boxes: Sequence[Box], distance: Distance) -> list[Mark]:
    """Find the primitives that are marks.

    Parameters
    ----------
    groups : sequence of Group
        As of `grouping.group_sure`.
    boxes : sequence of Box
        One for each primitive, as it would stand if the hand did not lean.
    distance : callable
        Shortest distance between two primitives.

    Returns
    -------
    list of Mark
        At most one between two neighbours, before the first and behind the last digit.
    """
    if not groups:
        return []
    height = layout_of(groups).typical_height
    small = [i for i, box in enumerate(boxes) if _is_small(box, height)]
    bodies = list(_bodies(groups, boxes, frozenset(small), height))
    found: dict[tuple[int | None, int | None], Mark] = {}
    for primitive in small:
        mark = _mark(primitive, bodies, boxes, distance)
        if mark is None or (mark.is_end and mark.sign != MINUS and _goes_on(mark, boxes)):
            continue
        place = mark.follower, None if mark.follower is not None else mark.leader
        if mark.probability > getattr(found.get(place), "probability", 0.0):
            found[place] = mark
    return _without_dirt(list(found.values()), small, groups, boxes, height)


def without(groups: Sequence[Group], marks: Sequence[Mark], boxes: Sequence[Box]) -> list[Group]:
    """The groups without the primitives that are marks."""
    taken = {mark.primitive for mark in marks}
    left = ([i for i in group.members if i not in taken] for group in groups)
    return [Group.of(members, boxes) for members in left if members]


def runs(
    line: TextLine[Group], marks: Sequence[Mark]
) -> Iterator[tuple[Mark | None, TextLine[Group]]]:
    """A line in runs without marks between, each with the mark before it.

    Marks of other lines do not matter.
    """
    before = {mark.follower: mark for mark in marks if mark.follower is not None}
    return line.runs(lambda group: next((before[i] for i in group.members if i in before), None))


def between(marks: Sequence[Mark]) -> list[Mark]:
    """The marks without points and commas before the first digit and behind the last one."""
    return [mark for mark in marks if mark.sign == MINUS or not mark.is_end]


def at_end(line: TextLine[Group], marks: Sequence[Mark]) -> list[Mark]:
    """The mark behind the last digit of a line, if there is one."""
    members = {i for group in line for i in group.members}
    return [mark for mark in marks if mark.follower is None and mark.leader in members]


def _is_small(box: Box, height: float) -> bool:
    return box.height < PARAMS.low * height and box.width < PARAMS.narrow * height


def _bodies(
    groups: Sequence[Group], boxes: Sequence[Box], small: frozenset[int], height: float
) -> Iterator[_Body]:
    for group in groups:
        members = [i for i in group.members if i not in small]
        if len(group.members) > PARAMS.max_members:
            continue
        if members and (large := Group.of(members, boxes)).box.height >= PARAMS.min_body * height:
            yield _Body(large, group)


def _mark(
    primitive: int, bodies: Sequence[_Body], boxes: Sequence[Box], distance: Distance
) -> Mark | None:
    box = boxes[primitive]
    x = box.centre[0]
    beside = [b for b in bodies if _is_level(box, b.large.box)]
    before = [b for b in beside if b.large.box.centre[0] < x]
    after = [b for b in beside if b.large.box.centre[0] >= x]
    left = max(before, key=lambda b: b.large.box.right, default=None)
    right = min(after, key=lambda b: b.large.box.x, default=None)
    if right and -box.overlap_x(right.large.box) > PARAMS.reach * right.large.box.height:
        right = None
    near = [b for b in (left, right) if b]
    if not near:
        return None
    unit = float(np.mean([b.large.box.height for b in near]))
    if left and right and -box.overlap_x(left.without(primitive, boxes)) > PARAMS.reach * unit:
        left, near, unit = None, [right], right.large.box.height
    nearest = min(distance(primitive, i) for b in near for i in b.large.members)
    if nearest < PARAMS.min_gap * unit:
        return None
    wholes, larges = [b.without(primitive, boxes) for b in near], [b.large.box for b in near]
    place = Place.of(box, wholes, larges, unit)
    for sign, margin in place.margins():
        if margin > 0 and _may_stand(sign, left, right, place):
            probability = PARAMS.barely + PARAMS.more * min(1.0, margin)
            follower, leader = (b.large.members[0] if b else None for b in (right, left))
            return Mark(primitive, sign, probability, follower, leader)
    return None


def _may_stand(sign: str, left: _Body | None, right: _Body | None, place: Place) -> bool:
    """Whether a mark may stand so beside its digits: between two, or before or behind one."""
    if left and right:
        return True
    if sign == MINUS:
        return right is not None
    return -place.into_right < PARAMS.end_reach and (left is not None or sign == POINT)


def _goes_on(mark: Mark, boxes: Sequence[Box]) -> bool:
    """Whether something else stands beyond a mark that is behind all digits or before them."""
    digit = mark.follower if mark.leader is None else mark.leader
    own, body = boxes[mark.primitive], boxes[mark.primitive if digit is None else digit]
    for index, box in enumerate(boxes):
        gap = own.x - box.right if mark.leader is None else box.x - own.right
        is_beyond = index != mark.primitive and 0 <= gap < PARAMS.reach * body.height
        if is_beyond and _is_level(box, body):
            return True
    return False


def _is_level(box: Box, body: Box) -> bool:
    top = body.y - PARAMS.above * body.height
    return top <= box.centre[1] <= body.bottom + PARAMS.below * body.height


def _without_dirt(
    marks: list[Mark],
    small: Sequence[int],
    groups: Sequence[Group],
    boxes: Sequence[Box],
    height: float,
) -> list[Mark]:
    """The marks without the points if as small things lie about everywhere; without those that have
    a digit on one side alone if any do.
    """
    points = [mark for mark in marks if mark.sign == POINT]
    used = {mark.primitive for mark in marks} | {i for group in groups for i in group.members}
    longest = mark_shapes.PARAMS.max_point * height
    strays = [i for i in small if i not in used and boxes[i].longest_side < longest]
    if strays:
        marks = between(marks)
    if len(strays) > PARAMS.max_strays * len(points):
        return [mark for mark in marks if mark.sign != POINT]
    return marks
