"""Ink or primitives in, Reading out: one path for canvas, file, clipboard and command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING

import cv2
import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.field_types.field_type import FieldType
from inkread.core.generators import Steps, finished
from inkread.core.geometry import Box, left_to_right, union
from inkread.core.ink import Ink
from inkread.core.layout import Layout
from inkread.core.line_picture import DIGIT_HEIGHT, LinePicture
from inkread.core.picture.downsample import half_of
from inkread.core.reading import SURE, Cells, Glyph, Guess, Reading, Seen, Stage, text_lines
from inkread.core.recognition.field import Field
from inkread.core.recognition.notes import PRINT, PRINT_LINES, TOO_SMALL, noted
from inkread.core.recognition.reject_print import print_lines, reject_print
from inkread.core.segmentation import marks, prices
from inkread.core.segmentation.decode_line import Budget, Decoded, LineLattice
from inkread.core.segmentation.decode_within import decode_within
from inkread.core.segmentation.grouping import group_sure, layout_of, stacked
from inkread.core.segmentation.ink_primitives import InkPrimitives, is_too_much
from inkread.core.segmentation.primitives import Distance, Group, LinePrimitives, Primitives
from inkread.core.segmentation.text_lines import BoxLayout
from inkread.core.segmentation.word_spaces import with_spaces
from inkread.core.text_line import TextLine

if TYPE_CHECKING:
    from inkread.core.recognition.line_reader import LineReader
    from inkread.core.recognition.read_line import LineInk


@dataclass(frozen=True, slots=True)
class Params:
    """Bounds of the work, which lines have marks, and which pictures are one line."""

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
    #: Tall groups of a line that shows that a picture is no single line; chosen: two may be parts
    #: of a sign.
    min_line: int = 3
    #: Typical heights, or heights of the smallest digits of a low picture, of a tall group; chosen:
    #: specks and small signs are lower.
    tall: float = 0.6
    #: Px, longer side of a stage that is kept for show; chosen: no larger than it is shown.
    shown_side: int = 160
    #: Share of a line's digits that is rejected; chosen: most of them, its marks are none then.
    rejected: float = 0.5
    #: Share of the tall groups of a low picture that the cells are sure of, with which what was
    #: found is the ink of digits; chosen: some digits touch or are badly written.
    clean: float = 0.7
    #: Tall groups that are looked at for that; chosen: bounds the work.
    max_tall: int = 30
    #: Smallest digits that a low picture is read for, times which clean ones are too low for it;
    #: chosen: the digits of one line differ by as much.
    small: float = 0.9
    #: Width to height from which on a picture is low, all of it may be one line; chosen: a number
    #: of three digits with little around it is wider.
    low: float = 1.6
    #: Width to height from which on it may be one line where it reads badly otherwise; chosen: two
    #: narrow digits are no narrower.
    narrow: float = 0.7
    #: Px of its height up to which it is tried so; chosen: in larger pictures the ink of a line is
    #: found.
    max_narrow: float = 176.0
    #: Probability of its least probable glyph at least, and of its most probable digit where no
    #: other ink is found; chosen: what is no line has less.
    least: float = 0.4


PARAMS = Params()

_DIGITS = sorted("0123456789")

#: The members of two groups.
Pair = tuple[tuple[int, ...], tuple[int, ...]]


def lines_of(classifier: Classifier) -> LineReader | None:
    """The line reader that travels with a classifier of the ten digits; None: there is none."""
    lines: LineReader | None = getattr(classifier, "lines", None)  # most classifiers have none
    return lines if sorted(classifier.labels) == _DIGITS else None


def labels_of(classifier: Classifier) -> tuple[str, ...]:
    """All that is told apart with a classifier: its classes, and what its line reader knows."""
    lines = lines_of(classifier)
    return classifier.labels if lines is None else (*classifier.labels, *lines.labels)


def read_ink(
    ink: Ink,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    with_stages: bool = True,
    field_type: FieldType | None = None,
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
    field_type : FieldType, optional
        What may stand in each line.

    Returns
    -------
    Reading
        Boxes in canvas px, around the lines with their width; empty if nothing is written.
        Partial if there are more strokes than are read.
    """
    recogniser = Recogniser(classifier, layout, with_stages, field_type)
    primitives = InkPrimitives.of(ink)
    before = (TOO_SMALL,) if ink.strokes and not primitives.strokes else ()
    return noted(recogniser.read(primitives, is_partial=is_too_much(ink)), before)


@dataclass(frozen=True, slots=True)
class Recogniser:
    """Reads with a network of cells, and the one for lines that travels with it, in one way."""

    classifier: Classifier
    layout: Layout
    with_stages: bool
    field_type: FieldType | None = None

    def read(
        self, primitives: LinePrimitives, seen: Seen | None = None, is_partial: bool = False
    ) -> Reading:
        """As `reading`, in one go."""
        return finished(self.reading(primitives, seen, is_partial))

    def reading(
        self, primitives: LinePrimitives, seen: Seen | None = None, is_partial: bool = False
    ) -> Steps[Reading]:
        """Can be cancelled between lines."""
        yield
        found = list[Glyph]()
        field = None if self.field_type is None else Field(self.field_type)
        for glyph in self._glyphs(primitives, PARAMS.partial if is_partial else 1.0, field):
            if glyph is not None:
                found.append(glyph)
            yield
        glyphs = tuple(
            replace(settled(glyph, self.with_stages), box=primitives.in_file(glyph.box))
            for glyph in reject_print(found)
        )
        text = print_lines(found)
        is_all = text.issuperset(glyph.line for glyph in found if not glyph.is_mark)
        notes: tuple[str, ...] = ((PRINT if is_all else PRINT_LINES),) if text else ()
        notes += () if field is None else field.notes(text_lines(glyphs))
        calibrated, asked = self.classifier.is_calibrated, self.field_type
        return Reading(glyphs, calibrated, seen, is_partial, notes=notes, field_type=asked)

    def _glyphs(
        self, primitives: LinePrimitives, share: float, field: Field | None
    ) -> Iterator[Glyph | None]:
        """Boxes in px of the upright page, where gaps along a line are gaps along x; of the bounds
        of the work, this share. None: a line was read that is not decided on yet.
        """
        layout = primitives.layout
        groups = group_sure(layout, primitives.distance, primitives.dots) if layout.boxes else []
        lines = None if self.layout is Layout.DIGIT else lines_of(self.classifier)
        page = self._paged(groups, primitives, share, field)
        if lines is not None:
            yield from self._with_lines(page, groups, primitives, lines)
            return
        for index, row in enumerate(page.rows):
            line = page.fitted(self._decoded(row, page, index, primitives))
            yield from with_spaces(_believable(line))

    def _paged(
        self,
        groups: list[Group],
        primitives: LinePrimitives,
        share: float,
        field: Field | None,
    ) -> _Paged:
        """The lines and marks of a page, or of ink."""
        boxes, distance = primitives.layout.boxes, primitives.distance
        is_one = self.layout is Layout.DIGIT
        found = [] if is_one else marks.find_marks(groups, boxes, distance)
        groups = marks.without(groups, found, boxes)
        if not groups:
            return _Paged([], [], 0.0, Budget(0), field)
        groups, layout = _join_stacked(groups, primitives, self.classifier, share)
        if is_one:
            groups = [Group.of((i for group in groups for i in group.members), boxes)]
            layout = layout_of(groups)
        whole = Budget()
        budget = Budget(0 if is_one else round(share * whole.left), round(share * whole.columns))
        is_line = self.layout is Layout.LINE
        order = [left_to_right(layout.boxes)] if is_line else layout.lines
        rows = [TextLine(tuple(groups[i] for i in row)) for row in order]
        return _Paged(rows, found, layout.typical_height, budget, field)

    def _with_lines(
        self,
        page: _Paged,
        groups: Sequence[Group],
        primitives: LinePrimitives,
        lines: LineReader,
    ) -> Iterator[Glyph | None]:
        """As both networks read it: a low picture as a whole, all else line by line.

        A picture that is not as low, of which little is found by that, is tried as a whole, too.
        """
        is_page = self.layout is Layout.PAGE
        whole = [] if is_page else primitives.strip_pictures(PARAMS.low)
        is_clean = bool(whole) and self._is_clean(groups, primitives)
        strip = self._strip(whole, is_clean, page, groups, primitives, lines)
        if strip and (not is_clean or _confidence(strip) >= SURE):
            yield from with_spaces(_believable(strip))
            return
        read = self._together(page, primitives, lines)
        narrow = PARAMS.narrow, PARAMS.max_narrow
        is_narrow = self.layout is Layout.AUTO and primitives.is_strip(*narrow)
        if not strip and not is_narrow:
            yield from read
            return
        found = list[Glyph]()
        for glyph in read:
            if glyph is not None:
                found.append(glyph)
            yield None
        # One glyph is a digit by itself, which cells read better.
        if not whole and len(found) != 1 and _confidence(found) < SURE:
            whole, is_clean = primitives.strip_pictures(*narrow), self._is_clean(groups, primitives)
            strip = self._strip(whole, is_clean, page, groups, primitives, lines)
        strip = list(with_spaces(_believable(strip)))
        is_surer = _confidence(strip) > max(_confidence(found), PARAMS.least)
        yield from strip if is_surer else found

    def _together(
        self, page: _Paged, primitives: LinePrimitives, lines: LineReader
    ) -> Iterator[Glyph | None]:
        """The lines as both networks read them."""
        from inkread.core.recognition.read_line import line_inks

        inks = line_inks(page.rows, page.marks, primitives.layout.boxes)
        signs, has_digits = list[Glyph](), False
        for index, (row, ink) in enumerate(inks):
            line = _believable(self._line(row, ink, page, index, primitives, lines))
            if not all(glyph.is_mark for glyph in line):
                has_digits = True
                yield from with_spaces(line)
            else:
                signs += with_spaces(line)
                yield None
        if not has_digits:  # beside lines of digits, signs alone are dirt
            yield from signs

    def _strip(
        self,
        pictures: Sequence[LinePicture],
        is_clean: bool,
        page: _Paged,
        groups: Sequence[Group],
        primitives: LinePrimitives,
        lines: LineReader,
    ) -> list[Glyph]:
        """All of a low picture, of any `pictures`, read as one line; none if it is none."""
        from inkread.core.recognition.read_line import LineInk, plain_ends, read_line

        if not pictures:
            return []
        smallest = DIGIT_HEIGHT / max(picture.scale for picture in pictures)
        if _has_lines(groups, PARAMS.tall * smallest):
            return []
        if is_clean and layout_of(groups).typical_height < PARAMS.small * smallest:
            return []
        order = left_to_right([group.box for group in groups])
        taken = {i for group in groups for i in group.members}
        small = tuple(i for i in range(len(primitives.layout.boxes)) if i not in taken)
        ink = LineInk(
            tuple(groups[i] for i in order),
            small,
            frozenset(mark.primitive for mark in page.marks),
            {} if len(page.rows) != 1 else plain_ends(page.rows[0], page.marks),
            is_strip=not is_clean,
        )

        def alone() -> list[Glyph]:
            rows = page.rows if len(page.rows) == 1 else []
            kept = page if is_clean else replace(page, marks=marks.between(page.marks))
            found = [self._decoded(row, kept, 0, primitives, is_plain=True) for row in rows]
            return [glyph for line in found for glyph in line]

        found = read_line(
            ink, primitives, 0, self.classifier, lines, Budget(), alone, pictures, page.field
        )
        found = page.fitted(found or [])
        # The network sees signs in plain background and in pages of small lines, too: it is sure
        # of no digit in the one, and finds few signs in the other.
        least = 0.0 if page.rows else PARAMS.least
        return found if found and _has_digit(found, least) else []

    def _is_clean(self, groups: Sequence[Group], primitives: Primitives) -> bool:
        """Whether the ink that was found is plainly that of digits: most of its large groups."""
        if not groups:
            return False
        least = PARAMS.tall * layout_of(groups).typical_height
        tall = [group for group in groups if group.box.height >= least]
        cells = [primitives.cell(group.members)[0] for group in tall[: PARAMS.max_tall]]
        rows = self.classifier.probabilities(np.stack(cells)[:, np.newaxis])
        return float((rows.max(axis=1) >= SURE).mean()) >= PARAMS.clean

    def _line(
        self,
        row: TextLine[Group],
        ink: LineInk,
        page: _Paged,
        index: int,
        primitives: LinePrimitives,
        lines: LineReader,
    ) -> list[Glyph]:
        """A line as both networks read it, or the network of cells alone."""
        from inkread.core.recognition.read_line import read_line

        def alone() -> list[Glyph]:
            return self._decoded(row, page, index, primitives, is_plain=True)

        if len(ink.groups) == 1 and not ink.small and self._is_digit(ink.groups[0], primitives):
            one = self._decoded(row, page, index, primitives)
            if page.is_fit(one):
                return one
        budget = page.budget
        both = read_line(
            ink, primitives, index, self.classifier, lines, budget, alone, (), page.field
        )
        if both is None:
            both = self._decoded(row, page, index, primitives)
        return page.fitted(both)

    def _is_digit(self, group: Group, primitives: Primitives) -> bool:
        """Whether a group is plainly one digit."""
        if group.box.width >= group.box.height:
            return False
        cell, _ = primitives.cell(group.members)
        row = self.classifier.probabilities(cell[np.newaxis, np.newaxis])[0]
        return bool(row.max() >= SURE)

    def _decoded(
        self,
        row: TextLine[Group],
        page: _Paged,
        index: int,
        primitives: Primitives,
        is_plain: bool = False,
    ) -> list[Glyph]:
        """A line as the network of cells reads it, and the marks beside its digits.

        In a field, as what may stand there if it reads nearly as well so, unless it `is_plain`.
        """
        parts = list[marks.Mark | LineLattice]()
        how = primitives, page.height, self.classifier.probabilities, page.budget
        for mark, run in marks.runs(row, page.marks):
            parts += [] if mark is None else [mark]
            parts.append(LineLattice.of(run, *how))
        parts += marks.at_end(row, page.marks)
        line = list[Glyph]()
        for part in parts:
            if isinstance(part, marks.Mark):
                line.append(_mark_glyph(part, index, primitives))
            else:
                line += [self._glyph(each, index) for each in part.glyphs]
        if is_plain or page.field is None or page.is_fit(line):
            return line
        within = decode_within(parts, page.field.type.automaton, self.classifier.labels)
        if within is None:
            return line
        return page.field.bent_to(
            line,
            [
                _mark_glyph(placed.sign, index, primitives)
                if isinstance(placed.sign, marks.Mark)
                else self._glyph(placed.sign, index)
                for placed in within.signs
            ],
            [placed.label for placed in within.signs],
            within.behind,
        )

    def _glyph(self, decoded: Decoded, index: int) -> Glyph:
        row, cell = decoded.probabilities, decoded.cell
        return glyph_of(decoded.box, index, row, self.classifier, cell, decoded.stages)


@dataclass(frozen=True, slots=True, eq=False)
class _Paged:
    """The lines of a page, or of ink: groups that are glyphs or parts of some, and marks.

    Attributes
    ----------
    rows : list of TextLine
    marks : list of Mark
        Of all lines; their primitives are in no group.
    height : float
        Typical height of a glyph, px.
    budget : Budget
        What may still be over-segmented, and read by a line network.
    field : Field or None
        What may stand in each line.
    """

    rows: list[TextLine[Group]]
    marks: list[marks.Mark]
    height: float
    budget: Budget
    field: Field | None = None

    def is_fit(self, line: list[Glyph]) -> bool:
        """Whether a line may stand in the field."""
        return self.field is None or self.field.is_fit(line)

    def fitted(self, line: list[Glyph]) -> list[Glyph]:
        """A line as it is, or doubtful throughout if it does not fit."""
        return line if self.field is None else self.field.fitted(line)


def _has_lines(groups: Sequence[Group], least: float) -> bool:
    """Whether groups of at least this height plainly stand in lines below one another."""
    if len(groups) < PARAMS.min_line:
        return False
    layout = layout_of(groups)
    tall = max(least, PARAMS.tall * layout.typical_height)
    rows = [[i for i in row if layout.height[i] >= tall] for row in layout.lines]
    around = [union(layout.boxes[i] for i in row) for row in rows if len(row) >= PARAMS.min_line]
    return any(above.bottom <= below.y for above, below in combinations(around, 2))


def _confidence(found: Sequence[Glyph]) -> float:
    """Probability of the least probable glyph; 0 where one is rejected, or none is there."""
    return min((0.0 if glyph.rejected else glyph.probability for glyph in found), default=0.0)


def _has_digit(found: Sequence[Glyph], least: float) -> bool:
    """Whether a digit has at least this probability; one that is rejected has 0."""
    digits = [glyph for glyph in found if not glyph.is_mark]
    return any(_confidence([digit]) >= least for digit in digits)


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
    doubts = _Doubts(primitives, classifier)
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
            whole = groups[i].joined(groups[j])
            together, *apart = doubts.of((whole, groups[i], groups[j]))
            if together - bonus < sum(apart):
                break
        else:
            return groups, layout
        groups = [*(group for k, group in enumerate(groups) if k not in (i, j)), whole]


@dataclass(slots=True)
class _Doubts:
    """The price of the network's doubt about groups; it is asked about each of them once."""

    primitives: Primitives
    classifier: Classifier
    known: dict[tuple[int, ...], float] = field(default_factory=dict)

    def of(self, groups: Sequence[Group]) -> list[float]:
        new = [group.members for group in groups if group.members not in self.known]
        if new:
            cells = [self.primitives.cell(members)[0] for members in new]
            rows = self.classifier.probabilities(np.stack(cells)[:, np.newaxis])
            doubts = (prices.doubt(float(row.max())) for row in rows)
            self.known.update(zip(new, doubts, strict=True))
        return [self.known[group.members] for group in groups]


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
