from __future__ import annotations

import math

import pytest

from inkread.core.geometry import Box
from inkread.core.segmentation import prices


def test_doubt_grows_as_probability_falls_and_has_an_end() -> None:
    assert prices.doubt(1.0) == 0
    assert prices.doubt(0.5) == pytest.approx(1.5 * math.log(2))
    assert prices.doubt(0.2) == pytest.approx(1.5 * (math.log(5) + 2 * (math.log(5) - 1.5)))
    end = 1.5 * (math.log(1e4) + 2 * (math.log(1e4) - 1.5))
    assert prices.doubt(0.0) == prices.doubt(1e-9) == pytest.approx(end)


def test_a_glyph_as_high_as_its_line_and_no_wider_costs_nothing() -> None:
    assert prices.shape(Box(0, 0, 50, 100), 100) == 0
    assert prices.shape(Box(0, 0, 115, 100), 100) == 0
    assert prices.shape(Box(0, 0, 70, 5), 100) > 0


def test_a_glyph_costs_more_the_wider_it_is() -> None:
    assert prices.shape(Box(0, 0, 155, 100), 100) == pytest.approx(2.5 * 0.4)
    assert prices.shape(Box(0, 0, 100, 10), 100) == pytest.approx(2.5 * 0.85)


def test_a_glyph_costs_more_the_lower_it_is() -> None:
    assert prices.low(70, 100) == 0
    assert prices.low(35, 100) == pytest.approx(1.5)
    assert prices.low(0, 100) == 3
    assert prices.shape(Box(0, 0, 20, 35), 100) == pytest.approx(1.5)


def test_a_gap_within_a_glyph_costs_more_the_wider_it_is() -> None:
    first = Box(0, 0, 50, 100)
    assert prices.gap(first, Box(60, 0, 50, 100), 100) == pytest.approx(12 * 0.1 - 1)
    assert prices.gap(first, Box(50, 0, 50, 100), 100) == -1
    assert prices.gap(first, Box(20, 0, 50, 100), 100) == -1


def test_a_seam_costs_only_where_neighbours_touch() -> None:
    assert prices.seam(0, 100) == 1.5
    assert prices.seam(2.5, 100) == pytest.approx(0.75)
    assert prices.seam(5, 100) == prices.seam(60, 100) == 0


def test_a_cut_costs_more_the_more_ink_it_crosses() -> None:
    assert prices.cut(0) == prices.cut(1) == 0.6
    assert prices.cut(3) == pytest.approx(1.8)
