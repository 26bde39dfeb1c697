"""Initial values of weights. Biases start at 0."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

Initialiser = Literal["he", "xavier", "normal"]
INITIALISERS: tuple[str, ...] = get_args(Initialiser)
_NORMAL_DEVIATION = 0.1


def initial_weights(
    kind: Initialiser,
    shape: tuple[int, ...],
    inputs: int,
    outputs: int,
    rng: np.random.Generator,
) -> npt.NDArray[np.float32]:
    """Random weights of a layer.

    Parameters
    ----------
    kind : {"he", "xavier", "normal"}
        ``he``: N(0, 2 / inputs), for rectifiers (He et al. 2015, equation 10).
        ``xavier``: uniform in ±sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010,
        equation 16). ``normal``: N(0, 0.1²), cut off at two deviations and drawn again,
        as in early TensorFlow tutorials.
    shape : tuple of int
        Of the array.
    inputs, outputs : int
        Fan-in and fan-out; for a convolution multiplied by the kernel's area.
    rng : Generator
        The same state gives the same weights.

    Returns
    -------
    ndarray of float32

    Raises
    ------
    ValueError
        For an unknown kind.
    """
    if kind == "he":
        drawn = _normal(rng, math.sqrt(2 / inputs), shape)
    elif kind == "xavier":
        limit = np.float32(math.sqrt(6 / (inputs + outputs)))
        drawn = (2 * rng.random(shape, dtype=np.float32) - 1) * limit
    elif kind == "normal":
        drawn = _normal(rng, _NORMAL_DEVIATION, shape)
        while (far := np.abs(drawn) > 2 * _NORMAL_DEVIATION).any():
            drawn[far] = _normal(rng, _NORMAL_DEVIATION, (int(far.sum()),))
    else:
        raise ValueError(f"no such initialiser: {kind}")
    return drawn


def _normal(
    rng: np.random.Generator, deviation: float, shape: tuple[int, ...]
) -> npt.NDArray[np.float32]:
    drawn = rng.standard_normal(shape, dtype=np.float32)
    drawn *= np.float32(deviation)
    return drawn
