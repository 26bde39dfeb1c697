"""Turned, ruled and foreign pages, read with the network that is shipped."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.ink import rasterise_page
from inkread.core.page.pipeline import clean
from inkread.core.picture.page import Page, page_of
from inkread.core.reading import Glyph, Guess, Reading, Seen
from inkread.core.recognition.orientation import best_turn, may_lie, mean_probability
from inkread.core.recognition.read_page import read_page
from inkread.core.segmentation.page_primitives import PagePrimitives
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.synthetic import of_level, photograph
from tests.written import write

TEXT = "2047\n6183\n5926"
TEXT_OF_LETTERS = ("Whereas recognition of", "the inherent dignity and", "equal rights of human")
SHEET = rasterise_page(write(TEXT, height=90, width=9), margin=60)


@pytest.fixture(scope="module")
def classifier() -> OnnxClassifier:
    return OnnxClassifier.open(bundled("models/digits.onnx"))


def page(grey: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Page:
    return page_of(np.ascontiguousarray(grey), "test")


@pytest.mark.parametrize("quarters", [0, 1, 3])
def test_a_page_on_its_side_is_turned(quarters: int, classifier: OnnxClassifier) -> None:
    turned = page(np.rot90(SHEET, quarters))
    reading = read_page(turned, classifier)
    assert reading.text == TEXT
    height, width = turned.grey.shape
    for glyph in reading.glyphs:
        x, y = glyph.box.centre
        window = turned.grey[int(y) - 50 : int(y) + 50, int(x) - 50 : int(x) + 50]
        assert 0 <= x < width
        assert 0 <= y < height
        assert (window < 128).any()


def test_one_doubtful_sign_is_left_as_it_stands(classifier: OnnxClassifier) -> None:
    one = np.rot90(rasterise_page(write("4", height=120, width=10), margin=40))
    (glyph,) = read_page(page(one), classifier).glyphs
    assert glyph.box.width > glyph.box.height


def test_a_photo_of_a_face_yields_next_to_nothing(classifier: OnnxClassifier) -> None:
    y, x = np.mgrid[:480, :640].astype(np.float32)
    face = 90 + 40 * x / 640
    for at, size, level in (
        ((320, 240), (130, 170), 110), ((265, 200), (22, 12), -90), ((375, 200), (22, 12), -90),
        ((320, 260), (14, 40), -25), ((320, 330), (55, 14), -60), ((320, 60), (170, 70), -60),
    ):  # fmt: skip
        away = ((x - at[0]) / size[0]) ** 2 + ((y - at[1]) / size[1]) ** 2
        face += level / (1 + np.exp(np.minimum(50, 6 * (away - 1))))
    face += np.random.default_rng(0).normal(0, 4, face.shape)
    reading = read_page(page(np.clip(face, 0, 255).astype(np.uint8)), classifier)
    sure = [g for g in reading.glyphs if not g.rejected and g.probability > 0.9]
    assert len(sure) <= 2


def test_a_page_of_text_yields_few_sure_digits(classifier: OnnxClassifier) -> None:
    text = np.full((700, 900), 245, np.uint8)
    for row, words in enumerate(TEXT_OF_LETTERS):
        at = (60, 120 + 120 * row)
        cv2.putText(text, words, at, cv2.FONT_HERSHEY_TRIPLEX, 1.8, 30, 3, cv2.LINE_AA)
    reading = read_page(page(text), classifier)
    letters = len("".join(TEXT_OF_LETTERS).replace(" ", ""))
    sure = [g for g in reading.glyphs if not g.rejected and g.probability > 0.9]
    assert len(sure) < 0.5 * letters
    assert len(reading.rejected) > 0.5 * len(reading.glyphs)


@pytest.mark.slow
def test_a_hundred_thousand_specks_are_bounded_work(classifier: OnnxClassifier) -> None:
    rng = np.random.default_rng(0)
    specks = np.full((2000, 3000), 255, np.uint8)
    for x, y in rng.integers(8, 1990, (100_000, 2)):
        specks[y : y + 3, int(x) : int(x) + 7] = 0
    looked_at = PagePrimitives.of(clean(page(specks), rectify=False))
    assert len(looked_at.layout.boxes) <= 600
    assert len(read_page(page(specks), classifier).glyphs) <= 600


@pytest.mark.parametrize("names", [(), ("slope", "shadow", "noise"), ("table", "turn")])
def test_a_page_with_nothing_on_it_says_so(
    names: tuple[str, ...], classifier: OnnxClassifier
) -> None:
    sizes = of_level("medium", names)
    photo = photograph(write(""), (480, 640), sizes, np.random.default_rng(0))
    assert read_page(photo.page, classifier).is_empty


def reading(*probabilities: float) -> Reading:
    cell = np.zeros((28, 28), np.float32)
    return Reading(
        tuple(Glyph(Box(0, 0, 9, 9), 0, (Guess("1", p),), cell, ()) for p in probabilities)
    )


@pytest.mark.parametrize(
    ("probabilities", "lies"),
    [
        ((0.89,), True),
        ((0.9, 0.9), False),
        ((1.0, 0.7), True),
        ((1.0, 0.85), False),
        ((), False),
        ((0.5,) * 60, True),
        ((0.5,) * 61, False),
    ],
)
def test_a_page_may_lie_if_its_glyphs_are_doubtful_and_not_too_many(
    probabilities: tuple[float, ...], lies: bool
) -> None:
    assert may_lie(reading(*probabilities)) is lies


def test_a_page_is_turned_only_where_it_plainly_reads_better() -> None:
    upright, good, better = reading(*[0.5] * 6), reading(*[0.95] * 4), reading(*[0.97] * 4)
    assert best_turn(upright, [good, better, upright]) is better
    assert best_turn(upright, [better, good]) is better
    assert best_turn(upright, [reading(*[0.92] * 4)]) is upright
    assert best_turn(upright, []) is upright


def test_a_turned_page_must_keep_half_of_its_glyphs_and_have_three() -> None:
    four = reading(*[1.0] * 4)
    assert best_turn(reading(*[0.5] * 8), [four]) is four
    nine, two = reading(*[0.5] * 9), reading(0.5, 0.5)
    assert best_turn(nine, [four]) is nine
    assert best_turn(two, [reading(1.0, 1.0)]) is two
    three = reading(1.0, 1.0, 1.0)
    assert best_turn(two, [three]) is three


def test_a_turned_page_must_lead_by_a_tenth() -> None:
    upright = reading(0.875, 0.875, 0.875)
    assert best_turn(upright, [reading(0.96, 0.96, 0.96)]) is upright
    ahead = reading(0.98, 0.98, 0.98)
    assert best_turn(upright, [ahead]) is ahead


def test_the_mean_probability_of_nothing_is_nothing() -> None:
    assert mean_probability(Reading()) == 0
    assert mean_probability(reading(0.5, 1.0)) == 0.75


def seen_as(text: str, probability: float, quarters: int) -> Reading:
    cell = np.zeros((28, 28), np.float32)
    glyphs = (Glyph(Box(0, 0, 9, 9), 0, (Guess(label, probability),), cell, ()) for label in text)
    return Reading(tuple(glyphs), seen=Seen(quarters=quarters))


@pytest.mark.parametrize(
    ("text", "quarters", "before", "is_turned"),
    [
        ("0001", 2, 0.8, False),
        ("0001", 2, 0.65, True),
        ("0001", 1, 0.8, True),
        ("0021", 2, 0.8, True),
        ("0021", 2, 0.9, False),
    ],
)
def test_digits_that_read_both_ways_up_hardly_turn_a_page(
    text: str, quarters: int, before: float, is_turned: bool
) -> None:
    upright, turned = seen_as("1000", before, 0), seen_as(text, 0.97, quarters)
    assert best_turn(upright, [turned]) is (turned if is_turned else upright)
