"""Held against the formula, one pair at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inkread.ml.adaptation.rbf_memory import RbfMemory, rbf_kernel


def test_likeness_is_a_gaussian_of_the_distance() -> None:
    rng = np.random.default_rng(0)
    signs, centres = rng.normal(size=(6, 5)), rng.normal(size=(4, 5))
    found = rbf_kernel(signs.astype(np.float32), centres.astype(np.float32), 1.7)
    for (i, j), value in np.ndenumerate(found):
        distance = math.dist(signs[i], centres[j])
        assert value == pytest.approx(math.exp(-(distance**2) / (2 * 1.7**2)), abs=1e-5)


def test_the_very_same_is_as_like_as_can_be() -> None:
    signs = np.random.default_rng(1).normal(0, 2, (7, 300)).astype(np.float32)
    assert np.diag(rbf_kernel(signs, signs, 50.0)) == pytest.approx(np.ones(7), abs=1e-4)
    assert rbf_kernel(signs, signs, 50.0).max() <= 1


def test_a_correction_fades_with_the_distance() -> None:
    memory = RbfMemory(np.zeros((1, 2), np.float32), 1.0, np.array([[3.0, -1.0]], np.float32))
    places = np.array([[0, 0], [1, 0], [0, 10]], np.float32)
    expected = np.outer([1, math.exp(-0.5), 0], [3, -1])
    assert memory.correction(places) == pytest.approx(expected, abs=1e-5)
