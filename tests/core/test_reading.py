from __future__ import annotations

import math

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.reading import SURE, Glyph, Guess, Reading


def glyph(*probabilities: float, rejected: bool = False) -> Glyph:
    guesses = tuple(Guess(str(i), share) for i, share in enumerate(probabilities))
    return Glyph(Box(0, 0, 9, 9), 0, guesses, np.zeros((28, 28), np.float32), (), rejected)


@pytest.mark.parametrize(
    ("probability", "rejected", "doubtful"),
    [
        (1.0, False, False),
        (SURE, False, False),
        (math.nextafter(SURE, 0), False, True),
        (0.2, False, True),
        (1.0, True, True),
        (0.2, True, True),
    ],
)
def test_a_glyph_is_doubtful_below_the_limit_or_if_rejected(
    probability: float, rejected: bool, doubtful: bool
) -> None:
    assert glyph(probability, 1 - probability, rejected=rejected).is_doubtful is doubtful


def test_the_only_class_there_is_can_be_doubtful_too() -> None:
    assert glyph(0.5).is_doubtful
    assert not glyph(1.0).is_doubtful


def test_a_reading_tells_its_doubtful_glyphs_in_order() -> None:
    sure, unsure, none = glyph(0.99), glyph(0.6, 0.4), glyph(0.95, rejected=True)
    assert Reading((none, sure, unsure)).doubtful == (none, unsure)
    assert Reading((sure,)).doubtful == ()
    assert Reading().doubtful == ()


def test_the_least_certain_glyph_is_the_confidence_of_a_reading() -> None:
    assert Reading((glyph(0.9), glyph(0.6), glyph(0.95))).confidence == 0.6
    assert Reading().confidence == 0


def test_what_a_person_confirms_is_certain_whatever_the_network_says() -> None:
    unsure = glyph(0.6, 0.4, rejected=True)
    known = unsure.confirmed_as("1")
    assert (known.label, known.probability) == ("1", 1.0)
    assert not known.is_doubtful and not known.rejected
    assert known.guesses == unsure.guesses
    assert known.lead == pytest.approx(0.2)
    assert Reading((known, glyph(0.95))).text == "10"
    assert Reading((known, glyph(0.95))).confidence == 0.95
