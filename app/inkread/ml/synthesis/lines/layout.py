"""Put glyphs side by side: each sign at the size and the place at which people write it.

Lengths are over the height of a digit; y runs down, from 0, the top of a digit, to 1, its base.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from inkread.core.ink import Points
from inkread.core.line_labels import LINE_LABELS, OTHER
from inkread.core.reading import Grey
from inkread.ml.synthesis.lines.hands import LETTERS, SYMBOLS, Glyph, Hand, Hands, glyph_of
from inkread.ml.synthesis.scribbles import scribble

_INDICES = {label: index for index, label in enumerate(LINE_LABELS)}
_DIGITS = frozenset("0123456789")


@dataclass(slots=True, eq=False)
class Written:
    """Signs of a line, as strokes and pictures.

    Attributes
    ----------
    strokes : list of (n, 2) arrays of float32
        x, y.
    pictures : list of (picture, box)
        Ink 255 on 0, and two corners of its box, (2, 2).
    labels : list of int
        Of its signs, left to right; indices into `LINE_LABELS`.
    right : float
        Right end.
    neighbours : list of (n, 2) arrays of float32
        Strokes of the lines above and below, of which some of the ink shows.
    """

    strokes: list[Points] = field(default_factory=list)
    pictures: list[tuple[Grey, Points]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    right: float = 0.0
    neighbours: list[Points] = field(default_factory=list)

    def boxes(self) -> list[Points]:
        """Points whose bounds are those of each stroke and picture."""
        return [*self.strokes, *(corners for _, corners in self.pictures)]

    def change(self, matrix: Points, shift: Points) -> None:
        """Move everything: points @ matrix + shift; pictures stay upright."""
        self.strokes = [stroke @ matrix + shift for stroke in self.strokes]
        self.pictures = [
            (picture, corners + ((corners.mean(axis=0) @ matrix + shift) - corners.mean(axis=0)))
            for picture, corners in self.pictures
        ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sign stands: ranges of its size (`across`: its width, otherwise its height), of the
    y of its centre, and of the gap on both sides of it; its maximum width.
    """

    size: tuple[float, float]
    y: tuple[float, float]
    gap: tuple[float, float]
    widest: float = 1.0
    across: bool = False


#: Chosen, after numbers on forms, cheques and price tags.
_PLACES = {
    ".": _Place((0.0, 0.15), (0.88, 1.03), (-0.02, 0.18), 0.16),
    ",": _Place((0.15, 0.45), (0.95, 1.2), (-0.03, 0.16), 0.35),
    "'": _Place((0.14, 0.4), (-0.1, 0.2), (-0.02, 0.16), 0.35),
    "-": _Place((0.22, 0.8), (0.4, 0.7), (0.03, 0.3), 0.8, across=True),
    "=": _Place((0.3, 0.85), (0.4, 0.7), (0.04, 0.3), 0.85, across=True),
    "/": _Place((1.0, 1.55), (0.42, 0.6), (-0.1, 0.18), 0.95),
    ":": _Place((0.3, 0.75), (0.45, 0.75), (0.04, 0.22), 0.3),
    "(": _Place((1.05, 1.6), (0.4, 0.62), (0.0, 0.22), 0.6),
    ")": _Place((1.05, 1.6), (0.4, 0.62), (0.0, 0.22), 0.6),
    "+": _Place((0.35, 0.9), (0.42, 0.65), (0.03, 0.3), 0.95),
    "%": _Place((0.7, 1.2), (0.4, 0.6), (0.03, 0.3), 1.3),
    "*": _Place((0.3, 0.75), (0.1, 0.6), (0.02, 0.25), 0.85),
    OTHER: _Place((0.55, 1.35), (0.4, 0.65), (0.0, 0.25), 1.6),
}
#: Least width over height of signs that are a 1 otherwise. Chosen: a slash leans by 17 degrees.
_LEAST_WIDTHS = {"/": 0.3, "(": 0.14, ")": 0.14}
#: Ranges of the gaps between digits, and their cumulative shares. Chosen, after whole numbers.
_GAPS = ((-0.15, -0.02), (-0.02, 0.14), (0.1, 0.4), (0.35, 0.95))
_GAPS_UP_TO = (0.12, 0.6, 0.92)
#: Width of the long dashes before and behind an amount.
_LONG_DASH = (0.6, 2.6)
#: Signs that are written as long as that.
_DASHES = frozenset("-=")
#: Of digits that reach below the line, and above it.
_LONG = (1.12, 1.6)
_LINE_DISTANCE = (1.25, 1.8)
"""From base line to base line."""
_OVERLAP = 0.22
"""Share of the narrower glyph that may lie over the other."""
_LONG_LINE = 10
"""Signs; longer lines slope less, as people follow a line then."""
_TAILED, _TALL = frozenset("179"), frozenset("16")


@dataclass(frozen=True, slots=True)
class _Style:
    """How a line is written.

    `pen`: width of lines; `gap` between digits, `space` of a space; `size`, `shift`: deviations of
    size and place of each digit; `zeros`: size of zeros; `tails`: share of digits that reach out
    of the line; `joined`: share of zeros that hang together, `linked`: of other digits;
    `turn`: deviation of the angle of each sign; `is_mixed`: each sign of another writer.
    """

    pen: float
    gap: float
    gap_spread: float
    space: float
    size: float
    shift: float
    slant: float
    slope: float
    wave: float
    stretch: float
    zeros: float
    zeros_y: float
    tails: float
    joined: float
    linked: float
    turn: float
    is_mixed: bool

    @classmethod
    def drawn(cls, rng: np.random.Generator, pen: float) -> _Style:
        chance = rng.random(6)
        gaps = _GAPS[int(np.searchsorted(_GAPS_UP_TO, chance[0]))]
        return cls(
            pen=pen,
            gap=float(rng.uniform(*gaps)) + pen / 2,  # bold lines are written farther apart
            gap_spread=float(rng.uniform(0.02, 0.1)),
            space=float(rng.uniform(0.3, 0.9)),
            size=float(rng.uniform(0.02, 0.13)),
            shift=float(rng.uniform(0.01, 0.08)),
            slant=min(0.42, max(-0.2, float(rng.normal(0.07, 0.16)))),
            slope=float(rng.normal(0, 0.018)),
            wave=float(rng.uniform(0, 0.05)),
            stretch=math.exp(rng.normal(0, 0.16)),
            zeros=float(rng.uniform(0.5, 0.9)) if chance[1] < 0.25 else 1.0,
            zeros_y=float(rng.uniform(0, 1)),
            tails=float(rng.uniform(0, 0.6)) if chance[2] < 0.4 else 0.0,
            joined=0.8 if chance[3] < 0.2 else 0.02,
            linked=0.3 if chance[4] < 0.06 else 0.0,
            turn=float(rng.uniform(0.02, 0.09)),
            is_mixed=bool(chance[5] < 0.15),
        )


def place_text(
    text: str, hand: Hand, hands: Hands, rng: np.random.Generator, pen: float = 0.1
) -> Written:
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
    pen : float
        Width of the lines.
    """
    style = _Style.drawn(rng, pen)
    line = Written()
    small, raised = _small_digits(text, rng)
    previous, before, x = "", 0.0, 0.0
    slope = style.slope * min(1.0, _LONG_LINE / len(text))
    for i, label in enumerate(text):
        if label == " ":
            x += style.space * float(rng.uniform(0.7, 1.3)) + max(0.0, style.gap)
            previous = ""
            continue
        glyph = _glyph(label, hands.any(rng) if style.is_mixed else hand, hands, rng)
        points = _varied(glyph, style, rng)
        factor = small[i]
        at_end = i in (0, len(text) - 1)
        points, top = _sized(points, label, style, rng, at_end)
        points *= factor
        top = 1 - (1 - top) * factor - (raised if factor < 1 else 0.0)
        left, width = float(points[:, 0].min()), float(np.ptp(points[:, 0]))
        if previous:
            x += max(_gap(previous, label, style, rng), -_OVERLAP * min(width, before))
        drift = slope * x + style.wave * math.sin(2.1 * x)
        points += np.array([x - left, top + drift], np.float32)
        _add(line, glyph, points, previous, label, style, rng)
        x += width
        previous, before = label, width
    line.right = x
    shear = np.array([[1, 0], [-style.slant, 1]], np.float32)
    line.change(shear, np.zeros(2, np.float32))
    return line


def _add(
    line: Written, glyph: Glyph, points: Points, previous: str, label: str,
    style: _Style, rng: np.random.Generator,
) -> None:  # fmt: skip
    """Add a glyph, perhaps linked to the digit before it."""
    line.labels.append(_INDICES[label])
    if glyph.picture is not None:
        line.pictures.append((glyph.picture, points))
        return
    strokes = list(glyph.split(points))
    if previous in _DIGITS and label in _DIGITS and line.strokes:
        share = style.joined if previous == label == "0" else style.linked
        if rng.random() < share:
            strokes[0] = _linked(line.strokes.pop(), strokes[0])
    line.strokes += strokes


def _linked(before: Points, stroke: Points) -> Points:
    """Two strokes without lifting the pen, sometimes with a sagging way between."""
    middle = (before[-1:] + stroke[:1]) / 2 + np.array([[0, 0.04]], np.float32)
    return np.concatenate([before, middle, stroke])


def _small_digits(text: str, rng: np.random.Generator) -> tuple[list[float], float]:
    """Factor of the size of each sign, and how much the small ones are raised: cents may be
    written smaller, and above the base line.
    """
    factors = [1.0] * len(text)
    if rng.random() > 0.14:
        return factors, 0.0
    match = re.search(r"(?<=[.,])\d{1,2}(?=\D*$)|(?<=\d)\d{2}$", text)
    if match is None:
        return factors, 0.0
    factor = float(rng.uniform(0.45, 0.85))
    for i in range(*match.span()):
        factors[i] = factor
    return factors, float(rng.uniform(0, 1 - factor)) if rng.random() < 0.6 else 0.0


def _glyph(label: str, hand: Hand, hands: Hands, rng: np.random.Generator) -> Glyph:
    if label != OTHER:
        return hands.glyph(hand, label, rng)
    chance = rng.random()
    if chance < 0.1:
        return glyph_of(scribble(rng))
    if chance < 0.2:
        return _crossed_out(hands.glyph(hand, str(rng.integers(10)), rng), rng)
    return hands.glyph(hand, LETTERS if chance < 0.6 else SYMBOLS, rng)


def _crossed_out(digit: Glyph, rng: np.random.Generator) -> Glyph:
    """A digit with lines through it, or a zigzag over it."""
    if digit.picture is not None:
        return glyph_of(scribble(rng))
    size = digit.points.max(axis=0) + np.float32(1)
    size[0] = max(size[0], 0.5 * size[1])
    if rng.random() < 0.5:
        count = int(rng.integers(1, 4))
        ends = rng.uniform(-0.15, 1.15, (count, 2, 2))
        ends[:, 0, 0], ends[:, 1, 0] = -0.2, 1.2
    else:
        count = 1
        teeth = int(rng.integers(5, 12))
        ends = rng.uniform(0, 1, (1, teeth, 2))
        ends[0, :, 0] = np.linspace(-0.1, 1.1, teeth)
        ends[0, :, 1] = np.where(np.arange(teeth) % 2, 0.1, 0.9) + rng.normal(0, 0.1, teeth)
    lines = [np.asarray(line * size, np.float32) for line in ends]
    return glyph_of([*digit.split(digit.points), *lines])


def _varied(glyph: Glyph, style: _Style, rng: np.random.Generator) -> Points:
    """The points of a glyph, turned, sheared and warped a little, from the top left corner."""
    points = glyph.points
    if glyph.picture is not None:
        return points.copy()
    turn, shear, stretch, chance = rng.normal(0, (style.turn, 0.08, 0.1, 1.0)).tolist()
    cosine, sine = math.cos(turn), math.sin(turn)
    scale = math.exp(stretch)
    matrix = np.array([[cosine * scale, sine], [shear - sine, cosine]], np.float32)
    points = points @ matrix
    if chance > 0.3:
        size = float(points.max()) + 1.0
        frequency, phase = rng.normal(0, 3.5, 2) / size, rng.uniform(0, 6.3, 2)
        wave = np.sin(points[:, ::-1] * frequency + phase)
        points = points + np.asarray(wave * (size * rng.uniform(0.01, 0.045)), np.float32)
    return np.asarray(points - points.min(axis=0), np.float32)


def _sized(
    points: Points, label: str, style: _Style, rng: np.random.Generator, at_end: bool
) -> tuple[Points, float]:
    """The points at their size, and where their top stands."""
    width, height = points.max(axis=0).tolist()
    if label in _DIGITS:
        size, top = _digit_size(label, style, rng)
        scale = size / max(height, 0.6 * width, 1e-3)
        top += size - height * scale
        stretch = style.stretch
    else:
        place = _PLACES[label]
        size = float(rng.uniform(*place.size))
        widest = place.widest
        if label in _DASHES and at_end and rng.random() < 0.35:
            size = widest = float(rng.uniform(*_LONG_DASH))
        scale = min(size / max(width if place.across else height, 1e-3), widest / max(width, 1e-3))
        middle = float(rng.uniform(*place.y))
        if label == OTHER and rng.random() < 0.6:
            middle = 1 + float(rng.normal(0, 0.06)) - height * scale / 2
        top = middle - height * scale / 2
        stretch = 1.0 if place.across else style.stretch
        if label in _LEAST_WIDTHS:  # as bare as a 1, they would be one
            stretch = max(stretch, _LEAST_WIDTHS[label] * height / max(width, 0.02 * height))
        if place.across and height * scale > 0.45:
            points = points * np.array([1, 0.45 / (height * scale)], np.float32)
            top = middle - 0.225
    return points * np.array([scale * stretch, scale], np.float32), top


def _digit_size(label: str, style: _Style, rng: np.random.Generator) -> tuple[float, float]:
    """Height of a digit, and where its top stands."""
    size = math.exp(rng.normal(0, style.size))
    top = 1 - size + float(rng.normal(0, style.shift))
    if label == "0" and style.zeros < 1:
        top += (1 - style.zeros) * size * style.zeros_y
        size *= style.zeros
    elif style.tails and rng.random() < style.tails:
        longer = float(rng.uniform(*_LONG))
        if label in _TALL and (label not in _TAILED or rng.random() < 0.5):
            top -= (longer - 1) * size
            size *= longer
        elif label in _TAILED:
            size *= longer
    return size, top


def _gap(previous: str, label: str, style: _Style, rng: np.random.Generator) -> float:
    if previous in _DIGITS and label in _DIGITS:
        return max(-0.15, style.gap + float(rng.normal(0, style.gap_spread)))
    sign = _PLACES[label if label not in _DIGITS else previous]
    low, high = sign.gap
    return float(rng.uniform(low, high)) + style.pen / 2 + 0.4 * min(0.4, max(0.0, style.gap))


def place_number(traces: Sequence[Points], label: str, rng: np.random.Generator) -> Written:
    """Strokes of a whole number, about 1 high, leaning and stretched at random.

    Parameters
    ----------
    traces : sequence of (n, 2) arrays of float32
        At least one.
    label : str
        Digits and spaces.
    rng : numpy.random.Generator
        Draws slant and stretch.
    """
    points = np.concatenate(traces)
    low = points.min(axis=0)
    height = max(float(points[:, 1].max() - low[1]), 1.0)
    stretch = math.exp(rng.normal(0, 0.12)) / height
    slant, tilt = rng.normal(0, (0.14, 0.012))
    matrix = np.array([[stretch, tilt * stretch], [-slant / height, 1 / height]], np.float32)
    line = Written([np.asarray((trace - low) @ matrix, np.float32) for trace in traces])
    line.labels = [_INDICES[sign] for sign in label if sign != " "]
    line.right = max(float(stroke[:, 0].max()) for stroke in line.strokes)
    return line


def put_beside(line: Written, other: Written, gap: float) -> Written:
    """One line behind another."""
    left = min(float(points[:, 0].min()) for points in other.boxes())
    other.change(np.eye(2, dtype=np.float32), np.array([line.right + gap - left, 0], np.float32))
    return Written(
        line.strokes + other.strokes, line.pictures + other.pictures, line.labels + other.labels,
        other.right + line.right + gap - left,
    )  # fmt: skip


def put_near(line: Written, other: Written, rng: np.random.Generator) -> None:
    """Another line above or below this one."""
    distance = float(rng.uniform(*_LINE_DISTANCE)) * (1 if rng.random() < 0.5 else -1)
    shift = np.array([float(rng.uniform(-1, 1)), distance], np.float32)
    line.neighbours += [stroke + shift for stroke in other.strokes]


def indices_of(text: str) -> tuple[int, ...]:
    """Labels of a text; its spaces have none."""
    return tuple(_INDICES[sign] for sign in text if sign != " ")
