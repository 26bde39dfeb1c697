"""Shows a picture with the glyphs that were found in it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from inkread.core.tables.cell_map import Place
from inkread.ui.page.page_gestures import Frame, Push
from inkread.ui.page.table_surface import TableSurface
from inkread.ui.page.zoom import STEP

_NOTCH = 120.0  # of a mouse wheel


class PageView(TableSurface):
    """A page, fit to the widget or larger; a click or the arrow keys select a glyph.

    The wheel with Ctrl, or a pinch, zooms; the wheel and the mouse push a page that is larger
    than the widget. With Shift, or in the mode of its own, the mouse draws a box.
    """

    #: A box was drawn, px of the file.
    box_drawn = Signal(object)
    #: The same in the mode of drawing regions: what is to be read alone.
    region_drawn = Signal(object)
    #: The mode of drawing boxes, or regions, has ended.
    boxes_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_view")
        self._draws_boxes = self._draws_regions = False
        self._gesture: Push | Frame | None = None
        self.retranslate()

    def begin_anew(self) -> None:
        self._gesture = None
        super().begin_anew()

    def set_draws_boxes(self, draws_boxes: bool) -> None:
        """Whether the mouse draws boxes without Shift, too."""
        self._draws_boxes = draws_boxes
        self._show_cursor()

    def set_draws_regions(self, draws_regions: bool) -> None:
        """Whether the mouse draws a region instead."""
        self._draws_regions = draws_regions
        self._show_cursor()

    @property
    def _draws(self) -> bool:
        return self._draws_boxes or self._draws_regions

    def retranslate(self) -> None:
        self._hint = self.tr("Open a picture, or drop one here")
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(
            self.tr(
                "The opened picture; the arrow keys go from one digit to the next, "
                "and a typed digit corrects the selected one. In a table, the arrow keys, Tab and "
                "Return go from cell to cell, and what is typed corrects the cell."
            )
        )
        self.update()

    def show_selection(self, index: int, place: Place | None) -> None:
        super().show_selection(index, place)
        if self._gesture is not None:
            return
        if place is not None:
            self.bring_box_into_sight(self.cells.cell(place).box)
        self.bring_into_sight(index)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        buttons, shift = Qt.MouseButton, Qt.KeyboardModifier.ShiftModifier
        at = event.position()
        if event.button() == buttons.MiddleButton:
            self._gesture = Push(at)
        elif event.button() == buttons.LeftButton:
            if self.page is not None and (self._draws or event.modifiers() & shift):
                self._gesture = Frame(at)
            else:
                self._gesture = Push(at)
                self.select_at(at)
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and isinstance(self._gesture, Push):
            self.edit_cell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        gesture = self._gesture
        if isinstance(gesture, Frame):
            gesture.move(event.position())
            self.update()
        elif gesture is not None:
            self.push(gesture.move(event.position()))
            self._show_cursor()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        gesture, self._gesture = self._gesture, None
        self._show_cursor()
        if isinstance(gesture, Frame):
            self.update()
            box = self.in_file(gesture.rect)
            if gesture.is_box and box.width > 0 and box.height > 0:
                (self.region_drawn if self._draws_regions else self.box_drawn).emit(box)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        elif self.zoom.is_whole:
            event.ignore()
        else:
            way = event.pixelDelta() if event.hasPixelDelta() else event.angleDelta() / 2
            sideways = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.push(QPointF(way.y(), 0) if sideways and not way.x() else QPointF(way))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_by(1 + event.value(), event.position())
                return True
        elif event.type() == QEvent.Type.ShortcutOverride and self._is_for_gesture(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._is_for_gesture(event):
            super().keyPressEvent(event)
        elif isinstance(self._gesture, Frame):
            self._gesture = None
            self.update()
            self._show_cursor()
        else:
            self.boxes_ended.emit()

    def _is_for_gesture(self, event: QEvent) -> bool:
        """Whether the key cancels the box being drawn, or the mode of drawing boxes."""
        assert isinstance(event, QKeyEvent)
        is_drawing = self._draws or isinstance(self._gesture, Frame)
        return event.key() == Qt.Key.Key_Escape and is_drawing

    def _show_cursor(self) -> None:
        shapes = Qt.CursorShape
        if isinstance(self._gesture, Frame) or (self._draws and self._gesture is None):
            self.setCursor(shapes.CrossCursor)
        elif isinstance(self._gesture, Push) and self._gesture.is_under_way:
            self.setCursor(shapes.ArrowCursor if self.zoom.is_whole else shapes.ClosedHandCursor)
        else:
            self.unsetCursor()

    def paint_gesture(self, painter: QPainter) -> None:
        if isinstance(self._gesture, Frame):
            self._gesture.paint(painter, self.colours.accent, self.colours.background)
