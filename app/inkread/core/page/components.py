"""The connected components of a mask, counted quickly where they are few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.ink import Points
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the components."""

    # px of a mask; measured: OpenCV's statistics take for these as long as one blob by itself.
    pixels: int = 3000
    # Blobs; chosen: few are quicker counted one by one in any mask.
    few: int = 8
    # Starts of runs, share of the mask; measured: following the outlines of more takes longer than
    # OpenCV's statistics, 48 ms of 12 megapixels.
    max_runs: float = 0.02
    # Boxes of the blobs together, pages; chosen: bounds the work, text has less than one, rings
    # around one another have as many as they are.
    max_pages: float = 2.0
    # px by which an outline is simplified; chosen: the steps of slanted lines vanish.
    outline: float = 1.0
    # Points of an outline that are looked at; chosen: bounds the work, which grows with the square
    # of a spiral's; a page of 12 megapixels has 14,000 px around it.
    max_points: int = 1 << 15


PARAMS = Params()

Labels = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Blob:
    """A connected component that may be text.

    Attributes
    ----------
    label : int
        Its label.
    box : Box
        Its bounding box, whole px of the page.
    area : int
        Its pixels.
    outline : (n, 2) array of float32
        Its closed outer outline through the middles of pixels, px of the page.
    is_dot : bool
        Whether its shape is that of a dot or dash: part of a glyph, but none by itself.
    """

    label: int
    box: Box
    area: int
    outline: Points
    is_dot: bool


def own_of(labels: Labels, label: int, box: Box) -> Grey:
    """1 where a component is, 0 elsewhere in its bounding box."""
    x, y = int(box.x), int(box.y)
    window = labels[y : int(box.bottom), x : int(box.right)]
    return np.asarray((window == label).view(np.uint8))


def outline_of(own: Grey, x: float, y: float) -> Points:
    """The closed outer outline of a picture's largest blob, in a page where it stands at (x, y)."""
    contours, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    longest = max(contours, key=len)
    longest = np.ascontiguousarray(longest[:: 1 + len(longest) // PARAMS.max_points])
    outline = cv2.approxPolyDP(longest, PARAMS.outline, True)[:, 0]
    closed = np.concatenate([outline, outline[:1]]).astype(np.float32)
    return np.asarray(closed + np.array([x, y], np.float32), np.float32)


def components(mask: Grey) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Label the components of a mask; neighbours across a corner are connected.

    Parameters
    ----------
    mask : (h, w) array of uint8
        Not 0 where there is ink.

    Returns
    -------
    labels : (h, w) array of int32
        0: no ink.
    stats : (n, 5) array of int32
        x, y, width, height and area of every label, px, as OpenCV's; nothing is said of label 0.
    """
    if runs_of(mask) > PARAMS.max_runs * mask.size:
        return _counted(mask)
    count, found = cv2.connectedComponents(mask, connectivity=8)
    labels, few = np.asarray(found, np.int32), PARAMS.few + mask.size // PARAMS.pixels
    outlines = _outlines(mask) if count <= few else None
    # A component with many holes has many outlines, and no more labels than its own.
    if outlines is None or len(outlines) > few:
        return _counted(mask)
    stats = np.zeros((count, 5), np.int32)
    for outline in outlines:
        first_x, first_y = outline[0, 0]
        own = stats[labels[first_y, first_x]]
        box = cv2.boundingRect(outline)
        if box[2] * box[3] > own[2] * own[3]:  # the others are those of holes
            own[:4] = box
    boxes = stats[:, cv2.CC_STAT_WIDTH].astype(np.int64) * stats[:, cv2.CC_STAT_HEIGHT]
    if boxes.sum() > PARAMS.max_pages * mask.size:
        return _counted(mask)
    for label, (x, y, width, height, _) in enumerate(stats[1:].tolist(), 1):
        window = labels[y : y + height, x : x + width]
        stats[label, cv2.CC_STAT_AREA] = cv2.countNonZero(cv2.inRange(window, label, label))
    return labels, stats


def _counted(mask: Grey) -> tuple[Labels, Labels]:
    """Labels and statistics of any mask, as OpenCV finds them."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return np.asarray(labels, np.int32), np.asarray(stats, np.int32)


def runs_of(mask: Grey) -> int:
    """How many runs of ink the rows of a mask have that begin after its first column: the work
    that following its outlines takes.
    """
    return cv2.countNonZero(cv2.subtract(mask[:, 1:], mask[:, :-1])) if mask.shape[1] > 1 else 0


def _outlines(mask: Grey) -> Sequence[NDArray[np.int32]]:
    """The outlines of the components of a mask and of their holes."""
    # In no order: to order holes takes OpenCV a time that grows with the square of their count.
    found, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    return cast("Sequence[NDArray[np.int32]]", found)
