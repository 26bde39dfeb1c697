"""Minimise smooth functions: L-BFGS with a backtracking line search."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Objective = Callable[[Vector], tuple[float, Vector]]

_HISTORY = 8
_MAX_HALVINGS = 12
_ARMIJO = 1e-4
"""Minimum decrease, as a share of the decrease that the slope predicts (Armijo condition)."""
_FIRST_STEP = 0.5
"""1-norm of the first step."""
_TOLERANCE = 1e-6
"""Relative decrease of the loss below which the search stops."""


def minimise(objective: Objective, start: Vector, max_steps: int) -> Generator[float, None, Vector]:
    """L-BFGS (Liu and Nocedal 1989; Nocedal and Wright 2006, algorithms 7.4 and 7.5).

    Parameters
    ----------
    objective : callable
        Point -> value and gradient there.
    start : (n,) array of float64
        Starting point; a few steps stay near it.
    max_steps : int
        Maximum number of steps.

    Yields
    ------
    float
        The value after each step.

    Returns
    -------
    (n,) array of float64
        The last point, never worse than `start`.
    """
    point, (value, gradient) = start, objective(start)
    pairs: deque[tuple[Vector, Vector]] = deque(maxlen=_HISTORY)
    for _ in range(max_steps):
        direction = -_times_inverse_hessian(gradient, pairs)
        found = _line_search(objective, point, value, direction, float(gradient @ direction))
        if found is None:
            break
        before, (new, value, slope) = value, found
        s, y = new - point, slope - gradient
        if s @ y > 0:
            pairs.append((s, y))
        point, gradient = new, slope
        yield value
        if before - value <= _TOLERANCE * abs(before):
            break
    return point


def _times_inverse_hessian(gradient: Vector, pairs: deque[tuple[Vector, Vector]]) -> Vector:
    """Two-loop recursion: the gradient times the inverse Hessian estimated from the last steps."""
    if not pairs:
        return gradient * (_FIRST_STEP / max(float(np.abs(gradient).sum()), 1e-12))
    result, alphas = gradient.copy(), list[float]()
    for s, y in reversed(pairs):
        alphas.append(float(s @ result) / float(s @ y))
        result -= alphas[-1] * y
    s, y = pairs[-1]
    result *= float(s @ y) / float(y @ y)
    for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
        result += s * (alpha - float(y @ result) / float(s @ y))
    return result


def _line_search(
    objective: Objective, point: Vector, value: float, direction: Vector, slope: float
) -> tuple[Vector, float, Vector] | None:
    """Halve the step until the Armijo condition holds."""
    if slope >= 0:
        return None
    length = 1.0
    for _ in range(_MAX_HALVINGS):
        new = point + length * direction
        reached, gradient = objective(new)
        if reached <= value + _ARMIJO * length * slope:
            return new, reached, gradient
        length /= 2
    return None
