"""The network alone on MNIST's test set, beside the ONNX model zoo's mnist-12.

python -m tests.benchmarks.mnist [--data FOLDER] [--model FILE]
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkread.core.reading import Cells
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.benchmarks.corpus import argument_parser, mnist_test


def accuracy(model: Path, cells: Cells, digits: NDArray[np.uint8]) -> float:
    """Share of the cells that a model gets right, 0 to 1."""
    classifier = OnnxClassifier.open(model)
    answers = classifier.probabilities(cells).argmax(axis=1)
    labels = np.array(classifier.labels)[answers]
    return float((labels == digits.astype(str)).mean())


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    arguments = parser.parse_args()
    images, digits = mnist_test(arguments.data)
    cells = images[:, np.newaxis].astype(np.float32) / np.float32(255)
    ours = accuracy(arguments.model, cells, digits)
    zoo = accuracy(arguments.data / "mnist-12.onnx", cells, digits)
    print(f"MNIST test, {len(digits)} digits, as they come")
    print(f"  this model   {100 * ours:.2f} %")
    print(f"  zoo mnist-12 {100 * zoo:.2f} %   errors ours / zoo: {(1 - ours) / (1 - zoo):.2f}")


if __name__ == "__main__":
    main()
