"""Parts of a page read again as a person says: a drawn box as one glyph, one glyph as two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.cell import cell_from_glyph
from inkread.core.classifier import Classifier
from inkread.core.geometry import Box, bounds
from inkread.core.page.pipeline import STAGES, run
from inkread.core.page.rectified import View, flattened
from inkread.core.page.state import PageState
from inkread.core.reading import Cells, Glyph, Reading, Stage, StageName
from inkread.core.recognition.recognise import glyph_of
from inkread.core.segmentation.decode_line import doubt
from inkread.core.segmentation.oversegment import cuts_of_blob
from inkread.core.stroke_width import line_width

if TYPE_CHECKING:
    from inkread.core.picture.page import Page

Mask = NDArray[np.bool_]
Window = tuple[slice, slice]

#: A blob that has less than this part of itself, and of a box's ink, in the box is a neighbour
#: that looks in.
_OWN = 0.5
_LITTLE = 0.2
#: Room around ink for its soft edges, px of the page.
_EDGE = 2
#: Where a glyph is cut in two: between these parts of its width, at so many places,
_FIRST_CUT, _LAST_CUT, _CUTS = 0.2, 0.8, 13
#: and what speaks against a cut beside the recogniser's doubt: ink across all of its height, and
#: the way from the middle, in widths.
_INK_PRICE = 4.0
_OFF_PRICE = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class PageInk:
    """The ink of a page, any part of which can be read as one glyph.

    Attributes
    ----------
    view : View
        The page as it is read: its sheet flat.
    binary : Binary
        Its ink, told from the paper.
    blobs : (h, w) array of int32
        The number of the connected blob that a pixel belongs to; 0: paper.
    areas : (n,) array of float64
        Pixels of each blob.
    """

    view: View
    binary: PageState
    blobs: NDArray[np.int32]
    areas: NDArray[np.float64]

    @classmethod
    def of(cls, page: Page, quarters: int = 0) -> PageInk:
        """Tell ink from paper: as slow as reading the page, without the network.

        The page is read turned anticlockwise by `quarters` of a full turn, 0 to 3.
        """
        view = flattened(page)
        if quarters:
            view = view.turned(quarters)
        state = run(PageState.of(view.page.grey), STAGES[1:])
        areas = np.bincount(state.labels.ravel()).astype(np.float64)
        return cls(view, state, state.labels, areas)

    def read_box(self, box: Box, classifier: Classifier) -> Glyph | None:
        """Read what lies in a box as one glyph.

        Parameters
        ----------
        box : Box
            Px of the page's file; what of it is outside the page does not count.
        classifier : Classifier
            Tells what it is.

        Returns
        -------
        Glyph or None
            On line 0, its box close around the ink; None if there is no ink in the box.
        """
        found = self._ink_in(box)
        if found is None:
            return None
        return self._read([found[1]], found[0], classifier)[0]

    def split(self, box: Box, classifier: Classifier) -> tuple[Glyph, Glyph] | None:
        """Read what lies in a box as two glyphs side by side, cut where they read best.

        Parameters
        ----------
        box : Box
            Px of the page's file.
        classifier : Classifier
            Says how well each of the parts can be read.

        Returns
        -------
        (Glyph, Glyph) or None
            Left and right, on line 0; None if the ink is too narrow to be two.
        """
        found = self._ink_in(box)
        if found is None:
            return None
        window, wanted = found
        cuts = list(_cuts(wanted))
        if not cuts:
            return None
        parts = [part for left, right, _ in cuts for part in (left, right)]
        glyphs = self._read(parts, window, classifier)
        pairs = list(zip(glyphs[::2], glyphs[1::2], strict=True))
        costs = [
            price + doubt(left.probability) + doubt(right.probability)
            for (left, right), (_, _, price) in zip(pairs, cuts, strict=True)
        ]
        return pairs[int(np.argmin(costs))]

    def _ink_in(self, box: Box) -> tuple[Window, Mask] | None:
        """A window around a box, and where in it the box's own ink is; None: there is none."""
        height, width = self.blobs.shape
        place = self._in_view(box)
        x0, y0 = max(0, round(place.x)), max(0, round(place.y))
        x1, y1 = min(width, round(place.right)), min(height, round(place.bottom))
        if x0 >= x1 or y0 >= y1:
            return None
        numbers = self.blobs[y0:y1, x0:x1]
        counts = np.bincount(numbers.ravel(), minlength=len(self.areas)).astype(np.float64)
        counts[0] = 0
        own = (counts >= _OWN * self.areas) | (counts >= _LITTLE * counts.sum())
        own &= counts > 0
        ink = own[numbers]
        if not ink.any():
            return None
        left, top = max(0, x0 - _EDGE), max(0, y0 - _EDGE)
        window = (slice(top, min(height, y1 + _EDGE)), slice(left, min(width, x1 + _EDGE)))
        wanted = np.zeros(self.blobs[window].shape, bool)
        wanted[y0 - top : y1 - top, x0 - left : x1 - left] = ink
        return window, wanted

    def _read(self, parts: Sequence[Mask], window: Window, classifier: Classifier) -> list[Glyph]:
        """Each part of a window's ink as a glyph."""
        made = [self._cell(part, window) for part in parts]
        cells = np.stack([cell for cell, _ in made])[:, np.newaxis]
        rows = classifier.probabilities(cells)
        boxes = [self._outline(part, window) for part in parts]
        return [
            glyph_of(box, 0, row, classifier, *cell)
            for box, row, cell in zip(boxes, rows, made, strict=True)
        ]

    def _cell(self, wanted: Mask, window: Window) -> tuple[Cells, tuple[Stage, ...]]:
        # The soft edge around the ink belongs to it.
        reach = cv2.dilate(wanted.astype(np.uint8), np.ones((3, 3), np.uint8))
        glyph = np.where(reach > 0, self.binary.soft[window], 0).astype(np.uint8)
        cell, stages = cell_from_glyph(glyph)
        before = (
            Stage(StageName.GREY, self.view.page.grey[window]),
            Stage(StageName.THRESHOLD, 255 - self.binary.mask[window]),
            Stage(StageName.INVERT, glyph),
        )
        return cell, before + stages

    def _outline(self, wanted: Mask, window: Window) -> Box:
        x, y, width, height = cv2.boundingRect(wanted.astype(np.uint8))
        place = Box(x + window[1].start, y + window[0].start, width, height)
        return self.view.in_file(place.scaled(1 / self.view.page.scale))

    def _in_view(self, box: Box) -> Box:
        """The upright box, px of what is read, around a box of the file."""
        if self.view.back is None:
            return box.scaled(self.view.page.scale)
        corners = np.array([[[x, y]] for x in (box.x, box.right) for y in (box.y, box.bottom)])
        there = cv2.perspectiveTransform(corners.astype(np.float64), np.linalg.inv(self.view.back))
        return bounds(np.asarray(there[:, 0], np.float32))


def turn_of(reading: Reading) -> int:
    """Quarters of a turn, 0 to 3, that a page was turned by when it was read.

    They are seen in the boxes, px of the file: which way the lines run there.
    """
    ways = [
        (b.box.centre[0] - a.box.centre[0], b.box.centre[1] - a.box.centre[1])
        for line in reading.lines
        for a, b in pairwise(line)
    ]
    x, y = (sum(way[k] for way in ways) for k in (0, 1))
    if abs(x) >= abs(y):
        return 0 if x >= 0 else 2
    return 1 if y > 0 else 3


def _cuts(wanted: Mask) -> Iterator[tuple[Mask, Mask, float]]:
    """Ways to cut ink in two: left part, right part, and what speaks against it."""
    x, y, width, height = cv2.boundingRect(wanted.astype(np.uint8))
    yield from _bent_cuts(wanted, Box(x, y, width, height))
    places = np.linspace(_FIRST_CUT, _LAST_CUT, _CUTS)
    columns = np.arange(wanted.shape[1])
    for at in sorted({round(x + share * width) for share in places}):
        left, right = wanted & (columns < at), wanted & (columns >= at)
        if left.any() and right.any():
            crossed = float((left[:, at - 1] & right[:, at]).sum()) / height
            off = abs((at - x) / width - 0.5)
            yield left, right, _INK_PRICE * crossed + _OFF_PRICE * off


def _bent_cuts(wanted: Mask, box: Box) -> Iterator[tuple[Mask, Mask, float]]:
    """Cuts along the paths that cross the least ink."""
    x, y = int(box.x), int(box.y)
    window = (slice(y, y + int(box.height)), slice(x, x + int(box.width)))
    mask = np.asarray(wanted[window] * np.uint8(255), np.uint8)
    line = line_width(mask)
    columns = np.arange(mask.shape[1])
    for cut in cuts_of_blob(mask, line, box.height):
        left, right = np.zeros_like(wanted), np.zeros_like(wanted)
        left[window] = wanted[window] & (columns < cut.columns[:, np.newaxis])
        right[window] = wanted[window] & (columns >= cut.columns[:, np.newaxis])
        if left.any() and right.any():
            off = abs(float(cut.columns.mean()) / box.width - 0.5)
            yield left, right, _INK_PRICE * cut.ink * line / box.height + _OFF_PRICE * off
