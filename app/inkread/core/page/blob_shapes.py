"""What a blob of a page is by its shape alone: writing, a mere dot or dash, or no ink at all.

Writing is made of lines: it is several line widths long. What is as wide as it is long and full is
a dot (or a smudge, a square, a hole that was punched); what is low, wide and full is a dash. Either
may belong to a glyph, but none is one. What hugs the border of the picture is the world around the
paper, a shadow or a vignette; a thin rectangle around nearly the whole page is a frame.
"""

from __future__ import annotations

import cv2
import numpy as np

from inkread.core.geometry import Box
from inkread.core.ink import Points
from inkread.core.reading import Grey

#: A blob shorter than so many diameters of the largest circle in it is a dot. Of 15,000 digits of
#: MNIST, scikit-learn and others none is below 1.5; discs and squares have 1, a fat 0 is longer.
_DOT = 1.35
#: A blob so much wider than high, of which so much is full, is a dash.
_DASH = 1.8
#: The circle that makes a dot of so large a blob has more than this part of its longer side squared
#: (pi / 4 / 1.35^2 = 0.43), so that nobody need look for it in one that has less.
_PLAINLY_LARGE, _PLAINLY_THIN = 20, 0.3
_FULL = 0.6
#: So much of a blob's outline lies on the border of the picture. Digits that fill a tight picture
#: have less than 0.5; half planes and corners have more.
_HUGGING = 0.52
#: So far from the border still counts as on it, as a part of the longer side.
_NEAR_BORDER = 0.004
#: A frame fills so much of the rectangle around it, and holds so much of the page each way.
_RECTANGULAR = 0.95
_FRAMES = 0.7
#: A frame's own ink is at most so much of what it encloses.
_HOLLOW = 0.35


def is_dot(blob: Grey) -> bool:
    """Whether a blob is no glyph of its own.

    Parameters
    ----------
    blob : (h, w) array of uint8
        The blob's bounding box; its own pixels are not 0.
    """
    height, width = blob.shape
    longest, area = max(height, width), cv2.countNonZero(blob)
    if width >= _DASH * height and area >= _FULL * blob.size:
        return True
    if longest >= _PLAINLY_LARGE and area < _PLAINLY_THIN * longest**2:
        return False
    room = cv2.copyMakeBorder(blob, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    diameter = 2 * float(cv2.distanceTransform(room, cv2.DIST_L2, 5).max())
    return bool(longest < _DOT * diameter)


def is_surrounding(outline: Points, box: Box, page: tuple[int, int]) -> bool:
    """Whether most of a blob's outline lies on the border of the page; as `is_frame`."""
    height, width = page
    near = _NEAR_BORDER * max(page)
    room = min(box.x, box.y, width - box.right, height - box.bottom)
    if room > near:
        return False
    x, y = outline.T
    on = np.stack([x <= near, x >= width - 1 - near, y <= near, y >= height - 1 - near])
    steps = np.hypot(*np.diff(outline, axis=0).T)
    along = (on[:, 1:] & on[:, :-1]).any(axis=0)
    return float(steps[along].sum()) >= _HUGGING * float(steps.sum()) > 0


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
    if box.width < _FRAMES * width or box.height < _FRAMES * height:
        return False
    enclosed = float(cv2.contourArea(outline))
    around = cv2.minAreaRect(outline)[1]
    is_rectangle = enclosed >= _RECTANGULAR * around[0] * around[1]
    return is_rectangle and area <= _HOLLOW * enclosed
