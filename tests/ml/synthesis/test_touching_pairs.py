from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.datasets.strokes import StrokeSample
from inkread.ml.synthesis.touching_pairs import pair
from inkread.ml.synthesis.variation import UNIT
from tests.written import write


def _sample(text: str) -> StrokeSample:
    return StrokeSample(text, tuple(stroke.points for stroke in write(text).strokes))


def test_pairs_hold_two_digits_or_three_side_by_side_or_above() -> None:
    rng = np.random.default_rng(0)
    made = [traces for _ in range(200) if (traces := pair([_sample("3")], rng)) is not None]
    assert {len(traces) for traces in made} == {1, 2, 3}
    assert 0.1 < np.mean([len(traces) == 1 for traces in made]) < 0.3
    lying = [np.ptp(np.vstack(t), axis=0)[0] > np.ptp(np.vstack(t), axis=0)[1] for t in made]
    assert 0.6 < np.mean(lying) < 0.98
    assert all(float(np.vstack(t).max()) == pytest.approx(UNIT, rel=1e-4) for t in made)


@pytest.mark.parametrize("text", ["0", "1"])
def test_two_above_one_another_that_look_like_one_digit_are_left_out(text: str) -> None:
    rng = np.random.default_rng(0)
    made = [pair([_sample(text)], rng) for _ in range(300)]
    assert 15 < made.count(None) < 60
