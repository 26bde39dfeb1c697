"""Glyphs by hand: the digits and signs of one writer, ready to be put side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from inkread.core.cell import crop
from inkread.core.ink import Points, thinned
from inkread.core.line_labels import DIGIT_COUNT, LINE_LABELS
from inkread.core.reading import Grey
from inkread.core.stroke_width import line_width
from inkread.ml.datasets.strokes import StrokeSample, Traces
from inkread.ml.synthesis.glyph_forms import crossed_seven, hooked_one
from inkread.ml.synthesis.lines.sign_shapes import has_shape_of

LETTERS, SYMBOLS = "letters", "symbols"
"""Keys of glyphs that are other signs."""
_MAX_POINTS = 28
"""Of a stroke that is drawn; chosen: in a glyph of 20 px, each stands for 2 px of its way."""
_MIN_DIGITS = 4
"""Different digits of one writer, from which on they are a hand; chosen: most have all ten."""
_DIGITS = LINE_LABELS[:DIGIT_COUNT]
_HOOKED, _CROSSED = 0.6, 0.35
"""Forms made of each bare 1 and of each 7 without a bar."""
_MIN_PICTURES = 40
"""Of a hand."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """One sign in a box of any size at the origin: strokes, or a picture.

    Attributes
    ----------
    points : (n, 2) array of float32
        All points, stroke after stroke; of a picture: two corners of its box.
    ends : tuple of int
        Where each stroke ends among them.
    picture : (h, w) array of uint8 or None
        Ink 255 on 0.
    """

    points: Points
    ends: tuple[int, ...]
    picture: Grey | None = None

    def split(self, points: Points) -> Iterator[Points]:
        """The strokes of points that were moved."""
        start = 0
        for end in self.ends:
            yield points[start:end]
            start = end


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """What one writer wrote: glyphs by label, and by `LETTERS` and `SYMBOLS`."""

    glyphs: Mapping[str, Sequence[Glyph]]


@dataclass(frozen=True, slots=True, eq=False)
class Hands:
    """All writers.

    Attributes
    ----------
    hands : sequence of Hand
        Those with digits.
    every : mapping
        Glyphs of all of them by label, for what a hand lacks.
    """

    hands: Sequence[Hand]
    every: Mapping[str, Sequence[Glyph]] = field(repr=False)

    def any(self, rng: np.random.Generator) -> Hand:
        return self.hands[int(rng.integers(len(self.hands)))]

    def glyph(self, hand: Hand, label: str, rng: np.random.Generator) -> Glyph:
        """A glyph of the hand; of another one if it has none."""
        found = hand.glyphs.get(label) or self.every[label]
        return found[int(rng.integers(len(found)))]


def glyph_of(traces: Sequence[Points]) -> Glyph:
    """Strokes as a glyph, thinned and moved to the origin."""
    strokes = [thinned(trace, _MAX_POINTS) for trace in traces]
    points = np.concatenate(strokes).astype(np.float32)
    points -= points.min(axis=0)
    return Glyph(points, tuple(np.cumsum([len(stroke) for stroke in strokes]).tolist()))


def key_of(label: str) -> str:
    """The label, or the kind of other sign, that the label of a sample is."""
    if label in LINE_LABELS:
        return label
    return LETTERS if label.isalpha() else SYMBOLS


def make_hands(
    digits: Sequence[StrokeSample], signs: Iterable[StrokeSample], rng: np.random.Generator
) -> Hands:
    """Sort samples of single digits and signs by their writers.

    Parameters
    ----------
    digits, signs : iterable of StrokeSample
        Ones and sevens get further forms: upstrokes, and bars. Samples that have not the shape
        of their label are left out.
    rng : numpy.random.Generator
        Draws these.
    """
    by_writer: dict[str, dict[str, list[Glyph]]] = defaultdict(lambda: defaultdict(list))
    every: dict[str, list[Glyph]] = defaultdict(list)
    samples = [s for s in (*digits, *signs) if has_shape_of(s.label, s.traces)]
    for sample in (*samples, *_further_forms(digits, rng)):
        glyph, key = glyph_of(sample.traces), key_of(sample.label)
        by_writer[sample.writer][key].append(glyph)
        every[key].append(glyph)
    hands = [
        Hand(dict(glyphs))
        for _, glyphs in sorted(by_writer.items())
        if sum(digit in glyphs for digit in _DIGITS) >= _MIN_DIGITS
    ]
    return Hands(hands, dict(every))


_Form = Callable[[Traces, np.random.Generator], Traces | None]


def _further_forms(
    digits: Sequence[StrokeSample], rng: np.random.Generator
) -> Iterator[StrokeSample]:
    forms: dict[str, tuple[_Form, float]] = {
        "1": (hooked_one, _HOOKED),
        "7": (crossed_seven, _CROSSED),
    }
    for sample in digits:
        if sample.label in forms:
            form, share = forms[sample.label]
            traces = form(sample.traces, rng) if rng.random() < share else None
            if traces is not None:
                yield StrokeSample(sample.label, traces, sample.writer, sample.fold)


def make_picture_hands(pictures: Iterable[tuple[str, Grey]], signs: Hands, most: int = 60) -> Hands:
    """Sort pictures of digits by the width of their lines: each such group stands for a hand.

    Parameters
    ----------
    pictures : iterable of (str, (h, w) array of uint8)
        Label and ink 255 on 0; labels that are no digits are left out.
    signs : Hands
        Lend their signs.
    most : int
        Groups, if each gets enough pictures.
    """
    glyphs = [(label, _picture_glyph(picture)) for label, picture in pictures if label in _DIGITS]
    widths = [line_width(glyph.picture) for _, glyph in glyphs if glyph.picture is not None]
    groups = np.array_split(np.argsort(widths, kind="stable"), _count(len(glyphs), most))
    hands = list[Hand]()
    for members in groups:
        by_label: dict[str, list[Glyph]] = defaultdict(list)
        for index in members:
            label, glyph = glyphs[index]
            by_label[label].append(glyph)
        hands.append(Hand(dict(by_label)))
    own = {label: [g for hand in hands for g in hand.glyphs.get(label, ())] for label in _DIGITS}
    return Hands(hands, {**signs.every, **{label: found for label, found in own.items() if found}})


def _count(pictures: int, most: int) -> int:
    return max(1, min(most, pictures // _MIN_PICTURES))


def _picture_glyph(picture: Grey) -> Glyph:
    cropped = crop(picture)
    height, width = cropped.shape
    corners = np.array([[0, 0], [width, height]], np.float32)
    return Glyph(corners, (2,), np.ascontiguousarray(cropped))
