from __future__ import annotations

import numpy as np

from inkread.core.line_labels import LINE_LABELS
from inkread.core.reading import Grey
from inkread.ml.datasets.strokes import StrokeSample
from inkread.ml.synthesis.lines.hands import (
    LETTERS,
    SYMBOLS,
    Hands,
    glyph_of,
    key_of,
    make_hands,
    make_picture_hands,
)

RNG = np.random.default_rng
STEM = ((0.0, 0.0), (40.0, 1000.0))


def _sample(label: str, writer: str) -> StrokeSample:
    return StrokeSample(label, (np.array(STEM, np.float32),), writer)


def _hands() -> Hands:
    digits = [_sample(digit, "anna") for digit in "01234"] + [_sample("9", "bert")]
    return make_hands(digits, [_sample(",", "bert"), _sample("k", "anna")], RNG(0))


def test_a_glyph_begins_at_the_origin_and_splits_into_its_strokes() -> None:
    strokes = [np.array([[4, 7], [9, 8]], np.float32), np.array([[6, 5]], np.float32)]
    glyph = glyph_of(strokes)
    assert glyph.points.max(axis=0).tolist() == [5, 3]
    first, second = glyph.split(glyph.points * 2)
    assert first.tolist() == [[0, 4], [10, 6]]
    assert second.tolist() == [[4, 0]]


def test_signs_without_a_label_are_letters_or_symbols() -> None:
    assert all(key_of(label) == label for label in LINE_LABELS)
    assert key_of("k") == LETTERS
    assert key_of("#") == SYMBOLS


def test_a_hand_lends_what_it_lacks_from_others() -> None:
    hands = _hands()
    (anna,) = hands.hands  # one digit is no hand
    assert set(anna.glyphs) == {*"01234", LETTERS}
    assert hands.glyph(anna, "3", RNG(0)) in anna.glyphs["3"]
    assert hands.glyph(anna, ",", RNG(0)) in hands.every[","]
    assert hands.glyph(anna, "9", RNG(0)) in hands.every["9"]


def test_some_bare_ones_get_upstrokes() -> None:
    ones = [_sample("1", "anna") for _ in range(40)]
    hands = make_hands([*ones, *(_sample(digit, "anna") for digit in "0234")], [], RNG(0))
    wide = [glyph for glyph in hands.every["1"] if glyph.points[:, 0].max() > 60]
    assert 10 < len(wide) < 40
    assert len(hands.every["1"]) == 40 + len(wide)


def _bar(width: int) -> Grey:
    cell = np.zeros((28, 28), np.uint8)
    cell[4:24, 10 : 10 + width] = 255
    return cell


def test_pictures_are_sorted_by_the_width_of_their_lines() -> None:
    pictures = [(str(i // 10 % 10), _bar(2 + i % 10)) for i in range(800)]
    hands = make_picture_hands(pictures, _hands(), 10)
    assert len(hands.hands) == 10
    for hand in hands.hands:
        widths = {g.picture.shape[1] for own in hand.glyphs.values() for g in own
                  if g.picture is not None}  # fmt: skip
        assert len(widths) == 1
    assert hands.glyph(hands.hands[0], ",", RNG(0)).picture is None


def test_pictures_of_letters_are_left_out() -> None:
    hands = make_picture_hands([(label, _bar(3)) for label in "0123ABCD" * 10], _hands())
    (hand,) = hands.hands
    assert set(hand.glyphs) == set("0123")
    assert hands.glyph(hand, "4", RNG(0)).picture is None  # nobody has a picture of it
