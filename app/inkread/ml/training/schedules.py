"""Learning rate schedules: from the progress of a run to a factor of the highest rate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol


class Schedule(Protocol):
    """Learning rate over a run."""

    def factor(self, progress: float) -> float:
        """The rate, as a share of the highest rate.

        Parameters
        ----------
        progress : float
            Share of all steps that is done, in [0, 1].

        Returns
        -------
        float
            In [0, 1].
        """
        ...


@dataclass(frozen=True)
class Constant:
    """Constant rate."""

    def factor(self, progress: float) -> float:  # noqa: ARG002
        """1."""
        return 1.0


@dataclass(frozen=True)
class StepDecay:
    """Falls by a factor at equal intervals.

    Parameters
    ----------
    drops : int
        Number of drops.
    by : float
        Factor of each drop, in (0, 1].
    """

    drops: int = 2
    by: float = 0.1

    def factor(self, progress: float) -> float:
        """by^(number of drops so far)."""
        return float(self.by ** min(self.drops, int(progress * (self.drops + 1))))


@dataclass(frozen=True)
class Cosine:
    """Half a cosine from 1 down to ``end`` (Loshchilov and Hutter 2017, without restarts).

    Parameters
    ----------
    end : float
        The last factor, in [0, 1].
    warm_up : float
        Share of the run in which the rate first rises linearly from 0 (Goyal et al. 2017, 2.2).
    """

    end: float = 0.0
    warm_up: float = 0.0

    def factor(self, progress: float) -> float:
        """end + (1 - end) (1 + cos πp) / 2, p from 0 to 1 after the warm-up."""
        if progress < self.warm_up:
            return progress / self.warm_up
        rest = (progress - self.warm_up) / max(1 - self.warm_up, 1e-9)
        return self.end + (1 - self.end) * _half_cosine(rest)


@dataclass(frozen=True)
class OneCycle:
    """Rises and falls once (Smith and Topin 2018), both as half a cosine.

    Parameters
    ----------
    start, end : float
        First and last factor, in [0, 1].
    peak : float
        Share of the run at which the rate is highest, in (0, 1).
    """

    start: float = 0.04
    end: float = 0.0
    peak: float = 0.3

    def factor(self, progress: float) -> float:
        """From start up to 1 at the peak, then down to end."""
        if progress < self.peak:
            return 1 - (1 - self.start) * _half_cosine(progress / self.peak)
        return self.end + (1 - self.end) * _half_cosine((progress - self.peak) / (1 - self.peak))


def _half_cosine(p: float) -> float:
    """From 1 at 0 down to 0 at 1."""
    return (1 + math.cos(math.pi * min(p, 1.0))) / 2
