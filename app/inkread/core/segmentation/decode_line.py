"""The glyphs of a line: the cheapest path through all ways to put its parts together, or to cut
them apart.

First only whole groups of parts are candidates. Where the best path leaves doubt, or a glyph is as
wide as digits seldom are, its groups are cut into pieces (`oversegment.py`), every run of pieces is
a candidate too, and the cheapest path is looked for again (Burges, Matan, LeCun et al. 1992,
"Shortest path segmentation"). That the network is undecided about what is no digit keeps halves
and pairs of digits out of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from inkread.core.geometry import Box, union
from inkread.core.reading import Cells, Stage
from inkread.core.segmentation import lattice
from inkread.core.segmentation.grouping import Group
from inkread.core.segmentation.lattice import Candidate
from inkread.core.segmentation.primitives import Parts, Piece

#: Doubt is counted no farther than this probability: a sure error costs no more.
_LEAST_PROBABILITY = 1e-4
#: How much the network's doubt counts beside geometry's prices.
_DOUBT_WEIGHT = 1.5
#: What is as good as surely no digit (doubt over this) costs more: the rest counts so much again.
_NO_DIGIT = 1.5
_NO_DIGIT_WEIGHT = 2.0
#: Groups are cut if the network's doubt is over this, or if they are wider to their height.
_DOUBTFUL = 0.07
_WIDE = 1.0
#: A glyph has no more pieces, of no more groups.
_MOST_PIECES = 9
_MOST_GROUPS = 3
#: A cut glyph is no wider to the line's height; a whole one may be.
_WIDEST_CUT = 1.3

#: So many groups of a page are cut at most: the work is bounded.
MOST_CUT = 60
#: Where more groups of a line than this, and most of it, are doubtful, it is no line of digits.
_MANY, _MOSTLY = 8, 0.6

#: The share of signs cut out of ink that are right: 208 of 247 in the pen-written numbers of
#: folds 2 to 4, strokes and pictures.
_CUT_RIGHT = 0.84

Classify = Callable[[Cells], Cells]


@dataclass(frozen=True, slots=True, eq=False)
class Sign:
    """What was taken for one glyph.

    Attributes
    ----------
    box : Box
        Where it stands.
    probabilities : (k,) array of float32
    cell : (28, 28) array of float32
    stages : tuple of Stage
    """

    box: Box
    probabilities: Cells
    cell: Cells
    stages: tuple[Stage, ...]


@dataclass(slots=True)
class Budget:
    """How many groups may still be cut apart, over all lines of a page."""

    left: int = MOST_CUT

    def spend(self, wanted: list[int], line: int) -> list[int]:
        """Those of the `wanted` groups of a line of so many that are cut."""
        if len(wanted) > max(_MANY, _MOSTLY * line):
            return []
        granted = wanted[: self.left]
        self.left -= len(granted)
        return granted


@dataclass(slots=True)
class _Read:
    """Parts, and what the network says of them; each group is asked about once."""

    parts: Parts
    classify: Classify
    known: dict[Group, Sign] = field(default_factory=dict)
    doubts: dict[Group, float] = field(default_factory=dict)

    def ask(self, groups: Sequence[Group]) -> None:
        new = [group for group in dict.fromkeys(groups) if group not in self.known]
        if not new:
            return
        made = [self.parts.cell(group) for group in new]
        rows = self.classify(np.stack([cell for cell, _ in made])[:, np.newaxis])
        for group, row, (cell, stages) in zip(new, rows, made, strict=True):
            self.known[group] = Sign(self.parts.outline(group), row, cell, stages)
            self.doubts[group] = doubt(float(row.max()))

    def doubt(self, group: Group) -> float:
        """The network's; of what it was not asked about none."""
        return self.doubts.get(group, 0.0)


def doubt(probability: float) -> float:
    """What the best class's probability, 0 to 1, costs: minus its logarithm, more if it is low."""
    surprise = -math.log(max(_LEAST_PROBABILITY, probability))
    return surprise + _NO_DIGIT_WEIGHT * max(0.0, surprise - _NO_DIGIT)


def read_line(
    line: Sequence[Group], parts: Parts, height: float, classify: Classify, budget: Budget
) -> list[Sign]:
    """Find the glyphs of a line.

    Parameters
    ----------
    line : sequence of tuple of int
        Groups of parts, left to right; at least one.
    parts : Parts
        Those parts.
    height : float
        Typical height of a glyph, px.
    classify : callable
        (n, 1, 28, 28) cells -> (n, k) probabilities.
    budget : Budget
        How many groups may be cut apart; it is spent here.

    Returns
    -------
    list of Sign
        Left to right.
    """
    read = _Read(parts, classify)
    choices = list(lattice.candidates(line, parts.boxes, parts.distance, height))
    best = _cheapest(choices, read)
    wanted = [place for choice in best for place in _to_cut(choice, read, parts.boxes)]
    if granted := budget.spend(wanted, len(line)):
        best = _cut(line, granted, choices, read, height)
    whole = {choice.parts for choice in choices}
    signs = [(read.known[choice.parts], choice.parts in whole) for choice in best]
    return [sign if is_whole else _less_sure(sign) for sign, is_whole in signs]


def _less_sure(sign: Sign) -> Sign:
    """A sign cut out of ink that runs on: the cut may be wrong where the network is sure."""
    row = sign.probabilities
    even = np.float32((1 - _CUT_RIGHT) / row.size)
    return replace(sign, probabilities=np.asarray(_CUT_RIGHT * row + even, np.float32))


def _cheapest(choices: Sequence[Candidate], read: _Read) -> list[Candidate]:
    """The cheapest path; the network is asked only about what may be on it.

    Whoever was not asked about counts as free of doubt, which it is at best: where all of the
    cheapest path is known, it stays so whatever the others would be.
    """
    while True:
        costs = [choice.price + _DOUBT_WEIGHT * read.doubt(choice.parts) for choice in choices]
        best = [choices[i] for i in lattice.best_path(choices, costs)]
        if all(choice.parts in read.known for choice in best):
            return best
        read.ask([choice.parts for choice in best])


def _to_cut(choice: Candidate, read: _Read, boxes: Sequence[Box]) -> range:
    """Places in the line of the groups of a candidate that may be more than one glyph."""
    box = union(boxes[i] for i in choice.parts)
    is_plain = read.doubt(choice.parts) < _DOUBTFUL and box.width < _WIDE * box.height
    return range(0) if is_plain else range(choice.start, choice.stop)


def _cut(
    line: Sequence[Group],
    places: Sequence[int],
    choices: Sequence[Candidate],
    read: _Read,
    height: float,
) -> list[Candidate]:
    """The best path if the groups at some places may be cut."""
    pieces: list[list[Piece]] = [[Piece(group)] for group in line]
    for place in places:
        read.parts, pieces[place] = read.parts.split(line[place], height)
    starts = np.concatenate([[0], np.cumsum([len(some) for some in pieces])]).tolist()
    whole = [Candidate(starts[c.start], starts[c.stop], c.parts, c.price) for c in choices]
    cut = _runs(line, pieces, read.parts, height)
    every = sorted([*whole, *cut], key=lambda choice: choice.start)
    return _cheapest(every, read)


def _runs(
    line: Sequence[Group], pieces: Sequence[Sequence[Piece]], parts: Parts, height: float
) -> Iterator[Candidate]:
    """Runs of pieces that begin or end within a group."""
    row = [(place, piece) for place, some in enumerate(pieces) for piece in some]
    for start in range(len(row)):
        for stop in range(start + 1, min(start + _MOST_PIECES, len(row)) + 1):
            run = row[start:stop]
            first, last = run[0][0], run[-1][0]
            begins = start == 0 or row[start - 1][0] != first
            ends = stop == len(row) or row[stop][0] != last
            if last - first >= _MOST_GROUPS:
                break
            if begins and ends:
                continue
            members = tuple(sorted(i for _, piece in run for i in piece.members))
            box = union(parts.boxes[i] for i in members)
            if box.width > _WIDEST_CUT * height:
                break
            yield Candidate(start, stop, members, _price(run, ends, line, box, parts, height))


def _price(
    run: Sequence[tuple[int, Piece]],
    ends: bool,
    line: Sequence[Group],
    box: Box,
    parts: Parts,
    height: float,
) -> float:
    last, piece = run[-1]
    price = lattice.shape_price(box, height) + lattice.low_price(box.height, height)
    for place in range(run[0][0], last):
        a, b = line[place], line[place + 1]
        price += lattice.inner_price(a, b, parts.boxes, height)
    if not ends:
        return price + piece.price
    if last + 1 < len(line):
        price += lattice.seam_price(line[last], line[last + 1], parts.distance, height)
    return price
