"""The solver, against a problem with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.core.generators import finished
from inkread.ml.adaptation.lbfgs import Vector, minimise


def test_a_quadratic_is_solved() -> None:
    rng = np.random.default_rng(0)
    root = rng.normal(size=(6, 6))
    matrix, right = root @ root.T + np.eye(6), rng.normal(size=6)

    def objective(x: Vector) -> tuple[float, Vector]:
        return float(x @ matrix @ x / 2 - right @ x), matrix @ x - right

    found = finished(minimise(objective, np.zeros(6), 200))
    assert found == pytest.approx(np.linalg.solve(matrix, right), abs=2e-2)


def test_where_it_cannot_go_down_it_stays() -> None:
    start = np.ones(3)
    assert finished(minimise(lambda _: (1.0, np.zeros(3)), start, 5)) is start
