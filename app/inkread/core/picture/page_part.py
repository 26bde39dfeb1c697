"""Part of a page, or all of it, turned by a person: a page of its own that is read alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inkread.core.errors import PartMissing, RegionUnknown, TurnUnknown
from inkread.core.geometry import Box, Matrix
from inkread.core.picture.page import Page, digest_of

_REGION = re.compile(r"\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class PagePart:
    """A rectangle of a page, then quarters of a turn.

    Attributes
    ----------
    region : Box or None
        Px of the file; None: all of it.
    quarters : int
        Quarters of a turn to the right, 0 to 3.
    """

    region: Box | None = None
    quarters: int = 0

    @classmethod
    def named(cls, region: str | None, degrees: str | None) -> PagePart:
        """The part that texts name: ``X,Y,W,H`` in px, and degrees to the right.

        Raises
        ------
        RegionUnknown, TurnUnknown
            If they are no such texts.
        """
        turn = 0
        if degrees is not None:
            if degrees.strip() not in {"0", "90", "180", "270", "-90"}:
                raise TurnUnknown(name=degrees)
            turn = int(degrees) // 90 % 4
        if region is None:
            return cls(None, turn)
        match = _REGION.fullmatch(region)
        x, y, width, height = map(float, match.groups()) if match else (0.0, 0.0, 0.0, 0.0)
        if not (width and height):
            raise RegionUnknown(name=region)
        return cls(Box(x, y, width, height), turn)

    @staticmethod
    def upright(page: Page) -> Page:
        """All of a page that a person wants as it is: it is not turned when it is read."""
        digest = page.digest and digest_of(page.digest.encode(), b"upright")
        return replace(page, is_upright=True, digest=digest)

    @property
    def is_whole(self) -> bool:
        """Whether it is all of a page, as it is."""
        return self.region is None and self.quarters == 0

    def of(self, page: Page, name: str) -> Page:
        """The part of a page as a page of its own, its boxes in px of this part.

        Its digest is another one, so that corrections of the part are no corrections of the page.
        A page that a person turned stays as it is when it is read.

        Raises
        ------
        PartMissing
            If the page, `name`, has none of the region.
        """
        if self.is_whole:
            return page
        rows, columns = self._window(page, name)
        colour, grey = page.colour[rows, columns], page.grey[rows, columns]
        return replace(
            page,
            colour=_turned(colour, self.quarters),
            grey=_turned(grey, self.quarters),
            digest=page.digest and digest_of(page.digest.encode(), repr(self).encode()),
            is_upright=page.is_upright or self.quarters != 0,
        )

    def to_file(self, page: Page) -> Matrix:
        """Homography from px of the part to px of the file of `page`; the region is on it."""
        rows, columns = self._window(page, "")
        height, width = ((side.stop - side.start) / page.scale for side in (rows, columns))
        back = np.array(
            [
                [[1, 0, 0], [0, 1, 0]],
                [[0, 1, 0], [-1, 0, height]],
                [[-1, 0, width], [0, -1, height]],
                [[0, -1, width], [1, 0, 0]],
            ][self.quarters % 4]
            + [[0, 0, 1]],
            np.float64,
        )
        back[:2, 2] += columns.start / page.scale, rows.start / page.scale
        return np.asarray(back, np.float64)

    def _window(self, page: Page, name: str) -> tuple[slice, slice]:
        """Rows and columns of the page."""
        height, width = page.grey.shape
        if self.region is None:
            return slice(0, height), slice(0, width)
        box = self.region.scaled(page.scale)
        left, top = max(0, round(box.x)), max(0, round(box.y))
        right, bottom = min(width, round(box.right)), min(height, round(box.bottom))
        if left >= right or top >= bottom:
            size = round(width / page.scale), round(height / page.scale)
            raise PartMissing(name=name, width=size[0], height=size[1])
        return slice(top, bottom), slice(left, right)


#: All of a page, as it is.
WHOLE = PagePart()


def _turned(pixels: NDArray[np.uint8], quarters: int) -> NDArray[np.uint8]:
    """A copy, turned to the right, read-only."""
    turned = np.array(np.rot90(pixels, -quarters), np.uint8, order="C")
    turned.setflags(write=False)
    return turned
