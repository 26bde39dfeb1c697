"""Finds empty tick boxes: small squares of a form, several of one size.

They are smaller than boxes to write in, and a row of them looks like a row of zeros. A square has
corners; of a 0 the corners of its bounding box are empty, however straight its sides are.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from inkread.core.geometry import Box
from inkread.core.page.components import Labels, own_of
from inkread.core.quantiles import median
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the tick boxes."""

    # px, of a side; chosen: in a smaller square no corners are seen.
    min_side: int = 8
    # Shorter over longer side; chosen: a written 0 is higher than wide, mostly.
    aspect: float = 0.8
    # Share of a side, width of its line at most; chosen: bold print is thinner.
    line: float = 0.22
    # Share of a side that its line covers; chosen: that of a 0 is round.
    covered: float = 0.93
    # Share of a side between a corner of the bounding box and the ink; chosen: of a circle it is
    # 0.2, of a square that is turned by 3 degrees 0.05.
    corner: float = 0.07
    # px, the same where it is small; chosen: corners are blurred by as much.
    blur: float = 1.5
    # Share of the middle that is ink; chosen: a speck, no tick.
    ink: float = 0.03
    # Boxes as large as one another; chosen: two may be a square 0 each.
    min_count: int = 3
    # Share of the middle size by which theirs differ; chosen: those of one form are alike.
    alike: float = 0.12
    # Blobs that are looked at; chosen: bounds the work, a form has fewer.
    max_blobs: int = 600


PARAMS = Params()


def find_tick_boxes(labels: Labels, stats: Labels) -> list[tuple[int, Box]]:
    """The labels and bounding boxes of the empty tick boxes of a page; none if they are few.

    Parameters
    ----------
    labels, stats
        As of `inkread.core.page.components.components`.
    """
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    low, high = sides.min(axis=1), sides.max(axis=1)
    fits = (low >= PARAMS.min_side) & (low >= PARAMS.aspect * high)
    fits[:1] = False
    found = list[tuple[int, Box]]()
    for label in np.flatnonzero(fits)[: PARAMS.max_blobs].tolist():
        box = Box(*(float(value) for value in stats[label, :4]))
        if is_tick_box(own_of(labels, label, box)):
            found.append((label, box))
    size = median([box.longest_side for _, box in found] or [0.0])
    room = max(PARAMS.blur, PARAMS.alike * size)
    found = [each for each in found if abs(each[1].longest_side - size) <= room]
    return found if len(found) >= PARAMS.min_count else []


def is_tick_box(own: Grey) -> bool:
    """Whether a blob is an empty square with corners.

    Parameters
    ----------
    own : (h, w) array of uint8
        Its bounding box; its own pixels are not 0.
    """
    height, width = own.shape
    side = min(own.shape)
    line = max(2, round(PARAMS.line * side))
    if np.count_nonzero(own[line:-line, line:-line]) > PARAMS.ink * own.size:
        return False
    ends = own[:line], own[-line:], own[:, :line].T, own[:, -line:].T
    if min(float(end.any(axis=0).mean()) for end in ends) < PARAMS.covered:
        return False
    y, x = np.nonzero(own)
    most = max(PARAMS.blur, PARAMS.corner * side)
    corners = ((0, 0), (0, width - 1), (height - 1, 0), (height - 1, width - 1))
    return all(float(np.hypot(y - at[0], x - at[1]).min()) <= most for at in corners)
