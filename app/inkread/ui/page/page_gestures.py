"""Mouse gestures on a page: pushing it, and drawing a box."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

#: Shorter movements are clicks, px.
MIN_DRAG = 4.0


class Push:
    """Moves the page with the mouse, once it has gone farther than a click."""

    def __init__(self, start: QPointF) -> None:
        self._last = start
        self._start = start
        self.is_under_way = False

    def move(self, to: QPointF) -> QPointF:
        """How far the page must move now."""
        way = to - self._start
        self.is_under_way |= max(abs(way.x()), abs(way.y())) >= MIN_DRAG
        if not self.is_under_way:
            return QPointF()
        step, self._last = to - self._last, to
        return step


class Frame:
    """Draws a box from corner to corner."""

    def __init__(self, start: QPointF) -> None:
        self._start = start
        self.rect = QRectF(start, start)

    def move(self, to: QPointF) -> None:
        self.rect = QRectF(self._start, to).normalized()

    @property
    def is_box(self) -> bool:
        return min(self.rect.width(), self.rect.height()) >= MIN_DRAG

    def paint(self, painter: QPainter, line: QColor, halo: QColor) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        dashes = QPen(line, 2, Qt.PenStyle.DashLine)
        for pen in (QPen(halo, 4), dashes):
            painter.setPen(pen)
            painter.drawRect(self.rect)
