"""Any ink of a page re-read as a person marks it: a drawn box as one glyph, one glyph as two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.classifier import Classifier
from inkread.core.correction.best_split import Members, best_split, glyphs_of
from inkread.core.geometry import Box
from inkread.core.page.page_tables import PageTables
from inkread.core.page.pipeline import clean_as
from inkread.core.page.state import PageState
from inkread.core.page.table_ink import TableInk
from inkread.core.reading import Glyph, Grey, Seen
from inkread.core.segmentation.oversegment import cut_candidates
from inkread.core.segmentation.page_primitives import PagePrimitives, Placed
from inkread.core.stroke_width import line_width

if TYPE_CHECKING:
    from inkread.core.picture.page import Page


@dataclass(frozen=True, slots=True)
class Params:
    """Which ink belongs to a box, and where it is split in two."""

    #: Share of a component that lies in a box; chosen: with less it is a neighbour, unless it
    #: is much of the box.
    min_own: float = 0.5
    #: Share of a box's ink that one component is; chosen: with more it is the glyph.
    min_share: float = 0.2
    #: Share of the width left of the first upright cut, and right of the last; chosen: a 1 beside
    #: a wide 0 takes more.
    min_side: float = 0.2
    #: Upright cuts; chosen: one for each twentieth of the width.
    cuts: int = 13


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class PageInk:
    """The ink of a page, any part of which can be read as one glyph.

    Attributes
    ----------
    page : PagePrimitives
        The page without any primitive.
    areas : (n,) array of float64
        Pixels of each connected component.
    tables : tuple of TableInk
        The tables of the page that were read cell by cell; their ink is not the page's.
    """

    page: PagePrimitives
    areas: NDArray[np.float64]
    tables: tuple[TableInk, ...] = ()

    @classmethod
    def of(cls, page: Page, seen: Seen | None = None) -> PageInk:
        """Separate ink from background: as slow as reading the page, without the network.

        Parameters
        ----------
        page : Page
            As decoded.
        seen : Seen or None
            How it was seen when it was read (`Reading.seen`); None: it was not read.
        """
        whole = cls._of(clean_as(page, seen))
        if seen is None or not seen.tables:
            return whole
        found = PageTables.of(page)
        tables = (found.ink(index, seen.quarters) for index in seen.tables)
        return replace(whole, tables=tuple(tables))

    @classmethod
    def _of(cls, state: PageState) -> PageInk:
        areas = np.bincount(state.labels.ravel()).astype(np.float64)
        return cls(PagePrimitives.of(replace(state, blobs=())), areas)

    def _around(self, box: Box) -> PageInk:
        """The ink of the table's cell in which a box stands, or that of the page."""
        for ink in self.tables:
            index = ink.table.cell_index_of(box)
            if index is not None:
                return PageInk._of(ink.cells[index])
        return self

    def read_box(self, box: Box, classifier: Classifier) -> Glyph | None:
        """Read what lies in a box as one glyph.

        Parameters
        ----------
        box : Box
            Px of the page's file; what of it is outside the page does not count.
        classifier : Classifier
            Reads it.

        Returns
        -------
        Glyph or None
            On line 0, its box close around the ink; None if there is no ink in the box.
        """
        own = self._around(box)
        found = own._ink_in(box)
        if found is None:
            return None
        return glyphs_of(own.page.with_ink([found]), [(0,)], classifier)[0]

    def split(self, box: Box, classifier: Classifier) -> tuple[Glyph, Glyph] | None:
        """Read what lies in a box as two glyphs side by side, cut where they read best.

        Parameters
        ----------
        box : Box
            Px of the page's file.
        classifier : Classifier
            Says how well each half can be read.

        Returns
        -------
        (Glyph, Glyph) or None
            Left and right, on line 0; None if the ink is too narrow to be two.
        """
        own = self._around(box)
        found = own._ink_in(box)
        if found is None:
            return None
        mask, left, top = found
        halves, splits = list[Placed](), list[tuple[Members, Members]]()
        columns = np.arange(mask.shape[1])
        for cut in _cuts(mask):
            is_left = columns < cut[:, np.newaxis]
            pair = [np.asarray(mask * side, np.uint8) for side in (is_left, ~is_left)]
            if all(half.any() for half in pair):
                splits.append(((len(halves),), (len(halves) + 1,)))
                halves += [(half, left, top) for half in pair]
        return best_split(own.page.with_ink(halves), splits, classifier)

    def _ink_in(self, box: Box) -> Placed | None:
        """The ink that belongs to a box; None: there is none."""
        labels = self.page.state.labels
        height, width = labels.shape
        place = self.page.state.from_file(box)
        x0, y0 = max(0, round(place.x)), max(0, round(place.y))
        x1, y1 = min(width, round(place.right)), min(height, round(place.bottom))
        if x0 >= x1 or y0 >= y1:
            return None
        inside = labels[y0:y1, x0:x1]
        counts = np.bincount(inside.ravel(), minlength=len(self.areas)).astype(np.float64)
        counts[0] = 0
        own = counts >= PARAMS.min_own * self.areas
        own |= counts >= PARAMS.min_share * counts.sum()
        own &= counts > 0
        mask = own[inside].astype(np.uint8)
        if not mask.any():
            return None
        x, y, wide, high = cv2.boundingRect(mask)
        return mask[y : y + high, x : x + wide], float(x0 + x), float(y0 + y)


def _cuts(mask: Grey) -> Iterator[NDArray[np.int64]]:
    """Ways to cut ink in two, as the column in each row: cut candidates, and straight lines."""
    height, width = mask.shape
    line = line_width(np.asarray(mask * 255, np.uint8))
    yield from (cut.columns for cut in cut_candidates(mask, line, height))
    shares = np.linspace(PARAMS.min_side, 1 - PARAMS.min_side, PARAMS.cuts)
    for column in sorted({round(share * width) for share in shares}):
        yield np.full(height, column)
