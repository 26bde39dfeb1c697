"""Captions of forms."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QFormLayout, QLabel, QWidget


def add_fields(form: QFormLayout, *fields: QWidget) -> None:
    """Add fields in rows of their own, whose captions are yet to be set."""
    for field in fields:
        label = QLabel()
        label.setBuddy(field)
        form.addRow(label, field)


def set_captions(form: QFormLayout, captions: Mapping[QWidget, str]) -> None:
    """Name fields, for the eye and for assistive tools; & marks a caption's key."""
    for field, caption in captions.items():
        label = form.labelForField(field)
        assert isinstance(label, QLabel)
        label.setText(caption)
        field.setAccessibleName(caption.replace("&", ""))
