"""Somebody else's network trained on: the ONNX model zoo's mnist-12, on MNIST's training set.

python -m tests.benchmarks.fine_tune [--data FOLDER] [--epochs 10]

Nothing is chosen by the test set: the network after the last epoch counts.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx

from inkread.core.reading import Grey
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.inference.reading_session import ReadingSession
from inkread.ml.training.optimisers import Adam
from inkread.ml.training.recipe import Recipe
from inkread.ml.training.schedules import OneCycle
from inkread.ml.training.trainer import Trainer
from tests.benchmarks.corpus import argument_parser

DIGITS = tuple("0123456789")


def moved(cells: Grey, rng: np.random.Generator) -> Grey:
    """Each cell by up to a pixel, as pen and scanner do."""
    steps = rng.integers(-1, 2, (len(cells), 2))
    return np.stack([np.roll(c, s, (0, 1)) for c, s in zip(cells, steps, strict=True)])


def accuracy(network: onnx.ModelProto, cells: Grey, targets: np.ndarray, batch: int) -> float:
    """Share of the cells that a network gets right."""
    session = ReadingSession(network)
    pieces = np.split(cells[:, None].astype(np.float32) / 255, len(cells) // batch)
    answers = np.concatenate([session.log_probabilities(piece).argmax(axis=1) for piece in pieces])
    return float((answers == targets).mean())


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--epochs", type=int, default=10)
    arguments = parser.parse_args()
    data: Path = arguments.data
    with np.load(data / "mnist.npz") as arrays:
        digits = Dataset(arrays["x_train"], arrays["y_train"].astype(np.int64), DIGITS)
        cells, targets = arrays["x_test"], arrays["y_test"].astype(np.int64)
    network = onnx.load(data / "mnist-12.onnx")
    print(f"as it comes      {100 * accuracy(network, cells, targets, batch=1):.2f} %", flush=True)
    recipe = Recipe(
        epochs=arguments.epochs,
        rate=0.002,
        optimiser=Adam(),
        schedule=OneCycle(peak=0.2),
        average=0.999,
        augment=moved,
    )
    trainer = Trainer(network, digits, None, recipe)
    for progress in trainer.run():
        if progress.finished:
            done = progress.finished
            print(f"  epoch {done.number}: loss {done.loss:.4f}, {done.seconds:.0f} s", flush=True)
    assert trainer.best is not None
    tuned = onnx.load_from_string(trainer.best.data)
    print(f"after fine-tuning {100 * accuracy(tuned, cells, targets, batch=100):.2f} %")


if __name__ == "__main__":
    main()
