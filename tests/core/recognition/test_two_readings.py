from __future__ import annotations

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Guess
from inkread.core.recognition.two_readings import surer


def glyphs(text: str, *probabilities: float) -> list[Glyph]:
    return [
        Glyph(
            Box(20 * k, 0, 10, 30),
            0,
            (Guess(label, probability), Guess("8", 1 - probability)),
            np.zeros((28, 28), np.float32),
            (),
            is_mark=not label.isdigit(),
        )
        for k, (label, probability) in enumerate(zip(text, probabilities, strict=True))
    ]


def text_of(found: list[Glyph]) -> str:
    return "".join(glyph.label for glyph in found)


def doubtful(found: list[Glyph]) -> list[bool]:
    return [glyph.is_doubtful for glyph in found]


def test_the_surer_reading_stays_and_is_sure_where_both_agree() -> None:
    alone, together = glyphs("47", 0.95, 0.92), glyphs("47", 0.99, 0.99)
    assert surer(alone, together) == together
    assert surer(together, alone) == together


def test_a_glyph_on_which_they_differ_is_doubtful_however_sure_both_are() -> None:
    found = surer(glyphs("473", 0.999, 0.999, 0.999), glyphs("413", 0.99, 0.99, 0.99))
    assert text_of(found) == "473"
    assert doubtful(found) == [False, True, False]
    assert sum(guess.probability for guess in found[1].guesses) == pytest.approx(1)


def test_a_glyph_that_only_one_has_is_doubtful() -> None:
    found = surer(glyphs("4733", 0.999, 0.999, 0.999, 0.999), glyphs("433", 0.99, 0.99, 0.99))
    assert text_of(found) == "4733"
    assert doubtful(found) == [False, True, False, False]


def test_where_the_cells_are_surer_the_doubt_of_the_line_network_counts() -> None:
    found = surer(glyphs("47", 0.99, 0.99), glyphs("47", 0.99, 0.7))
    assert doubtful(found) == [False, True]


def test_signs_that_cells_do_not_know_stay_and_are_doubtful() -> None:
    found = surer(glyphs("1215", 0.999, 0.999, 0.999, 0.999), glyphs("12/5", 0.9, 0.9, 0.9, 0.9))
    assert text_of(found) == "12/5"
    assert doubtful(found) == [False, False, True, False]


def test_of_the_same_digits_the_reading_with_more_points_stays() -> None:
    alone, together = glyphs("3.5", 0.95, 0.95, 0.95), glyphs("35", 0.99, 0.99)
    assert text_of(surer(alone, together)) == "3.5"


def test_what_only_one_network_reads_is_kept() -> None:
    found = glyphs("4", 0.95)
    assert text_of(surer(found, [])) == text_of(surer([], found)) == "4"
    assert surer([], []) == []
