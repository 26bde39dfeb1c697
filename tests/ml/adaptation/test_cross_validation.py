from __future__ import annotations

import numpy as np

from inkread.ml.adaptation.cross_validation import Trial, select


def trial(penalty: float, strength: float, own: int, lost: int = 0) -> Trial:
    """`own` of 100 samples right, `lost` of 1000 of the reference set wrong."""
    return Trial(strength, penalty, np.arange(100) < own, np.arange(1000) >= lost)


def chosen(*trials: Trial) -> tuple[float, float]:
    found = select(list(trials), 1.0)
    return found.penalty, found.strength


def test_the_strength_that_reads_most_is_chosen_and_the_greatest_of_equals() -> None:
    assert chosen(trial(0, 1.0, 90), trial(0, 0.7, 95), trial(0, 0.5, 95)) == (0, 0.7)


def test_what_forgets_too_much_is_not_chosen() -> None:
    assert chosen(trial(0, 1.0, 99, lost=2), trial(0, 0.7, 90)) == (0, 0.7)


def test_a_reserve_may_cost_a_few_samples() -> None:
    trials = trial(1.5, 1.0, 95), trial(1.5, 0.7, 97), trial(0.0, 1.0, 100)
    assert chosen(*trials) == (1.5, 0.7)


def test_a_reserve_that_costs_many_is_not_kept() -> None:
    trials = trial(1.5, 1.0, 80), trial(0.75, 1.0, 96), trial(0.0, 1.0, 98)
    assert chosen(*trials) == (0.75, 1.0)


def test_a_reserve_may_be_what_keeps_the_reference_set() -> None:
    assert chosen(trial(1.5, 1.0, 80), trial(0.0, 1.0, 98, lost=2)) == (1.5, 1.0)


def test_if_everything_forgets_too_much_the_weakest_stands_for_all() -> None:
    assert chosen(trial(0, 1.0, 99, lost=9), trial(0, 0.2, 90, lost=5)) == (0, 0.2)
