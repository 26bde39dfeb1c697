"""Held against finite differences, and the solver against a problem with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.core.generators import finished
from inkread.ml.adaptation import fit as module
from inkread.ml.adaptation.fit import RIDGE_PENALTY, TrainingSet, cross_entropy, fit
from inkread.ml.adaptation.head import Head
from inkread.ml.adaptation.rbf_memory import rbf_kernel


def examples(rng: np.random.Generator, count: int = 12) -> TrainingSet:
    targets = rng.random((count, 3))
    targets /= targets.sum(axis=1, keepdims=True)
    return TrainingSet(rng.normal(size=(count, 3)), targets, rng.random(count))


def definition(given: TrainingSet, inputs: np.ndarray, weights: np.ndarray) -> float:
    """By the definition, one example and one class at a time."""
    loss = 0.0
    for logits, target, weight, x in zip(
        given.logits, given.targets, given.weights, inputs, strict=True
    ):
        odds = np.exp(logits + x @ weights)
        loss -= weight * sum(t * np.log(o / odds.sum()) for t, o in zip(target, odds, strict=True))
    return float(loss)


def test_cross_entropy_and_its_gradient_are_those_of_the_definition() -> None:
    rng = np.random.default_rng(0)
    given, inputs, weights = examples(rng), rng.normal(size=(12, 4)), rng.normal(size=(4, 3))
    loss, slope = cross_entropy(given, inputs, weights)
    assert loss == pytest.approx(definition(given, inputs, weights))
    for place in np.ndindex(weights.shape):
        losses = []
        for step in (1e-6, -1e-6):
            moved = weights.copy()
            moved[place] += step
            losses.append(definition(given, inputs, moved))
        assert slope[place] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-6)


@pytest.mark.parametrize("known", [2, 3])
def test_what_is_found_cannot_be_bettered(monkeypatch: pytest.MonkeyPatch, known: int) -> None:
    monkeypatch.setattr(module, "_MAX_STEPS", 500)
    monkeypatch.setattr("inkread.ml.adaptation.lbfgs._TOLERANCE", 0.0)
    rng = np.random.default_rng(3)
    given, signs, hidden = examples(rng), rng.normal(size=(12, 5)), rng.normal(size=(12, 2))
    near = rbf_kernel(signs, signs[:4], 2.0).astype(np.float64)
    found = finished(fit(given, near, near[:4], hidden, known, moves_known=True))

    def objective(weights: np.ndarray, rows: np.ndarray) -> float:
        norm = np.trace(weights.T @ (near[:4] + 1e-3 * np.eye(4)) @ weights) + (rows**2).sum()
        inputs, every = np.hstack([near, hidden]), np.vstack([weights, rows])
        return definition(given, inputs, every) + RIDGE_PENALTY / 2 * float(norm)

    weights, rows = found.weights.astype(np.float64), found.rows.astype(np.float64)
    least = objective(weights, rows)
    assert least < objective(np.zeros((4, 3)), np.zeros((2, 3))) - 0.1
    assert (rows[:, :known] == 0).all() and (rows[:, known:] != 0).all()
    for _ in range(50):
        step = np.zeros((2, 3))
        step[:, known:] = rng.normal(size=(2, 3 - known))
        assert objective(weights + 0.05 * rng.normal(size=(4, 3)), rows + 0.05 * step) > least


def test_known_classes_keep_their_scores_if_they_shall() -> None:
    rng = np.random.default_rng(4)
    given, signs, hidden = examples(rng), rng.normal(size=(12, 5)), rng.normal(size=(12, 2))
    near = rbf_kernel(signs, signs[:4], 2.0)
    found = finished(fit(given, near, near[:4], hidden, 2, moves_known=False))
    for part in (found.weights, found.rows):
        assert (part[:, :2] == 0).all() and (part[:, 2] != 0).all()


def test_nothing_to_learn_is_nothing_to_remember() -> None:
    rng = np.random.default_rng(1)
    given, near = examples(rng), rng.random((12, 4))
    still = TrainingSet(given.logits, given.targets, np.zeros(12))
    found = finished(fit(still, near, np.eye(4), near, 2, moves_known=True))
    assert found.weights == pytest.approx(np.zeros((4, 3)))
    assert found.rows == pytest.approx(np.zeros((4, 3)))


def test_new_rows_are_as_unlikely_as_the_least_likely() -> None:
    rng = np.random.default_rng(2)
    network = Head(("a", "b", "c"), (rng.normal(size=(6, 5)), rng.normal(size=(3, 7))))
    grown = network.with_classes(("a", "b", "c", "d", "e"))
    assert grown.layers[-1].shape == (5, 7)
    assert (grown.layers[-1][:3] == network.layers[-1]).all()
    assert (grown.layers[-1][3:, :-1] == 0).all()
    assert grown.layers[-1][3:, -1] == pytest.approx(network.layers[-1][:, -1].min())
