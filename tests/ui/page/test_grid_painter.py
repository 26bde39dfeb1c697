from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPolygonF

from inkread.ui.glyphs.overlay_colours import CanvasColours
from inkread.ui.page.grid_painter import paint_grid
from tests.ui.canvas.canvases import themed


def square(left: float) -> QPolygonF:
    corners = ((left, 10), (left + 30, 10), (left + 30, 40), (left, 40))
    return QPolygonF([QPointF(x, y) for x, y in corners])


def painted(current: QPolygonF | None, *wrong: QPolygonF) -> NDArray[np.uint8]:
    image = QImage(80, 50, QImage.Format.Format_RGB888)
    image.fill("#808080")
    painter = QPainter(image)
    colours = CanvasColours.of(themed("#ffffff", "#000000"))
    paint_grid(painter, [square(10), square(40)], wrong, current, colours)
    painter.end()
    stride = image.bytesPerLine()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(50, stride)[:, : 80 * 3]
    return pixels.reshape(50, 80, 3).copy()


def is_changed(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray((pixels != 128).any(axis=2))


def test_lines_are_around_every_cell_and_nothing_is_inside(qapp: QGuiApplication) -> None:
    changed = is_changed(painted(None))
    assert changed[25, 10] and changed[25, 40] and changed[25, 70]
    assert changed[10, 25] and changed[40, 55]
    assert not changed[14:36, 14:36].any() and not changed[14:36, 44:66].any()


def test_the_selected_cell_is_filled(qapp: QGuiApplication) -> None:
    changed = is_changed(painted(square(40)))
    assert changed[14:36, 44:66].all()
    assert not changed[14:36, 14:36].any()


def test_a_wrong_sum_has_a_line_of_its_own(qapp: QGuiApplication) -> None:
    assert (painted(None, square(40)) != painted(None)).any()
