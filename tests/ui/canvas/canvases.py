"""A canvas to be drawn on in tests, and what can be learnt of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPalette
from pytestqt.qtbot import QtBot

from inkread.core.ink import Ink, Stroke
from inkread.ui.canvas.canvas import Canvas
from tests.ui.canvas.pens import Place
from tests.ui.pixels import seen

LINE = ((40, 60), (100, 60), (160, 62))
HOOK = ((60, 100), (180, 140), (200, 250), (90, 210), (60, 100))


def themed(paper: str, ink: str) -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor(paper))
    palette.setColor(QPalette.ColorRole.Text, QColor(ink))
    palette.setColor(QPalette.ColorRole.Highlight, QColor("#ff0000"))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor("#ffff00"))
    return palette


def new_canvas(qtbot: QtBot) -> Canvas:
    """Black on white, 400 x 300, shown."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.setPalette(themed("#ffffff", "#000000"))
    canvas.resize(400, 300)
    canvas.show()
    return canvas


class Heard:
    """The signals of a canvas, in order."""

    def __init__(self, canvas: Canvas) -> None:
        self.changing: list[Ink] = []
        self.changed: list[Ink] = []
        canvas.ink_changing.connect(self.changing.append)
        canvas.ink_changed.connect(self.changed.append)


def points(stroke: Stroke) -> list[tuple[float, float]]:
    return [(x, y) for x, y in stroke.points.tolist()]


def is_as_afresh(canvas: Canvas, qtbot: QtBot) -> bool:
    """Whether it shows what another canvas shows that is given the same ink at once."""
    other = new_canvas(qtbot)
    other.setPalette(canvas.palette())
    other.resize(canvas.size())
    other.do("", canvas.ink)
    for each in (canvas, other):
        each.clearFocus()  # the frame shows it
    return np.array_equal(seen(canvas), seen(other))


def is_dark(rgb: NDArray[np.int64], at: Place) -> bool:
    return bool((rgb[int(at[1]), int(at[0])] < 60).all())
