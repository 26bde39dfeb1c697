"""Temperature scaling: divide the logits by one temperature, of single digits or of lines.

Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural networks", section 4.2.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inkread.core.recognition.ctc_decode import softmax
from inkread.core.recognition.ctc_lattice import lattice

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
    return _minimiser(lambda log_temperature: _objective(logits, targets, log_temperature))


@dataclass(frozen=True, slots=True, eq=False)
class ReadLine:
    """A held-out line and how a line network reads it.

    Attributes
    ----------
    logits : (T, k + 1) array of float32
        Of each step, T >= 1, not divided by any temperature; the last column is blank.
    labels : tuple of int
        Its text, columns of `logits`.
    free : tuple of int
        Columns of the signs that may stand in it without a label; they count as blank.
    """

    logits: NDArray[np.float32]
    labels: tuple[int, ...]
    free: tuple[int, ...] = ()


def best_line_temperature(lines: Sequence[ReadLine]) -> float:
    """Fit the temperature to whole lines: as `best_temperature`, with the probability of each text,
    all its alignments summed up, in the place of the softmax.

    Parameters
    ----------
    lines : sequence of ReadLine
        Lines that the network was not trained on.
    """
    return _minimiser(
        lambda log_temperature: (
            _PRIOR * log_temperature**2
            - sum(_log_probability(line, math.exp(log_temperature)) for line in lines)
        )
    )


def _log_probability(line: ReadLine, temperature: float) -> float:
    probabilities = softmax(line.logits / np.float32(temperature))
    free = list(line.free)
    probabilities[:, -1] += probabilities[:, free].sum(axis=1)
    probabilities[:, free] = 0.0
    scales = probabilities.max(axis=1)
    found = lattice(probabilities / scales[:, np.newaxis], [line.labels]).sums[0]
    return math.log(max(float(found), np.finfo(np.float64).tiny)) + float(np.log(scales).sum())


def _minimiser(objective: Callable[[float], float]) -> float:
    """The temperature whose logarithm has the least objective, by golden sections."""
    low, high = math.log(_MIN_TEMPERATURE), math.log(_MAX_TEMPERATURE)
    golden = (math.sqrt(5) - 1) / 2
    for _ in range(_STEPS):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if objective(left) < objective(right):
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
