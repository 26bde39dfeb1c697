"""A page as it is read: flattened, cropped or turned, and the way back to the file's pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.geometry import Box, bounds
from inkread.core.page.sheet import rectify_sheet
from inkread.core.page.state import PageState
from inkread.core.picture.page import Page
from inkread.core.reading import Grey, Reading

Matrix = NDArray[np.float64]


def flattened(page: Page) -> View:
    """The sheet of a page, flat and without its table; all of the page if no sheet is seen."""
    to_file = np.diag([1 / page.scale, 1 / page.scale, 1.0])
    state = rectify_sheet(PageState.of(page.grey, to_file))
    return View.seen(state.seen, state.to_file) if state.is_rectified else View(page)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What is read of a page.

    Attributes
    ----------
    page : Page
        Boxes read from it are px of itself, unless `back` is None: then it is the page as opened.
    back : (3, 3) array of float64 or None
        Homography from px of `page` to px of the file; None: nothing was done.
    """

    page: Page
    back: Matrix | None = None

    @classmethod
    def seen(cls, grey: Grey, back: Matrix) -> View:
        """A view of new pixels; `back` leads from them to px of the file."""
        colour = np.broadcast_to(grey[..., np.newaxis], (*grey.shape, 3))
        return cls(Page(colour, grey), back)

    def turned(self, quarters: int) -> View:
        """The view turned anticlockwise by quarters of a full turn, 1 to 3."""
        height, width = self.page.grey.shape
        # Where the upper left corner, one px to the right and one px down were before.
        there = {
            1: [[0, -1, width], [1, 0, 0]],
            2: [[-1, 0, width], [0, -1, height]],
            3: [[0, 1, 0], [-1, 0, height]],
        }[quarters]
        before = np.array([*there, [0, 0, 1]], np.float64)
        so_far = self.back
        if so_far is None:
            so_far = np.diag([1 / self.page.scale, 1 / self.page.scale, 1.0])
        grey = np.ascontiguousarray(np.rot90(self.page.grey, quarters))
        return View.seen(grey, np.asarray(so_far @ before, np.float64))

    def in_file(self, box: Box) -> Box:
        """The upright box, px of the file, around a box of the view."""
        if self.back is None:
            return box
        x, y = (box.x, box.right), (box.y, box.bottom)
        corners = np.array([[[a, b]] for a in x for b in y], np.float64)
        there = cv2.perspectiveTransform(corners, self.back)[:, 0]
        return bounds(np.asarray(there, np.float32))

    def back_in_file(self, reading: Reading) -> Reading:
        """A reading of the view, its boxes in px of the file."""
        if self.back is None:
            return reading
        glyphs = tuple(replace(glyph, box=self.in_file(glyph.box)) for glyph in reading.glyphs)
        return replace(reading, glyphs=glyphs)
