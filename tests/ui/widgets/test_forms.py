"""Captions of forms."""

from __future__ import annotations

from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from inkread.ui.widgets.forms import add_fields, set_captions


def test_a_caption_names_its_field_and_leads_to_it(qtbot: QtBot) -> None:
    window, name, count = QWidget(), QLineEdit(), QSpinBox()
    qtbot.addWidget(window)
    form = QFormLayout(window)
    add_fields(form, name, count)
    set_captions(form, {name: "&Name", count: "How &many"})
    label = form.labelForField(count)
    assert isinstance(label, QLabel)
    assert label.text() == "How &many"
    assert label.buddy() is count
    assert (name.accessibleName(), count.accessibleName()) == ("Name", "How many")
