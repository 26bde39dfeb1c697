from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pytest

from inkread.core.geometry import Box, union
from inkread.core.ink import Ink, Points, Stroke, rasterise_page
from inkread.core.layout import Layout
from inkread.core.picture.page import Page
from inkread.core.reading import Cells, Stage
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.core.segmentation import lattice, prices
from inkread.core.segmentation.decode_line import Budget, LineLattice
from inkread.core.segmentation.primitives import Group, Segment
from inkread.core.segmentation.text_lines import BoxLayout
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.written import write


@pytest.fixture(scope="module")
def network() -> OnnxClassifier:
    return OnnxClassifier.open(bundled("models/digits.onnx"))


def _ring(x: float, radius: float = 30.0) -> Points:
    """From its top round to the left; a little narrower than high."""
    angle = np.linspace(0, 2 * np.pi, 50)
    x_of = x - 0.8 * radius * np.sin(angle)
    return np.stack([x_of, 60 - radius * np.cos(angle)], axis=1).astype(np.float32)


def _page(ink: Ink) -> Page:
    grey = rasterise_page(ink)
    return Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey)


def _pushed(left: str, right: str, by: float) -> Ink:
    """Two digits, the right one moved to the left until it touches or overlaps."""
    first, second = write(left, height=90, width=7), write(right, height=90, width=7)
    shift = first.bounds.right - second.bounds.x + by
    moved = [Stroke(s.points + np.array([shift, 0], np.float32), s.width) for s in second.strokes]
    return Ink((*first.strokes, *moved))


def test_two_rings_in_one_stroke_are_two_zeros(network: OnnxClassifier) -> None:
    both = np.concatenate([_ring(60), _ring(118)])
    ink = Ink((Stroke(both, 6.0),))
    assert read_ink(ink, network).text == "00"
    assert read_page(_page(ink), network).text == "00"


@pytest.mark.parametrize("pair", ["26", "85", "23", "56", "32"])
def test_digits_that_touch_are_read_apart(pair: str, network: OnnxClassifier) -> None:
    ink = _pushed(pair[0], pair[1], by=-4)
    assert read_ink(ink, network).text == pair
    assert read_page(_page(ink), network).text == pair


def test_boxes_of_digits_cut_apart_stand_side_by_side(network: OnnxClassifier) -> None:
    left, right = read_page(_page(_pushed("8", "5", -4)), network).glyphs
    assert left.box.centre[0] < right.box.centre[0]
    assert left.box.overlap_x(right.box) < 0.3 * left.box.width


def test_digits_cut_apart_are_doubtful_and_others_are_not(network: OnnxClassifier) -> None:
    apart = read_page(_page(_pushed("8", "5", 20)), network)
    assert (apart.text, len(apart.doubtful)) == ("85", 0)
    touching = read_page(_page(_pushed("8", "5", -4)), network)
    assert (touching.text, len(touching.doubtful)) == ("85", 2)
    assert not touching.rejected
    assert sum(guess.probability for guess in touching.glyphs[0].guesses) == pytest.approx(1)


def test_one_digit_is_asked_for_and_not_cut(network: OnnxClassifier) -> None:
    ink = Ink((Stroke(np.concatenate([_ring(60), _ring(118)]), 6.0),))
    assert len(read_ink(ink, network, Layout.DIGIT).glyphs) == 1


@pytest.mark.parametrize("digit", "0123456789")
def test_a_plain_digit_stays_whole(digit: str, network: OnnxClassifier) -> None:
    ink = write(digit, height=120, width=8)
    assert read_ink(ink, network).text == digit
    assert read_page(_page(ink), network).text == digit


def test_so_many_groups_are_cut_and_no_more() -> None:
    budget = Budget(5)
    assert budget.spend([0, 2, 3], 10) == [0, 2, 3]
    assert budget.spend([1, 4, 6], 10) == [1, 4]
    assert budget.spend([1], 10) == []


def test_a_line_that_is_doubtful_throughout_is_not_cut() -> None:
    assert Budget(100).spend(list(range(15)), 20) == []
    assert Budget(100).spend(list(range(8)), 8) == list(range(8))
    assert Budget(100).spend(list(range(10)), 20) == list(range(10))


class _Row:
    """Primitives side by side, and a network that is more or less sure of every run of them."""

    dots = frozenset[int]()

    def __init__(self, seed: int, count: int = 7) -> None:
        rng = np.random.default_rng(seed)
        wide, gaps = rng.uniform(15, 40, count), rng.uniform(-3, 6, count)
        x = np.cumsum(wide + gaps) - wide
        self.boxes = [Box(float(a), 0.0, float(b), 60.0) for a, b in zip(x, wide, strict=True)]
        self.layout = BoxLayout.of(self.boxes)
        self._sureness = rng.uniform(0.3, 1.0, (count, count + 1))
        self.asked: list[tuple[int, int]] = []

    def sureness(self, start: int, stop: int) -> float:
        return float(np.float32(self._sureness[start, stop]))

    def distance(self, first: int, second: int) -> float:
        return max(0.0, -self.boxes[first].overlap_x(self.boxes[second]))

    def outline(self, members: Sequence[int]) -> Box:
        return union(self.boxes[i] for i in members)

    def in_file(self, box: Box) -> Box:
        return box

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        cell = np.zeros((28, 28), np.float32)
        cell[0, :2] = min(members), max(members) + 1
        return cell, ()

    def oversegment(self, members: tuple[int, ...], height: float) -> tuple[_Row, list[Segment]]:
        raise AssertionError("nothing may be cut")

    def classify(self, cells: Cells) -> Cells:
        runs = [(int(start), int(stop)) for start, stop in cells[:, 0, 0, :2]]
        self.asked += runs
        sure = np.array([self.sureness(*run) for run in runs], np.float32)
        return np.stack([sure, 1 - sure], axis=1) if len(sure) else np.empty((0, 2), np.float32)


@pytest.mark.parametrize("seed", range(40))
def test_the_cheapest_of_all_paths_is_found_without_asking_about_all(seed: int) -> None:
    row = _Row(seed)
    line = [Group.of([i], row.boxes) for i in range(len(row.boxes))]
    every = list(lattice.candidates(line, row.distance, 60))

    def cost(choice: lattice.Candidate) -> float:
        sure = row.sureness(choice.start, choice.stop)
        return choice.price + prices.doubt(max(sure, 1 - sure))

    def cheapest(start: int) -> tuple[float, list[Box]]:
        """By trying every path to the end."""
        if start == len(line):
            return 0.0, []
        ways = [
            (cost(c) + rest, [row.outline(c.group.members), *boxes])
            for c in every
            if c.start == start
            for rest, boxes in [cheapest(c.stop)]
        ]
        return min(ways, key=lambda way: way[0])

    found = LineLattice.of(line, row, 60, row.classify, Budget(0)).glyphs
    assert [glyph.box for glyph in found] == cheapest(0)[1]
    assert len(row.asked) == len(set(row.asked)) < len(every)


class _Cuttable(_Row):
    """Primitives that fall into three segments each; every run of them reads more or less well."""

    def __init__(self, seed: int, count: int = 4) -> None:
        super().__init__(seed, count)
        self._rng = np.random.default_rng(seed + 1000)
        self.boxes = [Box(b.x, 0.0, 2.2 * b.width, 60.0) for b in self.boxes]
        for i in range(1, count):
            gap = float(self._rng.uniform(-2, 6))
            self.boxes[i] = Box(self.boxes[i - 1].right + gap, 0.0, self.boxes[i].width, 60.0)
        self.layout = BoxLayout.of(self.boxes)
        self.segments = [[Segment((i,))] for i in range(count)]
        self.known: dict[tuple[int, ...], float] = {}

    def oversegment(
        self, members: tuple[int, ...], height: float
    ) -> tuple[_Cuttable, list[Segment]]:
        (index,) = members
        box, first = self.boxes[index], len(self.boxes)
        thirds = [
            Box(box.x + k * box.width / 3, 0.0, box.width / 3, 60.0 - 9 * k) for k in range(3)
        ]
        self.boxes = [*self.boxes, *thirds]
        self.layout = BoxLayout.of(self.boxes)
        prices_of = (*self._rng.uniform(0, 1, 2).tolist(), 0.0)
        found = [Segment((first + k,), prices_of[k]) for k in range(3)]
        self.segments[index] = found
        return self, found

    def sure_of(self, members: tuple[int, ...]) -> float:
        if members not in self.known:
            self.known[members] = float(np.float32(self._rng.uniform(0.55, 0.9)))
        return self.known[members]

    def cell(self, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        cell = np.zeros((28, 28), np.float32)
        cell[0, 0] = self.sure_of(tuple(members))
        return cell, ()

    def classify(self, cells: Cells) -> Cells:
        sure = cells[:, 0, 0, 0]
        return np.stack([sure, 1 - sure], axis=1)


def _cheapest_cut(row: _Cuttable, line: list[Group]) -> list[tuple[int, ...]]:
    """The cheapest way through all segments, by trying every one; members of its glyphs."""
    flat = [(i, segment) for i, own in enumerate(row.segments) for segment in own]
    starts = [next(k for k, (i, _) in enumerate(flat) if i == group) for group in range(len(line))]
    whole = {
        (starts[c.start], starts[c.stop] if c.stop < len(line) else len(flat)): c
        for c in lattice.candidates(line, row.distance, 60)
    }

    def choices(start: int) -> Iterator[tuple[int, tuple[int, ...], float]]:
        for stop in range(start + 1, len(flat) + 1):
            (first, _), (last, segment) = flat[start], flat[stop - 1]
            if (start, stop) in whole:
                yield stop, whole[start, stop].group.members, whole[start, stop].price
            is_whole = start in starts and (stop == len(flat) or stop in starts)
            if is_whole or last - first > 2 or stop - start > 9:
                continue
            members = tuple(sorted(i for _, part in flat[start:stop] for i in part.members))
            box = union(row.boxes[i] for i in members)
            if box.width > 1.3 * 60:
                continue
            price = prices.shape(box, 60) + prices.low(box.height, 60)
            for a, b in pairwise(line[first : last + 1]):
                price += prices.gap(a.box, b.box, 60)
            if stop < len(flat) and stop not in starts:
                price += segment.price
            elif stop < len(flat):
                price += prices.seam(row.distance(last, last + 1), 60)
            yield stop, members, price

    best: list[tuple[float, list[tuple[int, ...]]]] = [(0.0, [])] * (len(flat) + 1)
    for start in reversed(range(len(flat))):
        ways = [
            (price + prices.doubt(row.sure_of(members)) + best[stop][0], [members, *best[stop][1]])
            for stop, members, price in choices(start)
        ]
        best[start] = min(ways, key=lambda way: way[0])
    return best[0][1]


@pytest.mark.parametrize("seed", range(30))
def test_the_cheapest_of_all_ways_to_cut_a_line_is_found(seed: int) -> None:
    row = _Cuttable(seed)
    line = [Group.of([i], row.boxes) for i in range(len(row.boxes))]
    found = LineLattice.of(line, row, 60, row.classify, Budget()).glyphs
    expected = _cheapest_cut(row, line)
    assert [glyph.box for glyph in found] == [row.outline(members) for members in expected]
    for glyph, members in zip(found, expected, strict=True):
        sure = row.sure_of(members)
        is_cut = max(members) >= len(line)
        assert glyph.probabilities[0] == pytest.approx(0.84 * sure + 0.08 if is_cut else sure)


def test_only_what_is_doubtful_or_wide_is_cut() -> None:
    for width, sure, cut in ((59, 0.94, 0), (59, 0.92, 1), (60, 0.94, 1)):
        row = _Cuttable(0, 1)
        row.boxes = [Box(0, 0, width, 60)]
        row.layout = BoxLayout.of(row.boxes)
        row.known[0,] = float(np.float32(sure))
        LineLattice.of([Group.of([0], row.boxes)], row, 60, row.classify, Budget())
        assert len(row.boxes) == 1 + 3 * cut
