"""A text line read by two networks: one proposes whole texts, the other judges each glyph.

The line network names the likeliest texts and the place of each sign (`LineReader`). For each text
the line's ink is divided among its signs (`sign_ink.py`) and the network of cells, which knows what
a person taught, reads the ink of each digit. What both say together decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from inkread.core.cell import cell_from_glyph
from inkread.core.classifier import Classifier
from inkread.core.geometry import Box, overlaps, union
from inkread.core.line_labels import OTHER, SIGNS
from inkread.core.line_picture import DIGIT_HEIGHT, STEP, LinePicture
from inkread.core.reading import SURE, Cells, Glyph, Guess, Stage
from inkread.core.recognition.ctc_decode import decoded
from inkread.core.recognition.field import PARAMS as FIELD
from inkread.core.recognition.field import Field
from inkread.core.recognition.glyph_regions import glyph_regions
from inkread.core.recognition.line_hypothesis import GlyphRegion, LineHypothesis
from inkread.core.recognition.line_reader import LineReader, logits_of
from inkread.core.recognition.line_views import PARAMS as VIEWS
from inkread.core.recognition.line_views import SIZES, LineViews
from inkread.core.recognition.weigh_readings import Costs, Evidence, probabilities
from inkread.core.segmentation.decode_line import Budget
from inkread.core.segmentation.mark_shapes import POINT
from inkread.core.segmentation.marks import Mark, at_end, runs
from inkread.core.segmentation.primitives import Group, LinePrimitives
from inkread.core.segmentation.sign_ink import (
    SMALL_SIGNS,
    Classify,
    Judge,
    Judged,
    Members,
    Sign,
    ink_of_signs,
    taught_label,
)
from inkread.core.segmentation.text_lines import BoxLayout
from inkread.core.text_line import TextLine

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Params:
    """Which readings of a line are looked at, and how sure a glyph is."""

    #: Weight of the cells' logarithms beside those of the line; chosen: less than 1, as a cell is
    #: surer than it should be where it is cut out badly.
    cell_weight: float = 0.3
    #: Weight of what a person's samples say (nats); chosen: against a line network that is sure,
    #: and its floor.
    taught_weight: float = 1.5
    #: Probability of a label at least, of the cells; chosen: a glyph may be cut out badly.
    cell_floor: float = 1e-3
    #: Probability of a label at least, of the line network; chosen: keeps logarithms finite.
    line_floor: float = 1e-4
    #: Nats for each sign of a low picture, below which its inverse is read too; chosen: nine of ten
    #: that are read right are above.
    plain: float = -0.25
    #: Nats that a sign more may cost, of readings of one line at several heights; chosen: those of
    #: a sign with a probability of a half.
    sign_merit: float = 0.7
    #: Digits through which a line is fitted; chosen: of two, one may be higher.
    min_fitted: int = 3
    #: Heights, of those; chosen: signs and fragments are lower.
    tall: float = 0.6
    #: Heights, by which a line may rise; chosen: training pictures are as far off.
    level: float = 0.15
    #: Px for each px to the right, at most; chosen: 27 degrees, lines of more are not found.
    max_slope: float = 0.5
    #: Grey level of a line's picture, 0 to 255, below which there is no ink for a cell; chosen: the
    #: grain of a background is fainter, the soft edge of a stroke is not.
    faint: int = 48
    #: Heights of a line, between it and a point or speck that belongs to it; chosen: as far as a
    #: line's picture shows what is around.
    beside: float = 0.5
    #: Heights of a line, above and below it, to which the middle of its signs may lie; chosen: a
    #: comma hangs below its line, an apostrophe hardly above it.
    within: float = 0.15
    #: Nats behind the best, of hypotheses that are looked at; chosen: a thousandth as probable.
    behind: float = 7.0
    #: Hypotheses that are looked at; chosen: the right one is mostly among the first.
    looked: int = 6
    #: Heights, longer side of small ink; chosen: a digit is larger.
    small: float = 0.4
    #: Primitives of one sign whose parts are looked at; chosen: bounds the work, a digit of faint
    #: ink is in fewer pieces.
    max_members: int = 50
    #: Characters of two texts, the product, from which on what they begin and end with alike is
    #: not compared again; chosen: bounds the work, lines of 200 signs.
    max_compared: int = 40_000
    #: Heights, between parts of ink that stand clear of each other; chosen: a pen is wider.
    clear: float = 0.03
    #: Nats by which a digit reads better with ink that it needs; chosen: less is chance.
    needed: float = 0.2
    #: Probability of a digit at most, 0 to 1, that cells alone surely read as another one; chosen:
    #: it is doubtful.
    disputed: float = 0.85
    #: Nats, the logarithm of a line's probability, from which on it is certain; chosen: 95 of 100.
    certain: float = -0.05


PARAMS = Params()

_ALIKE = str.maketrans(dict.fromkeys(SMALL_SIGNS, "."))
#: Parts of the signs that are always written alike.
PARTS = {**dict.fromkeys(".,'-/()", 1), ":": 2, "=": 2}


def _classify_with(classifier: Classifier) -> Classify:
    """Probabilities, and what a person's samples say of it: nothing, of most classifiers."""
    known: Classify | None = getattr(classifier, "probabilities_and_taught", None)
    if known is not None:
        return known

    def classify(cells: Cells) -> tuple[Cells, Cells]:
        rows = classifier.probabilities(cells)
        return rows, np.zeros_like(rows)

    return classify


@dataclass(frozen=True, slots=True, eq=False)
class LineInk:
    """The ink of one line.

    Attributes
    ----------
    groups : tuple of Group
        Left to right.
    small : tuple of int
        Primitives in no group that belong to it: points, specks.
    marks : frozenset of int
        Primitives of the line that are signs by their shape and place.
    ends : mapping of int to Mark
        Those of them that are plain points before the first or behind the last digit.
    is_strip : bool
        Whether it is all that was found in a low picture, printed patterns as well: it need not be
        the ink of the signs.
    """

    groups: tuple[Group, ...]
    small: tuple[int, ...] = ()
    marks: frozenset[int] = frozenset()
    ends: Mapping[int, Mark] = field(default_factory=dict)
    is_strip: bool = False

    @property
    def members(self) -> tuple[int, ...]:
        return (*(i for group in self.groups for i in group.members), *self.small)


def line_inks(
    rows: Sequence[TextLine[Group]], marks: Sequence[Mark], boxes: Sequence[Box]
) -> list[tuple[TextLine[Group], LineInk]]:
    """Each line and its ink: the groups, and the points and specks in no group that stand beside.

    A line that is but small signs within the height of another is ink of that one.

    Parameters
    ----------
    rows : sequence of TextLine
        The groups of each line, left to right.
    marks : sequence of Mark
        Of all lines; in no group.
    boxes : sequence of Box
        Of all primitives.
    """
    rows = _with_digits(rows)
    if not rows:
        return []
    taken = {i for row in rows for group in row for i in group.members}
    marked = [
        frozenset(
            mark.primitive
            for mark in (*(before for before, _ in runs(row, marks)), *at_end(row, marks))
            if mark is not None
        )
        for row in rows
    ]
    small = [list(own) for own in marked]
    taken.update(*marked)
    free = [i for i in range(len(boxes)) if i not in taken]
    around = [union(group.box for group in row) for row in rows]
    if free:
        x, y = overlaps([*around, *(boxes[i] for i in free)])
        apart = np.maximum(0.0, -np.minimum(x, y))[len(rows) :, : len(rows)]
        apart /= np.maximum([box.height for box in around], 1e-9)
        for i, away in zip(free, apart, strict=True):
            if away.min() < PARAMS.beside:
                small[int(away.argmin())].append(i)
    return [
        (row, LineInk(tuple(row), tuple(own), known, plain_ends(row, marks)))
        for row, own, known in zip(rows, small, marked, strict=True)
    ]


def plain_ends(row: TextLine[Group], marks: Sequence[Mark]) -> dict[int, Mark]:
    """The plain points before the first or behind the last digit of a line."""
    first = next((mark for mark, _ in runs(row, marks)), None)
    return {
        mark.primitive: mark
        for mark in (first, *at_end(row, marks))
        if mark and mark.is_end and mark.sign == POINT and mark.probability >= SURE
    }


def _with_digits(rows: Sequence[TextLine[Group]]) -> list[TextLine[Group]]:
    """The lines without those that are but small signs within the height of another."""
    boxes = [[group.box for group in row] for row in rows]
    sizes = [max(box.longest_side for box in row) for row in boxes]
    around = [union(row) for row in boxes]
    typical = [max(box.height for box in row) for row in boxes]

    def is_within(k: int, j: int) -> bool:
        """Whether line k may be signs of line j: small, at its height, and not far off."""
        reach = PARAMS.within * typical[j]
        y = around[k].centre[1]
        return (
            sizes[k] < PARAMS.small * typical[j]
            and around[j].y - reach < y < around[j].bottom + reach
            and around[k].overlap_x(around[j]) > -PARAMS.beside * typical[j]
        )

    return [row for k, row in enumerate(rows) if not any(is_within(k, j) for j in range(len(rows)))]


@dataclass(frozen=True, slots=True, eq=False)
class _Divided:
    """A hypothesis, the ink of its signs, and what speaks against it."""

    hypothesis: LineHypothesis
    signs: list[Sign]
    ink: list[Members]
    #: Groups that no sign owns.
    left: list[Group]
    costs: Costs


def read_line(
    line: LineInk,
    primitives: LinePrimitives,
    index: int,
    classifier: Classifier,
    lines: LineReader,
    budget: Budget,
    alone: Callable[[], list[Glyph]] = list,
    pictures: Sequence[LinePicture] = (),
    field: Field | None = None,
) -> list[Glyph] | None:
    """Read a line; boxes in px of the upright page.

    Parameters
    ----------
    line : LineInk
        At least one group, or `pictures`.
    primitives : Primitives
        Those of the line.
    index : int
        Of the line on its page.
    classifier : Classifier
        Reads cells; its labels are the ten digits.
    lines : LineReader
        Reads lines.
    budget : Budget
        What may be done; it is spent here.
    alone : callable, optional
        Gives the line as the network of cells alone reads it: one more text to weigh, and a second
        opinion. It is asked only where the first one is in doubt.
    pictures : sequence of LinePicture, optional
        Pictures of the line, of which the one that reads best counts; without any, the one of the
        line's ink.
    field : Field, optional
        What may stand in the line; what is done so that it fits is kept there.

    Returns
    -------
    list of Glyph or None
        Left to right; None if the line network finds no sign, or there is more than it may read.
    """
    if not pictures:
        pictures = [primitives.line_picture(line.members, slope_of(line.groups))]
        if not budget.spend_columns(pictures[0].image.shape[1]):
            return None
    read = _likeliest(pictures, lines)
    if line.is_strip and (read is None or not _is_plain(read[2][0])):
        both = read, _likeliest(primitives.strip_pictures(0, inverted=True), lines)
        read = max(filter(None, both), key=lambda each: merit(each[2][0]), default=None)
    if read is None:
        return None
    picture, logits, found = read
    judge = Judge(primitives, _classify_with(classifier), classifier.labels, budget)
    chosen = _divided(found[0], picture, line, judge)
    support, unbent = [1.0] * len(chosen.signs), chosen.hypothesis.text
    is_allowed = field is None or field.type.accepts(chosen.hypothesis.text)
    if not (is_allowed and _is_certain(chosen, judge)):
        second = alone()
        text = "".join(glyph.label for glyph in second)
        views = _views(picture, logits, lines, budget)
        found = _found(found, text, views, field)
        near = _near(_with_ends(found, line.ends.values(), views), field)
        divided = [_divided(each, picture, line, judge) for each in near]
        chosen, support, unbent = _weighed(divided, text, judge, line.is_strip, field)
        support = _undisputed(support, chosen.hypothesis.text, second)
    text = chosen.hypothesis.text
    seen = [
        dict(zip(lines.labels, row, strict=True)) for row in _of_signs(chosen.hypothesis, logits)
    ]
    for row, sign, members in zip(seen, chosen.signs, chosen.ink, strict=True):
        mark = line.ends.get(members[0]) if len(members) == 1 else None
        if mark is not None and mark.sign == sign.label:
            row[sign.label] = max(row[sign.label], mark.probability)
    is_held = field is not None and field.type.accepts(text)
    if field is not None and is_held:
        field.keep(text, unbent)
        seen = [field.tempered(row, text, place) for place, row in enumerate(seen)]
    judged = _second_opinions(chosen, picture, judge)
    return [
        _glyph(label, index, classifier, line.is_strip, is_held, *each)
        for label, each in zip(text, zip(judged, seen, support, strict=True), strict=True)
        if not (is_held and field is not None and field.type.is_currency(label))
    ]


def _is_certain(read: _Divided, judge: Judge) -> bool:
    """Whether both networks are sure of all of a line, and all of its ink is read."""
    if read.left or read.hypothesis.log_probability < PARAMS.certain or any(read.costs[1:]):
        return False
    return all(
        members and _share(judge.known[members], sign.label, judge.labels) >= SURE
        for sign, members in zip(read.signs, read.ink, strict=True)
        if sign.is_digit
    )


def slope_of(groups: Sequence[Group]) -> float:
    """Px by which a line falls for one px to the right; 0 where it hardly does, or is short."""
    layout = BoxLayout.of(group.box for group in groups)
    tall = [box for box in layout.boxes if box.height >= PARAMS.tall * layout.typical_height]
    if len(tall) < PARAMS.min_fitted:
        return 0.0
    x, y = np.array([box.centre for box in tall]).T
    x -= x.mean()
    spread = float(np.vdot(x, x))
    if spread == 0:
        return 0.0  # they stand in a column
    slope = float(np.vdot(x, y)) / spread
    is_level = abs(slope) * float(np.ptp(x)) < PARAMS.level * layout.typical_height
    return 0.0 if is_level else float(np.clip(slope, -PARAMS.max_slope, PARAMS.max_slope))


def _likeliest(
    pictures: Sequence[LinePicture], lines: LineReader
) -> tuple[LinePicture, Logits, tuple[LineHypothesis, ...]] | None:
    """The picture that reads best, and what the network says of it; None: there is no sign."""
    rows = logits_of(lines, [picture.image for picture in pictures])
    read = [(p, r, decoded(r, lines.labels)) for p, r in zip(pictures, rows, strict=True)]
    read = [each for each in read if each[2][0].text]
    return max(read, key=lambda each: merit(each[2][0]), default=None)


def _views(picture: LinePicture, logits: Logits, lines: LineReader, budget: Budget) -> LineViews:
    """The line at several sizes, or at its own if it is too long or no more may be read."""
    alone = LineViews(picture, (logits,), lines.labels)
    more = (SIZES - 1) * picture.image.shape[1]
    if len(logits) > VIEWS.max_steps or not budget.spend_columns(more):
        return alone
    return LineViews.of(picture, logits, lines)


def _found(
    found: tuple[LineHypothesis, ...], also: str, views: LineViews, field: Field | None
) -> tuple[LineHypothesis, ...]:
    """The most probable texts of all views, given those of the first view alone."""
    if field is not None:
        return views.found((also,), field.type.automaton)
    return (
        views.found((also,))
        if len(views.logits) > 1
        else tuple(each for each in found if each.text)
    )


def _with_ends(
    found: tuple[LineHypothesis, ...], ends: Collection[Mark], views: LineViews
) -> tuple[LineHypothesis, ...]:
    """The hypotheses, and each with a plain point before or behind it, as probable as without.

    Line networks have hardly seen numbers that begin with a point; its shape and place decide.
    """
    for mark in ends:
        known = {each.text: each.log_probability for each in found}
        is_last = mark.follower is None
        pointed = {text + mark.sign if is_last else mark.sign + text: text for text in known}
        found += views.hypotheses(text for text in pointed if text not in known)
        known = {text: known.get(without, -np.inf) for text, without in pointed.items()}
        found = tuple(
            replace(h, log_probability=max(h.log_probability, known.get(h.text, -np.inf)))
            for h in found
        )
    return tuple(sorted(found, key=lambda each: -each.log_probability))


def _near(found: Sequence[LineHypothesis], field: Field | None) -> list[LineHypothesis]:
    """The hypotheses that are looked at; the most probable first."""
    weights = {h.text: h.log_probability + (field.weight(h.text) if field else 0) for h in found}
    ranked = sorted(found, key=lambda each: -weights[each.text])
    least = weights[ranked[0].text] - PARAMS.behind
    return [each for each in ranked if weights[each.text] > least][: PARAMS.looked]


def _is_plain(hypothesis: LineHypothesis) -> bool:
    return hypothesis.log_probability >= PARAMS.plain * len(hypothesis.text)


def merit(hypothesis: LineHypothesis) -> float:
    """How well a hypothesis explains a picture: nats, more for each sign that it finds."""
    return hypothesis.log_probability + PARAMS.sign_merit * len(hypothesis.text)


def _divided(
    hypothesis: LineHypothesis, picture: LinePicture, line: LineInk, judge: Judge
) -> _Divided:
    height = DIGIT_HEIGHT / picture.scale
    signs = [
        Sign(label, _upright_x(place.first, place.last, picture, judge.primitives.slant))
        for label, place in zip(hypothesis.text, hypothesis.places, strict=True)
    ]
    ink, left = ink_of_signs(signs, line.groups, line.small, height, judge)
    own = [
        (sign.label, members)
        for sign, members in zip(signs, ink, strict=True)
        if sign.is_digit and members
    ]
    judge.ask([members for _, members in own])
    if line.is_strip:
        left = []  # much of what was found in it is no ink
    return _Divided(hypothesis, signs, ink, left, _costs(signs, ink, left, line, judge, height))


def _costs(
    signs: Sequence[Sign],
    ink: Sequence[Members],
    left: Sequence[Group],
    line: LineInk,
    judge: Judge,
    height: float,
) -> Costs:
    floor = -math.log(PARAMS.cell_floor)
    cells = (
        min(judge.surprise(members, judge.as_taught(members, sign.label)), floor)
        if members
        else floor
        for sign, members in zip(signs, ink, strict=True)
        if sign.is_digit
    )
    found = Costs(max(cells, default=0.0), len(left))
    if line.is_strip:
        return found  # what was found in it need not be the ink of its signs
    whole, cut, parts = set(line.members), 0, 0
    boxes = judge.primitives.layout.boxes
    stray = {i for i in whole if boxes[i].longest_side < PARAMS.small * height}
    stray = stray.difference(*ink, *(group.members for group in left))
    for sign, members in zip(signs, ink, strict=True):
        if sign.is_digit:
            stray.update(_needless(sign.label, members, whole, judge, height))
        elif not members or not whole.issuperset(members):
            cut += 1
        elif sign.label in PARTS and _parts(members, judge, height) != PARTS[sign.label]:
            parts += 1
    missed = len(stray & line.marks)
    ends = len(stray & line.ends.keys())
    return found._replace(
        cut=cut, parts=parts, stray=len(stray) - missed, missed=missed - ends, ends=ends
    )


def _needless(
    label: str, members: Members, whole: Collection[int], judge: Judge, height: float
) -> Members:
    """Small ink that stands clear of a digit and without which it reads as well."""
    boxes, distance = judge.primitives.layout.boxes, judge.primitives.distance
    small = [i for i in members if i in whole and boxes[i].longest_side < PARAMS.small * height]
    body = tuple(i for i in members if i not in small)
    if not small or not body or len(members) > PARAMS.max_members:
        return ()
    clear = [i for i in small if min(distance(i, j) for j in body) > PARAMS.clear * height]
    if not clear:
        return ()
    without = tuple(i for i in members if i not in clear)
    judge.ask([without])
    needed = judge.surprise(without, label) > judge.surprise(members, label) + PARAMS.needed
    return () if needed else tuple(clear)


def _parts(members: Members, judge: Judge, height: float) -> int:
    """How many parts of ink stand clear of each other; of very many members, all of them."""
    if len(members) > PARAMS.max_members:
        return len(members)
    distance, left, count = judge.primitives.distance, set(members), 0
    while left:
        reached = [left.pop()]
        count += 1
        while reached:
            near = {j for j in left if distance(reached[-1], j) <= PARAMS.clear * height}
            reached.pop()
            left -= near
            reached += near
    return count


def _upright_x(first: int, last: int, picture: LinePicture, slant: float) -> float:
    """The middle of a place where it would stand if the hand did not lean."""
    height, _ = picture.image.shape
    x = (first + last + 1) / 2 * STEP / picture.scale + picture.left
    return float(x + slant * (height / 2 / picture.scale + picture.top))


def _weighed(
    divided: Sequence[_Divided],
    alone: str,
    judge: Judge,
    is_strip: bool,
    field: Field | None = None,
) -> tuple[_Divided, list[float], str]:
    """The most probable reading, and for each of its signs how probable it is, 0 to 1; and the
    most probable text without the type of the field.

    Against a sign are the readings that have another one at its place, or one more beside it; and
    what none of them has, as far as the sign is weak beside the weakest. In a low picture on
    patterns points and commas look alike: they count as the same.

    In a field a reading that it allows is chosen, unless the ink plainly says something else. A
    point more is a doubt there of both digits beside it: "12.50" and "1250" both may be an amount.
    """
    texts = [each.hypothesis for each in divided]
    found = (
        Evidence.of(h.text, h.log_probability, each.costs, _agreeing(h.text, alone, field))
        for h, each in zip(texts, divided, strict=True)
    )
    priors = np.array([field.weight(h.text) if field else 0.0 for h in texts])
    shares = probabilities(dict(zip((h.text for h in texts), found, strict=True)), priors)
    fitting = shares * [field is None or field.type.accepts(h.text) for h in texts]
    unbent = texts[int((shares / np.exp(priors)).argmax())].text
    # Signs alone beside lines of digits are dirt, which is not bent to digits.
    is_dirt = not any(sign.isdigit() for sign in unbent)
    is_foreign = is_dirt or fitting.max() < FIELD.bent * shares.max()
    index = int((shares if is_foreign else fitting).argmax())
    chosen = divided[index]
    compared = [h.text.translate(_ALIKE) if is_strip else h.text for h in texts]
    other = 1 - np.array([_matched(compared[index], text, field is None) for text in compared])
    weakness = _weakness(chosen, judge)
    unknown = (1 - shares.sum()) * weakness / weakness.max()
    return chosen, [float(value) for value in 1 - shares @ other - unknown], unbent


def _agreeing(text: str, alone: str, field: Field | None) -> str:
    """What cells alone read, or a text that says the same but for signs that they never find."""
    if field is None:
        return alone
    seen = {text.replace("'", "").replace(":", each) for each in (":", ".", "")}
    return text if alone in seen else alone


def _undisputed(support: list[float], text: str, alone: Sequence[Glyph]) -> list[float]:
    """Less support for a digit that the network of cells alone surely reads as another one."""
    if len(alone) != len(text):
        return support
    return [
        min(value, PARAMS.disputed)
        if sign != other.label and sign.isdigit() and not (other.is_mark or other.is_doubtful)
        else value
        for value, sign, other in zip(support, text, alone, strict=True)
    ]


def _weakness(read: _Divided, judge: Judge) -> NDArray[np.float64]:
    """Nats against each sign of a reading: of both networks, and ink beside it that none owns."""
    floor = -math.log(PARAMS.cell_floor)
    found = []
    for sign, members, place in zip(read.signs, read.ink, read.hypothesis.places, strict=True):
        own = floor if not members or sign.label == OTHER else 0.0
        if sign.is_digit and members:
            own = judge.surprise(members, judge.as_taught(members, sign.label))
        found.append(own - math.log(max(place.probability, PARAMS.line_floor)))
    for group in read.left:
        x = group.box.centre[0]
        found[min(range(len(found)), key=lambda k: abs(read.signs[k].x - x))] += floor
    return np.array(found) + 1e-3


def _matched(text: str, other: str, is_lenient: bool = True) -> NDArray[np.float64]:
    """1 for each sign of a text that another text has, too; else 0.

    A point or dash more between two digits is no doubt of these, if it `is_lenient`.
    """
    matched = np.ones(len(text))
    first, last = 0, len(text)
    if len(text) * len(other) > PARAMS.max_compared:
        first = _alike(text, other)
        same = _alike(text[first:][::-1], other[first:][::-1])
        last, other = last - same, other[first : len(other) - same]
    matcher = SequenceMatcher(None, text[first:last], other, autojunk=False)
    for kind, *ends in matcher.get_opcodes():
        a, b, c, d = ends[0] + first, ends[1] + first, *ends[2:]
        if kind != "equal":
            matched[a:b] = 0
            if a == b and not (is_lenient and all(sign in SIGNS for sign in other[c:d])):
                # A digit more between two: either of them may be both.
                matched[max(0, a - 1) : a + 1] = 0
    return matched


def _alike(text: str, other: str) -> int:
    """With how many characters both begin."""
    pairs = zip(text, other, strict=False)
    least = min(len(text), len(other))
    return next((k for k, (one, another) in enumerate(pairs) if one != another), least)


def _of_signs(hypothesis: LineHypothesis, logits: Logits) -> list[list[float]]:
    """The line network's distribution over its labels at the place of each sign."""
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    shares = shifted / shifted.sum(axis=1, keepdims=True)
    found = []
    for place in hypothesis.places:
        row = shares[place.first : place.last + 1, :-1].sum(axis=0) + PARAMS.line_floor
        found.append((row / row.sum()).tolist())
    return found


def _second_opinions(
    chosen: _Divided, picture: LinePicture, judge: Judge
) -> list[tuple[Judged, Box]]:
    """The cell and the box of each sign: of its ink, or of its region of the line's picture.

    The region counts where the sign has no ink of its own, or where the cells are not sure of the
    digit and find it more probable in the region: thresholds lose faint ink and keep patterns.
    """
    judge.ask([members for members in chosen.ink if members])
    own = [(judge.known[m], judge.primitives.outline(m)) if m else None for m in chosen.ink]
    text, labels = chosen.hypothesis.text, judge.labels
    weak = [
        k
        for k, each in enumerate(own)
        if each is None or (text[k] in labels and _share(each[0], text[k], labels) < SURE)
    ]
    if weak:
        regions = glyph_regions(picture, chosen.hypothesis)
        made = [_cell_of(regions[k], picture) for k in weak]
        rows, taught = judge.classify(np.stack([cell for cell, _ in made])[:, np.newaxis])
        for k, row, said, (cell, stages) in zip(weak, rows, taught, made, strict=True):
            other, before = Judged(row, cell, stages, said), own[k]
            if before is None or _share(other, text[k], labels) > _share(
                before[0], text[k], labels
            ):
                own[k] = other, regions[k].box
    return [each for each in own if each is not None]


def _share(judged: Judged, label: str, labels: tuple[str, ...]) -> float:
    return float(judged.probabilities[labels.index(label)])


def _cell_of(region: GlyphRegion, picture: LinePicture) -> tuple[Cells, tuple[Stage, ...]]:
    """The cell of a region of a line's picture."""
    columns = np.arange(picture.image.shape[1]) / picture.scale + picture.left
    ends = [region.left.min(), region.right.max()]
    around = slice(*np.searchsorted(columns, ends).tolist())  # a line may be 1,000 regions long
    columns, image = columns[around], picture.image[:, around]
    is_own = (region.left[:, np.newaxis] <= columns) & (columns < region.right[:, np.newaxis])
    is_own &= image >= PARAMS.faint
    return cell_from_glyph(np.asarray(image * is_own, np.uint8))


def _glyph(
    label: str,
    index: int,
    classifier: Classifier,
    is_strip: bool,
    is_held: bool,
    judged_at: tuple[Judged, Box],
    seen: Mapping[str, float],
    support: float,
) -> Glyph:
    judged, box = judged_at
    is_taught = not is_held and taught_label(judged, classifier.labels) is not None
    if label not in classifier.labels and label != OTHER and not is_taught:
        return _sign_glyph(label, box, index, judged, seen, support, is_strip)
    digits = np.array([seen[each] for each in classifier.labels])
    both = np.log(digits / digits.sum() + PARAMS.line_floor)
    both += PARAMS.cell_weight * np.log(judged.probabilities + PARAMS.cell_floor)
    both += PARAMS.taught_weight * judged.taught
    shares = np.exp(both - both.max())
    shares /= shares.sum()
    best = int(shares.argmax())
    if is_held and classifier.labels[best] != label:
        # Only this digit fits; that another one is more probable makes it doubtful.
        highest, best = shares[best], classifier.labels.index(label)
        support, shares[best] = min(support, float(shares[best])), highest
    threshold = classifier.rejection_threshold
    is_weak = threshold is not None and float(shares[best]) < threshold
    rejected = is_weak or (label == OTHER and not is_taught)
    shares = _less_sure(shares, best, 1.0 if is_taught else support)
    order = np.argsort(-shares, kind="stable")
    guesses = tuple(Guess(classifier.labels[i], float(shares[i])) for i in order)
    return Glyph(box, index, guesses, judged.cell, judged.stages, rejected)


def _less_sure(shares: NDArray[np.float64], best: int, support: float) -> NDArray[np.float64]:
    """Probabilities with no more than `support` of the best one, which stays the best."""
    if shares[best] <= support:
        return shares
    support = max(support, 1.1 / len(shares))
    rest = np.delete(shares, best)
    rest *= (1 - support) / max(float(rest.sum()), 1e-9)
    if rest.max() >= support:
        rest[:] = (1 - support) / len(rest)
    return np.insert(rest, best, support)


def _sign_glyph(
    label: str,
    box: Box,
    index: int,
    judged: Judged,
    seen: Mapping[str, float],
    support: float,
    is_strip: bool,
) -> Glyph:
    """A sign that is no digit; what makes it a digit speaks against all of them.

    In a low picture on patterns points and commas look alike: one counts for the other.
    """
    alike = frozenset({label})
    if is_strip and label in SMALL_SIGNS:
        alike = SMALL_SIGNS
        seen = {**seen, label: sum(seen.get(sign, 0.0) for sign in alike)}
    signs = [sign for sign in seen if not (sign.isdigit() or sign == OTHER or sign in alike)]
    signs.sort(key=lambda sign: -seen[sign])
    guesses = tuple(Guess(sign, seen[sign] * support) for sign in (label, *signs[:2]))
    return Glyph(box, index, guesses, judged.cell, judged.stages, is_mark=True)
