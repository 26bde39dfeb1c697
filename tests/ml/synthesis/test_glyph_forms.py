from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.datasets.strokes import Traces
from inkread.ml.synthesis.glyph_forms import crossed_seven, half_four, hooked_one
from inkread.ml.synthesis.variation import UNIT
from tests.written import write

STEM: Traces = (np.array([[10, 0], [9, 40], [10, 80], [8, 100]], np.float32),)
SEVEN: Traces = tuple(stroke.points for stroke in write("7").strokes)


@pytest.mark.parametrize("upwards", [False, True])
def test_a_stem_gets_an_upstroke_that_is_steep_or_short(upwards: bool) -> None:
    stem = (STEM[0][::-1],) if upwards else STEM
    rng = np.random.default_rng(1)
    slopes, lengths = [], []
    for _ in range(200):
        one = hooked_one(stem, rng)
        assert one is not None
        top = int(one[0][:, 1].argmin())
        start, end = one[0][0], one[0][top]
        assert start[0] < end[0]
        way = end - start
        slopes.append(np.degrees(np.arctan2(abs(way[0]), -way[1])))
        lengths.append(np.hypot(*way) / UNIT)
    assert 15 < min(slopes) < 25
    assert 70 < max(slopes) < 87
    assert max(lengths) > 0.7
    flat = [length for slope, length in zip(slopes, lengths, strict=True) if slope > 65]
    assert max(flat) < 0.55


def test_only_a_bare_stem_is_hooked() -> None:
    rng = np.random.default_rng(1)
    assert hooked_one(SEVEN, rng) is None
    assert hooked_one((*STEM, *STEM), rng) is None
    assert hooked_one((STEM[0][:1],), rng) is None


def test_a_seven_gets_a_bar_through_its_stem() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        seven = crossed_seven(SEVEN, rng)
        assert seven is not None
        stroke, bar = seven
        low, high = bar.min(axis=0), bar.max(axis=0)
        assert high[0] - low[0] > 2 * (high[1] - low[1])
        level = (low[1] + high[1]) / 2
        lower = stroke[stroke[:, 1] > 0.3 * UNIT]
        x = np.interp(level, lower[:, 1], lower[:, 0])
        assert low[0] < x < high[0]


def test_a_seven_that_is_crossed_stays_alone() -> None:
    assert crossed_seven((*SEVEN, *STEM), np.random.default_rng(1)) is None


def test_half_a_four_is_its_wide_first_stroke() -> None:
    four: Traces = tuple(stroke.points for stroke in write("4").strokes)
    half = half_four(four)
    assert half is not None
    assert [trace.tolist() for trace in half] == [four[0].tolist()]
    assert half_four(SEVEN) is None
    assert half_four((STEM[0], four[0])) is None
