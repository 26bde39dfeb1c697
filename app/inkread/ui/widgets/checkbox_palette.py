"""Boxes to tick that are seen on dark colours, too."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget


def show_ticks(*widgets: QWidget, palette: QPalette) -> None:
    """The style draws the frames of boxes to tick darker than the window: not seen on dark."""
    framed = QPalette(palette)
    framed.setColor(QPalette.ColorRole.Window, palette.color(QPalette.ColorRole.PlaceholderText))
    for widget in widgets:
        widget.setPalette(framed)
