from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.datasets.strokes import Traces
from inkread.ml.synthesis.variation import UNIT, normalised, varied
from tests.written import write


def _digit(text: str) -> Traces:
    return tuple(stroke.points for stroke in write(text).strokes)


def test_normalised_ink_begins_at_zero_and_has_its_longer_side() -> None:
    traces = normalised([np.array([[5, 7], [9, 27]], np.float32), np.array([[3, 9]], np.float32)])
    every = np.vstack(traces)
    assert every.min(axis=0).tolist() == [0, 0]
    assert every.max(axis=0) == pytest.approx([UNIT * 6 / 20, UNIT])
    assert [len(trace) for trace in traces] == [2, 1]


def test_a_lone_dot_stays_one() -> None:
    (dot,) = normalised([np.array([[5, 7]], np.float32)])
    assert dot.tolist() == [[0, 0]]


@pytest.mark.parametrize("text", list("0123456789"))
def test_each_time_it_is_written_another_way(text: str) -> None:
    traces = _digit(text)
    rng = np.random.default_rng(3)
    made = [varied(traces, rng) for _ in range(40)]
    for other in made:
        assert len(other) == len(traces)
        every = np.vstack(other)
        assert np.isfinite(every).all()
        assert every.dtype == np.float32
        assert every.min(axis=0) == pytest.approx([0, 0], abs=1e-3)
        assert float(every.max()) == pytest.approx(UNIT, rel=1e-4)
    assert len({np.vstack(other).tobytes() for other in made}) == 40


def test_the_same_seed_varies_equally() -> None:
    a, b = (varied(_digit("4"), np.random.default_rng(8)) for _ in range(2))
    assert [x.tolist() for x in a] == [x.tolist() for x in b]


def test_it_stays_near_to_what_was_written() -> None:
    """The ends of a stroke stay within a quarter of the sign's size, in the mean."""
    traces = normalised(_digit("7"))
    rng = np.random.default_rng(0)
    moved = [
        np.hypot(*(varied(traces, rng)[0][end] - traces[0][end]))
        for end in (0, -1)
        for _ in range(200)
    ]
    assert 0 < np.mean(moved) < UNIT / 4
