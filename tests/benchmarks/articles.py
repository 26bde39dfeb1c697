"""The articles' own tables, and this project's own goals: each network trained as described.

python -m tests.benchmarks.articles [--data FOLDER] [--only NAME ...] [--json FILE]

No figure is chosen by looking at test data: the articles' networks are measured after their last
epoch, the others after the epoch that was best on held-out training data.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from inkread.core.cell import PREPROCESS_VERSION
from inkread.core.files import MEGABYTE, read_file
from inkread.core.reading import Grey
from inkread.data.paths import bundled
from inkread.ml.architecture.description import Architecture, parse_architecture
from inkread.ml.architecture.presets import preset_path
from inkread.ml.datasets.dataset import Dataset, Purpose
from inkread.ml.datasets.load import load
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.inference.reading_session import ReadingSession
from inkread.ml.retraining.preparation import Choices, fine_tune, from_scratch
from inkread.ml.training.batches import scaled
from inkread.ml.training.trainer import Trainer
from tests.benchmarks.corpus import argument_parser

DIGITS = tuple("0123456789")
#: How many digits the 32x32 bitmaps of the article's training folder were.
BITMAPS = 1934
FOLDS = 5


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes
    ----------
    name : str
        What --only takes.
    article : str
        The figure to meet, as published.
    least : float
        The same as a number, 0 to 1.
    run : callable
        Folder of the data, seed -> our figure, 0 to 1.
    """

    name: str
    article: str
    least: float
    run: Callable[[Path, int], float]


def mnist(folder: Path, purpose: Purpose = Purpose.TRAINING) -> Dataset:
    return load([str(folder / "mnist.npz")], purpose=purpose)


def preset(name: str) -> Architecture:
    path = preset_path(name, bundled("models/architectures"))
    return parse_architecture(read_file(path, MEGABYTE), name)


def trained(trainer: Trainer) -> bytes:
    """Train, telling of each epoch."""
    for progress in trainer.run():
        if (epoch := progress.finished) is not None:
            held_out = epoch.validation_accuracy
            print(
                f"  epoch {epoch.number}/{progress.epochs}  loss {epoch.loss:.4f}  "
                f"training {100 * epoch.accuracy:.2f} %"
                + ("" if held_out is None else f"  held out {100 * held_out:.2f} %")
                + f"  {epoch.seconds:.0f} s, {progress.cells_per_second:.0f} cells/s",
                flush=True,
            )
    assert trainer.best is not None
    return trainer.best.data


def as_described(name: str, training: Dataset, seed: int) -> bytes:
    """Train a preset as the article did: on all of the data, without changing them."""
    architecture = preset(name)
    network = architecture.model(len(training.labels), seed)
    info = ModelInfo(labels=training.labels, preprocess_version=PREPROCESS_VERSION, name=name)
    recipe = replace(architecture.recipe, seed=seed)
    return trained(Trainer(network, training, None, recipe, info=info))


def accuracy(model: bytes, data: Dataset) -> float:
    """Share of the cells that a model of their size gets right."""
    session = ReadingSession(onnx.load_from_string(model))
    layout = scaled(data.cells)
    answers = [
        session.log_probabilities(layout[i : i + 1000]).argmax(axis=1)
        for i in range(0, len(data), 1000)
    ]
    return float((np.concatenate(answers) == data.targets).mean())


def read_accuracy(model: bytes, data: Dataset) -> float:
    """The same by the way that the program reads, for models of any origin."""
    classifier = OnnxClassifier(model, "the trained model", threads=2)
    answers = classifier.probabilities(scaled(data.cells)).argmax(axis=1)
    right = np.array(classifier.labels)[answers] == np.array(data.labels)[data.targets]
    return float(right.mean())


def on_mnist(name: str) -> Callable[[Path, int], float]:
    """MNIST's 60,000 training digits, measured on its 10,000 test digits."""

    def run(folder: Path, seed: int) -> float:
        model = as_described(name, mnist(folder), seed)
        return accuracy(model, mnist(folder, Purpose.EVALUATION))

    return run


def small_digits(_folder: Path, seed: int) -> float:
    """scikit-learn's 1,797 digits of 8x8, a fifth held out in turn: the mean of the five."""
    bunch = load_digits()
    cells: Grey = np.rint(bunch.images * (255 / 16)).astype(np.uint8)
    data = Dataset(cells, bunch.target.astype(np.int64), DIGITS)
    fold = np.random.default_rng(seed).permutation(len(data)) % FOLDS
    figures = []
    for number in range(FOLDS):
        model = as_described("numpy-cnn-8x8", data.take(fold != number), seed)
        figures.append(accuracy(model, data.take(fold == number)))
        print(f"  fold {number + 1}: {100 * figures[-1]:.2f} %", flush=True)
    return float(np.mean(figures))


def bitmaps(folder: Path, seed: int) -> float:
    """32x32 text bitmaps, made from MNIST; accuracy on what was learned, as in the article."""
    digits = mnist(folder)
    with tempfile.TemporaryDirectory() as place:
        for number in range(BITMAPS):
            label = digits.labels[int(digits.targets[number])]
            path = Path(place) / f"{label}_{number}.txt"
            path.write_text(bitmap(digits.cells[number]), encoding="ascii")
        data = load([place])
    return accuracy(as_described("fcn-16-16", data, seed), data)


def bitmap(cell: NDArray[np.uint8]) -> str:
    """A cell of 28x28 px in the middle of 32 lines of 32 times 0 or 1."""
    bits = np.pad(cell > 127, 2).astype(int)
    return "".join("".join(map(str, line)) + "\n" for line in bits.tolist())


def starter(folder: Path, seed: int) -> float:
    """The starter set with the program's defaults, from scratch, on MNIST's test set."""
    data = load([str(bundled("assets/starter.npz"))])
    return from_nothing(folder, data, seed)


def inkread(folder: Path, seed: int) -> float:
    """MNIST with the shipped network's description and the program's defaults."""
    return from_nothing(folder, mnist(folder), seed)


def from_nothing(folder: Path, data: Dataset, seed: int) -> float:
    run = from_scratch(data, preset("inkread"), Choices(seed=seed))
    return read_accuracy(trained(run.trainer()), mnist(folder, Purpose.EVALUATION))


def zoo(folder: Path, seed: int) -> float:
    """The ONNX model zoo's network, trained on with MNIST."""
    model = (folder / "mnist-12.onnx").read_bytes()
    test = mnist(folder, Purpose.EVALUATION)
    print(f"  before: {100 * read_accuracy(model, test):.2f} %", flush=True)
    run = fine_tune(mnist(folder), model, "mnist-12", Choices(seed=seed))
    return read_accuracy(trained(run.trainer()), test)


ROWS = (
    Row("numpy-cnn-8x8", "97.2 to 99.4 %", 0.972, small_digits),
    Row("cnn-5x5", "99.2 %", 0.992, on_mnist("cnn-5x5")),
    Row("lenet-keras", "98.9 %", 0.989, on_mnist("lenet-keras")),
    Row("two-layer-50", "94.5 %", 0.945, on_mnist("two-layer-50")),
    Row("mlp-256-64", "97 %", 0.97, on_mnist("mlp-256-64")),
    Row("fcn-16-16", "98.7 % (training)", 0.987, bitmaps),
    Row("starter", "98.5 % (goal)", 0.985, starter),
    Row("inkread", "99.5 % (goal)", 0.995, inkread),
    Row("zoo", "98.90 -> 99.1 % (goal)", 0.991, zoo),
)


def measure(row: Row, folder: Path, seed: int) -> dict[str, object]:
    print(f"{row.name}: {row.article}", flush=True)
    start = time.monotonic()
    ours = row.run(folder, seed)
    seconds = round(time.monotonic() - start)
    print(f"  ours {100 * ours:.2f} % after {seconds} s", flush=True)
    return {"name": row.name, "article": row.article, "least": row.least, "seed": seed,
            "ours": round(ours, 6), "seconds": seconds}  # fmt: skip


def arguments() -> argparse.Namespace:
    parser = argument_parser(__doc__)
    names = [row.name for row in ROWS]
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="NAME")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="append the results to this file, a line each")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    results = []
    for row in (row for row in ROWS if row.name in args.only):
        results.append(measure(row, args.data, args.seed))
        if args.json is not None:
            with args.json.open("a", encoding="utf-8") as file:
                file.write(json.dumps(results[-1]) + "\n")
    print("\n| network | article | ours |\n|---|---|---|")
    for result in results:
        ours = 100 * float(str(result["ours"]))
        print(f"| `{result['name']}` | {result['article']} | {ours:.2f} % |")


if __name__ == "__main__":
    main()
