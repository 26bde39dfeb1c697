"""Glyphs by hand: the digits and signs of one writer, ready to be put side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from inkread.core.ink import Points, thinned
from inkread.core.line_labels import LINE_LABELS, OTHER
from inkread.ml.datasets.strokes import StrokeSample, Traces

#: Points of a stroke that are drawn; more do not show in 20 px (chosen).
_MAX_POINTS = 40
#: Digits of one writer, from which on they are a hand (chosen: most have all ten).
_MIN_DIGITS = 4
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """Strokes of one sign, in a box of any size at the origin.

    Attributes
    ----------
    points : (n, 2) array of float32
        All points, stroke after stroke.
    ends : tuple of int
        Where each stroke ends among them.
    width, height : float
        Of the box.
    """

    points: Points
    ends: tuple[int, ...]
    width: float
    height: float

    def split(self, points: Points) -> list[Points]:
        """The strokes of points that were moved."""
        starts = (0, *self.ends[:-1])
        return [points[start:end] for start, end in zip(starts, self.ends, strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class Hand:
    """What one writer wrote: glyphs by label."""

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

    def glyph(self, hand: Hand, label: str, rng: np.random.Generator) -> Glyph:
        """A glyph of the hand; of another one if it has none."""
        found = hand.glyphs.get(label) or self.every[label]
        return found[int(rng.integers(len(found)))]


def glyph_of(traces: Traces | Sequence[Points]) -> Glyph:
    """Strokes as a glyph, thinned and moved to the origin."""
    strokes = [thinned(trace, _MAX_POINTS) for trace in traces]
    points = np.concatenate(strokes).astype(np.float32)
    points -= points.min(axis=0)
    width, height = points.max(axis=0).tolist()
    ends = np.cumsum([len(stroke) for stroke in strokes]).tolist()
    return Glyph(points, tuple(ends), width, height)


def label_of(text: str) -> str:
    """The label that line networks have for a sign."""
    return text if text in LINE_LABELS else OTHER


def make_hands(digits: Iterable[StrokeSample], signs: Iterable[StrokeSample]) -> Hands:
    """Sort samples of single digits and signs by their writers."""
    by_writer: dict[str, dict[str, list[Glyph]]] = defaultdict(lambda: defaultdict(list))
    every: dict[str, list[Glyph]] = defaultdict(list)
    for sample in (*digits, *signs):
        glyph, label = glyph_of(sample.traces), label_of(sample.label)
        by_writer[sample.writer][label].append(glyph)
        every[label].append(glyph)
    hands = [
        Hand(glyphs)
        for _, glyphs in sorted(by_writer.items())
        if sum(bool(glyphs.get(digit)) for digit in _DIGITS) >= _MIN_DIGITS
    ]
    return Hands(hands, every)
