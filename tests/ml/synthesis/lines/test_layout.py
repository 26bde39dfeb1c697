from __future__ import annotations

import numpy as np
import pytest

from inkread.core.ink import Points
from inkread.core.line_labels import LINE_LABELS, OTHER
from inkread.ml.datasets.strokes import StrokeSample
from inkread.ml.synthesis.lines.hands import Hands, make_hands
from inkread.ml.synthesis.lines.layout import indices_of, place_number, place_text

SIZES = {"-": (1000, 90), "=": (1000, 500), ".": (800, 1000), ",": (400, 1000), "'": (300, 1000)}


def _box(label: str) -> StrokeSample:
    """A sign that is a rectangle, so that its place shows."""
    width, height = SIZES.get(label, (600, 1000))
    corners = [(0, 0), (width, 0), (width, height), (0, height), (0, 0)]
    return StrokeSample(label, (np.array(corners, np.float32),), "anna")


def _hands() -> Hands:
    return make_hands([_box(d) for d in "0123456789"], [_box(s) for s in LINE_LABELS[10:]])


def _places(text: str, seed: int) -> list[tuple[float, float]]:
    """Top and bottom of each sign, digits standing from 0 to 1."""
    hands = _hands()
    placed = place_text(text, hands.hands[0], hands, np.random.default_rng(seed))
    return [(float(s[:, 1].min()), float(s[:, 1].max())) for s in placed.strokes]


def test_labels_are_the_signs_that_are_placed() -> None:
    hands = _hands()
    text = f"-12.345,60 % ({OTHER}7/8)*'+=:"
    placed = place_text(text, hands.hands[0], hands, np.random.default_rng(1))
    assert [LINE_LABELS[i] for i in placed.labels] == list(text.replace(" ", ""))
    assert placed.labels == indices_of(text)
    assert len(placed.strokes) == len(placed.labels)  # one stroke each


def test_signs_stand_from_left_to_right() -> None:
    hands = _hands()
    for seed in range(30):
        placed = place_text("12-34.5", hands.hands[0], hands, np.random.default_rng(seed))
        middles = [float(np.mean(stroke[:, 0])) for stroke in placed.strokes]
        assert middles == sorted(middles)


@pytest.mark.parametrize("seed", range(20))
def test_signs_have_their_sizes_and_places(seed: int) -> None:
    slope = 0.15  # of a line that leans, at most
    digit, comma, _, quote, _, dash, _, slash, _, dot = _places("1,1'1-1/1.", seed)
    assert 0.6 < digit[1] - digit[0] < 1.5
    assert comma[0] > 0.5 - slope
    assert comma[1] > 0.95 - slope
    assert quote[1] < 0.6 + slope
    assert 0.2 - slope < np.mean(dash) < 0.8 + slope
    assert slash[1] - slash[0] > 0.8
    assert dot[0] > 0.7 - slope
    assert dot[1] - dot[0] < 0.25


def test_a_space_is_wider_than_a_gap() -> None:
    hands = _hands()

    def left(stroke: Points) -> float:
        return float(stroke[:, 0].min())

    for seed in range(20):
        close = place_text("11", hands.hands[0], hands, np.random.default_rng(seed)).strokes
        wide = place_text("1 1", hands.hands[0], hands, np.random.default_rng(seed)).strokes
        assert left(wide[1]) - left(wide[0]) > left(close[1]) - left(close[0])


def test_a_whole_number_is_one_high() -> None:
    strokes = place_number([np.array([[3, 10], [40, 510]], np.float32)])
    assert strokes[0].min(axis=0).tolist() == [0, 0]
    assert strokes[0][:, 1].max() == 1
