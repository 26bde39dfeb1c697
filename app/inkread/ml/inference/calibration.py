"""How sure a network should be: one temperature that its logits are divided by.

Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural networks", section 4.2.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[Any]

#: So many samples are enough for one number.
ENOUGH = 2000
_LOWEST, _HIGHEST = 0.05, 10.0
_PRIOR = 10.0
"""Weight of the wish to stay at 1, in samples: a few right answers prove no certainty."""
_STEPS = 20


def best_temperature(logits: Scores, targets: NDArray[np.int64]) -> float:
    """The temperature under which held-out samples are least surprising.

    Parameters
    ----------
    logits : (n, k) array
        Scores before the softmax, or logarithms of probabilities.
    targets : (n,) array of int64
        What is right, in [0, k).

    Returns
    -------
    float
        Where -Σ log softmax(logits / T)[target] + ``_PRIOR`` (log T)² is least, from 0.05 to 10,
        to within 1 %; 1 without samples.
    """
    low, high = math.log(_LOWEST), math.log(_HIGHEST)
    golden = (math.sqrt(5) - 1) / 2
    for _ in range(_STEPS):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if _surprise(logits, targets, left) < _surprise(logits, targets, right):
            high = right
        else:
            low = left
    return math.exp((low + high) / 2)


def _surprise(logits: Scores, targets: NDArray[np.int64], log_temperature: float) -> float:
    scaled = logits / math.exp(log_temperature)
    behind = scaled - scaled.max(axis=1, keepdims=True, initial=-np.inf)
    logs = behind - np.log(np.exp(behind).sum(axis=1, keepdims=True))
    told = float(logs[np.arange(len(logs)), targets].sum(dtype=np.float64))
    return _PRIOR * log_temperature**2 - told
