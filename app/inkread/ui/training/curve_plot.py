"""Live training curves, drawn by pyqtgraph in the colours of the palette."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

#: Maximum points of a curve, about the columns of a screen; beyond it every second is dropped.
_MAX_POINTS = 1500
_MAX_TICKS = 8


class GrowingCurve:
    """Points in the order of x, thinned out evenly when there are too many."""

    def __init__(self) -> None:
        self.x: list[float] = []
        self.y: list[float] = []
        self._stride = 1
        self._skipped = 0

    def add(self, x: float, y: float) -> None:
        self._skipped += 1
        if self._skipped < self._stride:
            return
        self._skipped = 0
        self.x.append(x)
        self.y.append(y)
        if len(self.x) > _MAX_POINTS:
            self.x, self.y = self.x[::2], self.y[::2]
            self._stride *= 2


class CurvePlot(pg.PlotWidget):  # type: ignore[misc]
    """Two curves over the epochs: on training data and on held-out data."""

    def __init__(self, falling: bool, parent: QWidget | None = None) -> None:
        """`falling` curves leave room for the legend at the top, rising ones at the bottom."""
        super().__init__(parent, enableMenu=False)
        # pyqtgraph creates it anyway and never deletes it. Without its flags it would not be a
        # window of its own, but lie on the plot.
        menu = self.plotItem.ctrlMenu
        menu.setParent(self, menu.windowFlags())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAntialiasing(True)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self.setMinimumSize(220, 180)
        self._legend = self.addLegend(offset=(-8, 8 if falling else -8))
        self._curves = (self.plot(name=" "), self.plot(name=" "))
        self._points = (GrowingCurve(), GrowingCurve())
        self._set_colours()

    def start(self, passes: int) -> None:
        """Clear the curves, with room for `passes` epochs."""
        self._points = (GrowingCurve(), GrowingCurve())
        self.setXRange(0, passes, padding=0.02)
        step = max(1, math.ceil(passes / _MAX_TICKS))
        self.getAxis("bottom").setTickSpacing(step, step)
        self.redraw()

    def add(self, passes: float, learning: float) -> None:
        """Add a value on training data after `passes` epochs. Shown by `redraw`."""
        self._points[0].add(passes, learning)

    def add_held_out(self, passes: float, figure: float) -> None:
        self._points[1].add(passes, figure)

    def redraw(self) -> None:
        for curve, points in zip(self._curves, self._points, strict=True):
            curve.setData(points.x, points.y)

    def points(self) -> tuple[list[float], list[float]]:
        """The values shown: on training data, on held-out data."""
        return self._points[0].y, self._points[1].y

    def set_texts(self, title: str, passes: str, learning: str, held_out: str) -> None:
        self.setTitle(title)
        self.setLabel("bottom", passes)
        for curve, text in zip(self._curves, (learning, held_out), strict=True):
            self._legend.getLabel(curve).setText(text)

    def _set_colours(self) -> None:
        palette = self.palette()
        role = QPalette.ColorRole
        text = palette.color(role.Text)
        self.setBackground(palette.color(role.Base))
        self._curves[0].setPen(pg.mkPen(palette.color(role.Highlight), width=2))
        self._curves[1].setPen(pg.mkPen(text, width=1.5, style=Qt.PenStyle.DashLine))
        self._curves[1].setSymbol("o")
        self._curves[1].setSymbolSize(6)
        self._curves[1].setSymbolBrush(text)
        self._curves[1].setSymbolPen(None)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(palette.color(role.Dark))
            axis.setTextPen(text)
        self._legend.setLabelTextColor(text)
        self.plotItem.titleLabel.setAttr("color", text.name())
        self.plotItem.titleLabel.setText(self.plotItem.titleLabel.text)
        self.showGrid(x=False, y=True, alpha=0.15)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_points"):
            self._set_colours()
