"""Sizes by the font: windows that fit their words, and type larger than the usual."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

#: Height of the font for which sizes are given, px.
_USUAL_HEIGHT = 17


def resize_by_font(window: QWidget, width: int, height: int) -> None:
    """Give a window a size in px that holds for the usual font; larger for a larger one."""
    factor = max(1.0, window.fontMetrics().height() / _USUAL_HEIGHT)
    room = window.screen().availableSize()
    window.resize(QSize(round(factor * width), round(factor * height)).boundedTo(room))


def enlarge(widget: QWidget, factor: float, is_bold: bool = True) -> None:
    """Set a widget in type of `factor` times its size."""
    font = widget.font()
    font.setPointSizeF(factor * font.pointSizeF())
    font.setBold(is_bold)
    widget.setFont(font)
