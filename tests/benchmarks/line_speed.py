"""How long one line of 8 digits takes, on one thread: as strokes, and as a picture of them.

    python -m tests.benchmarks.line_speed [--model FILE] [--lines FILE] [--rounds 50]

Best and median of the processor time and of the time on the clock. The figure to reach: 3 ms.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2

from inkread.core.reading import Reading
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.line_model import open_lines
from tests.benchmarks.numbers import HEIGHT, pictured
from tests.benchmarks.photo_speed import timed
from tests.written import write

TEXT = "20461835"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--lines", type=Path, default=bundled("models/lines.onnx"))
    parser.add_argument("--rounds", type=int, default=50)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    model = OnnxClassifier.open(args.model, threads=1)
    model.lines = open_lines(args.lines)
    ink = write(TEXT, height=HEIGHT, width=6)
    page = pictured(ink)
    ways: dict[str, Callable[[], Reading]] = {
        "as strokes": partial(read_ink, ink, model),
        "as a picture": partial(read_page, page, model),
    }
    for way, work in ways.items():
        verdict = "right" if work().text == TEXT else "WRONG"
        for name, clock in (("processor", time.process_time), ("clock", time.perf_counter)):
            best, median = timed(work, args.rounds, clock)
            print(f"{way:12} {name:9} best {best:.2f} ms, median {median:.2f} ms  {verdict}")


if __name__ == "__main__":
    main()
