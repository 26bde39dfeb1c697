from __future__ import annotations

import math

import numpy as np
import pytest

from inkread.ml.synthesis import scribbles
from inkread.ml.synthesis.scribbles import scribble
from inkread.ml.synthesis.variation import UNIT


def test_scribbles_are_normalised_strokes_of_many_kinds() -> None:
    rng = np.random.default_rng(0)
    made = [scribble(rng) for _ in range(300)]
    for traces in made:
        every = np.vstack(traces)
        assert np.isfinite(every).all()
        assert every.dtype == np.float32
        assert float(every.max()) == pytest.approx(UNIT, rel=1e-4)
        assert float(every.min()) == pytest.approx(0, abs=1e-3)
    assert {len(traces) for traces in made} >= {1, 2, 3, 4}


def test_the_same_seed_scribbles_equally() -> None:
    first, second = (scribble(np.random.default_rng(5)) for _ in range(2))
    assert [a.tolist() for a in first] == [b.tolist() for b in second]


def test_no_line_stands_like_a_one() -> None:
    rng = np.random.default_rng(0)
    for _ in range(300):
        path = scribbles._line(rng)[0]
        way = path[-1] - path[0]
        assert abs(math.degrees(math.atan2(way[1], way[0]))) < 40


def test_a_blot_fills_its_place() -> None:
    (path,) = scribbles._blot(np.random.default_rng(0))
    assert len(path) >= 25
    assert np.hypot(path[:, 0], path[:, 1]).max() <= 1
