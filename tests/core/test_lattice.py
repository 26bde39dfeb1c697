from __future__ import annotations

import numpy as np
import pytest

from app.core.image import Page
from app.core.ink import Ink, Points, Stroke, rasterise_page
from app.core.lattice import Budget, doubt
from app.core.layout import Layout
from app.core.recognise import read_ink, read_page
from app.data.paths import bundled
from app.ml.classifier import OnnxClassifier
from tests.written import write


@pytest.fixture(scope="module")
def network() -> OnnxClassifier:
    return OnnxClassifier.open(bundled("models/digits.onnx"))


def _ring(x: float, radius: float = 30.0) -> Points:
    """From its top round to the left; a little narrower than high."""
    angle = np.linspace(0, 2 * np.pi, 50)
    x_of = x - 0.8 * radius * np.sin(angle)
    return np.stack([x_of, 60 - radius * np.cos(angle)], axis=1).astype(np.float32)


def _page(ink: Ink) -> Page:
    grey = rasterise_page(ink)
    return Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey)


def _pushed(left: str, right: str, by: float) -> Ink:
    """Two digits, the right one moved to the left until it touches or overlaps."""
    first, second = write(left, height=90, width=7), write(right, height=90, width=7)
    shift = first.bounds.right - second.bounds.x + by
    moved = [Stroke(s.points + np.array([shift, 0], np.float32), s.width) for s in second.strokes]
    return Ink((*first.strokes, *moved))


def test_two_rings_in_one_stroke_are_two_zeros(network: OnnxClassifier) -> None:
    both = np.concatenate([_ring(60), _ring(118)])
    ink = Ink((Stroke(both, 6.0),))
    assert read_ink(ink, network).text == "00"
    assert read_page(_page(ink), network).text == "00"


@pytest.mark.parametrize("pair", ["26", "85", "23", "56", "32"])
def test_digits_that_touch_are_read_apart(pair: str, network: OnnxClassifier) -> None:
    ink = _pushed(pair[0], pair[1], by=-4)
    assert read_ink(ink, network).text == pair
    assert read_page(_page(ink), network).text == pair


def test_boxes_of_digits_cut_apart_stand_side_by_side(network: OnnxClassifier) -> None:
    left, right = read_page(_page(_pushed("8", "5", -4)), network).glyphs
    assert left.box.centre[0] < right.box.centre[0]
    assert left.box.overlap_x(right.box) < 0.3 * left.box.width


def test_digits_cut_apart_are_doubtful_and_others_are_not(network: OnnxClassifier) -> None:
    apart = read_page(_page(_pushed("8", "5", 20)), network)
    assert (apart.text, len(apart.doubtful)) == ("85", 0)
    touching = read_page(_page(_pushed("8", "5", -4)), network)
    assert (touching.text, len(touching.doubtful)) == ("85", 2)
    assert not touching.rejected
    assert sum(guess.probability for guess in touching.glyphs[0].guesses) == pytest.approx(1)


def test_one_digit_is_asked_for_and_not_cut(network: OnnxClassifier) -> None:
    ink = Ink((Stroke(np.concatenate([_ring(60), _ring(118)]), 6.0),))
    assert len(read_ink(ink, network, Layout.DIGIT).glyphs) == 1


@pytest.mark.parametrize("digit", "0123456789")
def test_a_plain_digit_stays_whole(digit: str, network: OnnxClassifier) -> None:
    ink = write(digit, height=120, width=8)
    assert read_ink(ink, network).text == digit
    assert read_page(_page(ink), network).text == digit


def test_doubt_grows_as_probability_falls_and_has_an_end() -> None:
    assert doubt(1.0) == 0
    assert doubt(0.5) == pytest.approx(0.693, abs=1e-3)
    assert doubt(0.0) == doubt(1e-9) == pytest.approx(9.21, abs=1e-2)


def test_so_many_groups_are_cut_and_no_more() -> None:
    budget = Budget(5)
    assert budget.spend([0, 2, 3], 10) == [0, 2, 3]
    assert budget.spend([1, 4, 6], 10) == [1, 4]
    assert budget.spend([1], 10) == []


def test_a_line_that_is_doubtful_throughout_is_not_cut() -> None:
    assert Budget(100).spend(list(range(15)), 20) == []
    assert Budget(100).spend(list(range(8)), 8) == list(range(8))
    assert Budget(100).spend(list(range(10)), 20) == list(range(10))
