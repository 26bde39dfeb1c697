"""What is known of a page: passed from stage to stage, each adds what it finds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box
from inkread.core.page.components import Blob, Labels
from inkread.core.reading import Grey

Matrix = NDArray[np.float64]


class Reason(StrEnum):
    """Why something on a page is no text."""

    SPECK = "speck"
    SURPLUS = "more than can be looked at"
    SURROUNDINGS = "outside the page"
    FRAME = "frame around the page"
    LONG_THING = "thing lying on the page"
    RING = "ring around text"
    BINDING = "binding of a pad"


@dataclass(frozen=True, slots=True)
class Removed:
    """Something that is no text: where it was, px of the page as seen, and why it went."""

    reason: Reason
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class PageState:
    """A page on its way through the stages; arrays are never written to.

    Attributes
    ----------
    seen : (h, w) array of uint8
        The page as photographed, its sheet flat: for show. All lengths are px of it.
    to_file : (3, 3) array of float64
        Homography from px of the page to px of its file.
    is_rectified : bool
        Whether the page is a sheet that was found in the photo.
    quarters : int
        Quarters of a turn, 0 to 3, by which the page was turned anticlockwise.
    light_on_dark : bool
        Whether the ink is brighter than its background.
    mask : (h, w) array of uint8
        255 where there is ink, else 0.
    soft : (h, w) array of uint8
        Contrast of the ink, 0 (background) to 255, illumination evened out.
    labels : (h, w) array of int32
        Connected component of each pixel of `mask`, text or not; 0: background.
    blobs : tuple of Blob
        The components that may be text, the largest first.
    removed : tuple of Removed
        What is no text.
    """

    seen: Grey
    to_file: Matrix
    is_rectified: bool
    quarters: int
    light_on_dark: bool
    mask: Grey
    soft: Grey
    labels: Labels
    blobs: tuple[Blob, ...] = ()
    removed: tuple[Removed, ...] = ()

    def in_file(self, box: Box) -> Box:
        """The upright box, px of the file, around a box of the page."""
        return _mapped(self.to_file, box)

    def from_file(self, box: Box) -> Box:
        """The upright box, px of the page, around a box of the file."""
        return _mapped(np.asarray(np.linalg.inv(self.to_file), np.float64), box)

    def turned(self, quarters: int) -> PageState:
        """The page turned anticlockwise by quarters of a full turn."""
        quarters %= 4
        if quarters == 0:
            return self
        height, width = self.seen.shape
        # Where the upper left corner, one px to the right and one px down were before.
        there = {
            1: [[0, -1, width], [1, 0, 0]],
            2: [[-1, 0, width], [0, -1, height]],
            3: [[0, 1, 0], [-1, 0, height]],
        }[quarters]
        before = np.array([*there, [0, 0, 1]], np.float64)
        after = np.asarray(np.linalg.inv(before), np.float64)
        return replace(
            self,
            seen=_turned(self.seen, quarters),
            to_file=np.asarray(self.to_file @ before, np.float64),
            quarters=(self.quarters + quarters) % 4,
            mask=_turned(self.mask, quarters),
            soft=_turned(self.soft, quarters),
            labels=np.ascontiguousarray(np.rot90(self.labels, quarters)),
            blobs=tuple(
                replace(
                    blob,
                    box=_mapped(after, blob.box),
                    # An outline runs through the middles of pixels.
                    outline=_points(after, blob.outline + np.float32(0.5)) - np.float32(0.5),
                )
                for blob in self.blobs
            ),
            removed=tuple(replace(r, box=_mapped(after, r.box)) for r in self.removed),
        )


def _turned(grey: Grey, quarters: int) -> Grey:
    return np.ascontiguousarray(np.rot90(grey, quarters))


def _points(matrix: Matrix, points: NDArray[np.float32]) -> NDArray[np.float32]:
    there = cv2.perspectiveTransform(points[:, np.newaxis].astype(np.float64), matrix)
    return np.asarray(there[:, 0], np.float32)


def _mapped(matrix: Matrix, box: Box) -> Box:
    """The upright box around a box seen through a homography."""
    corners = [[x, y] for x in (box.x, box.right) for y in (box.y, box.bottom)]
    there = cv2.perspectiveTransform(np.array([corners], np.float64), matrix)[0]
    (x, y), (right, bottom) = there.min(axis=0).tolist(), there.max(axis=0).tolist()
    return Box(x, y, right - x, bottom - y)
