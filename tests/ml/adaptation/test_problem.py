from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.adaptation.head import Head, probabilities
from inkread.ml.adaptation.problem import Material, assembled
from inkread.ml.adaptation.rbf_memory import Memory

RNG = np.random.default_rng(0)
HEAD = Head(("a", "b"), (np.array([[4, 0, 0, 0], [0, 4, 0, 0]], np.float32),))
"""Says a where the first feature is the greatest, b where the second is."""


def material(old: Memory | None = None, known: int = 2, sevens: int = 1) -> Material:
    """Two samples of one variant each, `sevens` more of a, and a reference set of four, bent."""
    own = np.array([[1, 0, 0], [1, 0.1, 0], [0, 0, 1], [0, 0.1, 1]], np.float32)
    more = np.repeat([[0.9, 0, 0.2]], 2 * sevens, axis=0).astype(np.float32)
    reference = np.array([[1, 0.2, 0], [0, 1, 0], [0.2, 1, 0], [1, 0, 0.1]] * 2, np.float32)
    part = np.arange(4)
    return assembled(
        HEAD.grown(("a", "b", "c")),
        known,
        np.concatenate([own, more, reference]),
        np.concatenate([[0, 0, 1, 1], np.zeros(2 * sevens, np.int64), [0, 1, 1, 1] * 2]),
        np.concatenate([np.repeat(np.arange(2 + sevens), 2), np.full(8, -1)]),
        np.concatenate([np.full(4 + 2 * sevens, -1), part, part]),
        old,
    )


def test_what_is_known_stays_and_what_is_wrong_is_put_right() -> None:
    made = material()
    now = probabilities(made.now)
    assert (made.now[:, 2] == -np.inf).all() and (now[:, 2] == 0).all()
    targets = made.lessons.targets
    assert targets.sum(axis=1) == pytest.approx(np.ones(len(targets)))
    assert (targets[0] == now[0]).all()  # surer than asked for
    assert targets[2].argmax() == 1 and targets[2, 1] == pytest.approx(0.95 + 0.05 / 3)
    right, wrong = slice(6, 9), [9, 13]
    assert (targets[right] == now[right]).all()
    assert (targets[wrong] == [0, 1, 0]).all()


def test_a_class_that_is_taught_often_does_not_count_without_end() -> None:
    few, many = material(sevens=1), material(sevens=1000)

    def weight(made: Material) -> float:
        own = (made.sample >= 0) & (made.truth == 0)
        return float(made.lessons.weights[own].sum())

    assert weight(few) == pytest.approx(8 * 2 / (2 + 8), rel=1e-4)
    assert weight(many) < 8


def test_centres_are_of_the_samples_and_of_what_is_most_like_them() -> None:
    made = material()
    assert set(range(6)) <= set(made.centres.tolist())
    assert made.features.shape == (len(made.centres), 3)
    assert made.likeness.shape == (len(made.truth), len(made.centres))
    on_itself = made.likeness[made.centres, np.arange(len(made.centres))]
    assert on_itself == pytest.approx(np.ones(len(made.centres)), abs=1e-5)


def test_of_too_many_samples_the_hardest_are_centres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.ml.adaptation.problem._MAX_OWN", 2)
    made = material()
    assert [c for c in made.centres if made.sample[c] >= 0] == [2, 4]  # b is read as a; doubtful


def test_what_a_memory_holds_is_judged_without_it() -> None:
    first = np.array([[1, 0, 0]], np.float32)
    old = Memory(first, 0.5, np.array([[0, 20, 0]], np.float32))
    made = material(old, known=3)
    assert len(made.truth) == len(material().truth)  # it is taught anyway
    assert made.now[0].argmax() == 1 and made.unlearned[0].argmax() == 0
    assert (made.unlearned[2] == made.now[2]).all()
    reference = made.part >= 0
    assert (made.unlearned[reference] == made.lessons.scores[reference]).all()
    assert (material().unlearned == material().now).all()


def test_what_was_remembered_is_rehearsed() -> None:
    far = np.array([[1, 2, 5]], np.float32)
    old = Memory(far, 0.5, np.array([[0, 0, 9]], np.float32))
    made = material(old, known=3)
    assert made.now[-1].argmax() == 2
    assert made.lessons.scores[-1].argmax() != 2
    assert made.lessons.targets[-1].argmax() == 2
    assert made.lessons.weights[-1] > made.lessons.weights[-2]
    assert len(made.truth) - 1 in made.centres
    assert made.firsts.tolist() == [0, 2, 4] and made.samples == 3
