"""Smooth functions made small: L-BFGS with a backtracking line search."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Objective = Callable[[Vector], tuple[float, Vector]]

_REMEMBERED = 8
_HALVINGS = 12
_ENOUGH = 1e-4
"""Armijo: of the fall that the slope promises, at least this share."""
_FIRST_STEP = 0.5
"""Length of the first step, as the sum of what all parameters move."""
_STILL = 1e-6
"""A fall of the loss by less than this share is the end."""


def minimising(objective: Objective, start: Vector, steps: int) -> Generator[float, None, Vector]:
    """Walk downhill (Liu and Nocedal 1989; Nocedal and Wright 2006, algorithms 7.4 and 7.5).

    Parameters
    ----------
    objective : callable
        Point -> value and gradient there.
    start : (n,) array of float64
        Where to begin; a few steps stay near it.
    steps : int
        At most so many.

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
    pairs: deque[tuple[Vector, Vector]] = deque(maxlen=_REMEMBERED)
    for _ in range(steps):
        direction = -_curved(gradient, pairs)
        found = _down(objective, point, value, direction, float(gradient @ direction))
        if found is None:
            break
        before, (new, value, slope) = value, found
        moved, turned = new - point, slope - gradient
        if moved @ turned > 0:
            pairs.append((moved, turned))
        point, gradient = new, slope
        yield value
        if before - value <= _STILL * abs(before):
            break
    return point


def _curved(gradient: Vector, pairs: deque[tuple[Vector, Vector]]) -> Vector:
    """The gradient times the inverse of the curvature seen on the last steps."""
    if not pairs:
        return gradient * (_FIRST_STEP / max(float(np.abs(gradient).sum()), 1e-12))
    result, shares = gradient.copy(), list[float]()
    for moved, turned in reversed(pairs):
        shares.append(float(moved @ result) / float(moved @ turned))
        result -= shares[-1] * turned
    moved, turned = pairs[-1]
    result *= float(moved @ turned) / float(turned @ turned)
    for (moved, turned), share in zip(pairs, reversed(shares), strict=True):
        result += moved * (share - float(turned @ result) / float(moved @ turned))
    return result


def _down(
    objective: Objective, point: Vector, value: float, direction: Vector, slope: float
) -> tuple[Vector, float, Vector] | None:
    """The first of ever shorter steps that goes down enough."""
    if slope >= 0:
        return None
    length = 1.0
    for _ in range(_HALVINGS):
        new = point + length * direction
        reached, gradient = objective(new)
        if reached <= value + _ENOUGH * length * slope:
            return new, reached, gradient
        length /= 2
    return None
