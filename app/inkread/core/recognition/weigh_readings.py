"""How probable each of several readings of a line is, by all that speaks for and against it.

A conditional logit (McFadden 1974): the odds of two readings are the exponential of the weighted
difference of their evidence. One more choice stands for all texts that are not among them. The
weights are fitted by `tests.benchmarks.weights`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from inkread.core.line_labels import OTHER


class Costs(NamedTuple):
    """What speaks against a reading, of the ink of its signs."""

    #: Nats of its digits by the network of cells, of the one that fits least.
    worst: float = 0.0
    #: Groups that have no sign in them.
    left: int = 0
    #: Signs, no digits, without ink of their own.
    cut: int = 0
    #: Signs with more or fewer parts than they should have.
    parts: int = 0
    #: Small ink that is no sign's, or a digit's that does not need it.
    stray: int = 0
    #: Such ink that is a sign by its shape and place.
    missed: int = 0
    #: The same before the first digit or behind the last one, where a point is plain.
    ends: int = 0


class Evidence(NamedTuple):
    """What speaks for a reading, or weights of it (nats)."""

    #: Logarithm of its probability by the network for lines.
    line: float
    worst: float
    left: float
    cut: float
    parts: float
    stray: float
    missed: float
    ends: float
    #: Signs in it that look like digits: slashes like ones, colons like ones that run dry.
    slashes: float
    colons: float
    #: Signs in it that are no known ones.
    others: float
    #: 1 if the network of cells alone reads the same.
    agrees: float

    @classmethod
    def of(cls, text: str, log_probability: float, costs: Costs, alone: str) -> Evidence:
        """The evidence for a text; `alone` is what the network of cells alone reads."""
        signs = text.count("/"), text.count(":"), text.count(OTHER)
        return cls(log_probability, *costs, *signs, float(text == alone))


WEIGHTS = Evidence(
    line=1.16, worst=-0.1, left=-2.07, cut=-0.99, parts=-1.07, stray=-0.16, missed=-1.78,
    ends=-6.0, slashes=0.8, colons=-0.01, others=-1.59, agrees=0.94,
)  # fmt: skip
#: Nats of all texts that are not among the readings, and more of them for each sign.
UNKNOWN, UNKNOWN_SIGN = -3.75, 0.02


def probabilities(
    readings: Mapping[str, Evidence], priors: Sequence[float] | NDArray[np.float64] | None = None
) -> NDArray[np.float64]:
    """Of each reading, 0 to 1; they add up to less than 1.

    Parameters
    ----------
    readings : mapping of str to Evidence
        At least one text, and the evidence for it; the length of the first stands for that of
        the texts that are not among them.
    priors : sequence of float, optional
        Nats for each reading that do not come from its ink.
    """
    signs = len(next(iter(readings)))
    scores = np.array(list(readings.values())) @ np.array(WEIGHTS)
    if priors is not None:
        scores = scores + np.asarray(priors)
    scores = np.append(scores, UNKNOWN + UNKNOWN_SIGN * signs)
    odds = np.exp(scores - scores.max())
    return np.asarray(odds[:-1] / odds.sum())
