"""The measuring data, outside the project: strokes and MNIST, from a folder named on the way."""

from __future__ import annotations

import argparse
import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.line_model import open_lines

DEFAULT = Path(__file__).parents[3] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Sample:
    """One written digit or number: strokes of (n, 2) points, y down."""

    label: str
    writer: str
    suspect: bool
    strokes: tuple[NDArray[np.float32], ...]

    def fitted(self, height: float, at: tuple[float, float]) -> list[NDArray[np.float32]]:
        """The strokes with their longer side `height`, upper left corner at `at`."""
        points = np.concatenate(self.strokes)
        low = points.min(axis=0)
        scale = np.float32(height / max(1.0, float(np.ptp(points, axis=0).max())))
        return [(stroke - low) * scale + np.array(at, np.float32) for stroke in self.strokes]

    def of_height(self, height: float, at: tuple[float, float]) -> list[NDArray[np.float32]]:
        """The strokes `height` px high, upper left corner at `at`."""
        wide, tall = (float(side) for side in np.ptp(np.concatenate(self.strokes), axis=0))
        return self.fitted(height * max(wide, tall) / max(1.0, tall), at)


def argument_parser(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, default=DEFAULT, help="folder of the data sets")
    parser.add_argument(
        "--lines",
        type=Path,
        default=bundled("models/lines.onnx"),
        help="network for lines; a file that is not there: lines are read cell by cell",
    )
    return parser


def reader_of(args: argparse.Namespace) -> OnnxClassifier:
    """The classifier of ``--model``, with the network of ``--lines`` beside it."""
    classifier = OnnxClassifier.open(args.model)
    classifier.lines = open_lines(args.lines)
    return classifier


def folds_argument(parser: argparse.ArgumentParser) -> None:
    """Let the caller choose the writers; those of fold 1 are kept out of training."""
    parser.add_argument("--folds", type=int, nargs="+", default=[1], choices=(1, 2, 3, 4))


def read_strokes(path: Path, folds: set[int]) -> list[Sample]:
    """The samples of some folds of a stroke file, numbers written on several lines left out."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found: list[dict[str, Any]] = json.load(file)["samples"]
    return [
        Sample(
            sample["label"],
            sample["writer"],
            bool(sample.get("suspect")),
            tuple(np.array(stroke, np.float32) for stroke in sample["strokes"]),
        )
        for sample in found
        if sample["fold"] in folds and not sample.get("multiline")
    ]


def mnist_test(folder: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The 10,000 test cells (n, 28, 28) and their digits."""
    with np.load(folder / "mnist.npz", allow_pickle=False) as data:
        return data["x_test"], data["y_test"]
