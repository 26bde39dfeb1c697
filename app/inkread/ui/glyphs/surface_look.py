"""The look that canvas and page view share: round corners, a frame, a hint when empty."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from inkread.ui.glyphs.overlay_colours import CanvasColours

RADIUS = 8.0


def paint_edge(painter: QPainter, widget: QWidget, dirty: QRect, colours: CanvasColours) -> None:
    """Round the corners off and draw the frame: accented while the widget has the focus."""
    inset = int(RADIUS)
    if widget.rect().adjusted(inset, inset, -inset, -inset).contains(dirty):
        return
    whole = QRectF(widget.rect())
    focused = widget.hasFocus()
    line = 2.0 if focused else 1.0
    surface = QPainterPath()
    surface.addRoundedRect(whole.adjusted(line / 2, line / 2, -line / 2, -line / 2), RADIUS, RADIUS)
    outside = QPainterPath()
    outside.addRect(whole)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(outside.subtracted(surface), colours.surround)
    painter.strokePath(surface, QPen(colours.accent if focused else colours.frame, line))


def paint_hint(painter: QPainter, widget: QWidget, text: str, colours: CanvasColours) -> None:
    font = widget.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    painter.setFont(font)
    painter.setPen(colours.hint)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(QRectF(widget.rect()).adjusted(24, 24, -24, -24), flags, text)
