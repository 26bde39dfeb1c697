"""Pieces of lines, traced: for each px along a piece, where its middle lies across."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Plane = NDArray[np.float64]
Indexes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """A piece of a line of one direction.

    Attributes
    ----------
    start : int
        Where it begins along its direction, px.
    across : (n,) array of float64
        Its middle at each px from there on.
    width : float
        px.
    """

    start: int
    across: Plane
    width: float

    @property
    def end(self) -> int:
        """The px behind its last one."""
        return self.start + len(self.across)

    @property
    def length(self) -> int:
        return len(self.across)

    @property
    def middle(self) -> tuple[float, float]:
        """Along and across: the mean of both."""
        return self.start + (self.length - 1) / 2, float(self.across.mean())


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """All pieces of one direction, and what their pixels belong to."""

    chains: tuple[Chain, ...]
    places: tuple[tuple[int, int], ...]  # x, y of one pixel of each


def traced(mask: Grey, strength: Grey, is_level: bool, min_length: int) -> Traced:
    """The pieces of lines of a mask that are long enough.

    Parameters
    ----------
    mask, strength : (h, w) array of uint8
        As in `inkread.core.tables.line_maps.LineMaps`.
    is_level : bool
        Their direction.
    min_length : int
        px.
    """
    if not is_level:
        mask, strength = (np.ascontiguousarray(plane.T) for plane in (mask, strength))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    keep = np.flatnonzero(stats[:, cv2.CC_STAT_WIDTH] >= min_length)
    keep = keep[keep > 0]
    if not keep.size:
        return Traced((), ())
    starts, lengths = stats[keep, cv2.CC_STAT_LEFT], stats[keep, cv2.CC_STAT_WIDTH]
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    first = np.full(count, -1, np.int64)
    first[keep] = offsets[:-1] - starts
    across, along = np.nonzero(mask)
    own = labels[across, along]
    chosen = np.zeros(count, np.bool_)
    chosen[keep] = True
    is_kept = chosen[own]
    across, along, own = across[is_kept], along[is_kept], own[is_kept]
    key = first[own] + along
    weight = strength[across, along].astype(np.float64) ** 2 + 1e-3
    total = np.bincount(key, weight, offsets[-1])
    middle = np.bincount(key, weight * across, offsets[-1]) / np.maximum(total, 1e-9)
    width = np.bincount(key, minlength=offsets[-1])
    first_pixel = np.zeros(count, np.intp)
    first_pixel[own[::-1]] = np.arange(len(own))[::-1]
    chains, places = [], []
    for label, start, low, high in zip(
        keep.tolist(), starts.tolist(), offsets[:-1].tolist(), offsets[1:].tolist(), strict=True
    ):
        chains.append(Chain(start, middle[low:high], float(np.median(width[low:high]))))
        x, y = int(along[first_pixel[label]]), int(across[first_pixel[label]])
        places.append((x, y) if is_level else (y, x))
    return Traced(tuple(chains), tuple(places))
