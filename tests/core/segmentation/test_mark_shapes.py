from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from inkread.core.geometry import Box
from inkread.core.segmentation.mark_shapes import COMMA, MINUS, POINT, Place

#: A point on the base line between two digits, a comma that hangs below it, a minus before a digit.
DOT = Place(0.12, 0.12, 0.94, 1.0, 1.06, -0.2, -0.2)
TAIL = Place(0.1, 0.25, 0.9, 1.02, 1.15, -0.2, -0.2)
DASH = Place(0.54, 0.0, 0.51, 0.51, 0.51, None, -0.2)


def margin(place: Place, sign: str) -> float:
    """How clearly it is a mark; 0: it is not even tried."""
    return dict(place.margins()).get(sign, 0.0)


def test_a_place_is_measured_in_heights_of_the_digits_beside_it() -> None:
    left, right = Box(0, 100, 50, 200), Box(120, 110, 60, 200)
    place = Place.of(Box(80, 285, 20, 40), [left, right], [left, right], 200)
    assert place == Place(0.1, 0.2, 0.9, 1.0, 1.1, -0.15, -0.1)
    alone = Place.of(Box(80, 290, 20, 40), [right], [right], 200)
    assert alone.into_left is None
    assert alone.into_right == -0.1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 1.5),
        ({"width": 0.2}, 0.5),
        ({"height": 0.2}, 0.5),
        ({"width": 0.24}, 0.0),
        ({"middle": 0.85}, 0.5),
        ({"middle": 0.8}, 0.0),
        ({"middle": 1.15}, 0.5),
        ({"into_left": 0.34, "into_right": 0.34}, 1.5),
        ({"into_left": 0.35}, 0.0),
        ({"into_right": 0.35}, 0.0),
        ({"into_left": None}, 1.5),
        ({"into_left": None, "into_right": 0.35}, 0.0),
    ],
)
def test_a_point_is_small_and_stands_on_the_base_line_beside_digits(
    change: dict[str, Any], expected: float
) -> None:
    assert margin(replace(DOT, **change), POINT) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 1 - 0.1 / 0.32),
        ({"width": 0.16, "height": 0.4}, 0.5),
        ({"height": 0.45}, 0.4),
        ({"top": 0.75}, 0.5),
        ({"top": 0.65}, 0.0),
        ({"bottom": 1.06}, 0.0),
        ({"height": 0.11, "width": 0.02}, 0.0),
        ({"height": 0.12, "width": 0.02, "bottom": 1.1}, 0.9375),
        ({"width": 0.2}, 0.375),
        ({"width": 0.21}, 0.0),
    ],
)
def test_a_comma_is_upright_and_hangs_below_the_base_line(
    change: dict[str, float], expected: float
) -> None:
    assert margin(replace(TAIL, **change), COMMA) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 0.9),
        ({"width": 0.27}, 0.5),
        ({"width": 0.81}, 0.5),
        ({"height": 0.108}, 0.5),
        ({"width": 0.8, "height": 0.25}, 0.0),
        ({"width": 0.72, "height": 0.2}, 2 * (0.45 - 0.2 / 0.72)),
        ({"middle": 0.3525}, 0.5),
        ({"middle": 0.6675}, 0.5),
        ({"into_right": 0.02}, 0.5),
        ({"into_left": 0.02}, 0.5),
        ({"into_left": -0.3}, 0.9),
    ],
)
def test_a_minus_is_flat_and_stands_half_way_up(change: dict[str, float], expected: float) -> None:
    assert margin(replace(DASH, **change), MINUS) == pytest.approx(expected)


def test_a_point_is_no_comma_and_a_comma_comes_before_a_point() -> None:
    assert [sign for sign, _ in DOT.margins()] == [POINT, MINUS]
    assert [sign for sign, _ in TAIL.margins()] == [COMMA, POINT, MINUS]
    assert [sign for sign, margin in DASH.margins() if margin > 0] == [MINUS]
