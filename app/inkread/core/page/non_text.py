"""Things on a page that are no writing, told by what else is there: a pen that lies on it, a ring
drawn around a number, the binding of a pad.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.ink import Points
from inkread.core.page.blob_shapes import is_dot, is_frame, is_surrounding
from inkread.core.page.components import Blob, Labels
from inkread.core.page.pad_bindings import bindings
from inkread.core.page.state import Reason, Removed
from inkread.core.reading import Grey

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
#: Blobs lower and narrower than this, page px, are dirt.
_LEAST_BLOB = 6
#: Those down to this may be the points of small numbers where they are few: at most so
#: many for each larger one.
_LEAST_POINT = 3
_CLEAN = 0.5
#: No more than the largest so many blobs of a page are looked at: the work is bounded.
_MOST_BLOBS = 600

Places = NDArray[np.float64]


def text_blobs(
    labels: Labels, stats: NDArray[np.int32]
) -> tuple[tuple[Blob, ...], tuple[Removed, ...]]:
    """The components of a page that may be text, the largest first; and what is none.

    Parameters
    ----------
    labels, stats
        As of `inkread.core.page.components.components`.
    """
    page = labels.shape[0], labels.shape[1]
    removed = list[Removed]()
    blobs = list[Blob]()
    for label in _large(stats):
        box = Box(*(float(v) for v in stats[label, :4]))
        area = int(stats[label, cv2.CC_STAT_AREA])
        blob = Blob(label, box, area, np.zeros((0, 2), np.float32), False)
        own = blob.own(labels)
        outline = outline_of(own, box.x, box.y)
        if is_surrounding(outline, box, page):
            removed.append(Removed(Reason.SURROUNDINGS, box))
        elif is_frame(outline, area, box, page):
            removed.append(Removed(Reason.FRAME, box))
        else:
            blobs.append(Blob(label, box, area, outline, is_dot(own)))
    dots = frozenset(i for i, blob in enumerate(blobs) if blob.is_dot)
    strange = strangers([b.outline for b in blobs], [float(b.area) for b in blobs], dots, page)
    removed += [Removed(Reason.RING, blobs[i].box) for i in sorted(strange)]
    return tuple(blob for i, blob in enumerate(blobs) if i not in strange), tuple(removed)


def _large(stats: NDArray[np.int32]) -> list[int]:
    """Labels of the components that are large enough, the largest first."""
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    large = [i for i in range(1, len(stats)) if sides[i] >= _LEAST_BLOB]
    tiny = [i for i in range(1, len(stats)) if _LEAST_POINT <= sides[i] < _LEAST_BLOB]
    if len(tiny) <= _CLEAN * len(large):
        large += tiny
    return sorted(large, key=lambda i: -int(stats[i, cv2.CC_STAT_AREA]))[:_MOST_BLOBS]


def outline_of(own: Grey, x: float, y: float) -> Points:
    """The closed outer outline of a picture's largest blob, in a page where it stands at (x, y)."""
    contours, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = cv2.approxPolyDP(max(contours, key=len), 1.0, True)[:, 0]
    closed = np.concatenate([outline, outline[:1]]).astype(np.float32)
    return np.asarray(closed + np.array([x, y], np.float32), np.float32)


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
