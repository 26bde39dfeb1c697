from __future__ import annotations

import numpy as np
import pytest

from inkread.core.line_labels import LINE_LABELS, OTHER
from inkread.ml.synthesis.lines.hands import LETTERS, SYMBOLS, Glyph, Hand, Hands, glyph_of
from inkread.ml.synthesis.lines.layout import (
    indices_of,
    place_number,
    place_text,
    put_beside,
    put_near,
)

RNG = np.random.default_rng
SIZES = {"-": (1000, 90), "=": (1000, 500), ".": (800, 1000), ",": (400, 1000), "'": (300, 1000)}


def _box(label: str) -> Glyph:
    """A sign that is a rectangle, so that its place shows."""
    width, height = SIZES.get(label, (600, 1000))
    corners = [(0, 0), (width, 0), (width, height), (0, height), (0, 0)]
    return glyph_of([np.array(corners, np.float32)])


def _hands() -> Hands:
    glyphs = {label: [_box(label)] for label in (*LINE_LABELS, LETTERS, SYMBOLS)}
    return Hands([Hand(glyphs)], glyphs)


def _places(text: str, seed: int) -> list[tuple[float, float]]:
    """Top and bottom of each sign, digits standing from 0 to 1."""
    hands = _hands()
    placed = place_text(text, hands.hands[0], hands, RNG(seed))
    return [(float(s[:, 1].min()), float(s[:, 1].max())) for s in placed.strokes]


def test_labels_are_the_signs_that_are_placed() -> None:
    hands = _hands()
    text = f"-12.345,60 % ({OTHER}7/8)*'+=:"
    placed = place_text(text, hands.hands[0], hands, RNG(1))
    assert [LINE_LABELS[i] for i in placed.labels] == list(text.replace(" ", ""))
    assert tuple(placed.labels) == indices_of(text)


def test_signs_stand_from_left_to_right() -> None:
    hands = _hands()
    for seed in range(30):
        placed = place_text("12-34.5", hands.hands[0], hands, RNG(seed))
        middles = [float(np.mean(stroke[:, 0])) for stroke in placed.strokes]
        assert middles == sorted(middles)


@pytest.mark.parametrize("seed", range(20))
def test_signs_have_their_sizes_and_places(seed: int) -> None:
    slope = 0.15  # of a line that leans, at most
    digit, comma, _, quote, _, dash, _, slash, _, dot = _places("1,1'1-1/1.", seed)
    assert 0.6 < digit[1] - digit[0] < 1.9
    assert comma[0] > 0.5 - slope
    assert comma[1] > 0.95 - slope
    assert quote[1] < 0.6 + slope
    assert 0.2 - slope < np.mean(dash) < 0.8 + slope
    assert slash[1] - slash[0] > 0.8
    assert dot[0] > 0.7 - slope
    assert dot[1] - dot[0] < 0.25


def test_a_space_is_wider_than_a_gap() -> None:
    hands = _hands()

    def right(text: str, seed: int) -> float:
        return place_text(text, hands.hands[0], hands, RNG(seed)).right

    wider = [right("1 1", seed) - right("11", seed) for seed in range(100)]
    assert np.quantile(wider, 0.1) > 0
    assert 0.3 < np.mean(wider) < 0.8


def test_a_whole_number_is_one_high() -> None:
    traces = [np.array([[3, 10], [40, 510]], np.float32)]
    line = place_number(traces, "12 3", RNG(0))
    assert line.labels == [1, 2, 3]
    assert np.ptp(line.strokes[0][:, 1]) == pytest.approx(1, abs=0.05)


def test_a_tail_stands_behind_a_number() -> None:
    traces = [np.array([[3, 10], [240, 510]], np.float32)]
    hands = _hands()
    number, tail = (
        place_number(traces, "9", RNG(0)),
        place_text(",0", hands.hands[0], hands, RNG(1)),
    )
    left = float(number.strokes[0][:, 0].max())
    both = put_beside(number, tail, 0.2)
    assert both.labels == [9, 11, 0]
    assert min(float(s[:, 0].min()) for s in both.strokes[1:]) == pytest.approx(
        left + 0.2, abs=0.01
    )
    assert both.right >= max(float(s[:, 0].max()) for s in both.strokes) - 0.5


def test_cents_may_be_small_and_raised() -> None:
    heights = [_places("5555,55", seed) for seed in range(200)]
    small = [places for places in heights if places[-1][1] - places[-1][0] < 0.7]
    assert 8 < len(small) < 60
    assert all(places[0][1] - places[0][0] > 0.6 for places in small)
    assert any(places[-1][1] < 0.8 for places in small)


def test_zeros_may_hang_together() -> None:
    hands = _hands()
    counts = [
        len(place_text("00", hands.hands[0], hands, RNG(seed)).strokes) for seed in range(100)
    ]
    assert 5 < counts.count(1) < 40


def test_a_line_near_another_is_ink_without_labels() -> None:
    hands = _hands()
    for seed in range(20):
        line = place_text("12", hands.hands[0], hands, RNG(seed))
        other = place_text("345", hands.hands[0], hands, RNG(seed + 1))
        before = len(line.boxes())
        put_near(line, other, RNG(seed))
        assert line.labels == [1, 2]
        assert len(line.boxes()) == before
        middle = np.mean([stroke[:, 1].mean() for stroke in line.neighbours])
        assert abs(middle - 0.5) > 0.9
