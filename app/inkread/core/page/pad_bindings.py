"""The binding of a pad: rings or holes along an edge of the page, told by how alike they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: They lie within this part of the page at one of its edges, and there are so many.
_EDGE = 0.15
_RINGS = 8
#: Nobody writes so many signs whose sides differ by no more than this, px apart, one after the
#: other in steps that differ by no more than that, along so much of the edge.
_ALIKE, _PIXELS = 0.15, 1.5
_STEADY = 0.2
_ALONG = 0.6
#: What else is in their row and no larger by more than this is one of them, cut or joined.
_LARGER = 1.6

Places = NDArray[np.float64]


def bindings(place: Places, page: tuple[int, int]) -> frozenset[int]:
    """Numbers of the blobs that bind the sheets of a pad.

    Parameters
    ----------
    place : (n, 4) array of float64
        Left, top, right and bottom of each blob, px of the page.
    page : (int, int)
        Height and width of the page, px.
    """
    found = set[int]()
    for along in (0, 1):
        length, depth = page[1 - along], page[along]
        low, high = place[:, 1 - along], place[:, 3 - along]
        for near in (high <= _EDGE * depth, low >= (1 - _EDGE) * depth):
            found.update(_row(place, np.flatnonzero(near), along, length))
    return frozenset(found)


def _row(place: Places, near: NDArray[np.intp], along: int, length: float) -> NDArray[np.intp]:
    """Those of the blobs near an edge that are of one binding."""
    none = np.zeros(0, np.intp)
    if len(near) < _RINGS:
        return none
    size = place[near, 2:] - place[near, :2]
    centre = (place[near, 2:] + place[near, :2]) / 2
    typical = np.median(size, axis=0)
    across = np.abs(centre[:, 1 - along] - np.median(centre[:, 1 - along]))
    in_row = across <= typical[1 - along] / 2
    alike = in_row & (np.abs(size - typical) <= _ALIKE * typical + _PIXELS).all(axis=1)
    at = np.sort(centre[alike, along])
    if len(at) < _RINGS or np.ptp(at) < _ALONG * length:
        return none
    steps = np.diff(at) / np.median(np.diff(at))
    if np.abs(steps - np.maximum(1, np.rint(steps))).max() > _STEADY:
        return none
    is_small = (size <= _LARGER * typical + _PIXELS).all(axis=1)
    return np.asarray(near[in_row & is_small])
