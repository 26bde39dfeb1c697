"""Fits the weights of `inkread.core.recognition.weigh_readings`, and says how well they decide.

    python -m tests.benchmarks.weights [--data FOLDER] [--model FILE] [--lines FILE]
        [--folds 2 3 4] [--seeds 31 32 33 34] [--numbers 300] [--signs 200]

Lines of writers, cheques and photos that the figures are not measured on: pen-written numbers and
numbers with signs as strokes and as pictures, photos, and the cheques that `models/lines.toml`
holds out for validation. Each line that is not certain gives a choice among its readings, or none
of them where the right one is missing; the weights are those of the greatest likelihood, with a
weak pull to `PRIOR` (a conditional logit: McFadden 1974). The share that is right
and flagged is also given for weights that were fitted without the line (five parts).
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.core.classifier import Classifier
from inkread.core.ink import Ink
from inkread.core.reading import SURE, Reading
from inkread.core.recognition import read_line, weigh_readings
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.core.recognition.weigh_readings import WEIGHTS, Evidence
from inkread.data.paths import bundled
from tests.benchmarks import cheques, numbers, photos, signs
from tests.benchmarks.corpus import argument_parser, folds_argument, read_strokes, reader_of
from tests.benchmarks.judging import Tally, digits_of, percent, without_spaces

Floats = NDArray[np.float64]
PHOTOS = 10
PARTS = 5
PULL = 10.0
"""Weight of the square of a weight's change, over the number of lines: of ten lines or so."""
PRIOR = np.array([1.0, -0.1, -2.2, -0.9, -1.1, -0.6, -2.0, -6.0, 0.6, 0.0, -1.5, 1.1, -3.6, 0.0])
"""What the fit is pulled to: weights that were fitted with a network after a tenth of its training.
It was as sure of the hands that it learns from as the shipped one is of other hands; the shipped
one knows these so well that ink which it leaves out would count nothing. The weight of `worst`
stays as it is: it would be 0, and then no objection of the cells would ever count. That of
`missed`, of which there are few, is chosen: of 14 such readings 6 are wrong; so is that of `ends`,
which stays as it is: the networks have hardly seen a point that begins a number."""
_NAMES = (*Evidence._fields, "UNKNOWN", "UNKNOWN_SIGN")
STEPS = 4000
RATE = 0.01
_FIRST, _SECOND = 0.9, 0.999


@dataclass
class Line:
    """The readings of one line, of which one is to be chosen."""

    source: str
    texts: list[str]
    #: (n, k) of each reading.
    evidence: Floats
    #: (n + 1,) Whether each reading is right; the last: whether none is.
    right: NDArray[np.bool_]


class Recorder:
    """Keeps the readings that are weighed while it is in place."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._weighed: list[tuple[dict[str, Evidence], str]] = []

        def keep(readings: Mapping[str, Evidence]) -> Floats:
            shares = weigh_readings.probabilities(readings)
            self._weighed.append((dict(readings), list(readings)[int(shares.argmax())]))
            return shares

        patch.setattr(read_line, "probabilities", keep)

    def of(self, reading: Reading, source: str, is_right: Callable[[str], bool]) -> Iterator[Line]:
        """The lines that a reading holds, not others that were tried on the way."""
        kept = {without_spaces(text) for text in reading.text.split("\n")}
        for readings, chosen in self._weighed:
            if chosen in kept:
                right = [is_right(text) for text in readings]
                evidence = np.array(list(readings.values()), np.float64)
                yield Line(source, list(readings), evidence, np.array([*right, not any(right)]))
        self._weighed.clear()


def of_cheques(args: argparse.Namespace, model: Classifier, known: Recorder) -> Iterator[Line]:
    found = cheques.cheques(args.data, "validation", None)
    for cheque, _, reading in cheques.readings(found, model):
        yield from known.of(reading, "cheques", partial(_has_digits, cheque.digits))


def _has_digits(digits: str, text: str) -> bool:
    return digits_of(text) == digits


def of_numbers(args: argparse.Namespace, model: Classifier, known: Recorder) -> Iterator[Line]:
    samples = read_strokes(args.data / "unipen-digit-strings.json.gz", set(args.folds))
    for sample in samples[:: max(1, len(samples) // args.numbers)]:
        yield from _in_both_ways(numbers.written(sample), sample.label, "numbers", model, known)


def of_signs(args: argparse.Namespace, model: Classifier, known: Recorder) -> Iterator[Line]:
    hands = signs.hands(args.data, set(args.folds))
    for _, text, ink in signs.numbers(hands, args.signs, np.random.default_rng(7)):
        yield from _in_both_ways(ink, text, "signs", model, known)


def _in_both_ways(
    ink: Ink, text: str, source: str, model: Classifier, known: Recorder
) -> Iterator[Line]:
    is_right = without_spaces(text).__eq__
    yield from known.of(read_ink(ink, model), f"{source} as strokes", is_right)
    reading = read_page(numbers.pictured(ink), model)
    yield from known.of(reading, f"{source} as pictures", is_right)


def of_photos(args: argparse.Namespace, model: Classifier, known: Recorder) -> Iterator[Line]:
    digits = read_strokes(args.data / "unipen-digits.json.gz", set(args.folds))
    for seed in args.seeds:
        for photo, truth in photos.mixed(digits, "medium", seed, PHOTOS):
            yield from known.of(read_page(photo.page, model), "photos", truth.__contains__)


SOURCES = (of_cheques, of_numbers, of_signs, of_photos)


class Choices:
    """All lines as arrays: the choice "none of them" is the last of each."""

    def __init__(self, lines: Sequence[Line]) -> None:
        most = max(len(line.texts) for line in lines)
        count = len(WEIGHTS) + 2
        self.values = np.zeros((len(lines), most + 1, count))
        self.penalty = np.full((len(lines), most + 1), -1e9)
        self.right = np.zeros((len(lines), most + 1), bool)
        for i, line in enumerate(lines):
            n = len(line.texts)
            self.values[i, :n, :-2] = line.evidence
            self.values[i, most, -2:] = 1, len(line.texts[0])
            self.penalty[i, [*range(n), most]] = 0
            self.right[i, [*range(n), most]] = line.right

    def probabilities(self, weights: Floats) -> Floats:
        scores = self.values @ weights + self.penalty
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def fitted(self, start: Floats, rows: NDArray[np.bool_]) -> Floats:
        """Weights of the greatest likelihood of some lines (Adam: Kingma, Ba 2015)."""
        free = np.array([name not in ("worst", "ends") for name in _NAMES])
        weights, first, second = start.copy(), np.zeros_like(start), np.zeros_like(start)
        for step in range(1, STEPS + 1):
            shares = self.probabilities(weights)
            own = shares * self.right
            own /= own.sum(axis=1, keepdims=True)
            slopes = ((shares - own)[rows, :, np.newaxis] * self.values[rows]).sum(axis=(0, 1))
            slopes = (slopes + PULL * (weights - start)) * free / rows.sum()
            first += (1 - _FIRST) * (slopes - first)
            second += (1 - _SECOND) * (slopes**2 - second)
            scale = np.sqrt(second / (1 - _SECOND**step)) + 1e-8
            weights -= RATE * first / (1 - _FIRST**step) / scale
        return weights


def told(lines: Sequence[Line], shares: Floats) -> None:
    """How many are right and flagged, by source, with these probabilities of their choices."""
    tallies = defaultdict[str, Tally](Tally)
    for line, row in zip(lines, shares, strict=True):
        best = int(row[: len(line.texts)].argmax())
        tallies[line.source].add(bool(line.right[best]), bool(row[best] < SURE))
    for source, tally in tallies.items():
        print(f"  {source:22} right {percent(tally.right, tally.total)}; {tally}")


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--numbers", type=int, default=300, help="pen-written numbers")
    parser.add_argument("--signs", type=int, default=200, help="numbers with signs")
    parser.add_argument("--seeds", type=int, nargs="+", default=[31, 32, 33, 34], help="photos")
    folds_argument(parser)
    parser.set_defaults(folds=[2, 3, 4])
    args = parser.parse_args()
    model = reader_of(args)
    with pytest.MonkeyPatch.context() as patch:
        known = Recorder(patch)
        lines = [line for source in SOURCES for line in source(args, model, known)]
    choices, every = Choices(lines), np.ones(len(lines), bool)
    start = np.array([*WEIGHTS, weigh_readings.UNKNOWN, weigh_readings.UNKNOWN_SIGN])
    print(f"{len(lines)} lines that are not certain; with the weights that are there:")
    told(lines, choices.probabilities(start))
    weights = choices.fitted(PRIOR, every)
    print("fitted:")
    told(lines, choices.probabilities(weights))
    parts = np.random.default_rng(0).integers(0, PARTS, len(lines))
    shares = np.zeros(choices.right.shape)
    for part in range(PARTS):
        own = parts == part
        shares[own] = choices.probabilities(choices.fitted(PRIOR, ~own))[own]
    print("fitted to the other four parts:")
    told(lines, shares)
    print(", ".join(f"{name}={weight:.2f}" for name, weight in zip(_NAMES, weights, strict=True)))


if __name__ == "__main__":
    main()
