"""Shows a picture with the glyphs that were found in it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.core.geometry import Box
from app.core.image import Page
from app.core.reading import Reading
from app.ui.boxes import GlyphBox, box_at
from app.ui.canvas_colours import CanvasColours
from app.ui.glyph_widget import GlyphWidget
from app.ui.page_gestures import Frame, Push
from app.ui.page_picture import Colour, PagePicture
from app.ui.surface import paint_edge, paint_hint
from app.ui.zoom import STEP, Zoom

_MARGIN = 12
_BOX_MARGIN = 3.0
_NOTCH = 120.0  # of a mouse wheel
_ROOM = 24.0  # px around a glyph that is brought into sight


class PageView(GlyphWidget):
    """A page, fit to the widget or larger; a click or the arrow keys select a glyph.

    The wheel with Ctrl, or a pinch, zooms; the wheel and the mouse push a page that is larger
    than the widget. With Shift, or in the mode of its own, the mouse draws a box.

    Boxes are in px of the picture's file, `Page.scale` takes them to px of the page.
    """

    #: A box was drawn, px of the file.
    box_drawn = Signal(object)
    zoom_changed = Signal()

    smallest_tag = 11.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_view")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._page: Page | None = None
        self._picture: PagePicture | None = None
        self._zoom = Zoom()
        self._draws_boxes = False
        self._gesture: Push | Frame | None = None
        self.retranslate()

    @property
    def page(self) -> Page | None:
        return self._page

    @property
    def zoom(self) -> Zoom:
        return self._zoom

    def set_page(self, page: Page, preview: Colour | None = None) -> None:
        """Show a page, with no reading yet; `preview` is `halved(page.colour, PREVIEW_SIDE)`.

        Without a preview it is made here: about 5 ms for 12 megapixels.
        """
        self._page = page
        self._picture = PagePicture(page.colour, preview)
        self._begin_anew()

    def clear(self) -> None:
        self._page = self._picture = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._gesture = None
        self._set_zoom(Zoom())
        self.set_reading(Reading())
        self.update()

    def set_draws_boxes(self, draws_boxes: bool) -> None:
        """Whether the mouse draws boxes without Shift, too."""
        self._draws_boxes = draws_boxes
        self._show_cursor()

    def retranslate(self) -> None:
        self._hint = self.tr("Open a picture, or drop one here")
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(
            self.tr(
                "The opened picture; the arrow keys go from one digit to the next, "
                "and a typed digit corrects the selected one."
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 180)

    def page_rect(self) -> QRectF:
        """Where the whole page is, widget px, even beyond the widget; empty without a page."""
        if self._page is None:
            return QRectF()
        height, width = self._page.colour.shape[:2]
        return self._zoom.rect(width, height, self._free())

    def _free(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def _file_px(self) -> float:
        """How large a px of the file is shown, widget px."""
        assert self._page is not None
        return float(self._page.scale * self.page_rect().width() / self._page.colour.shape[1])

    def frame_of(self, box: Box) -> QRectF:
        if self._page is None:
            return QRectF()
        place = box.scaled(self._file_px()).grown(_BOX_MARGIN)
        corner = self.page_rect().topLeft()
        return QRectF(place.x, place.y, place.width, place.height).translated(corner)

    def as_seen(self, box: GlyphBox) -> GlyphBox:
        """A box beyond the edges of the widget leaves no tag at them."""
        if box.frame.intersects(QRectF(self.rect())):
            return box
        return replace(box, tag=QRectF(), plate=QRectF(), reach=QRect())

    def _in_file(self, rect: QRectF) -> Box:
        """The part of the page that is shown at a place of the widget, px of the file."""
        shown = self.page_rect()
        seen = rect.intersected(shown).translated(-shown.topLeft())
        return Box(seen.x(), seen.y(), seen.width(), seen.height()).scaled(1 / self._file_px())

    def box_colours(self) -> CanvasColours:
        return self.colours.over_pictures()

    def zoom_in(self) -> None:
        self._zoom_by(STEP, self._free().center())

    def zoom_out(self) -> None:
        self._zoom_by(1 / STEP, self._free().center())

    def show_whole(self) -> None:
        self._set_zoom(Zoom())

    def _zoom_by(self, factor: float, at: QPointF) -> None:
        if self._page is not None:
            width = self._page.colour.shape[1] / self._page.scale
            shown, free = self.page_rect(), self._free()
            self._set_zoom(self._zoom.times(factor, at, shown, width, free))

    def _push(self, by: QPointF) -> None:
        if not self._zoom.is_whole:
            self._set_zoom(self._zoom.moved(by, self.page_rect(), self._free()))

    def _set_zoom(self, zoom: Zoom) -> None:
        if zoom != self._zoom:
            self._zoom = zoom
            self.move_boxes()
            self.update()
            self._show_cursor()
            self.zoom_changed.emit()

    def _select(self, index: int) -> None:
        super()._select(index)
        if index >= 0 and self._gesture is None:
            self.bring_into_sight(index)

    def bring_into_sight(self, index: int) -> None:
        """Push the page, if need be, to where a glyph is seen."""
        if self._page is not None and 0 <= index < len(self.reading.glyphs):
            place = self.frame_of(self.reading.glyphs[index].box)
            room = place.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
            self._set_zoom(self._zoom.showing(room, self.page_rect(), QRectF(self.rect())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        buttons, shift = Qt.MouseButton, Qt.KeyboardModifier.ShiftModifier
        at = event.position()
        if event.button() == buttons.MiddleButton:
            self._gesture = Push(at)
        elif event.button() == buttons.LeftButton:
            if self._page is not None and (self._draws_boxes or event.modifiers() & shift):
                self._gesture = Frame(at)
            else:
                self._gesture = Push(at)
                self.set_selected(box_at(self.boxes(), at))
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        gesture = self._gesture
        if isinstance(gesture, Frame):
            gesture.move(event.position())
            self.update()
        elif gesture is not None:
            self._push(gesture.move(event.position()))
            self._show_cursor()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        gesture, self._gesture = self._gesture, None
        self._show_cursor()
        if isinstance(gesture, Frame):
            self.update()
            box = self._in_file(gesture.rect)
            if gesture.is_box and box.width > 0 and box.height > 0:
                self.box_drawn.emit(box)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_by(STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        elif self._zoom.is_whole:
            event.ignore()
        else:
            way = event.pixelDelta() if event.hasPixelDelta() else event.angleDelta() / 2
            sideways = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._push(QPointF(way.y(), 0) if sideways and not way.x() else QPointF(way))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom_by(1 + event.value(), event.position())
                return True
        elif event.type() == QEvent.Type.ShortcutOverride and self._is_for_gesture(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_for_gesture(event):
            self._gesture = None
            self.update()
            self._show_cursor()
        else:
            super().keyPressEvent(event)

    def _is_for_gesture(self, event: QEvent) -> bool:
        """Whether it is the key that gives up the box that is being drawn."""
        assert isinstance(event, QKeyEvent)
        return event.key() == Qt.Key.Key_Escape and isinstance(self._gesture, Frame)

    def _show_cursor(self) -> None:
        shapes = Qt.CursorShape
        if isinstance(self._gesture, Frame) or (self._draws_boxes and self._gesture is None):
            self.setCursor(shapes.CrossCursor)
        elif isinstance(self._gesture, Push) and self._gesture.is_under_way:
            self.setCursor(shapes.ArrowCursor if self._zoom.is_whole else shapes.ClosedHandCursor)
        else:
            self.unsetCursor()

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
            self.paint_boxes(painter, event.region())
        if isinstance(self._gesture, Frame):
            self._gesture.paint(painter, self.colours.accent, self.colours.paper)
        paint_edge(painter, self, event.rect(), self.colours)
        painter.end()
