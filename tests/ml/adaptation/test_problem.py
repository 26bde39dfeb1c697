from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.adaptation.head import Head, softmax
from inkread.ml.adaptation.problem import Problem, build_problem
from inkread.ml.adaptation.rbf_memory import RbfMemory

RNG = np.random.default_rng(0)
HEAD = Head(("a", "b"), (np.array([[4, 0, 0, 0], [0, 4, 0, 0]], np.float32),))
"""Says a where the first feature is the greatest, b where the second is."""


def problem(old: RbfMemory | None = None, known_classes: int = 2, sevens: int = 1) -> Problem:
    """Two samples of one variant each, `sevens` more of a, and a reference set of four, bent."""
    own = np.array([[1, 0, 0], [1, 0.1, 0], [0, 0, 1], [0, 0.1, 1]], np.float32)
    more = np.repeat([[0.9, 0, 0.2]], 2 * sevens, axis=0).astype(np.float32)
    reference = np.array([[1, 0.2, 0], [0, 1, 0], [0.2, 1, 0], [1, 0, 0.1]] * 2, np.float32)
    ids = np.arange(4)
    return build_problem(
        HEAD.with_classes(("a", "b", "c")),
        known_classes,
        np.concatenate([own, more, reference]),
        np.concatenate([[0, 0, 1, 1], np.zeros(2 * sevens, np.int64), [0, 1, 1, 1] * 2]),
        np.concatenate([np.repeat(np.arange(2 + sevens), 2), np.full(8, -1)]),
        np.concatenate([np.full(4 + 2 * sevens, -1), ids, ids]),
        old,
    )


def test_what_is_known_stays_and_what_is_wrong_is_put_right() -> None:
    made = problem()
    now = softmax(made.current_logits)
    assert (made.current_logits[:, 2] == -np.inf).all() and (now[:, 2] == 0).all()
    targets = made.examples.targets
    assert targets.sum(axis=1) == pytest.approx(np.ones(len(targets)))
    assert (targets[0] == now[0]).all()  # surer than asked for
    assert targets[2].argmax() == 1 and targets[2, 1] == pytest.approx(0.95 + 0.05 / 3)
    right, wrong = slice(6, 9), [9, 13]
    assert (targets[right] == now[right]).all()
    assert (targets[wrong] == [0, 1, 0]).all()


def test_a_class_that_is_taught_often_does_not_count_without_end() -> None:
    few, many = problem(sevens=1), problem(sevens=1000)

    def weight(made: Problem) -> float:
        own = (made.sample_id >= 0) & (made.truth == 0)
        return float(made.examples.weights[own].sum())

    assert weight(few) == pytest.approx(8 * 2 / (2 + 8), rel=1e-4)
    assert weight(many) < 8


def test_centres_are_of_the_samples_and_of_what_is_most_like_them() -> None:
    made = problem()
    assert set(range(6)) <= set(made.centres.tolist())
    assert made.features.shape == (len(made.centres), 3)
    assert made.kernel.shape == (len(made.truth), len(made.centres))
    on_itself = made.kernel[made.centres, np.arange(len(made.centres))]
    assert on_itself == pytest.approx(np.ones(len(made.centres)), abs=1e-5)


def test_of_too_many_samples_the_hardest_are_centres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.ml.adaptation.problem._MAX_OWN", 2)
    made = problem()
    assert [c for c in made.centres if made.sample_id[c] >= 0] == [2, 4]  # b is read as a; doubtful


def test_what_a_memory_holds_is_judged_without_it() -> None:
    first = np.array([[1, 0, 0]], np.float32)
    old = RbfMemory(first, 0.5, np.array([[0, 20, 0]], np.float32))
    made = problem(old, known_classes=3)
    assert len(made.truth) == len(problem().truth)  # it is taught anyway
    assert made.current_logits[0].argmax() == 1 and made.unbiased_logits[0].argmax() == 0
    assert (made.unbiased_logits[2] == made.current_logits[2]).all()
    reference = made.reference_id >= 0
    assert (made.unbiased_logits[reference] == made.examples.logits[reference]).all()
    assert (problem().unbiased_logits == problem().current_logits).all()


def test_what_was_remembered_is_rehearsed() -> None:
    far = np.array([[1, 2, 5]], np.float32)
    old = RbfMemory(far, 0.5, np.array([[0, 0, 9]], np.float32))
    made = problem(old, known_classes=3)
    assert made.current_logits[-1].argmax() == 2
    assert made.examples.logits[-1].argmax() != 2
    assert made.examples.targets[-1].argmax() == 2
    assert made.examples.weights[-1] > made.examples.weights[-2]
    assert len(made.truth) - 1 in made.centres
    assert made.sample_rows.tolist() == [0, 2, 4] and made.sample_count == 3
