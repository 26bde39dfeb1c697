"""Digits of writers kept out of training, replayed as mouse events through the real canvas.

    python -m tests.benchmarks.canvas [--data FOLDER] [--model FILE] [--max N] [--errors FILE.png]

Each digit of fold 1 is drawn with each pen, 80 to 220 px tall (longer side), anywhere on the
canvas. Right is only a reading of exactly the one digit. The baseline is the ONNX model zoo's
mnist-12 with its README's preprocessing: the whole canvas shrunk to 28 x 28.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from inkread.core.ink import Ink, draw_strokes, rasterise_page
from inkread.core.reading import Cells, Grey
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ui.canvas.canvas import Canvas
from tests.benchmarks.corpus import Sample, argument_parser, read_strokes

PENS = (8, 14, 20)
SIZE = (300, 300)
LEFT = Qt.MouseButton.LeftButton


def draw(canvas: Canvas, sample: Sample, pen: int, rng: np.random.Generator) -> Ink:
    """Clear the canvas, draw the sample on it with the mouse, and take what it holds."""
    canvas.clear()
    canvas.undo_stack.clear()
    canvas.set_pen_width(pen)
    height = rng.uniform(80, 220)
    points = np.concatenate(sample.fitted(height, (0, 0)))
    room = np.array(SIZE) - points.max(axis=0) - 2 * pen
    corner = rng.uniform(0, np.maximum(room, 1)) + pen
    for stroke in sample.fitted(height, (float(corner[0]), float(corner[1]))):
        places = [QPoint(round(float(x)), round(float(y))) for x, y in stroke]
        QTest.mousePress(canvas, LEFT, Qt.KeyboardModifier.NoModifier, places[0])
        for place in places[1:]:
            QTest.mouseMove(canvas, place)
        QTest.mouseRelease(canvas, LEFT, Qt.KeyboardModifier.NoModifier, places[-1])
    return canvas.ink


def naive_cell(ink: Ink) -> Cells:
    """The whole canvas, shrunk: what the zoo's README does."""
    image = draw_strokes(
        SIZE[::-1], [s.points for s in ink.strokes], [s.width for s in ink.strokes]
    )
    return np.asarray(cv2.resize(image, (28, 28), interpolation=cv2.INTER_AREA) / np.float32(255))


def tile(ink: Ink, text: str) -> Grey:
    """A wrong one, for a person to look at."""
    picture = rasterise_page(ink, margin=10)
    scale = 96 / max(picture.shape)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.full((120, 104), 255, np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    cv2.putText(canvas, text, (2, 116), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 0, 1, cv2.LINE_AA)
    return canvas


def save_tiles(tiles: list[Grey], path: Path) -> None:
    blank = np.full((120, 104), 255, np.uint8)
    tiles = tiles + [blank] * (-len(tiles) % 10)
    rows = [np.hstack(tiles[i : i + 10]) for i in range(0, len(tiles), 10)]
    if rows:
        cv2.imwrite(str(path), np.vstack(rows))


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--max", type=int, help="maximum count of digits, picked at random")
    parser.add_argument("--errors", type=Path, help="write the wrong ones into this picture")
    arguments = parser.parse_args()
    samples = read_strokes(arguments.data / "unipen-digits.json.gz", {1})
    rng = np.random.default_rng(0)
    if arguments.max:
        samples = [samples[i] for i in rng.permutation(len(samples))[: arguments.max]]
    ours = OnnxClassifier.open(arguments.model)
    zoo = OnnxClassifier.open(arguments.data / "mnist-12.onnx")
    application = QApplication([])
    canvas = Canvas()
    canvas.resize(*SIZE)
    canvas.show()
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    tiles: list[Grey] = []
    for sample in samples:
        for pen in PENS:
            ink = draw(canvas, sample, pen, rng)
            text = read_ink(ink, ours).text
            zoo_answer = zoo.probabilities(naive_cell(ink)[np.newaxis, np.newaxis]).argmax()
            right["zoo"] += zoo.labels[int(zoo_answer)] == sample.label
            for key in ("all", f"pen {pen}", *(() if sample.suspect else ("not suspect",))):
                right[key] += text == sample.label
            if text != sample.label:
                shown = text.replace("\n", "|")
                wrong[f"{sample.label} -> {shown or 'nothing'}"] += 1
                tiles.append(tile(ink, f"{sample.label} {shown}"))
        application.processEvents()
    report(right, wrong, len(samples), sum(sample.suspect for sample in samples))
    if arguments.errors:
        save_tiles(tiles, arguments.errors)


def report(right: Counter[str], wrong: Counter[str], count: int, suspect: int) -> None:
    every = count * len(PENS)
    print(f"{count} digits x {len(PENS)} pens through the canvas")
    for pen in PENS:
        print(f"  pen {pen:2} px            {100 * right[f'pen {pen}'] / count:.2f} %")
    print(f"  all                  {100 * right['all'] / every:.2f} %")
    clean = (count - suspect) * len(PENS)
    print(f"  without suspect ones {100 * right['not suspect'] / clean:.2f} %")
    print(f"  zoo mnist-12, naive  {100 * right['zoo'] / every:.2f} %")
    print(f"  errors ours / zoo    {(every - right['all']) / max(1, every - right['zoo']):.3f}")
    print("  most frequent errors:", ", ".join(f"{k} ({n})" for k, n in wrong.most_common(12)))


if __name__ == "__main__":
    main()
