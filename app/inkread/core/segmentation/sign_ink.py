"""Which ink of a text line belongs to each sign that a line network found in it.

Groups that hold one sign are its ink as they are. A group that holds several is divided among its
members where each of them holds one sign, and else over-segmented: the segments are given to the
signs in the order of writing, so that the network of cells reads each sign as best it can (forced
alignment: the labels are known, the cuts are not).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box, left_to_right, union
from inkread.core.reading import Cells, Stage
from inkread.core.segmentation.decode_line import Budget
from inkread.core.segmentation.primitives import Group, LinePrimitives, Segment

Members = tuple[int, ...]
#: Cells -> probabilities, and what a person's samples say (nats), each (n, k).
Classify = Callable[[Cells], tuple[Cells, Cells]]


@dataclass(frozen=True, slots=True)
class Params:
    """Costs in nats; lengths in heights of the line's digits."""

    #: Nats for one height between a sign and its ink; chosen: a step of the network is 0.2.
    outside: float = 5.0
    #: Nats for half a width between the middle of ink and its sign; chosen: decides between groups
    #: that overlap.
    aside: float = 1.0
    #: Nats of small ink for a digit, or tall ink for a point; chosen: half a height outside.
    size: float = 2.5
    #: Heights, longer side of small ink; chosen: a digit is larger.
    small: float = 0.4
    #: Nats of a second sign in one group; chosen: a tenth of a height outside.
    shared: float = 0.5
    #: Nats of a group without a sign; chosen: more than a second sign in one group.
    left_out: float = 0.8
    #: Nats of a sign without ink; chosen: its ink is farther off than half a height.
    missing: float = 3.0
    #: Heights, between a group without a sign and the glyph that it may be part of; chosen: the
    #: bar of a 5 is nearer.
    reach: float = 0.3
    #: Ink without a sign that may be part of a glyph, of one line; chosen: bounds the work, in a
    #: line of digits each has a fragment at most.
    max_adopted: int = 200
    #: Heights, gap along x between the parts of a sign such as a colon; chosen: less than between
    #: signs.
    part: float = 0.15
    #: Heights, longer side of such a part; chosen: the bars of an equals sign are shorter.
    max_part: float = 0.7
    #: Heights, longer side of a part of a percent sign; chosen: its stroke is as high as digits.
    percent_part: float = 1.4
    #: Heights, gap along x between its parts; chosen: a ring may stand half a digit off its stroke.
    ring: float = 0.3
    #: Segments of one sign; chosen: as many as of one digit in `decode_line`.
    max_segments: int = 9
    #: Heights, width of a sign made of segments; chosen: as there.
    max_width: float = 1.3
    #: Heights, between a sign and the segments that may be its ink; chosen: a step of the network
    #: and the half of a narrow digit.
    room: float = 0.35
    #: Probability of a cell at least; chosen: keeps the logarithm finite.
    min_probability: float = 1e-4
    #: Nats between what a person's samples say for and against a label, from which on it is one of
    #: theirs; measured: 9 to 16 for ink as it was taught, below 2.4 for other digits.
    taught: float = 5.0
    #: Weight of the price of a cut beside the probability of a cell; chosen: as in `prices.doubt`.
    cut_weight: float = 0.67


PARAMS = Params()

#: Labels of signs that are small, or made of small ink.
SMALL_SIGNS = frozenset(".,'")
PERCENT = "%"
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of a line: its label, and the middle of its place in upright coordinates."""

    label: str
    x: float

    @property
    def is_digit(self) -> bool:
        return self.label in _DIGITS


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Ink as one cell, and what the network says of it."""

    probabilities: Cells
    cell: Cells
    stages: tuple[Stage, ...]
    #: What a person's samples say for each label, nats; 0 far from all of them.
    taught: Cells


@dataclass(slots=True)
class Judge:
    """Primitives, and what the network of cells says of some of them; each is asked about once."""

    primitives: LinePrimitives
    classify: Classify
    labels: tuple[str, ...]
    budget: Budget = field(default_factory=Budget)
    known: dict[Members, Judged] = field(default_factory=dict)
    _segments: dict[Members, list[Segment]] = field(default_factory=dict)

    def ask(self, wanted: Sequence[Members]) -> None:
        """Ask about all that is not known yet, at once."""
        new = [members for members in dict.fromkeys(wanted) if members not in self.known]
        if not new:
            return
        made = [self.primitives.cell(members) for members in new]
        rows, taught = self.classify(np.stack([cell for cell, _ in made])[:, np.newaxis])
        for members, row, own, (cell, stages) in zip(new, rows, taught, made, strict=True):
            self.known[members] = Judged(row, cell, stages, own)

    def as_taught(self, members: Members, label: str) -> str:
        """The label, or the one that a person taught for such ink; of what was asked about."""
        return taught_label(self.known[members], self.labels) or label

    def surprise(self, members: Members, label: str) -> float:
        """Nats against a digit's label; of what was asked about."""
        probability = float(self.known[members].probabilities[self.labels.index(label)])
        return -math.log(max(PARAMS.min_probability, probability))

    def segments(self, members: Members, height: float) -> list[Segment]:
        """The segments of a group; they are primitives from then on."""
        if members not in self._segments:
            found = [Segment(members)]
            if self.budget.spend([0], 1):
                self.primitives, found = self.primitives.oversegment(members, height)
            self._segments[members] = found
        return self._segments[members]

    def group(self, members: Members) -> Group:
        return Group.of(members, self.primitives.layout.boxes)


def taught_label(judged: Judged, labels: Sequence[str]) -> str | None:
    """The label that a person taught for such ink; None: none."""
    best = int(judged.taught.argmax())
    is_taught = float(judged.taught[best] - judged.taught.min()) > PARAMS.taught
    return labels[best] if is_taught else None


def ink_of_signs(
    signs: Sequence[Sign],
    groups: Sequence[Group],
    small: Sequence[int],
    height: float,
    judge: Judge,
) -> tuple[list[Members], list[Group]]:
    """Divide the ink of a line among its signs.

    Parameters
    ----------
    signs : sequence of Sign
        Left to right.
    groups : sequence of Group
        Those of the line.
    small : sequence of int
        Primitives beside them that are in no group: points, specks.
    height : float
        Height of the line's digits, in the unit of the boxes.
    judge : Judge
        Reads cells; gets further primitives where groups are cut.

    Returns
    -------
    list of tuple of int
        The primitives of each sign; empty: no ink was found for it.
    list of Group
        The groups that are no sign's, without small ones.
    """
    bodies, fragments = list(groups), list[Group]()
    if not all(sign.is_digit for sign in signs):
        bodies, fragments = _taken_apart(groups, height, judge)
    items = [*bodies, *fragments, *(judge.group((i,)) for i in small)]
    items = [items[i] for i in left_to_right([item.box for item in items])]
    homes = _homes(signs, items, height)
    found: list[Members] = [() for _ in signs]
    free = dict(enumerate(items))
    at_home: dict[int, list[int]] = {}
    for k, home in enumerate(homes):
        if home is not None:
            at_home.setdefault(home, []).append(k)
    for place, held in sorted(at_home.items()):
        parts = _divided(items[place], [signs[k] for k in held], height, judge)
        for k, members in zip(held, parts, strict=True):
            found[k] = members
        del free[place]
    whole = {i: group.members for group in groups for i in group.members}
    owned = _Held.of(signs, found, judge)
    left = [item for item in free.values() if not _of_a_sign(item, owned, height)]
    fragments = [item for item in left if item.members[0] in whole]
    for item in fragments[: PARAMS.max_adopted]:
        _adopt(item, whole[item.members[0]], owned, height, judge)
    found = owned.ink
    used = {i for members in found for i in members}
    large = [item for item in free.values() if not _is_small(item.box, height)]
    return found, [item for item in large if used.isdisjoint(item.members)]


def _taken_apart(
    groups: Sequence[Group], height: float, judge: Judge
) -> tuple[list[Group], list[Group]]:
    """The groups without their small members, which may be signs, and these."""
    bodies, fragments = list[Group](), list[Group]()
    for group in groups:
        parts = [judge.group((i,)) for i in group.members]
        is_small = [_is_small(part.box, height) for part in parts]
        if all(is_small) or not any(is_small):
            bodies.append(group)
            continue
        kept = zip(group.members, is_small, strict=True)
        bodies.append(judge.group(tuple(i for i, small in kept if not small)))
        fragments += [part for part, small in zip(parts, is_small, strict=True) if small]
    return bodies, fragments


def _homes(signs: Sequence[Sign], items: Sequence[Group], height: float) -> list[int | None]:
    """The item that each sign stands in; neither order is broken (dynamic programming)."""
    skip = [PARAMS.left_out * (0.2 if _is_small(item.box, height) else 1.0) for item in items]
    before = np.concatenate([[0.0], np.cumsum(skip)])
    costs = _Costs.of([item.box for item in items], height)
    # Column g + 1: the last item used is g; column 0: none was. `before` is what all items up to
    # the last one would cost.
    best = np.full(len(items) + 1, np.inf)
    best[0] = 0.0
    columns = np.arange(len(items) + 1)
    #: Column before each sign; that of a sign without an item is its own, with the mark.
    came: list[NDArray[np.int64]] = []
    missed: list[NDArray[np.bool_]] = []
    for sign in signs:
        cost = costs.of_sign(sign)
        lead = (best - before)[:-1]
        least = np.minimum.accumulate(lead)
        is_new = np.diff(least, prepend=np.inf) < 0
        start = np.maximum.accumulate(np.where(is_new, columns[:-1], 0))
        opened = least + before[:-1] + cost
        shared = best[1:] + PARAMS.shared + cost
        missing = best + PARAMS.missing
        is_shared = shared < np.minimum(opened, missing[1:])
        how = np.concatenate([[0], np.where(is_shared, columns[1:], start)])
        none = np.concatenate([[True], missing[1:] <= np.minimum(opened, shared)])
        came.append(np.where(none, columns, how))
        missed.append(none)
        best = missing
        best[1:] = np.minimum(best[1:], np.minimum(opened, shared))
    at = int(np.argmin(best + before[-1] - before))
    homes: list[int | None] = []
    for how, none in zip(reversed(came), reversed(missed), strict=True):
        homes.append(None if none[at] else at - 1)
        at = int(how[at])
    return homes[::-1]


@dataclass(frozen=True, slots=True, eq=False)
class _Costs:
    """`_cost` of one sign after another in many boxes, as arrays: a line has 1,000 of both."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]
    middle: NDArray[np.float64]
    width: NDArray[np.float64]
    is_small: NDArray[np.bool_]
    height: float

    @classmethod
    def of(cls, boxes: Sequence[Box], height: float) -> _Costs:
        rows = [(box.x, box.right, box.centre[0], box.width, box.longest_side) for box in boxes]
        left, right, middle, width, side = np.array(rows, np.float64).reshape(-1, 5).T
        least = PARAMS.small * height
        return cls(left, right, middle, np.maximum(width, least), side < least, height)

    def of_sign(self, sign: Sign) -> NDArray[np.float64]:
        outside = np.maximum(0.0, np.maximum(self.left - sign.x, sign.x - self.right)) / self.height
        aside = np.minimum(1.0, np.abs(sign.x - self.middle) / self.width)
        misfit = sign.is_digit & self.is_small | (sign.label in SMALL_SIGNS) & ~self.is_small
        found = PARAMS.outside * outside + PARAMS.aside * aside + PARAMS.size * misfit
        return np.asarray(found, np.float64)


def _cost(sign: Sign, box: Box, height: float) -> float:
    outside = max(0.0, box.x - sign.x, sign.x - box.right) / height
    aside = abs(sign.x - box.centre[0]) / max(box.width, PARAMS.small * height)
    is_small = _is_small(box, height)
    misfit = (sign.is_digit and is_small) or (sign.label in SMALL_SIGNS and not is_small)
    return PARAMS.outside * outside + PARAMS.aside * min(1.0, aside) + PARAMS.size * misfit


def _is_small(box: Box, height: float) -> bool:
    return box.longest_side < PARAMS.small * height


def _divided(item: Group, signs: Sequence[Sign], height: float, judge: Judge) -> list[Members]:
    if len(signs) == 1:
        return [item.members]
    return _among_members(item, signs, height, judge) or _cut(item, signs, height, judge)


def _among_members(
    item: Group, signs: Sequence[Sign], height: float, judge: Judge
) -> list[Members] | None:
    """The members of a group divided among its signs; None: some member holds several."""
    if len(item.members) < len(signs):
        return None
    parts = [judge.group((i,)) for i in item.members]
    parts = [parts[i] for i in left_to_right([part.box for part in parts])]
    homes = _homes(signs, parts, height)
    if None in homes or len(set(homes)) < len(homes):
        return None
    found = [parts[home].members for home in homes if home is not None]
    for place in set(range(len(parts))) - set(homes):
        box = parts[place].box
        near = min(range(len(signs)), key=lambda k: _apart(box, judge.group(found[k]).box))
        found[near] = (*found[near], *parts[place].members)
    return [tuple(sorted(members)) for members in found]


def _apart(box: Box, other: Box) -> tuple[float, float]:
    """Gap along x, and distance of the middles."""
    return max(0.0, -box.overlap_x(other)), abs(box.centre[0] - other.centre[0])


def _cut(item: Group, signs: Sequence[Sign], height: float, judge: Judge) -> list[Members]:
    """The segments of a group, given to its signs one after the other (forced alignment)."""
    row = judge.segments(item.members, height)
    count = len(row)
    if count < len(signs):
        return [item.members, *(() for _ in signs[1:])]
    runs: dict[tuple[int, int], Group] = {}
    for start in range(count):
        for stop in range(start + 1, min(count, start + PARAMS.max_segments) + 1):
            group = judge.group(tuple(sorted(i for s in row[start:stop] for i in s.members)))
            if stop - start > 1 and group.box.width > PARAMS.max_width * height:
                break
            runs[start, stop] = group
    fits = [
        {
            run: group
            for run, group in runs.items()
            if k <= run[0] <= count - len(signs) + k
            and run[1] <= count - len(signs) + k + 1
            and (k > 0 or run[0] == 0)
            and (k < len(signs) - 1 or run[1] == count)
            and _fits(sign, k, signs, group.box, height)
        }
        for k, sign in enumerate(signs)
    ]
    judge.ask([g.members for k, own in enumerate(fits) if signs[k].is_digit for g in own.values()])
    best: dict[int, tuple[float, tuple[Members, ...]]] = {0: (0.0, ())}
    for sign, own in zip(signs, fits, strict=True):
        after: dict[int, tuple[float, tuple[Members, ...]]] = {}
        for (start, stop), group in own.items():
            if start in best:
                cost, path = best[start]
                cost += _cost(sign, group.box, height)
                cost += judge.surprise(group.members, sign.label) if sign.is_digit else 1.0
                cost += PARAMS.cut_weight * row[stop - 1].price if stop < count else 0.0
                if stop not in after or cost < after[stop][0]:
                    after[stop] = cost, (*path, group.members)
        best = after
    if count in best:
        return list(best[count][1])
    return _by_place(row, signs, judge)


def _fits(sign: Sign, index: int, signs: Sequence[Sign], box: Box, height: float) -> bool:
    """Whether a run of segments may be a sign: it stands there, and no other nearer."""
    room = PARAMS.room * height
    if not box.x - room <= sign.x <= box.right + room:
        return False
    others = [signs[k].x for k in (index - 1, index + 1) if 0 <= k < len(signs)]
    middle = box.centre[0]
    return all(abs(sign.x - middle) <= abs(x - middle) + room for x in others)


def _by_place(row: Sequence[Segment], signs: Sequence[Sign], judge: Judge) -> list[Members]:
    """Each segment to the nearest sign."""
    found: list[list[int]] = [[] for _ in signs]
    for segment in row:
        x = judge.group(segment.members).box.centre[0]
        found[min(range(len(signs)), key=lambda k: abs(signs[k].x - x))] += segment.members
    return [tuple(sorted(members)) for members in found]


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """The ink of each sign, and where it begins and ends along x; without ink it is nowhere.

    As arrays: a line may have 1,000 signs and as many specks.
    """

    signs: Sequence[Sign]
    ink: list[Members]
    boxes: list[Box | None]
    left: NDArray[np.float64]
    right: NDArray[np.float64]

    @classmethod
    def of(cls, signs: Sequence[Sign], found: Sequence[Members], judge: Judge) -> _Held:
        boxes = [judge.group(members).box if members else None for members in found]
        left = np.array([box.x if box else np.inf for box in boxes])
        right = np.array([box.right if box else -np.inf for box in boxes])
        return cls(signs, list(found), boxes, left, right)

    def beside(self, box: Box, reach: float) -> list[tuple[int, Box]]:
        """The signs with ink whose gap to a box is less than `reach`, left to right."""
        gaps = np.maximum(self.left, box.x) - np.minimum(self.right, box.right)
        near = np.flatnonzero(np.maximum(0.0, gaps) < reach).tolist()
        return [(k, own) for k in near if (own := self.boxes[k]) is not None]

    def give(self, index: int, item: Group) -> None:
        self.ink[index] = tuple(sorted((*self.ink[index], *item.members)))
        own = self.boxes[index]
        box = union([own, item.box]) if own else item.box
        self.boxes[index] = box
        self.left[index], self.right[index] = box.x, box.right


def _of_a_sign(item: Group, held: _Held, height: float) -> bool:
    """Whether small ink is part of a sign beside it, such as a colon; it is given to it then.

    Points, commas and apostrophes have one part.
    """
    side = item.box.longest_side / height
    for k, box in held.beside(item.box, max(PARAMS.ring, PARAMS.part) * height):
        is_percent = held.signs[k].label == PERCENT
        most = PARAMS.percent_part if is_percent else PARAMS.max_part
        is_whole = held.signs[k].is_digit or held.signs[k].label in SMALL_SIGNS
        if not is_whole and side < most:
            gap, _ = _apart(item.box, box)
            if gap < (PARAMS.ring if is_percent else PARAMS.part) * height:
                held.give(k, item)
                return True
    return False


def _adopt(item: Group, group: Members, held: _Held, height: float, judge: Judge) -> None:
    """Give ink of a group that is no sign's to a digit: to that of its group, or to the one beside
    it that it makes more probable, if to any.
    """
    beside = held.beside(item.box, PARAMS.reach * height)
    beside = [(k, box) for k, box in beside if held.signs[k].is_digit]
    near = [k for k, _ in sorted(beside, key=lambda each: _apart(item.box, each[1]))]
    for k in near:
        if not set(held.ink[k]).isdisjoint(group):
            held.give(k, item)
            return
    for k in near[:2]:
        members, label = held.ink[k], held.signs[k].label
        joined = tuple(sorted((*members, *item.members)))
        judge.ask([members, joined])
        if judge.surprise(joined, label) <= judge.surprise(members, label):
            held.give(k, item)
            return
