"""Cursors as large as pen and eraser."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen, QPixmap

from inkread.ui.glyphs.overlay_colours import CanvasColours

_SMALLEST = 5.0


def pen_cursor(width: float, ratio: float, colours: CanvasColours) -> QCursor:
    """A ring of the pen's width that shows on background and on ink."""
    return _ring(max(width, _SMALLEST), ratio, colours, QColor(Qt.GlobalColor.transparent))


def eraser_cursor(radius: float, ratio: float, colours: CanvasColours) -> QCursor:
    """A filled ring."""
    fill = QColor(colours.accent)
    fill.setAlphaF(0.35)
    return _ring(2 * radius, ratio, colours, fill)


def _ring(width: float, ratio: float, colours: CanvasColours, fill: QColor) -> QCursor:
    side = int(width) // 2 * 2 + 7  # odd, so that the middle is a pixel
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(fill)
    for colour, line in ((colours.background, 3.0), (colours.ink, 1.2)):
        painter.setPen(QPen(colour, line))
        painter.drawEllipse(QPointF(side / 2, side / 2), width / 2, width / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.end()
    return QCursor(pixmap, side // 2, side // 2)
