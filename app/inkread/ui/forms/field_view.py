"""A picture on which the fields of a form are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from inkread.core.geometry import Box
from inkread.ui.page.page_gestures import Frame
from inkread.ui.page.page_view import PageView
from inkread.ui.widgets.plain_text import shown

NONE = -1
#: Heights of a letter, room for a name at least.
_MIN_NAME = 3


class FieldView(PageView):
    """The mouse draws a field; a click selects one."""

    #: Index of the field that was clicked, or -1.
    field_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("field_view")
        self._fields: tuple[tuple[str, Box], ...] = ()
        self._doubtful: frozenset[int] = frozenset()
        self._is_trial = False
        self._chosen = NONE
        self.set_draws_boxes(True)

    def set_fields(
        self,
        fields: Sequence[tuple[str, Box]],
        chosen: int,
        doubtful: frozenset[int] = frozenset(),
        is_trial: bool = False,
    ) -> None:
        """Names and places of the fields, px of the file; which is chosen, and which doubtful.

        On trial only the chosen one shows its name, above it: all that is written can be seen.
        """
        self._is_trial = is_trial
        self._fields, self._chosen, self._doubtful = tuple(fields), chosen, doubtful
        self.update()

    def field_at(self, at: QPointF) -> int:
        """Index of the smallest field at a place of the widget; -1: there is none."""
        frames = [self.field_frame(box) for _, box in self._fields]
        under = [k for k, frame in enumerate(frames) if frame.contains(at)]
        return min(under, key=lambda k: frames[k].width() * frames[k].height(), default=NONE)

    def field_frame(self, box: Box) -> QRectF:
        """Where a field is on the widget."""
        if self.page is None:
            return QRectF()
        shown, factor = self.page_rect(), self._file_px()
        place = QRectF(box.x, box.y, box.width, box.height)
        size = place.size() * factor
        return QRectF(shown.topLeft() + place.topLeft() * factor, size)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture = self._gesture
        super().mouseReleaseEvent(event)
        is_click = isinstance(gesture, Frame) and not gesture.is_box
        if is_click and event.button() == Qt.MouseButton.LeftButton:
            self.field_clicked.emit(self.field_at(event.position()))

    def paint_gesture(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        colours = self.box_colours()
        for index, (name, box) in enumerate(self._fields):
            frame = self.field_frame(box)
            if not frame.intersects(QRectF(self.rect())):
                continue
            is_chosen = index == self._chosen
            line = colours.accent if is_chosen else colours.box
            if index in self._doubtful and not is_chosen:
                line = colours.warning
            width = 3 if is_chosen else 1.5
            painter.setPen(QPen(colours.background, width + 2))
            painter.drawRect(frame)
            painter.setPen(QPen(line, width))
            painter.drawRect(frame)
            if is_chosen or not self._is_trial:
                self._paint_name(painter, frame, name, line, colours.background)
        super().paint_gesture(painter)

    def _paint_name(
        self, painter: QPainter, frame: QRectF, name: str, line: QColor, plate: QColor
    ) -> None:
        """The name on a plate in the field's upper left corner, or above it."""
        metrics = self.fontMetrics()
        high = metrics.height()
        room = max(_MIN_NAME * high, round(frame.width()) - 4)
        text = metrics.elidedText(shown(name), Qt.TextElideMode.ElideRight, room)
        y = frame.y() - high - 1 if self._is_trial else frame.y()
        place = QRectF(frame.x(), y, metrics.horizontalAdvance(text) + 4, high)
        painter.fillRect(place, plate)
        painter.setPen(line)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def retranslate(self) -> None:
        self._hint = self.tr("Open a picture of the form in the window first")
        self.setAccessibleName(self.tr("Form"))
        self.setAccessibleDescription(
            self.tr("The picture of the form; the mouse draws a field, and a click selects one.")
        )
        self.update()
