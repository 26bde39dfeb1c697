"""How lines of one direction lie on a page that is seen at an angle, or is bent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inkread.core.tables.chains import Chain

Plane = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the slopes."""

    # px along a piece whose slope is taken; chosen: a digit's strokes are shorter.
    piece: int = 24
    # Ridge penalties of the change of slope along, across, and of both; chosen: a grid of 100 px
    # and few lines stays straight, one of 1000 px follows the paper.
    penalties: tuple[float, ...] = (1e-3, 60.0, 60.0, 60.0, 60.0)
    # Steps from a piece to the middle; chosen: error below 0.1 px.
    steps: int = 4
    # Slope off the others that is an outlier; chosen: 3 degrees.
    outlier: float = 0.05


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class SlopeField:
    """The slope of lines of one direction at each place, a polynomial of the place.

    Attributes
    ----------
    middle : (float, float)
        Along and across, px.
    size : float
        px that count as 1.
    factors : (5,) array of float64
        Of 1, along, across, along², along · across.
    """

    middle: tuple[float, float]
    size: float
    factors: Plane

    def at(self, along: Plane, across: Plane) -> Plane:
        u = (along - self.middle[0]) / self.size
        v = (across - self.middle[1]) / self.size
        one, first, second, square, both = self.factors.tolist()
        return np.asarray(one + u * (first + square * u + both * v) + second * v)

    def carried(self, along: Plane, across: Plane, to: Plane | float) -> Plane:
        """Where lines through some places lie at other places along."""
        step = (np.asarray(to, np.float64) - along) / PARAMS.steps
        along, across = along.astype(np.float64), across.astype(np.float64)
        for _ in range(PARAMS.steps):
            half = across + step / 2 * self.at(along, across)
            across = across + step * self.at(along + step / 2, half)
            along = along + step
        return across


def _terms(along: Plane, across: Plane, middle: tuple[float, float], size: float) -> Plane:
    u, v = (along - middle[0]) / size, (across - middle[1]) / size
    u, v = np.broadcast_arrays(u, v)
    return np.stack([np.ones_like(u), u, v, u * u, u * v], axis=-1)


def slope_field(chains: Sequence[Chain], middle: tuple[float, float], size: float) -> SlopeField:
    """The slopes of some pieces of lines, as one field.

    Parameters
    ----------
    chains : sequence of Chain
        Digits' strokes among them count little: they are short.
    middle : (float, float)
        Of the grid, along and across, px.
    size : float
        Half of its longer side, px.
    """
    rows = []
    for chain in chains:
        count = max(1, chain.length // PARAMS.piece)
        bounds = np.linspace(0, chain.length - 1, count + 1).astype(np.intp)
        low, high = bounds[:-1], bounds[1:]
        run = np.maximum(high - low, 1)
        slope = (chain.across[high] - chain.across[low]) / run
        weight = run * min(1.0, chain.length / size)
        along = chain.start + (low + high) / 2
        rows.append(np.stack([along, chain.across[(low + high) // 2], slope, weight]))
    along, across, slope, weight = np.concatenate(rows, axis=1)
    terms = _terms(along, across, middle, size)
    factors = np.zeros(5)
    order = np.argsort(slope)
    share = np.cumsum(weight[order])
    factors[0] = slope[order][np.searchsorted(share, share[-1] / 2)]
    for _ in range(3):
        off = slope - terms @ factors
        robust = weight / (1 + (off / PARAMS.outlier) ** 2)
        left = terms.T @ (terms * robust[:, np.newaxis]) + np.diag(PARAMS.penalties)
        factors = np.linalg.solve(left, terms.T @ (robust * slope))
    return SlopeField(middle, size, factors)
