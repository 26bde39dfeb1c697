"""What a memory shall add to each class's score, so that lessons are learned."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.ml.adaptation.head import log_softmax
from inkread.ml.adaptation.lbfgs import Vector, minimising
from inkread.ml.gradients.registry import Array

#: How dear a strong correction is: ½ λ |c|², the norm of the kernel's own space.
STIFFNESS = 1e-3
_STEPS = 30
_JITTER = 1e-3
"""Added to each centre's likeness to itself: of two that are nearly one, one is enough."""


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """What to learn.

    Attributes
    ----------
    scores : (n, k) array of float32
        What the network says without a memory.
    targets : (n, k) array of float32
        How probable each class shall be; each row adds up to 1.
    weights : (n,) array of float32
        How much each counts, >= 0.
    """

    scores: Array
    targets: Array
    weights: Array

    def take(self, chosen: NDArray[np.bool_]) -> Lessons:
        """Those where a mask is true."""
        return Lessons(self.scores[chosen], self.targets[chosen], self.weights[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What learning adds to the scores: k(x) W + h(x) C.

    Attributes
    ----------
    weights : (m, k) array of float32
        W, of a memory.
    rows : (p, k) array of float32
        C, of the last layer; zero for all classes that are not new.
    """

    weights: Array
    rows: Array


def fitting(
    lessons: Lessons, likeness: Array, among: Array, hidden: Array, known: int, moves_known: bool
) -> Generator[float, None, Change]:
    """Make Σ wᵢ H(targetᵢ, softmax(sᵢ + kᵢW + hᵢC)) + ½ λ (tr WᵀKW + |C|²) small.

    Kernel logistic regression. W is sought in coordinates in which K is the identity, where
    L-BFGS needs few steps. New classes may also look at what the last layer is given: a memory
    alone knows only what is near the samples.

    Parameters
    ----------
    lessons : Lessons
        n of them.
    likeness : (n, m) array of float32
        k, of each lesson with each centre.
    among : (m, m) array of float32
        K, of the centres with one another.
    hidden : (n, p) array of float32
        h, of length 1 or so.
    known : int
        So many classes are not new.
    moves_known : bool
        Whether their scores may change.

    Yields
    ------
    float
        The loss after each step.

    Returns
    -------
    Change
    """
    root = np.linalg.cholesky(among.astype(np.float64) + _JITTER * np.eye(len(among)))
    turned = np.linalg.inv(root).T.astype(np.float32)
    classes = lessons.scores.shape[1]
    seen = likeness @ turned
    if known < classes:
        seen = np.concatenate([seen, hidden], axis=1)
    is_free = np.ones((seen.shape[1], classes), np.bool_)
    is_free[len(among) :, :known] = False
    is_free[:, :known] &= moves_known

    def objective(point: Vector) -> tuple[float, Vector]:
        loss, slope = surprise(lessons, seen, point.reshape(is_free.shape).astype(seen.dtype))
        upward = (slope * is_free).ravel() + STIFFNESS * point
        return loss + STIFFNESS / 2 * float(point @ point), upward

    point = yield from minimising(objective, np.zeros(is_free.size), _STEPS)
    found = point.reshape(is_free.shape).astype(np.float32)
    rows = np.zeros((hidden.shape[1], classes), np.float32)
    rows[: len(found) - len(among)] = found[len(among) :]
    return Change(np.asarray(turned @ found[: len(among)], np.float32), rows)


def surprise(lessons: Lessons, inputs: Array, weights: Array) -> tuple[float, Array]:
    """Σ wᵢ H(targetᵢ, softmax(sᵢ + xᵢW)), and its gradient with respect to W."""
    logs = log_softmax(lessons.scores + inputs @ weights)
    each = lessons.weights[:, np.newaxis]
    loss = -float((each * lessons.targets * logs).sum(dtype=np.float64))
    slope: Array = inputs.T @ (each * (np.exp(logs) - lessons.targets))
    return loss, slope
