"""Temperature scaling: divide the logits by one temperature.

Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural networks", section 4.2.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[Any]

#: Maximum number of samples; enough to fit one parameter.
MAX_SAMPLES = 2000
_MIN_TEMPERATURE, _MAX_TEMPERATURE = 0.05, 10.0
_PRIOR = 10.0
"""Weight of the prior at temperature 1: a few correct answers prove no certainty."""
_STEPS = 20


def best_temperature(logits: Scores, targets: NDArray[np.int64]) -> float:
    """Fit the temperature to held-out samples by maximum likelihood with a prior.

    Parameters
    ----------
    logits : (n, k) array
        Inputs of the softmax, or logarithms of probabilities.
    targets : (n,) array of int64
        True classes, in [0, k).

    Returns
    -------
    float
        Minimiser of -Σ log softmax(logits / T)[target] + ``_PRIOR`` (log T)² in
        0.05 to 10, to within 1 %; 1 without samples.
    """
    low, high = math.log(_MIN_TEMPERATURE), math.log(_MAX_TEMPERATURE)
    golden = (math.sqrt(5) - 1) / 2
    for _ in range(_STEPS):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if _objective(logits, targets, left) < _objective(logits, targets, right):
            high = right
        else:
            low = left
    return math.exp((low + high) / 2)


def _objective(logits: Scores, targets: NDArray[np.int64], log_temperature: float) -> float:
    scaled = logits / math.exp(log_temperature)
    shifted = scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    likelihood = float(logs[np.arange(len(logs)), targets].sum(dtype=np.float64))
    return _PRIOR * log_temperature**2 - likelihood
