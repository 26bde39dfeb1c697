"""Synthetic photos of written numbers: what each disturbance costs, and what all of them cost.

    python -m tests.benchmarks.photos [--data FOLDER] [--model FILE] [--pages 24] [--seed 0]
        [--only NAME,...] [--errors FOLDER]

A page holds four numbers of three to six digits, one on each line, of one writer of fold 1 (whom
the network does not know): single digits side by side. `tests/synthetic.py` makes the photos and
says what its strengths are. Right is a number whose digits are all right, none too many, in a line
of its own; in the same run, for comparison, the photo is cut by one threshold first (Otsu 1979),
as most programs do it. Lines that are no number are counted as "extra", pages without any error as
"pages". `tests/benchmarks/judging.py` says which numbers are flagged. The strings are numbers
written as such, with digits that touch.
"""

from __future__ import annotations

import argparse
import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.ink import Ink, Stroke
from inkread.core.picture.page import Page, page_of
from inkread.core.reading import Reading
from inkread.core.recognition.read_page import read_page
from inkread.data.paths import bundled
from tests.benchmarks.corpus import Sample, argument_parser, read_strokes, reader_of
from tests.benchmarks.judging import Tally, line_outcomes
from tests.synthetic import LEVELS, STRENGTHS, Photo, mixture, of_level, photograph

SHAPE = (720, 960)
LINE = 150.0
LINES = 4
PEN = (3.5, 6.0)


@dataclass
class Score:
    """Counts over pages."""

    numbers: int = 0
    right: int = 0
    extra: int = 0
    pages: int = 0
    perfect: int = 0
    wrong: list[str] = field(default_factory=list)
    #: Numbers, and lines too many, with the doubt about them.
    tally: Tally = field(default_factory=Tally)

    def count(self, truth: Sequence[str], read: Sequence[str]) -> None:
        blocks = difflib.SequenceMatcher(None, truth, read, autojunk=False).get_matching_blocks()
        right = sum(block.size for block in blocks)
        self.numbers += len(truth)
        self.right += right
        self.extra += max(0, len(read) - len(truth))
        self.pages += 1
        self.perfect += list(truth) == list(read)
        if right < len(truth):
            self.wrong.append(f"{'|'.join(truth)} -> {'|'.join(read)}")

    def count_reading(self, truth: Sequence[str], reading: Reading) -> None:
        self.count(truth, reading.text.split("\n"))
        for outcome in line_outcomes(truth, reading):
            self.tally.add(*outcome)

    def __str__(self) -> str:
        share = 100 * self.right / max(1, self.numbers)
        return f"{share:5.1f} % (extra {self.extra:3}, pages {self.perfect:2}/{self.pages})"


def sheets(digits: Sequence[Sample], rng: np.random.Generator) -> Iterator[tuple[Ink, list[str]]]:
    """Sheets of numbers, each of one writer's digits, without end."""
    by_writer: defaultdict[str, list[Sample]] = defaultdict(list)
    for sample in digits:
        if not sample.suspect:
            by_writer[sample.writer].append(sample)
    writers = [writer for writer, found in by_writer.items() if len(found) >= 20]
    while True:
        own = by_writer[writers[int(rng.integers(len(writers)))]]
        pen = rng.uniform(*PEN)
        height = rng.uniform(70, 95)
        strokes: list[Stroke] = []
        texts: list[str] = []
        for row in range(LINES):
            chosen = [own[i] for i in rng.choice(len(own), int(rng.integers(3, 7)))]
            at = (rng.uniform(90, 200), LINE * (row + 1) - 2)
            strokes += [Stroke.of(points, pen) for points in number(chosen, height, at, rng)]
            texts.append("".join(sample.label for sample in chosen))
        yield Ink(tuple(strokes)), texts


def string_sheets(
    strings: Sequence[Sample], rng: np.random.Generator
) -> Iterator[tuple[Ink, list[str]]]:
    """Sheets of numbers as they were written."""
    short = [s for s in strings if 2 <= len(s.label.replace(" ", "")) <= 6]
    while True:
        chosen = [short[i] for i in rng.choice(len(short), LINES)]
        strokes: list[Stroke] = []
        pen = rng.uniform(*PEN)
        for row, sample in enumerate(chosen):
            for trace in sample.strokes:
                scale = np.float32(80 / 500)
                at = np.array([120, LINE * (row + 1) - 85], np.float32)
                strokes.append(Stroke.of(trace * scale + at, pen))
        yield Ink(tuple(strokes)), [s.label.replace(" ", "") for s in chosen]


def number(
    samples: Sequence[Sample], height: float, at: tuple[float, float], rng: np.random.Generator
) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """Digits side by side on a base line that begins at `at`."""
    x, base = at
    traces = []
    for sample in samples:
        size = height * rng.uniform(0.9, 1.1)
        points = np.concatenate(sample.fitted(size, (0, 0)))
        width, tall = (float(v) for v in points.max(axis=0))
        y = base - tall + height * rng.uniform(-0.04, 0.04)
        traces += sample.fitted(size, (x, y))
        x += width + height * rng.uniform(0.15, 0.35)
    return traces


def by_one_threshold(page: Page) -> Page:
    cut = cv2.threshold(page.grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    return page_of(np.asarray(cut, np.uint8), "cut")


def photographed(
    pages: Sequence[tuple[Ink, list[str]]], sizes: Sequence[Mapping[str, float]], seed: int
) -> Iterator[tuple[Photo, list[str]]]:
    """The photo of each sheet, and its numbers."""
    for k, ((ink, truth), size) in enumerate(zip(pages, sizes, strict=True)):
        yield photograph(ink, SHAPE, size, np.random.default_rng([seed, k]), LINE), truth


def mixed(
    digits: Sequence[Sample], level: str, seed: int, count: int
) -> Iterator[tuple[Photo, list[str]]]:
    """The photos with all disturbances of `--only LEVEL` and a seed."""
    rng = np.random.default_rng(seed)
    making = sheets(digits, rng)
    pages = [next(making) for _ in range(count)]
    return photographed(pages, [mixture(level, rng) for _ in pages], seed)


def measure(
    pages: Sequence[tuple[Ink, list[str]]],
    title: str,
    sizes: Sequence[Mapping[str, float]],
    arguments: argparse.Namespace,
    classifier: Classifier,
) -> None:
    ours, otsu = Score(), Score()
    for k, (photo, truth) in enumerate(photographed(pages, sizes, arguments.seed)):
        reading = read_page(photo.page, classifier)
        ours.count_reading(truth, reading)
        if not arguments.alone:
            otsu.count_reading(truth, read_page(by_one_threshold(photo.page), classifier))
        if arguments.errors and reading.text.split("\n") != truth:
            keep(photo, arguments.errors / f"{title.replace(' ', '_')}_{k}.png")
    print(
        f"{title:22} {ours}" + ("" if arguments.alone else f"   one threshold {otsu}"), flush=True
    )
    print(f"{'':22} {ours.tally}", flush=True)
    if arguments.errors:
        print("\n".join("    " + wrong for wrong in ours.wrong))


def keep(photo: Photo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), photo.colour[..., ::-1])


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--pages", type=int, default=24, help="pages for each figure")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="these disturbances, strengths, or strings")
    parser.add_argument("--alone", action="store_true", help="without the comparison")
    parser.add_argument("--errors", type=Path, help="put the photos that were read wrong there")
    arguments = parser.parse_args()
    only = set(filter(None, arguments.only.split(",")))
    classifier = reader_of(arguments)
    rng = np.random.default_rng(arguments.seed)
    making = sheets(read_strokes(arguments.data / "unipen-digits.json.gz", {1}), rng)
    pages = [next(making) for _ in range(arguments.pages)]
    for name in ("clean", *STRENGTHS):
        if not only or name in only:
            size = {} if name == "clean" else of_level("medium", (name,))
            measure(pages, name, [size] * len(pages), arguments, classifier)
    for level in LEVELS:
        if not only or level in only:
            mixed = [mixture(level, rng) for _ in pages]
            measure(pages, f"all, {level}", mixed, arguments, classifier)
    if not only or "strings" in only:
        found = read_strokes(arguments.data / "unipen-digit-strings.json.gz", {1})
        written = string_sheets(found, rng)
        rows = [next(written) for _ in range(arguments.pages)]
        measure(rows, "strings, clean", [{}] * len(rows), arguments, classifier)
        mixed = [mixture("medium", rng) for _ in rows]
        measure(rows, "strings, medium", mixed, arguments, classifier)


if __name__ == "__main__":
    main()
