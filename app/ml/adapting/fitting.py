"""The last layers learn new lessons beside old ones, and stay near what they were."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.ml.adapting.head import Head, dense
from app.ml.adapting.solver import Vector, minimising
from app.ml.gradients.registry import Array

#: How strongly weights are drawn to what they were: ½ λ |w - w₀|² (L2-SP: Li, Grandvalet and
#: Davoine 2018).
NEARNESS = 1e-2
#: L-BFGS steps, and so many for a single layer, which are quick.
_STEPS, _STEPS_OF_ONE = 15, 30


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """What to learn.

    Attributes
    ----------
    features : (n, d) array of float32
        What the head is given.
    targets : (n, k) array of float32
        How probable each class shall be; each row adds up to 1.
    weights : (n,) array of float32
        How much each counts, >= 0.
    """

    features: Array
    targets: Array
    weights: Array

    def take(self, chosen: NDArray[np.bool_]) -> Lessons:
        """Those where a mask is true."""
        return Lessons(self.features[chosen], self.targets[chosen], self.weights[chosen])

    def __add__(self, more: Lessons) -> Lessons:
        return Lessons(
            np.concatenate([self.features, more.features]),
            np.concatenate([self.targets, more.targets]),
            np.concatenate([self.weights, more.weights]),
        )


def fitting(head: Head, lessons: Lessons) -> Generator[float, None, Head]:
    """Make Σ wᵢ H(targetᵢ, softmax(head(xᵢ))) + ½ λ |w - w₀|² small, from the head as it is.

    Yields
    ------
    float
        The loss after each step.

    Returns
    -------
    Head
    """
    inputs = tuple(layer.shape for layer in head.layers)
    start = np.concatenate([layer.ravel() for layer in head.layers]).astype(np.float64)

    def layers(point: Vector) -> tuple[Array, ...]:
        ends = np.cumsum([rows * columns for rows, columns in inputs])[:-1]
        parts = np.split(point.astype(np.float32), ends)
        return tuple(part.reshape(shape) for part, shape in zip(parts, inputs, strict=True))

    def objective(point: Vector) -> tuple[float, Vector]:
        loss, gradients = _loss(replace(head, layers=layers(point)), lessons)
        moved = point - start
        slope = np.concatenate([gradient.ravel() for gradient in gradients])
        return loss + NEARNESS / 2 * float(moved @ moved), slope + NEARNESS * moved

    steps = _STEPS if len(inputs) > 1 else _STEPS_OF_ONE
    return replace(head, layers=layers((yield from minimising(objective, start, steps))))


def _loss(head: Head, lessons: Lessons) -> tuple[float, list[Array]]:
    """Cross-entropy, and its gradient for each layer."""
    hidden = head.hidden(lessons.features)
    logits = dense(hidden, head.layers[-1])
    logits -= logits.max(axis=1, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    weights = lessons.weights[:, np.newaxis]
    loss = -float((weights * lessons.targets * logs).sum(dtype=np.float64))
    error = weights * (np.exp(logs) - lessons.targets)
    gradients = [_slope(error, hidden)]
    if len(head.layers) > 1:
        below = (error @ head.layers[-1][:, :-1]) * (hidden > 0)
        gradients.insert(0, _slope(below, lessons.features))
    return loss, gradients


def _slope(error: Array, inputs: Array) -> Array:
    """Of a dense layer, from the errors of its outputs and what it was given."""
    return np.concatenate([error.T @ inputs, error.sum(axis=0)[:, np.newaxis]], axis=1)
