"""Whole numbers of writers kept out of training: as strokes, and as pictures of them.

    python -m tests.benchmarks.numbers [--data FOLDER] [--model FILE] [--fold N] [--errors FILE.png]

Each number of a fold is drawn with lines 80 px high and a pen of 6 px, points rounded to whole px
as a mouse gives them: read as ink, and rasterised and read as a page. Spaces and line breaks
don't count: the donors' spaces don't always show. Digits right is 1 - edit distance / length
(Levenshtein 1966). The baseline, "as one line", takes every connected blob for a digit, as the
programs do that can read several digits at all. `tests/benchmarks/judging.py` says which readings
are flagged, and which errors are silent.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.picture.page import Page
from inkread.core.reading import Grey, Reading
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from tests.benchmarks.baseline import read_blobs
from tests.benchmarks.corpus import Sample, argument_parser, read_strokes, reader_of
from tests.benchmarks.judging import (
    Tally,
    distance,
    is_flagged,
    save_tiles,
    tile,
    without_spaces,
)

HEIGHT, PEN = 80, 6
GOALS = {"as strokes": 92.0, "as pictures": 88.0}


def written(sample: Sample) -> Ink:
    """The number as ink, its whole height `HEIGHT` px."""
    return Ink(tuple(Stroke.of(np.rint(t), PEN) for t in sample.of_height(HEIGHT, (20, 20))))


def pictured(ink: Ink) -> Page:
    grey = rasterise_page(ink, margin=20)
    return Page(np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8), grey)


def readings(ink: Ink, page: Page, model: Classifier) -> dict[str, Reading]:
    """A number read as strokes, and as the picture of them."""
    return {"as strokes": read_ink(ink, model), "as pictures": read_page(page, model)}


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--fold", type=int, default=1, choices=(1, 2, 3, 4))
    parser.add_argument("--errors", type=Path, help="write the wrong ones into this picture")
    arguments = parser.parse_args()
    samples = read_strokes(arguments.data / "unipen-digit-strings.json.gz", {arguments.fold})
    model = reader_of(arguments)
    right, edits, tiles, length = Counter[str](), Counter[str](), list[Grey](), 0
    tallies = {way: Tally() for way in GOALS}
    for sample in samples:
        wanted = without_spaces(sample.label)
        length += len(wanted)
        ink = written(sample)
        page = pictured(ink)
        found = readings(ink, page, model)
        answers = {way: reading.text for way, reading in found.items()}
        for way, answer in {**answers, "every blob a digit": read_blobs(page, model)}.items():
            text = without_spaces(answer)
            right[way] += text == wanted
            edits[way] += distance(text, wanted)
            if way in found:
                tallies[way].add(text == wanted, is_flagged(found[way]))
            if way in found and text != wanted:
                tiles.append(tile(page.grey, f"{way[3:]}: {sample.label} -> {answer!r}"))
    print(f"{len(samples)} numbers of fold {arguments.fold}, {length} digits")
    for way, count in right.items():
        whole, digits = 100 * count / len(samples), 100 * (1 - edits[way] / length)
        goal = f"  (goals {GOALS[way]:.0f} and 98)" if way in GOALS else ""
        print(f"  {way:20} whole number right {whole:6.2f} %, digits {digits:6.2f} %{goal}")
    for way, tally in tallies.items():
        print(f"  {way:20} {tally}")
    if arguments.errors:
        save_tiles(tiles, arguments.errors)


if __name__ == "__main__":
    main()
