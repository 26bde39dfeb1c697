"""Sizes by the font: windows that fit their words, and type larger than the usual."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

#: Font height that the sizes are given for, px.
_REFERENCE_HEIGHT = 17


def resize_by_font(window: QWidget, width: int, height: int) -> None:
    """Resize a window to a size in px for the reference font, scaled to the actual font."""
    factor = max(1.0, window.fontMetrics().height() / _REFERENCE_HEIGHT)
    room = window.screen().availableSize()
    window.resize(QSize(round(factor * width), round(factor * height)).boundedTo(room))


def enlarge(widget: QWidget, factor: float, is_bold: bool = True) -> None:
    """Set a widget in type of `factor` times its size."""
    font = widget.font()
    font.setPointSizeF(factor * font.pointSizeF())
    font.setBold(is_bold)
    widget.setFont(font)
