from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.adaptation.head import Head, log_softmax, softmax

RNG = np.random.default_rng(0)
TWO = Head(("a", "b", "c"), (RNG.normal(size=(6, 5)), RNG.normal(size=(3, 7))))
SIGNS = RNG.normal(size=(8, 4))


def test_scores_are_those_of_two_dense_layers() -> None:
    first, last = TWO.layers
    for sign, logits in zip(SIGNS, TWO.logits(SIGNS), strict=True):
        inner = [max(0.0, float(row[:4] @ sign + row[4])) for row in first]
        assert logits == pytest.approx([row[:6] @ inner + row[6] for row in last])


def test_rows_that_are_added_add_to_the_scores() -> None:
    rows = RNG.normal(size=(3, 7))
    expected = TWO.logits(SIGNS) + TWO.hidden(SIGNS) @ rows.T
    assert TWO.plus(rows).logits(SIGNS) == pytest.approx(expected)


def test_softmax_is_that_of_its_formula_and_knows_the_impossible() -> None:
    logits = np.array([[1.0, 2.0, -np.inf], [1000.0, 1000.0, 0.0]])
    expected = [[1 / (1 + np.e), np.e / (1 + np.e), 0], [0.5, 0.5, 0]]
    assert softmax(logits) == pytest.approx(np.array(expected))
    assert log_softmax(logits)[0, 2] == -np.inf
