"""A text line read by two networks: one proposes whole texts, the other judges each glyph.

The line network names the likeliest texts and the place of each sign (`LineReader`). For each text
the line's ink is divided among its signs (`sign_ink.py`) and the network of cells, which knows what
a person taught, reads the ink of each digit. What both say together decides.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
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
from inkread.core.recognition.glyph_regions import glyph_regions
from inkread.core.recognition.line_hypothesis import GlyphRegion, LineHypothesis
from inkread.core.recognition.line_reader import LineReader
from inkread.core.recognition.line_views import LineViews
from inkread.core.segmentation.decode_line import Budget
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

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Params:
    """How both networks are weighed."""

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
    #: Nats against a reading for each group that has no sign in it; chosen: a likelihood of 0.13.
    left_over: float = 2.0
    #: Support of a sign beside such a group, as share; chosen: it is doubtful.
    unread: float = 0.8
    #: Share of the cells in a glyph's probability where they are sure of another digit; chosen: it
    #: is doubtful where they prefer another by a third.
    own_say: float = 0.3
    #: Lead of that digit, 0 to 1, above which the cells have a say in a low picture on patterns;
    #: chosen: what is cut out of it is often no whole digit.
    sure_against: float = 0.6
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
    #: Nats behind the best, of hypotheses that are looked at; chosen: a thousandth as probable.
    behind: float = 7.0
    #: Hypotheses that are looked at; chosen: the right one is mostly among the first.
    looked: int = 6
    #: Nats against a sign without ink of its own; chosen: hardly any touches a digit.
    cut_sign: float = 2.0
    #: Nats of small ink that is no sign's, or a digit's that does not need it; measured: of the
    #: signs in 120 numbers of folds 2 to 4, as strokes, 94.7 % are right with 0, 96.7 % with 3.
    stray: float = 2.5
    #: Heights, longer side of such ink; chosen: a digit is larger.
    small: float = 0.4
    #: Heights, between parts of ink that stand clear of each other; chosen: a pen is wider.
    clear: float = 0.03
    #: Nats by which a digit reads better with ink that it needs; chosen: less is chance.
    needed: float = 0.2
    #: Nats of a sign that has more or fewer parts than it should; chosen: as one without ink.
    parts: float = 2.0
    #: Nats by which the cells prefer another digit that is then tried; chosen: three to one.
    rather: float = 1.0
    #: Digits of a line that are tried otherwise, at most; chosen: with more it is no line of
    #: digits.
    tried: int = 4


PARAMS = Params()

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
    is_strip : bool
        Whether it is all that was found in a low picture, printed patterns as well: it need not be
        the ink of the signs.
    """

    groups: tuple[Group, ...]
    small: tuple[int, ...] = ()
    is_strip: bool = False

    @property
    def members(self) -> tuple[int, ...]:
        return (*(i for group in self.groups for i in group.members), *self.small)


def line_inks(rows: Sequence[Sequence[Group]], boxes: Sequence[Box]) -> list[LineInk]:
    """The ink of each line: its groups, and the points and specks in no group that stand beside.

    Parameters
    ----------
    rows : sequence of sequences of Group
        The groups of each line, left to right; at least one line.
    boxes : sequence of Box
        Of all primitives.
    """
    rows = _with_digits(rows)
    taken = {i for row in rows for group in row for i in group.members}
    free = [i for i in range(len(boxes)) if i not in taken]
    around = [union(group.box for group in row) for row in rows]
    small: list[list[int]] = [[] for _ in rows]
    if free:
        x, y = overlaps([*around, *(boxes[i] for i in free)])
        apart = np.maximum(0.0, -np.minimum(x, y))[len(rows) :, : len(rows)]
        apart /= np.maximum([box.height for box in around], 1e-9)
        for i, away in zip(free, apart, strict=True):
            if away.min() < PARAMS.beside:
                small[int(away.argmin())].append(i)
    return [LineInk(tuple(row), tuple(own)) for row, own in zip(rows, small, strict=True)]


def _with_digits(rows: Sequence[Sequence[Group]]) -> list[Sequence[Group]]:
    """The lines without those that are but small signs beside a line."""
    boxes = [[group.box for group in row] for row in rows]
    sizes = [max(box.longest_side for box in row) for row in boxes]
    around = [union(row) for row in boxes]
    typical = [max(box.height for box in row) for row in boxes]
    kept = []
    for k, row in enumerate(rows):
        beside = (
            sizes[k] < PARAMS.small * typical[j]
            and min(around[k].overlap_x(around[j]), around[k].overlap_y(around[j]))
            > -PARAMS.beside * typical[j]
            for j in range(len(rows))
        )
        if not any(beside):
            kept.append(row)
    return kept


@dataclass(frozen=True, slots=True, eq=False)
class _Divided:
    """A hypothesis, the ink of its signs, and how probable both networks find it (nats)."""

    hypothesis: LineHypothesis
    signs: list[Sign]
    ink: list[Members]
    #: Groups that no sign owns.
    left: list[Group]
    score: float


def read_line(
    line: LineInk,
    primitives: LinePrimitives,
    index: int,
    classifier: Classifier,
    lines: LineReader,
    budget: Budget,
    pictures: Sequence[LinePicture] = (),
) -> list[Glyph] | None:
    """Read a line; boxes in px of the upright page.

    Parameters
    ----------
    line : LineInk
        At least one group.
    primitives : Primitives
        Those of the line.
    index : int
        Of the line on its page.
    classifier : Classifier
        Reads cells; its labels are the ten digits.
    lines : LineReader
        Reads lines.
    budget : Budget
        How many groups may be over-segmented; it is spent here.
    pictures : sequence of LinePicture, optional
        Pictures of the line, of which the one that reads best counts; without any, the one of the
        line's ink.

    Returns
    -------
    list of Glyph or None
        Left to right; None if the line network finds no sign.
    """
    if not pictures:
        pictures = [primitives.line_picture(line.members, slope_of(line.groups))]
    read = _likeliest(pictures, lines)
    if line.is_strip and (read is None or not _is_plain(read[2][0])):
        both = read, _likeliest(primitives.strip_pictures(inverted=True), lines)
        read = max(filter(None, both), key=lambda each: merit(each[2][0]), default=None)
    if read is None:
        return None
    picture, logits, _ = read
    views = LineViews.of(picture, logits, lines)
    found = views.found()
    best = found[0].log_probability
    judge = Judge(primitives, _classify_with(classifier), classifier.labels, budget)
    near = [each for each in found if each.log_probability > best - PARAMS.behind][: PARAMS.looked]
    divided = [_divided(each, picture, line, judge) for each in near]
    divided += _otherwise(max(divided, key=lambda each: each.score), divided, views, line, judge)
    chosen = max(divided, key=lambda each: each.score)
    support = _support(chosen, divided)
    seen = [
        dict(zip(lines.labels, row, strict=True)) for row in _of_signs(chosen.hypothesis, logits)
    ]
    judged = _second_opinions(chosen, picture, judge)
    return [
        _glyph(label, index, classifier, line.is_strip, *each)
        for label, each in zip(
            chosen.hypothesis.text, zip(judged, seen, support, strict=True), strict=True
        )
    ]


def slope_of(groups: Sequence[Group]) -> float:
    """Px by which a line falls for one px to the right; 0 where it hardly does, or is short."""
    layout = BoxLayout.of(group.box for group in groups)
    tall = [box for box in layout.boxes if box.height >= PARAMS.tall * layout.typical_height]
    if len(tall) < PARAMS.min_fitted:
        return 0.0
    x, y = np.array([box.centre for box in tall]).T
    slope = float(np.polyfit(x, y, 1)[0])
    is_level = abs(slope) * float(np.ptp(x)) < PARAMS.level * layout.typical_height
    return 0.0 if is_level else float(np.clip(slope, -PARAMS.max_slope, PARAMS.max_slope))


def _likeliest(
    pictures: Sequence[LinePicture], lines: LineReader
) -> tuple[LinePicture, Logits, tuple[LineHypothesis, ...]] | None:
    """The picture that reads best, and what the network says of it; None: there is no sign."""
    rows = lines.logits([picture.image for picture in pictures])
    read = [(p, r, decoded(r, lines.labels)) for p, r in zip(pictures, rows, strict=True)]
    read = [each for each in read if each[2][0].text]
    return max(read, key=lambda each: merit(each[2][0]), default=None)


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
    score = hypothesis.log_probability - _price(signs, ink, left, line, judge, height)
    return _Divided(hypothesis, signs, ink, left, score)


def _price(
    signs: Sequence[Sign],
    ink: Sequence[Members],
    left: Sequence[Group],
    line: LineInk,
    judge: Judge,
    height: float,
) -> float:
    """Nats against a reading, of its ink."""
    floor = -math.log(PARAMS.cell_floor)
    cells = sum(
        min(judge.surprise(members, judge.as_taught(members, sign.label)), floor)
        if members
        else floor
        for sign, members in zip(signs, ink, strict=True)
        if sign.is_digit
    )
    price = PARAMS.cell_weight * cells + PARAMS.left_over * len(left)
    if line.is_strip:
        return price  # what was found in it need not be the ink of its signs
    whole = set(line.members)
    stray = whole.difference(*ink, *(group.members for group in left))
    for sign, members in zip(signs, ink, strict=True):
        if sign.is_digit:
            stray.update(_needless(sign.label, members, whole, judge, height))
        elif not members or not whole.issuperset(members):
            price += PARAMS.cut_sign
        elif _parts(members, judge, height) != PARTS.get(
            sign.label, _parts(members, judge, height)
        ):
            price += PARAMS.parts
    return price + PARAMS.stray * len(stray)


def _needless(
    label: str, members: Members, whole: Collection[int], judge: Judge, height: float
) -> Members:
    """Small ink that stands clear of a digit and without which it reads as well."""
    boxes, distance = judge.primitives.layout.boxes, judge.primitives.distance
    small = [i for i in members if i in whole and boxes[i].longest_side < PARAMS.small * height]
    body = tuple(i for i in members if i not in small)
    if not small or not body:
        return ()
    clear = [i for i in small if min(distance(i, j) for j in body) > PARAMS.clear * height]
    if not clear:
        return ()
    without = tuple(i for i in members if i not in clear)
    judge.ask([without])
    needed = judge.surprise(without, label) > judge.surprise(members, label) + PARAMS.needed
    return () if needed else tuple(clear)


def _parts(members: Members, judge: Judge, height: float) -> int:
    """How many parts of ink stand clear of each other."""
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


def _otherwise(
    best: _Divided,
    others: Sequence[_Divided],
    views: LineViews,
    line: LineInk,
    judge: Judge,
) -> list[_Divided]:
    """The best reading with other digits, where the cells rather see these."""
    text = best.hypothesis.text
    better: dict[int, str] = {}
    for k, (sign, members) in enumerate(zip(best.signs, best.ink, strict=True)):
        if sign.is_digit and members:
            row = judge.known[members].probabilities
            label = judge.labels[int(row.argmax())]
            if judge.surprise(members, sign.label) - judge.surprise(members, label) > PARAMS.rather:
                better[k] = label
    if not better or len(better) > PARAMS.tried:
        return []
    choices = [{k: label} for k, label in better.items()]
    if len(better) > 1:
        choices.append(better)
    texts = ["".join(some.get(k, sign) for k, sign in enumerate(text)) for some in choices]
    known = {each.hypothesis.text for each in others}
    found = list[_Divided]()
    for each in views.hypotheses(text for text in texts if text not in known):
        signs = [
            replace(sign, label=label) for sign, label in zip(best.signs, each.text, strict=True)
        ]
        score = each.log_probability - _price(
            signs, best.ink, best.left, line, judge, DIGIT_HEIGHT / views.picture.scale
        )
        found.append(_Divided(each, signs, best.ink, best.left, score))
    return found


def _upright_x(first: int, last: int, picture: LinePicture, slant: float) -> float:
    """The middle of a place where it would stand if the hand did not lean."""
    height, _ = picture.image.shape
    x = (first + last + 1) / 2 * STEP / picture.scale + picture.left
    return float(x + slant * (height / 2 / picture.scale + picture.top))


def _support(chosen: _Divided, divided: Sequence[_Divided]) -> list[float]:
    """For each sign, the share of hypotheses that have a sign at its place, and none beside it.

    The mean of what the line network says alone and with the cells: cells that change its mind
    leave doubt, and so does ink beside a sign that no sign owns.
    """
    matched = np.array([_matched(chosen.hypothesis.text, d.hypothesis.text) for d in divided])
    alone = _shares([each.hypothesis.log_probability for each in divided])
    together = _shares([each.score for each in divided])
    support: NDArray[np.float64] = (alone + together) / 2 @ matched
    for group in chosen.left:
        x = group.box.centre[0]
        support[min(range(len(support)), key=lambda k: abs(chosen.signs[k].x - x))] *= PARAMS.unread
    return [float(value) for value in support]


def _shares(scores: Sequence[float]) -> NDArray[np.float64]:
    """Softmax."""
    odds = np.exp(np.array(scores) - max(scores))
    return np.asarray(odds / odds.sum())


def _matched(text: str, other: str) -> NDArray[np.float64]:
    """1 for each sign of a text that another has too, or has another sign for; else 0.

    A point or dash more between two digits is no doubt of these.
    """
    matched = np.ones(len(text))
    if len(text) == len(other):
        return matched
    for kind, a, b, c, d in SequenceMatcher(None, text, other, autojunk=False).get_opcodes():
        if kind != "equal" and b - a != d - c:
            matched[a:b] = 0
            if a == b and not all(sign in SIGNS for sign in other[c:d]):
                # A digit more between two: either of them may be both.
                matched[max(0, a - 1) : a + 1] = 0
    return matched


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
    is_own = (region.left[:, np.newaxis] <= columns) & (columns < region.right[:, np.newaxis])
    is_own &= picture.image >= PARAMS.faint
    return cell_from_glyph(np.asarray(picture.image * is_own, np.uint8))


def _glyph(
    label: str,
    index: int,
    classifier: Classifier,
    is_strip: bool,
    judged_at: tuple[Judged, Box],
    seen: Mapping[str, float],
    support: float,
) -> Glyph:
    judged, box = judged_at
    is_taught = taught_label(judged, classifier.labels) is not None
    if label not in classifier.labels and label != OTHER and not is_taught:
        return _sign_glyph(label, box, index, judged, seen, support, is_strip)
    digits = np.array([seen[each] for each in classifier.labels])
    both = np.log(digits / digits.sum() + PARAMS.line_floor)
    both += PARAMS.cell_weight * np.log(judged.probabilities + PARAMS.cell_floor)
    both += PARAMS.taught_weight * judged.taught
    shares = np.exp(both - both.max())
    shares /= shares.sum()
    lead = judged.probabilities - judged.probabilities[int(shares.argmax())]
    against = float(lead.max())  # next to nothing, where the cells are undecided
    if not is_strip or against > PARAMS.sure_against:
        say = PARAMS.own_say * against
        shares = (1 - say) * shares + say * judged.probabilities
    shares = support * shares + (1 - support) / len(shares)
    order = np.argsort(-shares, kind="stable")
    guesses = tuple(Guess(classifier.labels[i], float(shares[i])) for i in order)
    threshold = classifier.rejection_threshold
    rejected = (label == OTHER and not is_taught) or (
        threshold is not None and guesses[0].probability < threshold
    )
    return Glyph(box, index, guesses, judged.cell, judged.stages, rejected)


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
    if is_strip and label in SMALL_SIGNS:
        seen = {**seen, label: sum(seen[sign] for sign in SMALL_SIGNS | {":"})}
    signs = [sign for sign in seen if not sign.isdigit() and sign not in (OTHER, label)]
    signs.sort(key=lambda sign: -seen[sign])
    guesses = tuple(Guess(sign, seen[sign] * support) for sign in (label, *signs[:2]))
    return Glyph(box, index, guesses, judged.cell, judged.stages, is_mark=True)
