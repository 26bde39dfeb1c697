from __future__ import annotations

import numpy as np

from inkread.core.line_labels import OTHER
from inkread.ml.datasets.strokes import StrokeSample
from inkread.ml.synthesis.lines.hands import glyph_of, label_of, make_hands

RNG = np.random.default_rng


def _sample(label: str, writer: str) -> StrokeSample:
    return StrokeSample(label, (np.array([[0, 0], [5, 9]], np.float32),), writer)


def test_a_glyph_begins_at_the_origin_and_splits_into_its_strokes() -> None:
    strokes = [np.array([[4, 7], [9, 8]], np.float32), np.array([[6, 5]], np.float32)]
    glyph = glyph_of(strokes)
    assert (glyph.width, glyph.height) == (5, 3)
    first, second = glyph.split(glyph.points * 2)
    assert first.tolist() == [[0, 4], [10, 6]]
    assert second.tolist() == [[4, 0]]


def test_signs_without_a_label_are_other() -> None:
    assert label_of("7") == "7"
    assert label_of("%") == "%"
    assert label_of("k") == label_of("#") == OTHER


def test_a_hand_lends_what_it_lacks_from_others() -> None:
    hands = make_hands(
        [_sample(digit, "anna") for digit in "01234"] + [_sample("9", "bert")],
        [_sample(",", "bert")],
    )
    (anna,) = hands.hands  # one digit is no hand
    assert set(anna.glyphs) == set("01234")
    assert hands.glyph(anna, "3", RNG(0)) in anna.glyphs["3"]
    assert hands.glyph(anna, ",", RNG(0)) in hands.every[","]
    assert hands.glyph(anna, "9", RNG(0)) in hands.every["9"]
