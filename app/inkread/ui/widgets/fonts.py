"""Type that differs from the usual."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def enlarge(widget: QWidget, factor: float, is_bold: bool = True) -> None:
    """Set a widget in type of `factor` times its size."""
    font = widget.font()
    font.setPointSizeF(factor * font.pointSizeF())
    font.setBold(is_bold)
    widget.setFont(font)
