"""The glyphs of a text line: the cheapest path through its lattice.

First only whole groups of primitives are candidates. Where the best path leaves doubt, or a glyph
is as wide as digits seldom are, its groups are over-segmented (`oversegment.py`), every run of
segments becomes a candidate too, and the cheapest path is looked for again (Burges, Matan, LeCun
et al. 1992, "Shortest path segmentation"). Halves and pairs of digits stay out of it because the
network is undecided about what is no digit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from inkread.core.geometry import Box
from inkread.core.reading import Cells, Stage
from inkread.core.segmentation import lattice, prices
from inkread.core.segmentation.lattice import Candidate
from inkread.core.segmentation.primitives import Group, Primitives, Segment


@dataclass(frozen=True, slots=True)
class Params:
    """Which groups are over-segmented, and which runs of segments are candidates."""

    #: Weighted nats of doubt from which on a group is over-segmented; chosen: a probability of
    #: 0.93, a little more than what counts as doubtful.
    min_doubt: float = 0.105
    #: Width to height from which on it is, too; chosen: most digits are narrower.
    min_aspect: float = 1.0
    #: Segments of one glyph; measured: of 300 pen-written numbers of folds 2 to 4, as strokes, 7
    #: read 0.7 points fewer and 11 as many (tests.benchmarks.cliffs --sample 300).
    max_segments: int = 9
    #: Heights of the line, width of a glyph made of segments; chosen: narrower than whole groups
    #: may be, as wrong runs are many.
    max_width: float = 1.3
    #: Groups of a page that are over-segmented; chosen: bounds the work, a number has fewer.
    max_groups: int = 60
    #: Px of the pictures of a page's lines that a line network reads, along x, doubtful lines at
    #: each size; chosen: bounds the work, 1,000 digits, 340 doubtful ones; lines beyond are read
    #: cell by cell.
    max_columns: int = 16384
    #: Groups of a line, doubtful ones, from which on it may be no line of digits; chosen: a short
    #: number is often doubtful throughout.
    many: int = 8
    #: Share of a line's groups, as above; chosen: letters are doubtful for the most part.
    mostly: float = 0.6
    #: Share of glyphs cut out of ink that are right; measured: 208 of 247 in the pen-written
    #: numbers of folds 2 to 4, strokes and pictures.
    cut_is_right: float = 0.84


PARAMS = Params()

Classify = Callable[[Cells], Cells]


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """One decoded glyph.

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
    """What may still be done, over all lines of a page."""

    #: Groups that may be over-segmented.
    left: int = field(default_factory=lambda: PARAMS.max_groups)
    #: Px of line pictures, along x, that a line network may read.
    columns: int = field(default_factory=lambda: PARAMS.max_columns)

    def spend_columns(self, wanted: int) -> bool:
        """Spend px of line pictures; false where fewer are left, and then none are spent."""
        if wanted > self.columns:
            return False
        self.columns -= wanted
        return True

    def spend(self, wanted: list[int], size: int) -> list[int]:
        """Those of the `wanted` groups of a line of `size` groups that are over-segmented."""
        if len(wanted) > max(PARAMS.many, PARAMS.mostly * size):
            return []
        granted = wanted[: self.left]
        self.left -= len(granted)
        return granted


@dataclass(slots=True)
class _Lookup:
    """Primitives, and what the network says of them; each group is asked about once."""

    primitives: Primitives
    classify: Classify
    known: dict[tuple[int, ...], Decoded] = field(default_factory=dict)
    doubts: dict[tuple[int, ...], float] = field(default_factory=dict)

    def ask(self, choices: Sequence[Candidate]) -> None:
        wanted = dict.fromkeys(choice.group.members for choice in choices)
        new = [members for members in wanted if members not in self.known]
        if not new:
            return
        made = [self.primitives.cell(members) for members in new]
        rows = self.classify(np.stack([cell for cell, _ in made])[:, np.newaxis])
        for members, row, (cell, stages) in zip(new, rows, made, strict=True):
            outline = self.primitives.outline(members)
            self.known[members] = Decoded(outline, row, cell, stages)
            self.doubts[members] = prices.doubt(float(row.max()))

    def doubt(self, choice: Candidate) -> float:
        """Price of the network's doubt; 0 where it was not asked."""
        return self.doubts.get(choice.group.members, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class LineLattice:
    """The lattice of a line.

    Attributes
    ----------
    candidates : list of Candidate
        Starts in ascending order.
    best : list of Candidate
        The cheapest path.
    """

    candidates: list[Candidate]
    best: list[Candidate]
    _lookup: _Lookup
    _whole: set[tuple[int, ...]]

    @classmethod
    def of(
        cls,
        line: Sequence[Group],
        primitives: Primitives,
        height: float,
        classify: Classify,
        budget: Budget,
    ) -> LineLattice:
        """Make the lattice of a line, and find its cheapest path.

        Parameters
        ----------
        line : sequence of Group
            Left to right; at least one.
        primitives : Primitives
            Those of the groups.
        height : float
            Typical height of a glyph, px.
        classify : callable
            (n, 1, 28, 28) cells -> (n, k) probabilities.
        budget : Budget
            How many groups may be over-segmented; it is spent here.
        """
        lookup = _Lookup(primitives, classify)
        whole = every = list(lattice.candidates(line, primitives.distance, height))
        best = _cheapest(whole, lookup)
        wanted = [place for choice in best for place in _to_cut(choice, lookup)]
        if granted := budget.spend(wanted, len(line)):
            every, best = _decode_cut(line, granted, whole, lookup, height)
        return cls(every, best, lookup, {choice.group.members for choice in whole})

    @property
    def glyphs(self) -> list[Decoded]:
        """Those of the cheapest path, left to right."""
        return [self.glyph(candidate) for candidate in self.best]

    @property
    def stop(self) -> int:
        """Where the last candidates end."""
        return max(candidate.stop for candidate in self.candidates)

    def ask(self) -> None:
        """Ask the network about all candidates."""
        self._lookup.ask(self.candidates)

    def glyph(self, candidate: Candidate) -> Decoded:
        """A candidate as a glyph; one that the network was asked about."""
        members = candidate.group.members
        found = self._lookup.known[members]
        return found if members in self._whole else _less_sure(found)


def _less_sure(glyph: Decoded) -> Decoded:
    """A glyph cut out of ink that runs on: the cut may be wrong where the network is sure."""
    row = glyph.probabilities
    even = np.float32((1 - PARAMS.cut_is_right) / row.size)
    mixed = np.asarray(PARAMS.cut_is_right * row + even, np.float32)
    return replace(glyph, probabilities=mixed)


def _cheapest(choices: Sequence[Candidate], lookup: _Lookup) -> list[Candidate]:
    """The cheapest path; the network is asked only about what may be on it.

    A candidate that was not asked about counts as free of doubt, which it is at best: where all
    of the cheapest path is known, it stays the cheapest whatever the others would cost.
    """
    while True:
        costs = [choice.price + lookup.doubt(choice) for choice in choices]
        best = [choices[i] for i in lattice.best_path(choices, costs)]
        if all(choice.group.members in lookup.known for choice in best):
            return best
        lookup.ask(best)


def _to_cut(choice: Candidate, lookup: _Lookup) -> range:
    """Places in the line of the groups of a candidate that may be more than one glyph."""
    box = choice.group.box
    is_narrow = box.width < PARAMS.min_aspect * box.height
    is_plain = is_narrow and lookup.doubt(choice) < PARAMS.min_doubt
    return range(0) if is_plain else range(choice.start, choice.stop)


def _decode_cut(
    line: Sequence[Group],
    places: Sequence[int],
    choices: Sequence[Candidate],
    lookup: _Lookup,
    height: float,
) -> tuple[list[Candidate], list[Candidate]]:
    """All candidates, and the best path, if the groups at some places are over-segmented."""
    segments = [[Segment(group.members)] for group in line]
    for place in places:
        cut = lookup.primitives.oversegment(line[place].members, height)
        lookup.primitives, segments[place] = cut
    starts = np.concatenate([[0], np.cumsum([len(some) for some in segments])]).tolist()
    whole = [replace(c, start=starts[c.start], stop=starts[c.stop]) for c in choices]
    every = [*whole, *_runs(line, segments, lookup.primitives, height)]
    every.sort(key=lambda choice: choice.start)
    return every, _cheapest(every, lookup)


def _runs(
    line: Sequence[Group],
    segments: Sequence[Sequence[Segment]],
    primitives: Primitives,
    height: float,
) -> Iterator[Candidate]:
    """Runs of segments that begin or end within a group."""
    boxes = primitives.layout.boxes
    row = [(place, segment) for place, some in enumerate(segments) for segment in some]
    for start in range(len(row)):
        for stop in range(start + 1, min(start + PARAMS.max_segments, len(row)) + 1):
            run = row[start:stop]
            first, last = run[0][0], run[-1][0]
            begins = start == 0 or row[start - 1][0] != first
            ends = stop == len(row) or row[stop][0] != last
            if last - first >= lattice.PARAMS.max_groups:
                break
            if begins and ends:
                continue
            group = Group.of(sorted(i for _, segment in run for i in segment.members), boxes)
            if group.box.width > PARAMS.max_width * height:
                break
            price = prices.shape(group.box, height) + prices.low(group.box.height, height)
            price += lattice.inner_price(line[first : last + 1], height)
            if not ends:
                price += run[-1][1].price
            elif last + 1 < len(line):
                apart = line[last].distance(line[last + 1], primitives.distance)
                price += prices.seam(apart, height)
            yield Candidate(start, stop, group, price)
