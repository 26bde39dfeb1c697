"""Classifies blobs by shape alone: text, a dot or dash, surroundings of the page, a frame.

Text is made of lines: it is several line widths long. A blob as wide as it is long and full is a
dot (or a smudge, a square, a punched hole); a low, wide and full one is a dash. Either may belong
to a glyph, but none is one. Blobs along the border of the picture are outside the page: a shadow,
a vignette, a table; a thin rectangle around nearly the whole page is a frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inkread.core.geometry import Box
from inkread.core.ink import Points
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the shapes."""

    # Length over the diameter of the largest circle in it; measured: of 15,000 digits of MNIST,
    # scikit-learn and others none is below 1.5; discs and squares have 1.
    dot: float = 1.35
    # Width over height of a dash; chosen: no digit is so wide and so full.
    dash: float = 1.8
    # Share of its box that a dash fills; chosen: as above.
    full: float = 0.6
    # px; chosen: in smaller blobs single px count, only the slow test is sure.
    plainly_large: int = 20
    # Area over the squared length; chosen: a dot has pi / 4 / 1.35^2 = 0.43 at least.
    plainly_thin: float = 0.3
    # px of the longer side at which the circle is looked for; chosen: bounds the work, it is found
    # to 0.3 %.
    side: int = 320
    # Share of a blob's outline along the border; measured: digits that fill a tight picture have
    # less than 0.5, half planes and corners more.
    along_border: float = 0.52
    # px from the border that count as on it, share of the longer side; chosen: the blur of it.
    near_border: float = 0.004
    # Share of the rectangle around it that a frame encloses; chosen: a drawn ellipse has 0.79.
    rectangular: float = 0.95
    # Share of the page that a frame holds each way; chosen: text boxes are smaller.
    framed: float = 0.7
    # Ink of a frame over the area it encloses; chosen: a sheet on a table has more.
    hollow: float = 0.35


PARAMS = Params()


def is_dot(blob: Grey) -> bool:
    """Whether a blob is no glyph of its own.

    Parameters
    ----------
    blob : (h, w) array of uint8
        The blob's bounding box; its own pixels are not 0.
    """
    height, width = blob.shape
    longest, area = max(height, width), cv2.countNonZero(blob)
    if width >= PARAMS.dash * height and area >= PARAMS.full * blob.size:
        return True
    if longest >= PARAMS.plainly_large and area < PARAMS.plainly_thin * longest**2:
        return False
    step = max(1, longest // PARAMS.side)
    return bool(longest < PARAMS.dot * 2 * step * inner_radius(blob[::step, ::step]))


def inner_radius(blob: Grey, window: int = 5) -> float:
    """Radius of the largest circle in a blob with background all around, px.

    Parameters
    ----------
    blob : (h, w) array of uint8
        Not 0 where the blob is.
    window : int
        Of the distance transform, px: 3 or 5, which is slower and more exact.
    """
    room = cv2.copyMakeBorder(blob, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return float(cv2.distanceTransform(room, cv2.DIST_L2, window).max())


def is_surrounding(outline: Points, box: Box, page: tuple[int, int]) -> bool:
    """Whether most of a blob's outline lies on the border of the page; arguments of `is_frame`."""
    height, width = page
    near = PARAMS.near_border * max(page)
    room = min(box.x, box.y, width - box.right, height - box.bottom)
    if room > near:
        return False
    x, y = outline.T
    on = np.stack([x <= near, x >= width - 1 - near, y <= near, y >= height - 1 - near])
    steps = np.hypot(*np.diff(outline, axis=0).T)
    along = (on[:, 1:] & on[:, :-1]).any(axis=0)
    return float(steps[along].sum()) >= PARAMS.along_border * float(steps.sum()) > 0


def is_frame(outline: Points, area: float, box: Box, page: tuple[int, int]) -> bool:
    """Whether a blob is a rectangle drawn around nearly all of the page.

    Parameters
    ----------
    outline : (n, 2) array of float32
        Closed, px of the page.
    area : float
        Pixels of the blob itself.
    box : Box
        Around it, px of the page.
    page : (int, int)
        Height and width of the page, px.
    """
    height, width = page
    if box.width < PARAMS.framed * width or box.height < PARAMS.framed * height:
        return False
    enclosed = float(cv2.contourArea(outline))
    around = cv2.minAreaRect(outline)[1]
    is_rectangle = enclosed >= PARAMS.rectangular * around[0] * around[1]
    return is_rectangle and area <= PARAMS.hollow * enclosed
