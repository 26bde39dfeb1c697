"""Curves: how line width, size and turning change what is read right.

    python -m tests.benchmarks.robustness [--data FOLDER] [--model FILE] [--max 600]

Digits of fold 1 on a field of 300 x 300 px, points rounded to whole px as a mouse gives them:
as strokes, the way of the canvas, and rasterised to a picture, the way of a file. One thing is
changed at a time, the others stay at 150 px, a pen of 12 px, upright. The zoo's mnist-12 with its
README's preprocessing (the whole field shrunk) is the baseline.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from inkread.core.ink import Ink, Points, Stroke, draw_strokes
from inkread.core.picture.page import Page
from inkread.core.reading import Cells, Grey
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.benchmarks.corpus import Sample, argument_parser, read_strokes

FIELD = 300
ALLOWED = 0.5
"""Points that may be lost against the best setting."""


@dataclass(frozen=True)
class Setting:
    """Longer side and pen in px, degrees clockwise."""

    size: float = 150
    pen: float = 12
    turn: float = 0


USUAL = Setting()
CURVES: dict[str, list[Setting]] = {
    "line width, px": [replace(USUAL, pen=pen) for pen in (2, 4, 8, 12, 20, 30, 40)],
    "size, px": [
        replace(USUAL, size=size, pen=min(12, max(2, size / 12)))
        for size in (25, 40, 60, 100, 150, 220, 290)
    ],
    "turned, degrees": [replace(USUAL, turn=turn) for turn in (-15, -10, -5, 0, 5, 10, 15)],
}
VARIED: dict[str, Callable[[Setting], float]] = {
    "line width, px": lambda setting: setting.pen,
    "size, px": lambda setting: setting.size,
    "turned, degrees": lambda setting: setting.turn,
}


def placed(sample: Sample, setting: Setting) -> Ink:
    """The sample in the middle of the field."""
    angle = math.radians(setting.turn)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    fitted = sample.fitted(setting.size, (0, 0))
    traces: list[Points] = [np.asarray(trace @ turn, np.float32) for trace in fitted]
    every = np.concatenate(traces)
    middle = (every.min(axis=0) + every.max(axis=0)) / 2
    return Ink(tuple(Stroke.of(np.rint(t - middle + FIELD / 2), setting.pen) for t in traces))


def field(ink: Ink) -> Grey:
    """The field as a picture, ink 255 on 0."""
    paths, widths = [s.points for s in ink.strokes], [s.width for s in ink.strokes]
    return draw_strokes((FIELD, FIELD), paths, widths)


def as_page(ink: Ink) -> Page:
    grey = np.asarray(255 - field(ink), np.uint8)
    return Page(np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8), grey)


def naive(ink: Ink) -> Cells:
    small = cv2.resize(field(ink), (28, 28), interpolation=cv2.INTER_AREA)
    return np.asarray(small / np.float32(255), np.float32)


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--max", type=int, default=600, help="count of digits, picked at random")
    arguments = parser.parse_args()
    samples = read_strokes(arguments.data / "unipen-digits.json.gz", {1})
    chosen = np.random.default_rng(0).permutation(len(samples))[: arguments.max]
    samples = [samples[i] for i in chosen]
    ours = OnnxClassifier.open(arguments.model)
    zoo = OnnxClassifier.open(arguments.data / "mnist-12.onnx")
    print(f"{len(samples)} digits, per cent right")
    for title, settings in CURVES.items():
        print(f"{title:18}" + "".join(f"{VARIED[title](s):8.0f}" for s in settings))
        inks = [[placed(sample, setting) for sample in samples] for setting in settings]
        by_strokes = [share(samples, [read_ink(i, ours).text for i in row]) for row in inks]
        print_curve("as strokes", by_strokes)
        pages = [[read_page(as_page(i), ours).text for i in row] for row in inks]
        print_curve("as a picture", [share(samples, row) for row in pages])
        answers = [zoo.probabilities(np.stack([naive(i) for i in row])[:, None]) for row in inks]
        texts = [[zoo.labels[int(k)] for k in rows.argmax(axis=1)] for rows in answers]
        print_curve("zoo, naive", [share(samples, row) for row in texts])


def share(samples: Sequence[Sample], texts: Sequence[str]) -> float:
    """Per cent that say what they should."""
    right = [text == sample.label for sample, text in zip(samples, texts, strict=True)]
    return 100 * float(np.mean(right))


def print_curve(title: str, curve: Sequence[float]) -> None:
    lost = max(curve) - min(curve)
    verdict = f"   {lost:.2f} points lost" + ("" if lost <= ALLOWED else f", over {ALLOWED}")
    print(f"  {title:16}" + "".join(f"{value:8.2f}" for value in curve) + verdict, flush=True)


if __name__ == "__main__":
    main()
