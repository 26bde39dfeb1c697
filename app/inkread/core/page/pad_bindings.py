"""The binding of a pad: rings or holes along an edge of the page, recognised by how alike they
are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the bindings."""

    # Share of the page in which they lie at one of its edges; chosen: rings reach no farther.
    edge: float = 0.15
    # Rings; chosen: eight handwritten glyphs have less even steps.
    rings: int = 8
    # Share of the typical side by which sides differ; chosen: the perspective.
    alike: float = 0.15
    # px by which they differ beyond that; chosen: the rounding of both edges.
    pixels: float = 1.5
    # Share of a step by which steps differ; chosen: handwriting varies by more.
    steady: float = 0.2
    # Share of the edge along which they lie; chosen: a number of eight digits is shorter.
    along: float = 0.6
    # Size of others along the edge over the typical one; chosen: rings cut or joined.
    larger: float = 1.6


PARAMS = Params()

Places = NDArray[np.float64]


def find_bindings(place: Places, page: tuple[int, int]) -> frozenset[int]:
    """Indices of the blobs that bind the sheets of a pad.

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
        for near in (high <= PARAMS.edge * depth, low >= (1 - PARAMS.edge) * depth):
            found.update(_row(place, np.flatnonzero(near), along, length).tolist())
    return frozenset(found)


def _row(place: Places, near: NDArray[np.intp], along: int, length: float) -> NDArray[np.intp]:
    """Those of the blobs near an edge that belong to one binding."""
    none = np.zeros(0, np.intp)
    if len(near) < PARAMS.rings:
        return none
    size = place[near, 2:] - place[near, :2]
    centre = (place[near, 2:] + place[near, :2]) / 2
    typical = np.median(size, axis=0)
    across = np.abs(centre[:, 1 - along] - np.median(centre[:, 1 - along]))
    in_row = across <= typical[1 - along] / 2
    alike = np.abs(size - typical) <= PARAMS.alike * typical + PARAMS.pixels
    at = np.sort(centre[in_row & alike.all(axis=1), along])
    if len(at) < PARAMS.rings or np.ptp(at) < PARAMS.along * length:
        return none
    steps = np.diff(at) / np.median(np.diff(at))
    if np.abs(steps - np.maximum(1, np.rint(steps))).max() > PARAMS.steady:
        return none
    is_small = (size <= PARAMS.larger * typical + PARAMS.pixels).all(axis=1)
    return np.asarray(near[in_row & is_small])
