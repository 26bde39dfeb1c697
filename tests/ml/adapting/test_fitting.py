"""Held against finite differences, and the solver against a problem with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.steps import finished
from app.ml.adapting.fitting import Lessons, _loss, fitting
from app.ml.adapting.head import Head
from app.ml.adapting.solver import Vector, minimising


def lessons(rng: np.random.Generator, count: int = 12) -> Lessons:
    targets = rng.random((count, 3))
    targets /= targets.sum(axis=1, keepdims=True)
    return Lessons(rng.normal(size=(count, 4)), targets, rng.random(count))


def head(rng: np.random.Generator, layers: int) -> Head:
    shapes = [(3, 5)] if layers == 1 else [(6, 5), (3, 7)]
    return Head(("a", "b", "c"), tuple(rng.normal(size=shape) for shape in shapes))


@pytest.mark.parametrize("layers", [1, 2])
def test_gradients_are_those_of_finite_differences(layers: int) -> None:
    rng = np.random.default_rng(layers)
    given, network = lessons(rng), head(rng, layers)
    _, gradients = _loss(network, given)
    for number, gradient in enumerate(gradients):
        for place in np.ndindex(gradient.shape):
            losses = []
            for step in (1e-6, -1e-6):
                moved = [layer.copy() for layer in network.layers]
                moved[number][place] += step
                losses.append(_loss(Head(network.labels, tuple(moved)), given)[0])
            assert gradient[place] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-6)


def test_a_quadratic_is_solved() -> None:
    rng = np.random.default_rng(0)
    root = rng.normal(size=(6, 6))
    matrix, right = root @ root.T + np.eye(6), rng.normal(size=6)

    def objective(x: Vector) -> tuple[float, Vector]:
        return float(x @ matrix @ x / 2 - right @ x), matrix @ x - right

    found = finished(minimising(objective, np.zeros(6), 200))
    assert found == pytest.approx(np.linalg.solve(matrix, right), abs=2e-2)


def test_where_it_cannot_go_down_it_stays() -> None:
    start = np.ones(3)
    assert finished(minimising(lambda _: (1.0, np.zeros(3)), start, 5)) is start


def test_weights_stay_near_where_nothing_is_to_be_learned() -> None:
    rng = np.random.default_rng(1)
    network, given = head(rng, 2), lessons(rng)
    still = Lessons(given.features, given.targets, np.zeros(12))
    learned = finished(fitting(network, still))
    for old, new in zip(network.layers, learned.layers, strict=True):
        assert new == pytest.approx(old, abs=1e-6)


def test_new_rows_begin_as_unlikely_as_the_least_likely() -> None:
    network = head(np.random.default_rng(2), 2)
    grown = network.grown(("a", "b", "c", "d", "e"))
    assert grown.layers[-1].shape == (5, 7)
    assert (grown.layers[-1][:3] == network.layers[-1]).all()
    assert (grown.layers[-1][3:, :-1] == 0).all()
    assert grown.layers[-1][3:, -1] == pytest.approx(network.layers[-1][:, -1].min())
