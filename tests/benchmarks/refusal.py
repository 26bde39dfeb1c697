"""Rejection: letters of writers kept out of training, and scribbles of our own making.

    python -m tests.benchmarks.refusal [--data FOLDER] [--model FILE] [--errors FILE.png]

The score is the probability of the best class. Left out of the letters are those that have the
shape of a digit. The baseline is the ONNX model zoo's mnist-12 on the same cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

from inkread.core.cell import cell_from_ink
from inkread.core.ink import Stroke
from inkread.core.reading import Cells
from inkread.data.paths import bundled
from inkread.ml.datasets.strokes import Traces, read_strokes, select_folds
from inkread.ml.evaluation.results import Evaluation
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.synthesis.scribbles import scribble
from tests.benchmarks.corpus import argument_parser

DOUBLES = "oOlIizZsSbqgBD"
"""Letters with the shape of a digit, as the issue names them."""
MORE_DOUBLES = DOUBLES + "QGyYJj"
"""With those that many people write like 0, 6, 4, 9 and 1; they are not trained on either."""
SCRIBBLES, SEED = 1000, 99
Scores = NDArray[np.float32]


def cells_of(signs: Sequence[Traces]) -> Cells:
    """The cells of strokes, as the canvas makes them: (n, 1, 28, 28)."""
    cells = [cell_from_ink([Stroke(trace) for trace in traces])[0] for traces in signs]
    return np.stack(cells)[:, np.newaxis]


def surest(classifier: OnnxClassifier, cells: Cells) -> Scores:
    """Probability of the best class of each."""
    rows = [classifier.probabilities(cells[i : i + 500]) for i in range(0, len(cells), 500)]
    sure: Scores = np.concatenate(rows).max(axis=1)
    return sure


def area(digits: Scores, others: Scores) -> float:
    """AUROC, per cent."""
    positives = np.arange(len(digits) + len(others)) < len(digits)
    return 100 * float(metrics.roc_auc_score(positives, np.concatenate([digits, others])))


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--errors", type=Path, help="write accepted letters into this picture")
    arguments = parser.parse_args()
    ours = OnnxClassifier.open(arguments.model)
    zoo = OnnxClassifier.open(arguments.data / "mnist-12.onnx")
    digits = select_folds(read_strokes(arguments.data / "unipen-digits.json.gz"), {1}, True)
    letters = select_folds(read_strokes(arguments.data / "unipen-letters.json.gz"), {1})
    rng = np.random.default_rng(SEED)
    digit_cells = cells_of([s.traces for s in digits])
    letter_cells = cells_of([s.traces for s in letters])
    names = np.array([s.label for s in letters])
    scribbled = cells_of([scribble(rng) for _ in range(SCRIBBLES)])
    print(f"{len(digits)} digits and {len(letters)} letters of fold 1, {SCRIBBLES} scribbles")
    threshold = ours.rejection_threshold or 0.0
    for title, model in (("this model", ours), ("zoo mnist-12", zoo)):
        sure = surest(model, digit_cells)
        print(f"{title}, AUROC digit against")
        sure_letters = surest(model, letter_cells)
        for what, doubles in (("letter", DOUBLES), ("letter, more left out", MORE_DOUBLES)):
            other = ~np.isin(names, list(doubles))
            print(f"  {what:22} {area(sure, sure_letters[other]):.2f} %  ({other.sum()})")
        print(f"  {'scribble':22} {area(sure, surest(model, scribbled)):.2f} %")
    print_calibration(ours, digit_cells, [s.label for s in digits])
    refused = (surest(ours, digit_cells) < threshold).mean()
    ours_letters = surest(ours, letter_cells)
    other = ~np.isin(names, list(DOUBLES))
    print(f"at the threshold of {threshold:.3f} it refuses")
    print(f"  digits    {100 * refused:.2f} %")
    print(f"  letters   {100 * (ours_letters[other] < threshold).mean():.1f} %")
    print(f"  scribbles {100 * (surest(ours, scribbled) < threshold).mean():.1f} %")
    shares = {n: (ours_letters[names == n] >= threshold).mean() for n in sorted(set(names[other]))}
    worst = sorted(shares, key=lambda n: -shares[n])[:12]
    print("  accepted most:", ", ".join(f"{n} {100 * shares[n]:.0f} %" for n in worst))
    if arguments.errors:
        accepted = np.flatnonzero(other & (ours_letters >= threshold))
        save_cells(letter_cells[accepted, 0], arguments.errors)


def print_calibration(model: OnnxClassifier, cells: Cells, labels: Sequence[str]) -> None:
    rows = np.concatenate(
        [model.probabilities(cells[i : i + 500]) for i in range(0, len(cells), 500)]
    )
    targets = np.array([model.labels.index(label) for label in labels], np.int64)
    found = Evaluation(model.labels, targets, rows.argmax(axis=1), rows.max(axis=1))
    print(f"digits right {100 * found.accuracy:.2f} %, calibration error {100 * found.ece:.2f} %")


def save_cells(cells: Cells, path: Path) -> None:
    """Write cells side by side, 40 in a row."""
    cells = np.concatenate([cells, np.zeros((-len(cells) % 40, 28, 28), np.float32)])
    rows = cells.reshape(-1, 40, 28, 28).swapaxes(1, 2).reshape(-1, 40 * 28)
    cv2.imwrite(str(path), cv2.resize(rows * 255, None, fx=1.5, fy=1.5, interpolation=0))


if __name__ == "__main__":
    main()
