"""Put glyphs side by side: each sign at the size and the place at which people write it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inkread.core.ink import Points
from inkread.core.line_labels import LINE_LABELS, OTHER
from inkread.ml.synthesis.lines.hands import Glyph, Hand, Hands

_INDICES = {label: index for index, label in enumerate(LINE_LABELS)}
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Strokes of a line; a digit is about 1 high, from y = 0 to y = 1.

    Attributes
    ----------
    strokes : list of (n, 2) arrays of float32
        x, y; y down.
    labels : tuple of int
        Of its signs, left to right; indices into `LINE_LABELS`.
    """

    strokes: list[Points]
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sign stands: the range of its size, and of the y of its centre, digits being 1.

    `across`: the size is its width; otherwise its height.
    """

    low: float
    high: float
    y_low: float
    y_high: float
    across: bool = False


#: Chosen, after writing of numbers on forms and cheques.
_PLACES = {
    ".": _Place(0.03, 0.16, 0.86, 1.03),
    ",": _Place(0.16, 0.46, 0.95, 1.2),
    "'": _Place(0.16, 0.42, -0.06, 0.22),
    "-": _Place(0.25, 0.85, 0.4, 0.7, across=True),
    "=": _Place(0.3, 0.85, 0.4, 0.7, across=True),
    "/": _Place(0.85, 1.5, 0.4, 0.62),
    ":": _Place(0.3, 0.75, 0.45, 0.72),
    "(": _Place(0.95, 1.55, 0.4, 0.6),
    ")": _Place(0.95, 1.55, 0.4, 0.6),
    "+": _Place(0.35, 0.85, 0.42, 0.65),
    "%": _Place(0.75, 1.2, 0.4, 0.6),
    "*": _Place(0.3, 0.75, 0.15, 0.6),
    OTHER: _Place(0.6, 1.35, 0.4, 0.65),
}
#: Size of a sign whose own size is one number only: width of the longer side.
_MAX_WIDTHS = {OTHER: 1.6, "%": 1.3, "/": 1.1, "(": 0.6, ")": 0.6, "*": 0.8, "+": 0.9}


def place_text(text: str, hand: Hand, hands: Hands, rng: np.random.Generator) -> Placed:
    """Write a text in one hand.

    Parameters
    ----------
    text : str
        Of labels of `LINE_LABELS` and spaces, at least one label.
    hand : Hand
        Signs that it lacks come from other writers.
    hands : Hands
        Those.
    rng : numpy.random.Generator
        Draws glyphs, sizes, places and gaps.
    """
    style = _Style.drawn(rng)
    strokes, labels = list[Points](), list[int]()
    x = 0.0
    previous = ""
    for label in text:
        if label == " ":
            x += style.space * rng.uniform(0.7, 1.3)
            previous = ""
            continue
        glyph = hands.glyph(hand, label, rng)
        points, width, top = _sized(glyph, label, style, rng)
        x += _gap(previous, label, style, rng) if previous else 0.0
        points += np.array([x, top + style.slope * x], np.float32)
        strokes += glyph.split(points)
        labels.append(_INDICES[label])
        x += width
        previous = label
    return Placed(_leaning(strokes, style.slant), tuple(labels))


@dataclass(frozen=True, slots=True)
class _Style:
    """How a line is written: gaps and sizes over the height of a digit."""

    gap: float
    gap_spread: float
    space: float
    size_spread: float
    shift_spread: float
    slant: float
    slope: float
    stretch: float

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> _Style:
        return cls(
            gap=float(rng.choice([rng.uniform(-0.12, 0.05), rng.uniform(0.03, 0.2), 0.3])),
            gap_spread=float(rng.uniform(0.02, 0.1)),
            space=float(rng.uniform(0.3, 1.0)),
            size_spread=float(rng.uniform(0.02, 0.14)),
            shift_spread=float(rng.uniform(0.01, 0.07)),
            slant=float(rng.normal(0.05, 0.14)),
            slope=float(rng.normal(0, 0.012)),
            stretch=float(math.exp(rng.normal(0, 0.15))),
        )


def _sized(
    glyph: Glyph, label: str, style: _Style, rng: np.random.Generator
) -> tuple[Points, float, float]:
    """The glyph's points at their size, their width, and where their top stands."""
    if label in _DIGITS:
        height = math.exp(rng.normal(0, style.size_spread))
        scale = height / max(glyph.height, 0.55 * glyph.width, 1.0)
        top = 1 - glyph.height * scale + rng.normal(0, style.shift_spread)
    else:
        place = _PLACES[label]
        size = rng.uniform(place.low, place.high)
        own = glyph.width if place.across else glyph.height
        if label == ".":
            own = max(glyph.width, glyph.height)
        scale = size / max(own, 1.0)
        widest = _MAX_WIDTHS.get(label, 1.0)
        scale = min(scale, widest / max(glyph.width, 1.0))
        top = rng.uniform(place.y_low, place.y_high) - glyph.height * scale / 2
    factors = np.array([scale * style.stretch, scale], np.float32)
    return glyph.points * factors, glyph.width * scale * style.stretch, float(top)


def _gap(previous: str, label: str, style: _Style, rng: np.random.Generator) -> float:
    gap = style.gap + rng.normal(0, style.gap_spread)
    if previous not in _DIGITS or label not in _DIGITS:
        # Signs are rarely joined; a point or comma may stand under a digit's overhang.
        low = -0.08 if label in ".,'" else 0.0
        gap = max(low, gap) + (0.02 if label in ".,'" else 0.06)
    return float(min(0.4, max(-0.15, gap)))


def _leaning(strokes: list[Points], slant: float) -> list[Points]:
    """Strokes sheared about the base line."""
    shear = np.array([[1, 0], [-slant, 1]], np.float32)
    return [stroke @ shear for stroke in strokes]


def place_number(traces: Sequence[Points]) -> list[Points]:
    """Strokes of a whole number, scaled to about 1 high."""
    points = np.concatenate(traces)
    low, high = points.min(axis=0), points.max(axis=0)
    height = max(float(high[1] - low[1]), 1.0)
    return [np.asarray((trace - low) / height, np.float32) for trace in traces]


def indices_of(text: str) -> tuple[int, ...]:
    """Labels of a text; its spaces have none."""
    return tuple(_INDICES[sign] for sign in text if sign != " ")
