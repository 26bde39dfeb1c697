"""Things on a page that are no writing, told by what else is there: a pen that lies on it, a ring
drawn around a number, the binding of a pad.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.ink import Points
from inkread.core.page.pad_bindings import bindings

#: A thing is at least so long, in parts of the page's longer side, and so many signs or more are
#: shorter by factors within these limits.
_LONG = 0.4
_SIGNS = 4
_LONGER = (3.5, 14.0)
#: A ring covers no more than this part of its box and encloses at least that part (an ellipse 0.79,
#: a 5 with a long flag over its neighbours next to nothing). It holds signs of no less than this
#: part of its height, and of its width taken together, that don't reach so near to its box; what
#: reaches to the border of the page is what is around the paper.
_HOLLOW, _ENCLOSING = 0.3, 0.6
_HELD_HEIGHT, _HELD_WIDTH = 0.3, 0.3
_ROOM = 0.04

Places = NDArray[np.float64]


def strangers(
    outlines: Sequence[Points], areas: Sequence[float], dots: frozenset[int], page: tuple[int, int]
) -> frozenset[int]:
    """Numbers of the blobs that are no writing.

    Parameters
    ----------
    outlines, areas : sequences of (n, 2) arrays of float32 and of float
        Of each blob: its outer outline, closed, and its own pixels, px of the page.
    dots : frozenset of int
        Numbers of blobs that are no signs.
    page : (int, int)
        Height and width of the page, px.
    """
    place = np.array([(*o.min(axis=0), *o.max(axis=0)) for o in outlines]).reshape(-1, 4)
    size = place[:, 2:] - place[:, :2] + 1
    sides = size.max(axis=1)
    is_sign = np.array([number not in dots for number in range(len(outlines))], bool)
    found = set[int]()
    for number, outline in enumerate(outlines):
        few, many = (sides[number] / limit for limit in _LONGER)
        is_long = sides[number] >= _LONG * max(page)
        if is_long and np.count_nonzero(is_sign & (sides <= few) & (sides >= many)) >= _SIGNS:
            found.add(number)
        covered = float(size[number].prod())
        is_ring = areas[number] <= _HOLLOW * covered and _is_inside(place[number], page)
        if is_ring and _holds(place[number], place[is_sign]):
            enclosed = float(cv2.contourArea(outline))
            if enclosed >= _ENCLOSING * covered:
                found.add(number)
    return bindings(place, page) | found


def _is_inside(ring: Places, page: tuple[int, int]) -> bool:
    """Whether a box does not reach to the border of the page."""
    height, width = page
    return bool(ring[:2].min() > 0 and ring[2] < width - 1 and ring[3] < height - 1)


def _holds(ring: Places, place: Places) -> bool:
    """Whether signs stand within a ring's box: left, top, right, bottom."""
    room = _ROOM * (ring[2:] - ring[:2])
    low, high = ring[:2] + room, ring[2:] - room
    within = ((place[:, :2] >= low) & (place[:, 2:] <= high)).all(axis=1)
    tall = place[:, 3] - place[:, 1] >= _HELD_HEIGHT * (ring[3] - ring[1])
    held = place[within & tall]
    wide = float(np.ptp(held[:, [0, 2]])) if len(held) else 0.0
    return wide >= _HELD_WIDTH * float(ring[2] - ring[0])
