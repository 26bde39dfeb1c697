"""A page with its boxes at any zoom; maps px of the widget to px of the file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from inkread.core.geometry import Box, mapped
from inkread.core.picture.page import Page
from inkread.core.picture.page_part import PagePart
from inkread.core.reading import OF_PICTURE, Reading
from inkread.ui.glyphs.glyph_boxes import GlyphBox
from inkread.ui.glyphs.glyph_widget import GlyphWidget
from inkread.ui.glyphs.overlay_colours import CanvasColours
from inkread.ui.glyphs.surface_look import paint_edge, paint_hint
from inkread.ui.page.page_picture import Colour, PagePicture
from inkread.ui.page.zoom import STEP, Zoom

_MARGIN = 12
_BOX_MARGIN = 3.0
_ROOM = 24.0  # px around a glyph that is scrolled into sight


class PageSurface(GlyphWidget):
    """Boxes are in px of the picture's file, `Page.scale` takes them to px of the page."""

    zoom_changed = Signal()

    stages = OF_PICTURE
    smallest_tag = 11.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._hint = ""
        self.page: Page | None = None
        self._picture: PagePicture | None = None
        #: The page as it is shown, and the homography from its px to px of the file.
        self._colour: Colour | None = None
        self._to_file = np.eye(3)
        self._from_file = np.eye(3)
        #: Quarters of a turn, anticlockwise, by which the page is shown turned, as it was read.
        self.quarters = 0
        self.zoom = Zoom()
        self._shown = QRectF()
        self._shown_for: tuple[Page, Zoom, QSize] | None = None

    def set_page(self, page: Page, preview: Colour | None = None) -> None:
        """Show a page, with no reading yet; `preview` is `halved(page.colour, PREVIEW_SIDE)`.

        Without a preview it is made here: about 5 ms for 12 megapixels.
        """
        self.page, self._colour, self.quarters = page, page.colour, 0
        self._to_file = self._from_file = np.eye(3)
        self._picture = PagePicture(page.colour, preview)
        self.begin_anew()

    def clear(self) -> None:
        self.page = self._picture = self._shown_for = self._colour = None
        self.begin_anew()

    def set_reading(self, reading: Reading) -> None:
        """A page that was turned to be read is shown turned."""
        if self.page is not None and reading.seen is not None:
            self._turn(self.page, reading.seen.quarters)
        super().set_reading(reading)

    def _turn(self, page: Page, quarters: int) -> None:
        if quarters == self.quarters:
            return
        part = PagePart(quarters=-quarters % 4)
        self.quarters, self._colour = quarters, part.of(page, "").colour
        to_file = part.to_file(page)
        self._to_file, self._from_file = to_file, np.asarray(np.linalg.inv(to_file), np.float64)
        self._picture, self._shown_for = PagePicture(self._colour), None
        self._set_zoom(Zoom())
        self.update()

    def begin_anew(self) -> None:
        """Reset zoom and reading: another page is shown, or none."""
        self._set_zoom(Zoom())
        self.set_reading(Reading())
        self.update()

    def page_rect(self) -> QRectF:
        """Where the whole page is, widget px, even beyond the widget; empty without a page."""
        if self.page is None or self._colour is None:
            return QRectF()
        key = self.page, self.zoom, self.size()
        if self._shown_for != key:  # asked for by each of the boxes
            height, width = self._colour.shape[:2]
            self._shown_for, self._shown = key, self.zoom.rect(width, height, self._free())
        return QRectF(self._shown)

    def _free(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def _file_px(self) -> float:
        """How large a px of the file is shown, widget px."""
        assert self.page is not None
        assert self._colour is not None
        return float(self.page.scale * self.page_rect().width() / self._colour.shape[1])

    def frame_of(self, box: Box) -> QRectF:
        if self.page is None:
            return QRectF()
        if self.quarters:
            (box,) = mapped(self._from_file, [box])
        place, corner = box.scaled(self._file_px()).grown(_BOX_MARGIN), self.page_rect().topLeft()
        return QRectF(place.x, place.y, place.width, place.height).translated(corner)

    def as_seen(self, box: GlyphBox) -> GlyphBox:
        """A box beyond the edges of the widget leaves no tag at them."""
        if box.frame.intersects(QRectF(self.rect())):
            return box
        return replace(box, tag=QRectF(), plate=QRectF(), reach=QRect())

    def in_file(self, rect: QRectF) -> Box:
        """The part of the page that is shown at a place of the widget, px of the file."""
        shown = self.page_rect()
        seen = rect.intersected(shown).translated(-shown.topLeft())
        box = Box(seen.x(), seen.y(), seen.width(), seen.height()).scaled(1 / self._file_px())
        return mapped(self._to_file, [box])[0] if self.quarters else box

    def box_colours(self) -> CanvasColours:
        return self.colours.over_pictures()

    def zoom_in(self) -> None:
        self.zoom_by(STEP, self._free().center())

    def zoom_out(self) -> None:
        self.zoom_by(1 / STEP, self._free().center())

    def show_whole(self) -> None:
        self._set_zoom(Zoom())

    def zoom_by(self, factor: float, at: QPointF) -> None:
        if self.page is not None and self._colour is not None:
            width = self._colour.shape[1] / self.page.scale
            shown, free = self.page_rect(), self._free()
            self._set_zoom(self.zoom.times(factor, at, shown, width, free))

    def push(self, by: QPointF) -> None:
        if not self.zoom.is_whole:
            self._set_zoom(self.zoom.moved(by, self.page_rect(), self._free()))

    def _set_zoom(self, zoom: Zoom) -> None:
        if zoom != self.zoom:
            self.zoom = zoom
            self.move_boxes()
            self.update()
            self.zoom_changed.emit()

    def bring_into_sight(self, index: int) -> None:
        """Scroll the page, if necessary, until a glyph is visible."""
        if 0 <= index < len(self.reading.glyphs):
            self.bring_box_into_sight(self.reading.glyphs[index].box)

    def bring_box_into_sight(self, box: Box) -> None:
        """Scroll the page, if necessary, until a box is visible, px of the file."""
        if self.page is not None:
            room = self.frame_of(box).adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
            self._set_zoom(self.zoom.showing(room, self.page_rect(), QRectF(self.rect())))

    def in_widget(self, x: float, y: float) -> QPointF:
        """Where a point of the file is shown."""
        assert self.page is not None
        x, y, _ = (self._from_file @ (x, y, 1.0)).tolist()
        return self.page_rect().topLeft() + QPointF(x, y) * self._file_px()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self.colours.surround)
        if self._picture is None:
            paint_hint(painter, self, self._hint, self.colours)
        else:
            shown = self.page_rect()
            visible = shown.intersected(QRectF(self.rect()))
            pixmap = self._picture.pixmap(shown, visible, self.devicePixelRatioF())
            painter.drawPixmap(visible.topLeft(), pixmap)
            self.paint_below_boxes(painter)
            self.paint_boxes(painter, event.region())
        self.paint_gesture(painter)
        paint_edge(painter, self, event.rect(), self.colours)
        painter.end()

    def paint_below_boxes(self, painter: QPainter) -> None:
        """Paint what belongs between the picture and the boxes."""

    def paint_gesture(self, painter: QPainter) -> None:
        """Paint the box being drawn, over everything else."""
