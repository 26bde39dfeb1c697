"""RBF memory: corrects the logits of inputs near its centres and leaves all others unchanged."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkread.ml.gradients.registry import Array


@dataclass(frozen=True, slots=True, eq=False)
class RbfMemory:
    """A correction c(x) = k(x) W of a network's logits, k(x)_j = exp(-|x - c_j|² / 2r²).

    Radial basis functions on a network's features (Broomhead and Lowe 1988): the correction,
    and with it the possible forgetting, fades with the distance from the centres.

    Attributes
    ----------
    centres : (m, d) array of float32
        Features of the remembered examples; m at least 1.
    bandwidth : float
        r, > 0.
    weights : (m, k) array of float32
        What each centre adds to the logit of each class.
    """

    centres: Array
    bandwidth: float
    weights: Array

    def take(self, mask: NDArray[np.bool_]) -> RbfMemory:
        """The centres where the mask is true; there may be none."""
        return replace(self, centres=self.centres[mask], weights=self.weights[mask])

    def correction(self, features: Array) -> Array:
        """(n, d) features -> (n, k), to be added to the logits."""
        corrected: Array = rbf_kernel(features, self.centres, self.bandwidth) @ self.weights
        return corrected


def rbf_kernel(features: Array, centres: Array, bandwidth: float) -> Array:
    """Gaussian kernel of each input with each centre.

    Parameters
    ----------
    features : (n, d) array of float32
        Of the inputs.
    centres : (m, d) array of float32
        Features that they are compared with.
    bandwidth : float
        Distance, > 0, at which the kernel has fallen to exp(-1/2).

    Returns
    -------
    (n, m) array of float32
        0 to 1; 1 for equal features.
    """
    squares = (features**2).sum(axis=1)[:, np.newaxis] + (centres**2).sum(axis=1)
    distances = np.maximum(squares - 2 * (features @ centres.T), 0)
    return np.asarray(np.exp(distances / (-2 * bandwidth**2)), np.float32)
