"""Pairs of pen-written digits that touch, split by hand: how many halves read right.

    python -m tests.benchmarks.splits [--data FOLDER] [--model FILE] [--count N] [--seed N]

Two digits of one writer of folds 2 to 4 (never fold 1), 80 px high, are pushed into one another by
3 to 14 px less the pen's 6. The pair is split as somebody does it in the window: on a page, as
strokes, and, if both digits are one stroke, as one stroke that runs on. Right is a split whose
halves read as both digits.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.correction.reread_ink import split_strokes
from inkread.core.correction.reread_page import PageInk
from inkread.core.geometry import Box
from inkread.core.ink import Ink, Points, Stroke
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.benchmarks.corpus import Sample, argument_parser, read_strokes
from tests.benchmarks.numbers import HEIGHT, PEN, pictured

EVERYWHERE = Box(-1000, -1000, 5000, 5000)


def pairs(digits: list[Sample], seed: int) -> Iterator[tuple[str, list[Points], list[Points]]]:
    """The text of a pair, and the traces of both digits, without end."""
    rng = np.random.default_rng(seed)
    by_writer: defaultdict[str, list[Sample]] = defaultdict(list)
    for sample in digits:
        if not sample.suspect:
            by_writer[sample.writer].append(sample)
    writers = [own for own in by_writer.values() if len(own) >= 10]
    while True:
        own = writers[int(rng.integers(len(writers)))]
        one, other = (own[int(i)] for i in rng.integers(0, len(own), 2))
        first = one.of_height(HEIGHT, (20, 20))
        right = max(float(trace[:, 0].max()) for trace in first)
        at = (right + rng.uniform(-14, -3) + PEN, 20 + rng.uniform(-6, 6))
        yield one.label + other.label, first, other.of_height(HEIGHT, at)


def splits(
    first: list[Points], second: list[Points], model: Classifier
) -> Iterator[tuple[str, str]]:
    """For each way: its name, and what both halves read."""
    ink = Ink(tuple(Stroke.of(trace, PEN) for trace in (*first, *second)))
    found = {
        "on a page": PageInk.of(pictured(ink)).split(EVERYWHERE, model),
        "as strokes": split_strokes(ink, EVERYWHERE, model),
    }
    if len(first) == len(second) == 1:
        one = Ink((Stroke.of(np.concatenate([*first, *second]), PEN),))
        found["in one stroke"] = split_strokes(one, EVERYWHERE, model)
    for way, halves in found.items():
        yield way, "".join(glyph.label for glyph in halves or ())


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    model = OnnxClassifier.open(args.model)
    making = pairs(read_strokes(args.data / "unipen-digits.json.gz", {2, 3, 4}), args.seed)
    right, count = Counter[str](), Counter[str]()
    for _ in range(args.count):
        text, first, second = next(making)
        for way, read in splits(first, second, model):
            count[way] += 1
            right[way] += read == text
    for way, total in count.items():
        print(f"{way:14} {right[way]:4} of {total:4} right: {100 * right[way] / total:.1f} %")


if __name__ == "__main__":
    main()
