"""Scroll bars around the canvas while its ink is larger than the room for it."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from inkread.ui.canvas.canvas import Canvas


class CanvasScroll(QScrollArea):
    """The canvas is as large as there is room, and at least as large as its ink."""

    def __init__(self, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(canvas)
        self._canvas = canvas
        # Many changes at once are measured once.
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self._fit_ink)
        canvas.ink_changed.connect(self._on_ink_changed)

    def _on_ink_changed(self) -> None:
        self._later.start()

    def _fit_ink(self) -> None:
        size, ink = self._canvas.minimumSizeHint(), self._canvas.ink
        if not ink.is_empty:
            box = ink.bounds
            size = size.expandedTo(QSize(math.ceil(box.right), math.ceil(box.bottom)))
        self._canvas.setMinimumSize(size)

    def minimumSizeHint(self) -> QSize:
        return self._canvas.minimumSizeHint()

    def sizeHint(self) -> QSize:
        return self._canvas.sizeHint()
