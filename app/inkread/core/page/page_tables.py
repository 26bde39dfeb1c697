"""The grids of a page: found before anything else, as a table is no sheet of paper."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from inkread.core.geometry import Matrix, union
from inkread.core.page.blank_grids import outline_of_grid, without_grids
from inkread.core.page.state import PageState
from inkread.core.page.table_ink import TableInk
from inkread.core.picture.page import Page
from inkread.core.tables.find_grids import find_grids
from inkread.core.tables.grid import Grid
from inkread.core.tables.sudoku import ORDER


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the page around its grids."""

    #: px, of the longer side at which it is seen whether there is room for text around the grids;
    #: chosen: bounds the work.
    side: int = 640
    #: Share of the longer side, height of text at least; chosen: smaller digits cannot be read.
    min_text: float = 0.016
    #: px, the same; chosen: as in `core/page/non_text.py`.
    min_pixels: float = 6.0
    #: Share of the height of a cell's ink that a sign beside it has; chosen: fragments are lower.
    beside: float = 0.6
    #: Share of the written cells with signs side by side up to which a table is one for single
    #: signs; chosen: one in ten digits is broken.
    several: float = 0.1


PARAMS = Params()


@dataclass(frozen=True, slots=True, eq=False)
class PageTables:
    """The grids of a page.

    Attributes
    ----------
    page : Page
        With its grids.
    grids : tuple of Grid
        Px of the page, in reading order.
    """

    page: Page
    grids: tuple[Grid, ...]

    @classmethod
    def of(cls, page: Page) -> PageTables:
        """Find the grids of a page."""
        return cls(page, find_grids(page.grey))

    def ink(self, index: int, quarters: int = 0) -> TableInk:
        """What is written in a grid, the page turned anticlockwise by quarters.

        Whether it is for single signs is as its grid says, unless its cells hold more; a grid of
        the size of a sudoku is for them, though its cells be wide.
        """
        grid = self.grids[index]
        ink = TableInk.of(self.page.grey, grid, self._to_file, quarters)
        size = ORDER**2
        shape = grid.rows, grid.columns, len(grid.cells)
        is_sudoku = shape == (size, size, size**2)
        written = [cell for cell in ink.cells if cell.blobs]
        is_single = sum(map(_has_several, written)) <= PARAMS.several * len(written)
        is_single = is_single and (grid.has_single_signs or is_sudoku)
        if is_single == grid.has_single_signs:
            return ink
        grid = replace(grid, has_single_signs=is_single)
        return TableInk.of(self.page.grey, grid, self._to_file, quarters)

    def without(self, indexes: Sequence[int]) -> Page:
        """The page with background where some of its grids are."""
        grids = [self.grids[index] for index in indexes]
        return replace(self.page, grey=without_grids(self.page.grey, grids)) if grids else self.page

    def leaves_room(self, indexes: Sequence[int]) -> bool:
        """Whether there is room for text around some of the grids."""
        height, width = self.page.grey.shape
        scale = min(1.0, PARAMS.side / max(height, width))
        free = np.ones((max(1, round(height * scale)), max(1, round(width * scale))), np.uint8)
        for index in indexes:
            points = np.round(outline_of_grid(self.grids[index]) * scale).astype(np.int32)
            cv2.fillPoly(free, [points], 0)
        least = max(PARAMS.min_text * max(free.shape), PARAMS.min_pixels * scale)
        text = np.ones((round(least), round(least)), np.uint8)
        room = cv2.erode(free, text, borderType=cv2.BORDER_CONSTANT, borderValue=0)
        return bool(room.any())

    def matrix(self, quarters: int) -> tuple[tuple[float, ...], ...]:
        """Homography from px of the page turned by quarters to px of the file."""
        turned = PageState.of(self.page.grey, self._to_file).turned(quarters)
        return tuple(tuple(row) for row in turned.to_file.tolist())

    @property
    def _to_file(self) -> Matrix:
        return np.diag([1 / self.page.scale, 1 / self.page.scale, 1.0])


def without_tables(page: Page, indexes: Sequence[int]) -> Page:
    """The page with background where the grids are that were read cell by cell."""
    return PageTables.of(page).without(indexes) if indexes else page


def _has_several(cell: PageState) -> bool:
    """Whether signs stand side by side in a cell."""
    boxes = sorted((blob.box for blob in cell.blobs), key=lambda box: box.x)
    if len(boxes) < 2:
        return False
    least = PARAMS.beside * union(boxes).height
    tall = [box for box in boxes if box.height >= least]
    return any(one.right <= other.x for one, other in itertools.pairwise(tall))
