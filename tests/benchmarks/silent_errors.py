"""Silent errors: what is read wrong although nothing asks a person for a look.

    python -m tests.benchmarks.silent_errors [--data FOLDER] [--model FILE] [--folds 1]
        [--kept validation|training] [--seeds 20 21 22 23] [--limit N]

All that the program reads, together: amounts on cheques (digits alone, as `cheques` does), numbers
written with a pen, as strokes and as pictures, numbers in photos at medium strength, numbers with
signs, and digits alone on the canvas (pen of 14 px, without those whose label is in doubt). The
goal holds for the sum. To choose by, take folds 2, 3 and 4, other cheques and other seeds.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from tests.benchmarks import canvas, cheques, numbers, photos, signs
from tests.benchmarks.corpus import argument_parser, folds_argument, read_strokes, reader_of
from tests.benchmarks.judging import (
    Tally,
    digits_of,
    is_flagged,
    line_outcomes,
    percent,
    without_spaces,
)

GOAL = 0.5
PEN = 14
PHOTOS = 24
SIGNS = 300
#: Name of what is read, whether it is right, whether it is flagged.
Outcome = tuple[str, bool, bool]


def of_cheques(args: argparse.Namespace, model: Classifier) -> Iterator[Outcome]:
    found = cheques.cheques(args.data, args.kept, args.limit)
    for cheque, _, reading in cheques.readings(found, model):
        yield "cheques", digits_of(reading.text) == cheque.digits, is_flagged(reading)


def of_numbers(args: argparse.Namespace, model: Classifier) -> Iterator[Outcome]:
    samples = read_strokes(args.data / "unipen-digit-strings.json.gz", set(args.folds))
    for sample in samples[: args.limit]:
        ink, wanted = numbers.written(sample), without_spaces(sample.label)
        for way, reading in numbers.readings(ink, numbers.pictured(ink), model).items():
            yield f"numbers {way}", without_spaces(reading.text) == wanted, is_flagged(reading)


def of_photos(args: argparse.Namespace, model: Classifier) -> Iterator[Outcome]:
    digits = read_strokes(args.data / "unipen-digits.json.gz", set(args.folds))
    count = PHOTOS if args.limit is None else min(PHOTOS, args.limit)
    for seed in args.seeds:
        for photo, truth in photos.mixed(digits, "medium", seed, count):
            for is_right, flagged in line_outcomes(truth, read_page(photo.page, model)):
                yield "numbers in photos", is_right, flagged


def of_signs(args: argparse.Namespace, model: Classifier) -> Iterator[Outcome]:
    known = signs.hands(args.data, set(args.folds))
    count = SIGNS if args.limit is None else min(SIGNS, args.limit)
    for _, text, ink in signs.numbers(known, count, np.random.default_rng(0)):
        wanted = without_spaces(text)
        for way, reading in numbers.readings(ink, numbers.pictured(ink), model).items():
            yield f"signs {way}", without_spaces(reading.text) == wanted, is_flagged(reading)


def of_digits(args: argparse.Namespace, model: Classifier) -> Iterator[Outcome]:
    samples = read_strokes(args.data / "unipen-digits.json.gz", set(args.folds))
    clean = [sample for sample in samples if not sample.suspect][: args.limit]
    for sample, _, ink in canvas.drawn(clean, (PEN,), np.random.default_rng(0)):
        reading = read_ink(ink, model)
        yield "digits alone", reading.text == sample.label, is_flagged(reading)


SOURCES: tuple[Callable[[argparse.Namespace, Classifier], Iterator[Outcome]], ...] = (
    of_cheques,
    of_numbers,
    of_photos,
    of_signs,
    of_digits,
)


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--kept", choices=cheques.KEPT, default="test", help="cheques")
    parser.add_argument("--seeds", type=int, nargs="+", default=[20, 21, 22, 23], help="photos")
    parser.add_argument("--limit", type=int, help="no more than this many of each")
    folds_argument(parser)
    args = parser.parse_args()
    model = reader_of(args)
    total = Tally()
    for source in SOURCES:
        tallies = defaultdict[str, Tally](Tally)
        for name, is_right, flagged in source(args, model):
            tallies[name].add(is_right, flagged)
        for name, tally in tallies.items():
            total += tally
            print(f"{name:20} right {percent(tally.right, tally.total)}; {tally}", flush=True)
    print(f"all                  right {percent(total.right, total.total)}; {total}")
    print(f"goal: silent errors at most {GOAL} % of all")


if __name__ == "__main__":
    main()
