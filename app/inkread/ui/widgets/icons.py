"""The icons, drawn as lines on a 24 x 24 grid in the colours of the palette."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPalette, QPen, QPixmap

GRID = 24
_LINE = 1.8


def _line(*points: float) -> QPainterPath:
    path = QPainterPath(QPointF(points[0], points[1]))
    for x, y in zip(points[2::2], points[3::2], strict=True):
        path.lineTo(x, y)
    return path


def _pen() -> QPainterPath:
    path = _line(4, 20, 5, 15.5, 16, 4.5, 19.5, 8, 8.5, 19, 4, 20)
    path.addPath(_line(13.5, 7, 17, 10.5))
    return path


def _eraser() -> QPainterPath:
    path = _line(9, 19.5, 3.5, 14, 13.5, 4, 20.5, 11, 12, 19.5, 9, 19.5)
    path.addPath(_line(8, 9.5, 15, 16.5))
    path.addPath(_line(9, 20, 21, 20))
    return path


def _undo() -> QPainterPath:
    path = QPainterPath(QPointF(5, 9))
    path.lineTo(15, 9)
    path.arcTo(QRectF(9.5, 9, 10, 10), 90, -180)
    path.lineTo(9, 19)
    path.addPath(_line(9, 5, 5, 9, 9, 13))
    return path


def _clear() -> QPainterPath:
    path = _line(6, 7.5, 7, 20, 17, 20, 18, 7.5)
    path.addPath(_line(4, 7, 20, 7))
    path.addPath(_line(9, 7, 9.5, 4, 14.5, 4, 15, 7))
    path.addPath(_line(10, 11, 10.4, 16.5))
    path.addPath(_line(14, 11, 13.6, 16.5))
    return path


def _open() -> QPainterPath:
    path = _line(3.5, 19, 3.5, 5, 9.5, 5, 11.5, 7.5, 19, 7.5, 19, 10.5)
    path.addPath(_line(3.5, 19, 6.5, 10.5, 21.5, 10.5, 18.5, 19, 3.5, 19))
    return path


def _back() -> QPainterPath:
    path = _line(20, 12, 4.5, 12)
    path.addPath(_line(11, 5.5, 4.5, 12, 11, 18.5))
    return path


def _copy() -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(8.5, 8.5, 12, 12), 2, 2)
    path.addPath(_line(5.5, 15.5, 3.5, 15.5, 3.5, 3.5, 15.5, 3.5, 15.5, 5.5))
    return path


def _previous() -> QPainterPath:
    return _line(14.5, 5, 8, 12, 14.5, 19)


def _close() -> QPainterPath:
    path = _line(6, 6, 18, 18)
    path.addPath(_line(18, 6, 6, 18))
    return path


def _warning() -> QPainterPath:
    path = _line(12, 3.5, 21.5, 20, 2.5, 20, 12, 3.5)
    path.addPath(_line(12, 9.5, 12, 14))
    path.addPath(_line(12, 17, 12, 17.1))
    return path


def _glass() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(3.5, 3.5, 13, 13))
    path.addPath(_line(14.8, 14.8, 20.5, 20.5))
    path.addPath(_line(7, 10, 13, 10))
    return path


def _zoom_in() -> QPainterPath:
    path = _glass()
    path.addPath(_line(10, 7, 10, 13))
    return path


def _whole() -> QPainterPath:
    path = _line(3.5, 8.5, 3.5, 4.5, 8.5, 4.5)
    for corner in ((15.5, 4.5, 20.5, 4.5, 20.5, 8.5), (20.5, 15.5, 20.5, 19.5, 15.5, 19.5)):
        path.addPath(_line(*corner))
    path.addPath(_line(8.5, 19.5, 3.5, 19.5, 3.5, 15.5))
    return path


def _box() -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(4, 7, 10, 13))
    path.addPath(_line(18.5, 3, 18.5, 10))
    path.addPath(_line(15, 6.5, 22, 6.5))
    return path


def _doubt() -> QPainterPath:
    path = QPainterPath(QPointF(7.5, 9))
    path.cubicTo(7.5, 2.5, 16.5, 2.5, 16.5, 8.5)
    path.cubicTo(16.5, 12, 12, 11.5, 12, 15)
    path.addPath(_line(12, 19.2, 12, 19.4))
    return path


PATHS: dict[str, Callable[[], QPainterPath]] = {
    "pen": _pen,
    "eraser": _eraser,
    "undo": _undo,
    "redo": _undo,
    "clear": _clear,
    "open": _open,
    "back": _back,
    "copy": _copy,
    "previous": _previous,
    "next": _previous,
    "close": _close,
    "warning": _warning,
    "zoom_in": _zoom_in,
    "zoom_out": _glass,
    "whole": _whole,
    "box": _box,
    "doubt": _doubt,
}
#: These are drawn from right to left.
MIRRORED = ("redo", "next")


def pixmap(name: str, colour: QColor, side: int, ratio: float) -> QPixmap:
    """One icon, `side` logical px large, for a screen with `ratio` device px for each."""
    result = QPixmap(QSize(side, side) * ratio)
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / GRID, side / GRID)
    if name in MIRRORED:
        painter.translate(GRID, 0)
        painter.scale(-1, 1)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.strokePath(PATHS[name](), QPen(colour, _LINE, Qt.PenStyle.SolidLine, cap, join))
    painter.end()
    return result


def icon(name: str, palette: QPalette, ratio: float, side: int = GRID) -> QIcon:
    """An icon in the palette's text colours, faded where disabled."""
    result = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        colour = palette.color(group, QPalette.ColorRole.ButtonText)
        result.addPixmap(pixmap(name, colour, side, ratio), mode)
    return result
