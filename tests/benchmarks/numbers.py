"""Whole numbers of writers kept out of training: as strokes, and as pictures of them.

    python -m tests.benchmarks.numbers [--data FOLDER] [--model FILE] [--fold N] [--errors FILE.png]

Each number of a fold is drawn with lines 80 px high and a pen of 6 px, points rounded to whole px
as a mouse gives them: read as ink, and rasterised and read as a page. Spaces and line breaks
don't count: the donors' spaces don't always show. Digits right is 1 - edit distance / length
(Levenshtein 1966). The baseline, "as one line", takes every connected blob for a digit, as the
programs do that can read several digits at all.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.picture.page import Page
from inkread.core.reading import Grey
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.benchmarks.baseline import read_blobs
from tests.benchmarks.corpus import Sample, argument_parser, read_strokes

HEIGHT, PEN = 80, 6
GOALS = {"as strokes": 92.0, "as pictures": 88.0}


def written(sample: Sample) -> Ink:
    """The number as ink, its whole height `HEIGHT` px."""
    tall = float(np.ptp(np.concatenate(sample.strokes)[:, 1]))
    wide = float(np.ptp(np.concatenate(sample.strokes)[:, 0]))
    longer = HEIGHT * max(tall, wide) / max(1.0, tall)
    return Ink(tuple(Stroke.of(np.rint(t), PEN) for t in sample.fitted(longer, (20, 20))))


def pictured(ink: Ink) -> Page:
    grey = rasterise_page(ink, margin=20)
    return Page(np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8), grey)


def distance(a: str, b: str) -> int:
    """Edits that make one text of the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def tile(grey: Grey, text: str) -> Grey:
    """A wrong one, for a person to look at."""
    scale = min(90 / grey.shape[0], 580 / grey.shape[1])
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.full((120, 600), 255, np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    cv2.putText(canvas, text, (2, 114), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)
    return canvas


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--fold", type=int, default=1, choices=(1, 2, 3, 4))
    parser.add_argument("--errors", type=Path, help="write the wrong ones into this picture")
    arguments = parser.parse_args()
    samples = read_strokes(arguments.data / "unipen-digit-strings.json.gz", {arguments.fold})
    model = OnnxClassifier.open(arguments.model)
    right, edits, tiles, length = Counter[str](), Counter[str](), list[Grey](), 0
    for sample in samples:
        wanted = "".join(sample.label.split())
        length += len(wanted)
        ink = written(sample)
        page = pictured(ink)
        answers = {
            "as strokes": read_ink(ink, model).text,
            "as pictures": read_page(page, model).text,
            "every blob a digit": read_blobs(page, model),
        }
        for way, answer in answers.items():
            text = "".join(answer.split())
            right[way] += text == wanted
            edits[way] += distance(text, wanted)
            if text != wanted and way in GOALS:
                tiles.append(tile(page.grey, f"{way[3:]}: {sample.label} -> {answer!r}"))
    print(f"{len(samples)} numbers of fold {arguments.fold}, {length} digits")
    for way, count in right.items():
        whole, digits = 100 * count / len(samples), 100 * (1 - edits[way] / length)
        goal = f"  (goals {GOALS[way]:.0f} and 98)" if way in GOALS else ""
        print(f"  {way:20} whole number right {whole:6.2f} %, digits {digits:6.2f} %{goal}")
    if arguments.errors and tiles:
        tiles += [np.full_like(tiles[0], 255)] * (len(tiles) % 2)
        rows = [np.hstack(tiles[i : i + 2]) for i in range(0, len(tiles), 2)]
        cv2.imwrite(str(arguments.errors), np.vstack(rows))


if __name__ == "__main__":
    main()
