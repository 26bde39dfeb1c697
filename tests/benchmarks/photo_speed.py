"""How long a large photo takes, next to what Pillow needs to decode it, in the same run.

    python -m tests.benchmarks.photo_speed [--model FILE] [--rounds 5]

Photos of 12 megapixels (4000 x 3000) with 40 digits, as JPEG: evenly lit, in bad light, on a
table, ruled and squared, all of `tests/synthetic.py` at medium strength. Timed are opening and
reading, best and median of some rounds, and each step of the way by itself: those after opening on
half the page, which is what is read where the writing is large. To reach: 1.0 s on two cores, and 5
times the decoding. The last page is 100,000 specks: the work has a bound.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from inkread.core.ink import Ink
from inkread.core.page.pipeline import STAGES, run
from inkread.core.page.sheet import find_sheet
from inkread.core.page.state import PageState
from inkread.core.picture.downsample import half_of
from inkread.core.picture.page import open_page
from inkread.core.recognition.read_page import read_page
from inkread.core.segmentation.page_primitives import PagePrimitives
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.synthetic import of_level, photograph
from tests.written import write

SHAPE = (750, 1000)
ENLARGED = 4
TEXT = "20461835\n97301846\n51829047\n36470915\n82639104"
PAGES: dict[str, tuple[str, ...]] = {
    "even": (),
    "slope, shadow, noise": ("slope", "shadow", "noise", "jpeg"),
    "table": ("table", "perspective", "turn"),
    "rulings": ("rulings",),
    "squares": ("squares",),
}


def jpeg(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def sheet() -> Ink:
    return write(TEXT, height=85, width=6, at=(110, 40))


def specks(count: int) -> bytes:
    """A page of dots that are large enough to be looked at."""
    rng = np.random.default_rng(0)
    page = np.full((3000, 4000), 255, np.uint8)
    for x, y in zip(rng.integers(5, 3995, count), rng.integers(5, 2995, count), strict=True):
        cv2.ellipse(page, (int(x), int(y)), (4, 1), float(x % 180), 0, 360, 0, -1)
    return jpeg(page)


def timed(
    work: Callable[[], object], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[float, float]:
    """Best and median, ms."""
    laps = []
    for _ in range(rounds):
        start = clock()
        work()
        laps.append(1e3 * (clock() - start))
    return min(laps), statistics.median(laps)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    classifier = OnnxClassifier.open(arguments.model)
    for title, names in PAGES.items():
        rng = np.random.default_rng(1)
        photo = photograph(sheet(), SHAPE, of_level("medium", names), rng, 136)
        large = cv2.resize(photo.colour, None, fx=ENLARGED, fy=ENLARGED)
        report(title, jpeg(np.asarray(large, np.uint8)), TEXT, classifier, arguments.rounds)
    report("100,000 specks", specks(100_000), None, classifier, arguments.rounds)


def report(
    title: str, data: bytes, truth: str | None, classifier: OnnxClassifier, rounds: int
) -> None:
    decoding = timed(lambda: Image.open(io.BytesIO(data)).load(), rounds)
    grey = half_of(open_page(data, title).grey)
    texts: list[str] = []
    whole = timed(lambda: texts.append(read_page(open_page(data, title), classifier).text), rounds)
    verdict = "" if truth is None else ("  right" if texts[-1] == truth else "  WRONG")
    ratio = whole[0] / decoding[0]
    print(
        f"{title:22} {whole[0]:6.0f} ms (median {whole[1]:.0f}), decoding {decoding[0]:.0f} ms:"
        f" {ratio:.1f} times{verdict}"
    )
    steps = {
        "opening": lambda: open_page(data, title),
        "finding the sheet": lambda: find_sheet(grey),
        "stages": lambda: run(PageState.of(grey), STAGES[1:]),
        "primitives, with stages": lambda: PagePrimitives.of(run(PageState.of(grey), STAGES[1:])),
    }
    steps_ms = ", ".join(f"{name} {timed(step, rounds)[0]:.0f}" for name, step in steps.items())
    print(f"    {steps_ms} ms", flush=True)


if __name__ == "__main__":
    main()
