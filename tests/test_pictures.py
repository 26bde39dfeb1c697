"""Pictures as people take them, read with the network that is shipped."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.core.ink import draw_strokes
from inkread.core.picture.page import Page, page_of
from inkread.core.recognition.notes import PRINT, PRINT_LINES
from inkread.core.recognition.read_page import read_page
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.synthetic import of_level, photograph
from tests.written import write

TEXT = "2046\n7183\n5592"
INK = write(TEXT, height=80, width=5, at=(160, 60))
SHAPE = (480, 640)
ALWAYS = ("slope", "noise", "jpeg")

Plane = NDArray[np.float32]


@pytest.fixture(scope="module")
def classifier() -> OnnxClassifier:
    return OnnxClassifier.open(bundled("models/digits.onnx"))


def page(picture: Plane) -> Page:
    return page_of(np.clip(np.rint(picture), 0, 255).astype(np.uint8), "test")


@pytest.mark.parametrize(
    ("names", "level"),
    [(("hand",), "mild"), (("hand", "texture", "blur"), "medium"), (("fold",), "mild")],
)
@pytest.mark.parametrize("seed", range(2))
def test_shadows_of_any_shape_are_no_ink(
    names: tuple[str, ...], level: str, seed: int, classifier: OnnxClassifier
) -> None:
    sizes = of_level(level, (*names, *ALWAYS))
    photo = photograph(INK, SHAPE, sizes, np.random.default_rng(seed), 150)
    assert read_page(photo.page, classifier).text == TEXT


def clouds(rng: np.random.Generator, x: float, y: float) -> Plane:
    """Noise smoothed by `x` and `y` px, of standard deviation 1."""
    rough = cv2.GaussianBlur(rng.normal(0, 1, SHAPE).astype(np.float32), (0, 0), x, sigmaY=y)
    return np.asarray(rough / rough.std(), np.float32)


def surface(kind: str, rng: np.random.Generator) -> Plane:
    """A surface on which nothing is written."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(np.float32)
    match kind:
        case "packing paper":
            return 150 + 8 * clouds(rng, 1.5, 1.5) + 3 * clouds(rng, 40, 40)
        case "wood":
            return 70 + 9 * clouds(rng, 24, 1.5)
        case "wiped board":
            return 60 + 7 * clouds(rng, 25, 9) + 3 * clouds(rng, 1, 1)
        case "lamp on a board":
            away = ((x - 330) / 90) ** 2 + ((y - 200) / 60) ** 2
            return np.asarray(215 + 35 * np.exp(-away) + clouds(rng, 1, 1), np.float32)
    sheet = np.full(SHAPE, 240, np.float32)  # crumpled
    for _ in range(25):
        angle, reach = rng.uniform(0, 6.3), rng.uniform(15, 60)
        way = (x - rng.uniform(0, 640)) * np.cos(angle) + (y - rng.uniform(0, 480)) * np.sin(angle)
        lost = rng.uniform(0.03, 0.12) * np.exp(-np.abs(way) / reach)
        sheet *= np.where(way > 0, 1 - lost, 1).astype(np.float32)
    return sheet + 3 * clouds(rng, 1, 1)


@pytest.mark.parametrize(
    "kind", ["packing paper", "wood", "wiped board", "lamp on a board", "crumpled"]
)
@pytest.mark.parametrize("seed", range(3))
def test_a_rough_surface_holds_no_digits(kind: str, seed: int, classifier: OnnxClassifier) -> None:
    assert read_page(page(surface(kind, np.random.default_rng(seed))), classifier).is_empty


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("blur", [0.0, 1.0])
def test_digits_in_the_boxes_of_a_form_are_read_without_them(
    wide: bool, blur: float, classifier: OnnxClassifier
) -> None:
    number = "31415926" if wide else "2046"
    sheet = np.full(SHAPE, 245, np.float32)
    for k, digit in enumerate(number):
        x, y = 40 + 60 * k, 200
        cv2.rectangle(sheet, (x, y), (x + 60, y + 80), 60.0, 2)
        ink = write(digit, height=64, width=5, at=(x + 9, y + 4 + 3 * (k % 5)), seed=k)
        for stroke in ink.strokes:
            cv2.polylines(sheet, [np.rint(stroke.points).astype(np.int32)], False, 30.0, 5)
    if blur:
        sheet = np.asarray(cv2.GaussianBlur(sheet, (0, 0), blur), np.float32)
    assert read_page(page(sheet), classifier).text == number


@pytest.mark.parametrize("thing", ["pen", "ring"])
def test_a_pen_on_the_page_and_a_ring_around_a_number_are_no_digits(
    thing: str, classifier: OnnxClassifier
) -> None:
    sheet = np.asarray(photograph(INK, SHAPE, {}, np.random.default_rng(0)).colour, np.float32)
    if thing == "pen":
        cv2.line(sheet, (560, 40), (590, 420), (30.0, 40.0, 90.0), 18, cv2.LINE_AA)
    else:
        cv2.ellipse(sheet, (300, 235), (260, 225), 0, 0, 360, (40.0, 40.0, 90.0), 5, cv2.LINE_AA)
    assert read_page(page(sheet), classifier).text == TEXT


def test_all_of_a_page_of_print_is_doubted(classifier: OnnxClassifier) -> None:
    sheet = np.full((360, 640), 245, np.uint8)
    rows = (
        "Whereas recognition of the inherent",
        "dignity and of the equal and inalienable",
        "rights of all members of the human",
        "family is the foundation of freedom",
    )
    for k, words in enumerate(rows):
        at = (20, 60 + 70 * k)
        cv2.putText(sheet, words, at, cv2.FONT_HERSHEY_COMPLEX, 0.85, 30, 2, cv2.LINE_AA)
    reading = read_page(page_of(sheet, "test"), classifier)
    assert all(glyph.rejected for glyph in reading.glyphs if not glyph.is_mark)
    assert reading.notes == (PRINT,)


def test_a_row_of_digits_below_a_printed_sentence_is_read(classifier: OnnxClassifier) -> None:
    sheet = np.full((360, 640), 245, np.uint8)
    for k, words in enumerate(("Write all ten digits, neatly,", "in the order of their values:")):
        at = (20, 60 + 70 * k)
        cv2.putText(sheet, words, at, cv2.FONT_HERSHEY_COMPLEX, 0.85, 30, 2, cv2.LINE_AA)
    ink = write("0123456789", height=60, width=5, at=(30, 240))
    sheet[
        draw_strokes((360, 640), [s.points for s in ink.strokes], [5.0] * len(ink.strokes)) > 127
    ] = 40
    reading = read_page(page_of(sheet, "test"), classifier)
    assert reading.text.split("\n")[-1] == "0123456789"
    assert not any(glyph.rejected for glyph in reading.lines[-1])
    assert all(glyph.rejected for line in reading.lines[:-1] for glyph in line if not glyph.is_mark)
    assert reading.notes == (PRINT_LINES,)
