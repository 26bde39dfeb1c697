"""Spaces and marks in numbers put together of single digits of writers kept out of training.

    python -m tests.benchmarks.layouts [--data FOLDER] [--model FILE] [--count N]

Digits of fold 1 are set 80 px high beside one another: gaps of 0.1 to 0.4 heights inside numbers,
of 0.8 to 2 between them; points as taps, tiny circles or short strokes on the base line, commas as
slanted strokes below it, minus signs of 0.25 to 0.55 heights. They are read as strokes and as
pictures. Right spaces and marks count apart from right digits, for all that has as many glyphs as
it should. Then the pen-written numbers of all writers, which have no marks: how many are read, and
how many get a space that their label does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inkread.core.ink import Ink, Points, Stroke
from inkread.core.reading import Reading
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.benchmarks.corpus import Sample, argument_parser, read_strokes, reader_of
from tests.benchmarks.numbers import HEIGHT, PEN, pictured, written

MARKS = ".,-"
#: What is written; 9 stands for any digit.
SHAPES = ("9.99", "99,9", "-9", "-99.9", "99-99", "9,99 99", "99 999", "9 9", "999", "9.9 -9.9")


def mark(sign: str, x: float, rng: np.random.Generator) -> Points:
    """A mark whose ink starts at x; the base line is at `HEIGHT`."""
    y = HEIGHT * (1 + rng.uniform(-0.05, 0.04))
    if sign == "-":
        end, level = HEIGHT * rng.uniform(0.25, 0.55), HEIGHT * rng.uniform(0.45, 0.6)
        ends = [(x, level), (x + end, level + HEIGHT * rng.uniform(-0.05, 0.05))]
    elif sign == ",":
        fall = HEIGHT * rng.uniform(0.15, 0.3)
        ends = [(x + fall * rng.uniform(0.2, 0.6), y), (x, y + fall)]
    elif (kind := rng.integers(3)) == 0:
        ends = [(x, y)]
    elif kind == 1:
        turn = np.linspace(0, 2 * np.pi, 9)
        ends = [(x + 3 + 3 * np.cos(a), y + 3 * np.sin(a)) for a in turn]
    else:
        ends = [(x, y), (x + rng.uniform(0, 5), y + rng.uniform(2, 5))]
    return np.array(ends, np.float32)


def composed(shape: str, digits: Sequence[Sample], rng: np.random.Generator) -> tuple[str, Ink]:
    """A number of the shape, and what it says."""
    x, text, strokes, spaced = 20.0, "", list[Points](), True
    for sign in shape:
        if sign == " ":
            spaced, text = True, text + " "
            x += HEIGHT * rng.uniform(0.8, 2.0)
            continue
        if not spaced:
            x += HEIGHT * (rng.uniform(0.1, 0.4) if sign == "9" else rng.uniform(0.12, 0.3))
        spaced = False
        if sign == "9":
            digit = digits[int(rng.integers(len(digits)))]
            height = HEIGHT * rng.uniform(0.92, 1.05)
            new = digit.of_height(height, (x, HEIGHT - height + rng.uniform(-3, 3)))
            text += digit.label
        else:
            new = [mark(sign, x, rng)]
            text += sign
        strokes += new
        x = max(float(stroke[:, 0].max()) for stroke in new)
    return text, Ink(tuple(Stroke.of(np.rint(stroke), PEN) for stroke in strokes))


def signs(reading: Reading) -> list[str]:
    """For each glyph: a mark's sign or 9, after its space."""
    return [
        (" " if glyph.after_space else "") + (glyph.label if glyph.is_mark else "9")
        for glyph in reading.glyphs
    ]


def judge(reading: Reading, text: str, shape: str, count: Counter[str]) -> None:
    found, layout = "".join(signs(reading)), shape
    count["all right"] += reading.text == text
    count["layout right"] += found == layout
    for name, kinds in (("marks", MARKS), ("spaces", " ")):
        wanted = sum(shape.count(kind) for kind in kinds)
        got = sum(found.count(kind) for kind in kinds)
        count[f"{name} wanted"] += wanted
        count[f"{name} missed"] += max(0, wanted - got)
        count[f"{name} too many"] += max(0, got - wanted)


def strings(data: Path, model: OnnxClassifier) -> None:
    """Marks and spaces in numbers that have none."""
    count = Counter[str]()
    for sample in read_strokes(data / "unipen-digit-strings.json.gz", {1, 2, 3, 4}):
        ink = written(sample)
        for way, reading in (
            ("as strokes", read_ink(ink, model)),
            ("as pictures", read_page(pictured(ink), model)),
        ):
            marks = sum(glyph.is_mark for glyph in reading.glyphs)
            count[f"{way}: marks"] += marks
            if " " not in sample.label:
                count[f"{way}: numbers"] += 1
                count[f"{way}: numbers with a space"] += " " in reading.text
    print("pen-written numbers without marks:", dict(count))


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--strings", action="store_true", help="the pen-written numbers, too")
    parser.add_argument("--show", action="store_true", help="print what is read wrong")
    arguments = parser.parse_args()
    model = reader_of(arguments)
    samples = read_strokes(arguments.data / "unipen-digits.json.gz", {1})
    digits = [s for s in samples if not s.suspect]
    rng = np.random.default_rng(0)
    counts = {"as strokes": Counter[str](), "as pictures": Counter[str]()}
    for number in range(arguments.count):
        shape = SHAPES[number % len(SHAPES)]
        text, ink = composed(shape, digits, rng)
        readings = (read_ink(ink, model), read_page(pictured(ink), model))
        for (way, count), reading in zip(counts.items(), readings, strict=True):
            judge(reading, text, shape, count)
            if arguments.show and "".join(signs(reading)) != shape:
                print(way, text, "->", reading.text)
    for way, count in counts.items():
        print(f"{arguments.count} numbers {way}:", dict(count))
    if arguments.strings:
        strings(arguments.data, model)


if __name__ == "__main__":
    main()
