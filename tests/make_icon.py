"""Make the program's icon: ``python3 -m tests.make_icon``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPainterPath, QPen

from inkread.data.paths import bundled
from tests.written import write

SIDE = 256


def make(path: Path) -> None:
    """A 2 as a hand writes it, white on the accent of the light theme."""
    application = QGuiApplication.instance() or QGuiApplication(["make_icon"])
    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("#2456c8"))
    painter.drawRoundedRect(QRectF(8, 8, SIDE - 16, SIDE - 16), 52, 52)
    ink = write("2", height=140)
    middle = QPointF(*ink.bounds.centre)
    stroke = QPainterPath()
    for number, (x, y) in enumerate(ink.strokes[0].points.tolist()):
        point = QPointF(x, y) - middle + QPointF(SIDE / 2, SIDE / 2)
        stroke.moveTo(point) if number == 0 else stroke.lineTo(point)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.strokePath(stroke, QPen(QColor("white"), 24, Qt.PenStyle.SolidLine, cap, join))
    painter.end()
    image.save(str(path))
    del application


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else bundled("assets/icon.png"))
