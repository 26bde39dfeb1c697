"""The grid of a table over a picture."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from inkread.ui.glyphs.overlay_colours import CanvasColours

_LINE, _HALO, _CURRENT = 1.0, 2.5, 2.5  # px


def paint_grid(
    painter: QPainter,
    cells: Iterable[QPolygonF],
    wrong: Iterable[QPolygonF],
    current: QPolygonF | None,
    colours: CanvasColours,
) -> None:
    """Paint thin lines around all cells, and mark some.

    Parameters
    ----------
    painter : QPainter
        Of the widget.
    cells, wrong : iterables of QPolygonF
        All, and those whose sum is not what it should be, px of the widget.
    current : QPolygonF or None
        The selected one.
    colours : CanvasColours
        Those over pictures.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = _path(cells)
    for colour, share, width in (
        (colours.background, 0.6, _HALO),
        (colours.accent, 0.9, _LINE),
    ):
        painter.strokePath(path, QPen(_veil(colour, share), width))
    dashes = QPen(colours.warning, _CURRENT, Qt.PenStyle.DashLine)
    painter.strokePath(_path(wrong), dashes)
    if current is not None:
        painter.fillPath(_path([current]), _veil(colours.accent, 0.18))
        painter.strokePath(_path([current]), QPen(colours.accent, _CURRENT))
    painter.restore()


def _path(polygons: Iterable[QPolygonF]) -> QPainterPath:
    """One path: sides that cells share are painted once."""
    path = QPainterPath()
    for polygon in polygons:
        path.addPolygon(polygon)
        path.closeSubpath()
    return path


def _veil(colour: QColor, share: float) -> QColor:
    veil = QColor(colour)
    veil.setAlphaF(share)
    return veil
