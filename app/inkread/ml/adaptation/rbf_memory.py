"""Remembered signs: what looks like one of them gets other scores, all else keeps its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkread.ml.gradients.registry import Array


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """A correction c(x) = k(x) W of a network's scores, k(x)_j = exp(-|x - c_j|² / 2r²).

    Radial basis functions on a network's features (Broomhead and Lowe 1988): the correction
    fades with the distance from what is remembered, and so does what may be forgotten.

    Attributes
    ----------
    centres : (m, d) array of float32
        Features of what is remembered; m at least 1.
    reach : float
        r, > 0.
    weights : (m, k) array of float32
        What each adds to the score of each class.
    """

    centres: Array
    reach: float
    weights: Array

    def take(self, chosen: NDArray[np.bool_]) -> Memory:
        """The centres where a mask is true, perhaps none."""
        return replace(self, centres=self.centres[chosen], weights=self.weights[chosen])

    def correction(self, features: Array) -> Array:
        """(n, d) features -> (n, k), to be added to the scores."""
        corrected: Array = likeness(features, self.centres, self.reach) @ self.weights
        return corrected


def likeness(features: Array, centres: Array, reach: float) -> Array:
    """How like each centre each sign is.

    Parameters
    ----------
    features : (n, d) array of float32
        Of signs.
    centres : (m, d) array of float32
        What they are held against.
    reach : float
        Distance, > 0, at which likeness has fallen to exp(-1/2).

    Returns
    -------
    (n, m) array of float32
        0 to 1; 1 for the very same.
    """
    squares = (features**2).sum(axis=1)[:, np.newaxis] + (centres**2).sum(axis=1)
    distances = np.maximum(squares - 2 * (features @ centres.T), 0)
    return np.asarray(np.exp(distances / (-2 * reach**2)), np.float32)
