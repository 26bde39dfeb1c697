"""Palette that keeps checkboxes visible on dark colours."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget


def show_ticks(*widgets: QWidget, palette: QPalette) -> None:
    """The style draws checkbox frames darker than the window: invisible on a dark one."""
    framed = QPalette(palette)
    framed.setColor(QPalette.ColorRole.Window, palette.color(QPalette.ColorRole.PlaceholderText))
    for widget in widgets:
        widget.setPalette(framed)
