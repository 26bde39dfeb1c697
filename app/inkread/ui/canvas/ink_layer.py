"""The painted ink: a picture at the device's resolution, repainted only where it changes."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from inkread.core.geometry import Box, union
from inkread.core.ink import Ink, Stroke
from inkread.ui.canvas.ink_raster import Span, cover, pieces, steady_pieces, stroke_area

_ROOM = 256  # logical px; the picture grows in such steps, so that resizing seldom repaints it


class InkLayer:
    """Ink on its background, with the part of a growing stroke that later points cannot change."""

    def __init__(self, size: QSize, ratio: float, background: QColor, ink: QColor) -> None:
        self.ratio = ratio
        #: The ink on show, without a growing stroke.
        self.ink = self._painted = Ink()
        self._is_behind = False
        self._areas: dict[Stroke, Box] = {}
        self._growing: Stroke | None = None
        self._grown = 0
        self._size = QSize(_roomy(size.width()), _roomy(size.height()))
        width = math.ceil(self._size.width() * ratio)
        height = math.ceil(self._size.height() * ratio)
        self._coverage = np.zeros((height, width), np.uint8)
        self._colours = _mixtures(background, ink)
        self._pixels = np.full((height, width), self._colours[0])
        # The image is a view of the pixels: it must not outlive them.
        self._image = QImage(self._pixels.data, width, height, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(ratio)

    def fits(self, size: QSize, ratio: float) -> bool:
        """Whether a widget of that size, on a screen of that ratio, can be painted with it."""
        roomy = size.width() <= self._size.width() and size.height() <= self._size.height()
        return roomy and ratio == self.ratio

    @property
    def image(self) -> QImage:
        """The picture; painted on demand, once for many changes."""
        self._catch_up()
        return self._image

    def grow(self, stroke: Stroke) -> None:
        """Paint the new final part of an unfinished stroke."""
        self._catch_up()
        steady = steady_pieces(stroke)
        self._paint(stroke, self._grown, steady)
        self._growing, self._grown = stroke, steady

    def show(self, ink: Ink) -> Box | None:
        """Show this ink; returns the area that changes."""
        changed = set(self.ink.strokes).symmetric_difference(ink.strokes)
        if self._growing is not None:
            changed.add(self._growing)
        self.ink, self._is_behind = ink, True
        return union(map(self._area, changed)) if changed else None

    def _catch_up(self) -> None:
        """Paint the difference between the ink on show and the ink that is painted."""
        if not self._is_behind:
            return
        old, new = self._painted.strokes, self.ink.strokes
        growing, grown = self._growing, self._grown
        self._painted, self._is_behind = self.ink, False
        self._growing, self._grown = None, 0
        if new[: len(old)] == old and (growing is None or growing in new):
            for stroke in new[len(old) :]:
                self._paint(stroke, grown if stroke is growing else 0, pieces(stroke))
        else:
            changed = set(old).symmetric_difference(new)
            self._repaint(changed if growing is None else {*changed, growing})
        kept = set(new)
        self._areas = {stroke: box for stroke, box in self._areas.items() if stroke in kept}

    def _area(self, stroke: Stroke) -> Box:
        if stroke not in self._areas:
            self._areas[stroke] = stroke_area(stroke)
        return self._areas[stroke]

    def _repaint(self, changed: Iterable[Stroke]) -> None:
        """Clear the area of these strokes, and paint all ink that reaches into it.

        Where that ink reaches out of it, painting it again changes nothing.
        """
        box = union(map(self._area, changed))
        fine = box.scaled(self.ratio)
        rows = slice(max(0, math.floor(fine.y)), max(0, math.ceil(fine.bottom)))
        columns = slice(max(0, math.floor(fine.x)), max(0, math.ceil(fine.right)))
        self._coverage[rows, columns] = 0
        self._colour((rows, columns))
        wiped = box.grown(1 / self.ratio)
        for stroke in self.ink.strokes:
            reach = self._area(stroke)
            if reach.overlap_x(wiped) > 0 and reach.overlap_y(wiped) > 0:
                self._paint(stroke, 0, pieces(stroke))

    def _paint(self, stroke: Stroke, first: int, stop: int) -> None:
        for span in cover(self._coverage, stroke, self.ratio, first, stop):
            self._colour(span)

    def _colour(self, span: Span) -> None:
        self._pixels[span] = self._colours[self._coverage[span]]


def _roomy(side: int) -> int:
    return max(1, -(-side // _ROOM)) * _ROOM


def _mixtures(background: QColor, ink: QColor) -> NDArray[np.uint32]:
    """The colour for each coverage 0 to 255, as Qt's RGB32."""
    share = np.arange(256)[:, None] / 255
    start, end = (np.array((c.red(), c.green(), c.blue()), np.float64) for c in (background, ink))
    rgb = np.rint(start + (end - start) * share).astype(np.uint32)
    return np.asarray(0xFF000000 | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2], np.uint32)
