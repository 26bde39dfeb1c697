"""Captions of forms, and boxes to tick that are seen on dark colours too."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from inkread.ui.widgets.plain_text import PlainLabel


def add_fields(form: QFormLayout, *fields: QWidget) -> None:
    """Add fields in rows of their own, whose captions are yet to be set."""
    for field in fields:
        label = PlainLabel()
        label.setBuddy(field)
        form.addRow(label, field)


def set_captions(form: QFormLayout, captions: Mapping[QWidget, str]) -> None:
    """Name fields, for the eye and for assistive tools; & marks a caption's key."""
    for field, caption in captions.items():
        label = form.labelForField(field)
        assert isinstance(label, QLabel)
        label.setText(caption)
        field.setAccessibleName(caption.replace("&", ""))


def show_ticks(*widgets: QWidget, palette: QPalette) -> None:
    """The style draws checkbox frames darker than the window: invisible on a dark one."""
    framed = QPalette(palette)
    framed.setColor(QPalette.ColorRole.Window, palette.color(QPalette.ColorRole.PlaceholderText))
    for widget in widgets:
        widget.setPalette(framed)
