"""Layouts and buttons in one call."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inkread.ui.widgets.layouts import (
    STRETCH,
    add_buttons,
    bare,
    button_box,
    fill,
    push_button,
    set_texts,
    tool_button,
)


def test_parts_lie_in_their_order_with_their_stretch(qtbot: QtBot) -> None:
    window, first, last = QWidget(), QWidget(), QWidget()
    qtbot.addWidget(window)
    inner = QHBoxLayout()
    layout = fill(QVBoxLayout(window), first, (inner, 2), STRETCH, 12, (last, 3))
    parts = [layout.itemAt(i) for i in range(layout.count())]
    assert [part and part.widget() for part in parts] == [first, None, None, None, last]
    assert parts[1] is inner
    assert [part and part.sizeHint().height() for part in parts[2:4]] == [0, 12]
    assert [layout.stretch(i) for i in range(5)] == [0, 2, 0, 0, 3]


def test_a_bare_layout_has_no_margins(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = bare(QVBoxLayout(window), 7)
    assert layout.contentsMargins().isNull()
    assert layout.spacing() == 7


def test_a_click_does_what_the_button_is_for(qtbot: QtBot) -> None:
    clicks: list[str] = []
    button = push_button(lambda: clicks.append("done"), "go", autoDefault=False)
    qtbot.addWidget(button)
    button.click()
    assert (clicks, button.objectName(), button.autoDefault()) == (["done"], "go", False)


def test_escape_presses_the_button_that_rejects(qtbot: QtBot) -> None:
    go, close = QPushButton("go"), QPushButton("close")
    box = button_box(go, reject=close)
    qtbot.addWidget(box)
    assert box.buttonRole(go) is QDialogButtonBox.ButtonRole.ActionRole
    assert box.buttonRole(close) is QDialogButtonBox.ButtonRole.RejectRole


def test_the_last_button_of_a_dialog_stands_apart(qtbot: QtBot) -> None:
    window, buttons = QWidget(), [QPushButton() for _ in range(3)]
    qtbot.addWidget(window)
    layout = QHBoxLayout(window)
    add_buttons(layout, buttons)
    assert [layout.indexOf(button) for button in buttons] == [0, 1, 3]
    assert not any(button.autoDefault() for button in buttons)


def test_each_button_has_its_text(qtbot: QtBot) -> None:
    yes, no = QPushButton(), QPushButton()
    qtbot.addWidget(yes)
    qtbot.addWidget(no)
    set_texts({yes: "Yes", no: "No"})
    assert (yes.text(), no.text()) == ("Yes", "No")


def test_a_tool_button_is_that_of_its_action(qtbot: QtBot) -> None:
    button = tool_button(action := QAction("Pen"), Qt.ToolButtonStyle.ToolButtonTextOnly)
    qtbot.addWidget(button)
    with qtbot.waitSignal(action.triggered):
        button.click()
    assert button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextOnly
