"""The connected components of a mask, counted quickly where they are few."""

from __future__ import annotations

from dataclasses import dataclass

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
    # px by which an outline is simplified; chosen: the steps of slanted lines vanish.
    outline: float = 1.0


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
    outline = cv2.approxPolyDP(max(contours, key=len), PARAMS.outline, True)[:, 0]
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
    count, found = cv2.connectedComponents(mask, connectivity=8)
    labels = np.asarray(found, np.int32)
    if count > PARAMS.few + mask.size // PARAMS.pixels:
        return labels, np.asarray(
            cv2.connectedComponentsWithStats(mask, connectivity=8)[2], np.int32
        )
    stats = np.zeros((count, 5), np.int32)
    outlines, nested = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    for outline, (_, _, _, inside) in zip(outlines, nested[0] if outlines else (), strict=True):
        if inside < 0:  # no hole
            x, y, width, height = cv2.boundingRect(outline)
            first_x, first_y = outline[0, 0]
            label = int(labels[first_y, first_x])
            own = cv2.inRange(labels[y : y + height, x : x + width], label, label)
            stats[label] = x, y, width, height, cv2.countNonZero(own)
    return labels, stats
