"""Ink or primitives in, Reading out: one path for canvas, file, clipboard and command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.geometry import Box, left_to_right
from inkread.core.ink import Ink
from inkread.core.layout import Layout
from inkread.core.picture.downsample import half_of
from inkread.core.reading import Cells, Glyph, Guess, Reading, Seen, Stage
from inkread.core.recognition.reject_print import reject_print
from inkread.core.segmentation import marks, prices
from inkread.core.segmentation.decode_line import Budget, decode_line
from inkread.core.segmentation.grouping import group_sure, layout_of, stacked
from inkread.core.segmentation.ink_primitives import InkPrimitives, is_too_much
from inkread.core.segmentation.primitives import Distance, Group, Primitives
from inkread.core.segmentation.text_lines import BoxLayout
from inkread.core.segmentation.word_spaces import with_spaces
from inkread.core.text_line import TextLine


@dataclass(frozen=True, slots=True)
class Params:
    """Bounds of the work, and which lines have marks."""

    #: Pairs of groups above one another; chosen: with more they are specks, or print.
    max_stacked: int = 100
    #: Pairs of groups that are looked at, over all joins; chosen: bounds the work, 100 groups are
    #: looked at 400 times, 600 groups 11 times.
    max_pairs: int = 4_000_000
    #: Pairs of groups that take as long as the distance of two primitives; measured: 0.1 s for the
    #: 500,000 pairs, 0.5 s for the 25,000 distances of 16 megapixels of blotches.
    distance_pairs: int = 100
    #: Share of the work on joins and cuts that is spent where there is more than is read at once;
    #: chosen: bounds the work, most of such a page is no writing.
    partial: float = 0.25
    #: Px, longer side of a stage that is kept for show; chosen: no larger than it is shown.
    shown_side: int = 160
    #: Share of a line's digits that is rejected; chosen: most of them, its marks are none then.
    rejected: float = 0.5


PARAMS = Params()

#: The members of two groups.
Pair = tuple[tuple[int, ...], tuple[int, ...]]


def read_ink(
    ink: Ink,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    with_stages: bool = True,
) -> Reading:
    """Read strokes.

    Parameters
    ----------
    ink : Ink
        Anything drawn; may be empty.
    classifier : Classifier
        Classifies the glyphs.
    layout : Layout
        Whether it is one glyph, one line or several; AUTO: as it looks.
    with_stages : bool
        Whether the glyphs keep how their cells came about; false: they are not shown.

    Returns
    -------
    Reading
        Boxes in canvas px, around the lines with their width; empty if nothing is written.
        Partial if there are more strokes than are read.
    """
    recogniser = Recogniser(classifier, layout, with_stages)
    return recogniser.read(InkPrimitives.of(ink), is_partial=is_too_much(ink))


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Reads with one network, in one way."""

    classifier: Classifier
    layout: Layout
    with_stages: bool

    def read(
        self, primitives: Primitives, seen: Seen | None = None, is_partial: bool = False
    ) -> Reading:
        share = PARAMS.partial if is_partial else 1.0
        glyphs = tuple(
            replace(settled(glyph, self.with_stages), box=primitives.in_file(glyph.box))
            for glyph in reject_print(list(self._glyphs(primitives, share)))
        )
        return Reading(glyphs, self.classifier.is_calibrated, seen, is_partial)

    def _glyphs(self, primitives: Primitives, share: float) -> Iterator[Glyph]:
        """Boxes in px of the upright page, where gaps along a line are gaps along x; of the bounds
        of the work, this share.
        """
        boxes, distance = primitives.layout.boxes, primitives.distance
        if not boxes:
            return
        is_one = self.layout is Layout.DIGIT
        groups = group_sure(primitives.layout, distance, primitives.dots)
        found = [] if is_one else marks.find_marks(groups, boxes, distance)
        groups = marks.without(groups, found, boxes)
        if not groups:
            return
        groups, layout = _join_stacked(groups, primitives, self.classifier, share)
        if is_one:
            groups = [Group.of((i for group in groups for i in group.members), boxes)]
            layout = layout_of(groups)
        budget = Budget(0 if is_one else round(share * Budget().left))
        is_line = self.layout is Layout.LINE
        lines = [left_to_right(layout.boxes)] if is_line else layout.lines
        for index, members in enumerate(lines):
            line = list[Glyph]()
            for mark, run in marks.runs(TextLine(tuple(groups[i] for i in members)), found):
                if mark is not None:
                    line.append(_mark_glyph(mark, index, primitives))
                height, classify = layout.typical_height, self.classifier.probabilities
                line += [
                    glyph_of(d.box, index, d.probabilities, self.classifier, d.cell, d.stages)
                    for d in decode_line(run, primitives, height, classify, budget)
                ]
            yield from with_spaces(_believable(line))


def settled(glyph: Glyph, with_stages: bool = True) -> Glyph:
    """A glyph without references to its page: with small copies of its stages, or none."""
    return replace(glyph, stages=tuple(map(_kept, glyph.stages)) if with_stages else ())


def _believable(line: list[Glyph]) -> list[Glyph]:
    """A line without its marks if most of what they stand beside is no digit."""
    digits = [glyph for glyph in line if not glyph.is_mark]
    rejected = sum(glyph.rejected for glyph in digits)
    return digits if rejected > PARAMS.rejected * len(digits) else line


def _mark_glyph(mark: marks.Mark, line: int, primitives: Primitives) -> Glyph:
    cell, stages = primitives.cell([mark.primitive])
    guesses = tuple(Guess(sign, probability) for sign, probability in mark.guesses)
    box = primitives.outline([mark.primitive])
    return Glyph(box, line, guesses, cell, stages, is_mark=True)


def _join_stacked(
    groups: list[Group], primitives: Primitives, classifier: Classifier, share: float
) -> tuple[list[Group], BoxLayout]:
    """Join groups above one another that read better as one; and how all of them lie."""
    known: dict[Pair, tuple[float, float]] = {}
    distances = _Distances(primitives.distance)
    left = share * PARAMS.max_pairs
    while True:
        left -= len(groups) ** 2
        layout = layout_of(groups)
        pairs = stacked(layout, distances.among(groups))
        is_over = distances.looked * PARAMS.distance_pairs > left
        if len(pairs) > PARAMS.max_stacked or is_over:
            return groups, layout
        for i, j, bonus in pairs:
            whole, pair = groups[i].joined(groups[j]), (groups[i].members, groups[j].members)
            if pair not in known:  # the others stay as they are when two are joined
                cells = [primitives.cell(g.members)[0] for g in (whole, groups[i], groups[j])]
                rows = classifier.probabilities(np.stack(cells)[:, np.newaxis])
                joined, *apart = (prices.doubt(float(row.max())) for row in rows)
                known[pair] = joined, sum(apart)
            together, apart_price = known[pair]
            if together - bonus < apart_price:
                break
        else:
            return groups, layout
        groups = [*(group for k, group in enumerate(groups) if k not in (i, j)), whole]


@dataclass(slots=True)
class _Distances:
    """Distances of groups by those of their primitives; each pair of groups is looked at once."""

    between: Distance
    known: dict[Pair, float] = field(default_factory=dict)
    #: Pairs of primitives that were looked at.
    looked: int = 0

    def among(self, groups: list[Group]) -> Distance:
        """Distance of two of the groups by their indexes."""

        def distance(first: int, second: int) -> float:
            one, other = groups[first], groups[second]
            pair = one.members, other.members
            if pair not in self.known:
                self.looked += len(one.members) * len(other.members)
                self.known[pair] = one.distance(other, self.between)
            return self.known[pair]

        return distance


def glyph_of(
    box: Box,
    line: int,
    probabilities: Cells,
    classifier: Classifier,
    cell: Cells,
    stages: tuple[Stage, ...],
) -> Glyph:
    """The glyph that a classifier's answer makes.

    Parameters
    ----------
    box : Box
        Where the glyph stands, px of the canvas or file.
    line : int
        Index of its line.
    probabilities : (k,) array of float32
        The classifier's, one for each of its labels.
    classifier : Classifier
        Whose labels and threshold count.
    cell : (28, 28) array of float32
        What it was shown.
    stages : tuple of Stage
        How the cell came about; kept as they are, see `settled`.
    """
    order = np.argsort(-probabilities, kind="stable")
    guesses = tuple(Guess(classifier.labels[i], float(probabilities[i])) for i in order)
    threshold = classifier.rejection_threshold
    rejected = threshold is not None and guesses[0].probability < threshold
    return Glyph(box, line, guesses, cell, stages, rejected)


def _kept(stage: Stage) -> Stage:
    """A copy for keeping, no larger than a person needs to see."""
    image = stage.image
    scale = min(1.0, PARAMS.shown_side / max(image.shape))
    height, width = (max(1, round(side * scale)) for side in image.shape)
    while min(image.shape) >= 2 and max(image.shape) >= 2 * PARAMS.shown_side:
        image = half_of(image)  # by halves, which takes a fifth of the time
    image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return Stage(stage.name, image)
