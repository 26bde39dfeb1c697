from __future__ import annotations

import math

import pytest

from inkread.core.line_labels import OTHER
from inkread.core.recognition.weigh_readings import (
    UNKNOWN,
    UNKNOWN_SIGN,
    WEIGHTS,
    Costs,
    Evidence,
    probabilities,
)


def evidence(text: str, log: float = 0.0, costs: Costs | None = None, alone: str = "") -> Evidence:
    return Evidence.of(text, log, costs or Costs(), alone)


def test_odds_are_those_of_the_weighted_evidence() -> None:
    found = {"12": evidence("12", -0.1), "72": evidence("72", -2.0, Costs(worst=1.5))}
    one, other = probabilities(found)
    wanted = WEIGHTS.line * (-0.1 + 2.0) - WEIGHTS.worst * 1.5
    assert math.log(one / other) == pytest.approx(wanted)


def test_what_is_left_is_the_probability_of_other_texts() -> None:
    (only,) = probabilities({"123": evidence("123", -1.0)})
    odds = math.exp(UNKNOWN + 3 * UNKNOWN_SIGN - WEIGHTS.line * -1.0)
    assert only == pytest.approx(1 / (1 + odds))


def test_everything_that_speaks_against_a_reading_makes_it_less_probable() -> None:
    plain = evidence("12", -0.5)
    for costs in (
        Costs(worst=2),
        Costs(left=1),
        Costs(cut=1),
        Costs(parts=1),
        Costs(stray=1),
        Costs(missed=1),
    ):
        pair = probabilities({"12": plain, "13": evidence("13", -0.5, costs)})
        assert pair[0] > pair[1]


def test_a_reading_that_cells_alone_agree_with_is_more_probable() -> None:
    pair = probabilities({"12": evidence("12", alone="12"), "13": evidence("13", alone="12")})
    assert pair[0] > pair[1]


def test_a_reading_with_an_unknown_sign_is_less_probable() -> None:
    pair = probabilities({"12": evidence("12"), f"1{OTHER}": evidence(f"1{OTHER}")})
    assert pair[0] > pair[1]


def test_scores_of_any_size_do_not_overflow() -> None:
    found = probabilities({"1": evidence("1", -1e5), "2": evidence("2", -1e5 - 1)})
    assert (found >= 0).all()
    assert found.sum() <= 1
