from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from inkread.ui.window.field_type_dialog import FieldTypeDialog
from tests.ui.window_driver import Window


def said(window: Window) -> str:
    """What stands below the text."""
    return window.find(QLabel, "reading").accessibleDescription()


def test_what_is_written_is_read_so_at_once_shown_and_remembered(
    window: Window, start: Callable[[], Window], qtbot: QtBot
) -> None:
    window.write("20")
    menu = window.main.menus.field_types
    assert menu.types[""].isChecked()
    menu.types["time"].trigger()
    qtbot.waitUntil(lambda: "Does not fit: time" in said(window))
    menu.types["digits"].trigger()
    qtbot.waitUntil(lambda: "Fits: digits" in said(window))
    window.close()
    again = start()
    assert again.main.menus.field_types.types["digits"].isChecked()
    again.main.menus.field_types.types[""].trigger()
    again.write("20")
    qtbot.waitUntil(lambda: "Fits: digits" not in said(again))


def test_a_pattern_of_ones_own_is_an_entry(window: Window, qtbot: QtBot) -> None:
    menu = window.main.menus.field_types
    menu.own.trigger()
    dialog = window.main.findChild(FieldTypeDialog)
    assert dialog is not None
    dialog.pattern.setText("999-99")
    dialog.accept()
    assert menu.own.isChecked()
    assert "999-99" in menu.own.text()
    menu.types["date"].trigger()
    assert "999-99" not in menu.own.text()


def test_a_dialog_that_is_cancelled_leaves_the_choice(window: Window) -> None:
    menu = window.main.menus.field_types
    menu.types["date"].trigger()
    menu.own.trigger()
    dialog = window.main.findChild(FieldTypeDialog)
    assert dialog is not None
    dialog.reject()
    assert menu.types["date"].isChecked()
