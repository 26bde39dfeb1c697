"""Digits of writers kept out of training, replayed as mouse events through the real canvas.

    python -m tests.benchmarks.canvas [--data FOLDER] [--model FILE] [--max N] [--errors FILE.png]

Each digit of fold 1 is drawn with each pen, 80 to 220 px tall (longer side), anywhere on the
canvas. Right is only a reading of exactly the one digit. The baseline is the ONNX model zoo's
mnist-12 with its README's preprocessing: the whole canvas shrunk to 28 x 28.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
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
from tests.benchmarks.corpus import Sample, argument_parser, read_strokes, reader_of
from tests.benchmarks.judging import Tally, is_flagged, percent, save_tiles, tile

PENS = (8, 14, 20)
SIZE = (300, 300)
TILE_WIDTH = 104
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


def drawn(
    samples: Sequence[Sample], pens: Sequence[int], rng: np.random.Generator
) -> Iterator[tuple[Sample, int, Ink]]:
    """Each sample with each pen, as the canvas holds it after it was drawn."""
    application = QApplication.instance() or QApplication([])
    canvas = Canvas()
    canvas.resize(*SIZE)
    canvas.show()
    for sample in samples:
        for pen in pens:
            yield sample, pen, draw(canvas, sample, pen, rng)
        application.processEvents()


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
    ours = reader_of(arguments)
    zoo = OnnxClassifier.open(arguments.data / "mnist-12.onnx")
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    tiles: list[Grey] = []
    tally = Tally()
    for sample, pen, ink in drawn(samples, PENS, rng):
        reading = read_ink(ink, ours)
        text = reading.text
        zoo_answer = zoo.probabilities(naive_cell(ink)[np.newaxis, np.newaxis]).argmax()
        right["zoo"] += zoo.labels[int(zoo_answer)] == sample.label
        for key in ("all", f"pen {pen}"):
            right[key] += text == sample.label
        if not sample.suspect:
            tally.add(text == sample.label, is_flagged(reading))
        if text != sample.label:
            shown = text.replace("\n", "|")
            wrong[f"{sample.label} -> {shown or 'nothing'}"] += 1
            page = rasterise_page(ink, margin=10)
            tiles.append(tile(page, f"{sample.label} {shown}", TILE_WIDTH))
    report(right, wrong, len(samples), tally)
    if arguments.errors:
        save_tiles(tiles, arguments.errors, columns=10)


def report(right: Counter[str], wrong: Counter[str], count: int, clean: Tally) -> None:
    every = count * len(PENS)
    print(f"{count} digits x {len(PENS)} pens through the canvas")
    for pen in PENS:
        print(f"  pen {pen:2} px            {100 * right[f'pen {pen}'] / count:.2f} %")
    print(f"  all                  {100 * right['all'] / every:.2f} %")
    print(f"  without suspect ones {percent(clean.right, clean.total)}; {clean}")
    print(f"  zoo mnist-12, naive  {100 * right['zoo'] / every:.2f} %")
    print(f"  errors ours / zoo    {(every - right['all']) / max(1, every - right['zoo']):.3f}")
    print("  most frequent errors:", ", ".join(f"{k} ({n})" for k, n in wrong.most_common(12)))


if __name__ == "__main__":
    main()
