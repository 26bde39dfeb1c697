"""Which numbers of the heuristics are cliffs: each is changed by 20 % up and down, one at a time.

    python -m tests.benchmarks.cliffs [--data FOLDER] [--model FILE] [--rooms NAME,...]
        [--modules NAME,...] [--kinds NAME,...] [--sample N] [--pages N] [--seed N]

A number is a field of a module's `Params`; whole ones change by 1 at least. With each change are
read: pen-written numbers of folds 2 to 4 (never fold 1) as strokes and as pictures, numbers put
together of digits of these folds with marks and spaces (`tests.benchmarks.layouts`), and synthetic
photos of such digits. A number is a cliff if the share that is read right falls by more than 0.5
points on one of them; what a change gains is printed, too. A sample of N resolves 100 / N points.
"""

from __future__ import annotations

import argparse
import importlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import inkread
from inkread.core.classifier import Classifier
from inkread.core.ink import Ink
from inkread.core.picture.page import Page
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from tests.benchmarks import photos
from tests.benchmarks.corpus import argument_parser, read_strokes, reader_of
from tests.benchmarks.layouts import SHAPES, composed
from tests.benchmarks.numbers import pictured, written
from tests.synthetic import mixture, photograph

FOLDS = {2, 3, 4}
FACTORS = (0.8, 1.2)
#: Points of accuracy lost that make a cliff.
CLIFF = 0.5
KINDS = ("strokes", "pictures", "layouts", "layout-pictures", "photos")
ROOMS = ("segmentation", "recognition", "page")


@dataclass(frozen=True, slots=True)
class Number:
    """One field of the default parameters of a module."""

    module: ModuleType
    params: str
    field: str

    @property
    def value(self) -> float:
        value: float = getattr(getattr(self.module, self.params), self.field)
        return value

    def scaled(self, factor: float) -> float:
        """The number changed by a factor; a whole one stays whole, and changes."""
        if not isinstance(self.value, int):
            return self.value * factor
        step = 1 if factor > 1 else -1
        return self.value + step * max(1, round(abs(factor - 1) * self.value))

    @contextmanager
    def changed_to(self, value: float) -> Iterator[None]:
        """The module works with another value."""
        before: Any = getattr(self.module, self.params)
        setattr(self.module, self.params, replace(before, **{self.field: value}))
        try:
            yield
        finally:
            setattr(self.module, self.params, before)

    def __str__(self) -> str:
        room, module = self.module.__name__.split(".")[-2:]
        return f"{room}/{module}.{self.field}"


def numbers_of(rooms: Sequence[str], modules: Sequence[str]) -> Iterator[Number]:
    """All numbers of some rooms of core, or of some modules of them."""
    core = Path(inkread.__file__).parent / "core"
    for room in rooms:
        for path in sorted((core / room).glob("*.py")):
            if modules and path.stem not in modules:
                continue
            module = importlib.import_module(f"inkread.core.{room}.{path.stem}")
            for name, params in sorted(vars(module).items()):
                own = type(params).__module__ == module.__name__
                if own and type(params).__name__.endswith("Params"):
                    yield from (Number(module, name, field.name) for field in fields(params))


@dataclass(frozen=True, slots=True)
class Material:
    """The inputs that are read, and their true texts."""

    inks: Sequence[tuple[Ink, str]]
    layouts: Sequence[tuple[Ink, str]]
    photos: Sequence[tuple[Page, list[str]]]

    @classmethod
    def of(cls, data: Path, sample: int, pages: int, seed: int) -> Material:
        rng = np.random.default_rng(seed)
        strings = read_strokes(data / "unipen-digit-strings.json.gz", FOLDS)
        chosen = rng.permutation(len(strings))[: sample or None]
        digits = read_strokes(data / "unipen-digits.json.gz", FOLDS)
        shapes = [SHAPES[i % len(SHAPES)] for i in range(sample // 2 or 200)]
        texts = (composed(shape, digits, rng) for shape in shapes)
        sheets = photos.sheets(digits, rng)
        shots = []
        for _ in range(pages):
            ink, truth = next(sheets)
            photo = photograph(ink, photos.SHAPE, mixture("medium", rng), rng, photos.LINE)
            shots.append((photo.page, truth))
        return cls(
            [(written(strings[i]), "".join(strings[i].label.split())) for i in chosen],
            [(ink, text) for text, ink in texts],
            shots,
        )

    def scores(self, model: Classifier, kinds: Sequence[str]) -> dict[str, float]:
        """Percent of each kind that is read right."""

        def strokes(ink: Ink) -> str:
            return read_ink(ink, model).text

        def picture(ink: Ink) -> str:
            return read_page(pictured(ink), model).text

        ways = {
            "strokes": lambda: share(self.inks, lambda ink: "".join(strokes(ink).split())),
            "pictures": lambda: share(self.inks, lambda ink: "".join(picture(ink).split())),
            "layouts": lambda: share(self.layouts, strokes),
            "layout-pictures": lambda: share(self.layouts, picture),
            "photos": lambda: self._photos_right(model),
        }
        return {kind: ways[kind]() for kind in kinds}

    def _photos_right(self, model: Classifier) -> float:
        score = photos.Score()
        for page, truth in self.photos:
            score.count(truth, read_page(page, model).text.split("\n"))
        return 100 * score.right / max(1, score.numbers)


def share(pairs: Sequence[tuple[Ink, str]], way: Callable[[Ink], str]) -> float:
    """Percent that is read right in some way."""
    return 100 * float(np.mean([way(ink) == text for ink, text in pairs]))


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--rooms", default=",".join(ROOMS), help="rooms of core")
    parser.add_argument("--modules", default="", help="modules of these rooms; none: all")
    parser.add_argument("--kinds", default=",".join(KINDS), help="what is read")
    parser.add_argument("--sample", type=int, default=0, help="pen-written numbers; 0: all")
    parser.add_argument("--pages", type=int, default=24, help="photos")
    parser.add_argument("--seed", type=int, default=0)
    sweep(parser.parse_args())


def sweep(args: argparse.Namespace) -> None:
    model = reader_of(args)
    material = Material.of(args.data, args.sample, args.pages, args.seed)
    kinds = args.kinds.split(",")
    before = material.scores(model, kinds)
    print("as it is:", {name: round(score, 1) for name, score in before.items()}, flush=True)
    cliffs, start = list[str](), time.perf_counter()
    modules = [name for name in args.modules.split(",") if name]
    for number in numbers_of(args.rooms.split(","), modules):
        for factor in FACTORS:
            value = number.scaled(factor)
            with number.changed_to(value):
                after = material.scores(model, kinds)
            change = {name: after[name] - before[name] for name in before}
            moved = [f"{name} {by:+.1f}" for name, by in change.items() if abs(by) > CLIFF]
            is_cliff = min(change.values()) < -CLIFF
            line = f"{number} {number.value:g} -> {value:g}"
            print(f"{'CLIFF' if is_cliff else '     '} {line:62} {', '.join(moved)}", flush=True)
            if is_cliff and str(number) not in cliffs:
                cliffs.append(str(number))
    print(f"{len(cliffs)} cliffs in {time.perf_counter() - start:.0f} s: {', '.join(cliffs)}")


if __name__ == "__main__":
    main()
