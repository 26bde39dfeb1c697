"""The drawing area."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from inkread.core.geometry import Box
from inkread.core.ink import Ink, Stroke
from inkread.core.reading import OF_INK
from inkread.ui.canvas.cursors import eraser_cursor, pen_cursor
from inkread.ui.canvas.gestures import ERASER_RADIUS, DrawGesture, EraseGesture
from inkread.ui.canvas.ink_layer import InkLayer
from inkread.ui.canvas.ink_raster import line_widths, stroke_area
from inkread.ui.canvas.ink_widget import InkWidget
from inkread.ui.canvas.pen_input import PenInput, PenPoint
from inkread.ui.glyphs.glyph_boxes import tag_at
from inkread.ui.glyphs.surface_look import paint_edge, paint_hint

MIN_PEN_WIDTH = 2.0
MAX_PEN_WIDTH = 40.0
DEFAULT_PEN_WIDTH = 12.0
_BOX_MARGIN = 6.0


class Canvas(InkWidget):
    """Draws and erases the ink of a drawing; every gesture is one step of its history.

    `selected_changed`: another glyph of the reading is selected, by its tag, a key or the
    program; -1: none.
    """

    stages = OF_INK
    min_boxes = 2

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.pen_width = DEFAULT_PEN_WIDTH
        self.eraser = False
        self._was_blank = True
        self._layer: InkLayer | None = None
        self._pen = PenInput(self)
        self._pen.pressed.connect(self._pen_pressed)
        self._pen.moved.connect(self._pen_moved)
        self._pen.released.connect(self._pen_released)
        self._pen.cancelled.connect(self.cancel_gesture)
        self._show_cursor()
        self.retranslate()

    @property
    def room(self) -> QSize:
        """The visible size."""
        parent = self.parentWidget()
        return parent.size() if parent else self.size()

    def set_pen_width(self, width: float) -> None:
        self.pen_width = min(max(width, MIN_PEN_WIDTH), MAX_PEN_WIDTH)
        self._show_cursor()

    def set_eraser(self, eraser: bool) -> None:
        """Whether the next gesture erases strokes."""
        self.eraser = eraser
        self._show_cursor()

    def retranslate(self) -> None:
        self._hint = self.tr("Draw digits here")
        self.setAccessibleName(self.tr("Drawing area"))
        self.setAccessibleDescription(
            self.tr("Draw digits with the mouse, a pen or a finger; they are read while you draw.")
        )
        self.update()

    def _pen_pressed(self, point: PenPoint) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        tag = tag_at(self.boxes(), QPointF(point.x, point.y))
        if tag >= 0:
            self.set_selected(tag)
        elif self.eraser or point.eraser:
            self._gesture = EraseGesture(self.ink, point)
            self._pen_moved(point)
            self.history_changed.emit()
        else:
            self._gesture = DrawGesture(
                self.ink, self.pen_width, point, (self.width(), self.height())
            )
            self._show_growth(self._gesture)
            self.history_changed.emit()

    def _pen_moved(self, point: PenPoint) -> None:
        gesture = self._gesture
        if gesture is None or not gesture.extend(point):
            return
        if isinstance(gesture, DrawGesture):
            self._show_growth(gesture)
        else:
            self._refresh(self._painted().show(gesture.ink))
            self.ink_changing.emit(gesture.ink)

    def _pen_released(self) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        if gesture.ink is gesture.before:
            self.history_changed.emit()
        else:
            text = self.tr("Draw") if isinstance(gesture, DrawGesture) else self.tr("Erase")
            self.do(text, gesture.ink)

    def _show_growth(self, gesture: DrawGesture) -> None:
        """Paint only what the last point changed: it bends the pieces of the last three."""
        layer = self._painted()
        if layer.ink is not gesture.settled:
            self._refresh(layer.show(gesture.settled))
        layer.grow(gesture.stroke)
        self._refresh(stroke_area(gesture.stroke, last=3))
        if self.ink.is_empty and len(gesture.stroke.points) == 1:
            self.update()
        self.ink_changing.emit(gesture.ink)

    def show_ink(self, ink: Ink) -> None:
        self._pen.lift()
        self._refresh(self._painted().show(ink))
        if ink.is_empty or self._was_blank:
            self.update()  # the hint, too
        self._was_blank = ink.is_empty

    def _refresh(self, area: Box | None) -> None:
        if area is not None:
            self.update(QRectF(area.x, area.y, area.width, area.height).toAlignedRect())

    def _show_cursor(self) -> None:
        ratio = self.devicePixelRatioF()
        if self.eraser:
            self.setCursor(eraser_cursor(ERASER_RADIUS, ratio, self.colours))
        else:
            self.setCursor(pen_cursor(self.pen_width, ratio, self.colours))

    def _painted(self) -> InkLayer:
        """The layer; a new one if size, screen or colours have changed."""
        layer, ratio = self._layer, self.devicePixelRatioF()
        if layer is None or not layer.fits(self.size(), ratio):
            layer = InkLayer(self.size(), ratio, self.colours.background, self.colours.ink)
            self._layer = layer
            gesture = self._gesture
            layer.show(gesture.settled if gesture else self.ink)
            if isinstance(gesture, DrawGesture):
                layer.grow(gesture.stroke)
        return layer

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._show_cursor()
            self.update()
        elif event.type() == QEvent.Type.ShortcutOverride and self._gesture is not None:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._gesture is not None:
            self.cancel_gesture()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The pen is up: show that tags can be clicked."""
        if tag_at(self.boxes(), event.position()) >= 0:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self._show_cursor()

    def paintEvent(self, event: QPaintEvent) -> None:
        layer = self._painted()
        painter = QPainter(self)
        painter.drawImage(QPointF(), layer.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(self._gesture, DrawGesture):
            self._paint_tip(painter, self._gesture.stroke)
        elif self.ink.is_empty:
            paint_hint(painter, self, self._hint, self.colours)
        self.paint_boxes(painter, event.region())
        paint_edge(painter, self, event.rect(), self.colours)
        painter.end()

    def _paint_tip(self, painter: QPainter, stroke: Stroke) -> None:
        """The straight line to the last point, which the next point will bend."""
        before, end = stroke.points[-2:][0], stroke.points[-1]
        start = before if len(stroke.points) <= 2 else (before + end) / 2
        width = float(line_widths(stroke, len(stroke.points) - 1)[0])
        round_cap = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(self.colours.ink, width, Qt.PenStyle.SolidLine, round_cap))
        if np.array_equal(start, end):
            painter.drawPoint(QPointF(*end.tolist()))
        else:
            painter.drawLine(QPointF(*start.tolist()), QPointF(*end.tolist()))

    def frame_of(self, box: Box) -> QRectF:
        air = box.grown(_BOX_MARGIN)
        return QRectF(air.x, air.y, air.width, air.height)

    def colours_changed(self) -> None:
        self._layer = None
        self._show_cursor()
        self.update()
