"""Dialogs beside the window."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inkread.core.errors import InputEmpty
from inkread.ui.widgets.banner import Banner
from inkread.ui.widgets.messages import Messages
from inkread.ui.widgets.tool_dialog import ToolDialog


class Tool(ToolDialog):
    def retranslate(self) -> None:
        self.setWindowTitle("Tool")


def shown_in(qtbot: QtBot) -> tuple[Tool, Banner]:
    window = QWidget()
    qtbot.addWidget(window)
    banner = Banner(window)
    return Tool("tool", Messages(banner, window), window, (300, 200)), banner


def test_an_error_shows_where_it_happened(qtbot: QtBot) -> None:
    tool, banner = shown_in(qtbot)
    tool.present()
    tool.show_error(InputEmpty(name="-"))
    assert tool.banner.text
    assert not banner.text


def test_an_error_of_a_hidden_dialog_shows_in_the_window(qtbot: QtBot) -> None:
    tool, banner = shown_in(qtbot)
    tool.show_error(InputEmpty(name="-"))
    assert not tool.banner.text
    assert banner.text


def test_the_banner_is_above_the_rest(qtbot: QtBot) -> None:
    tool, _ = shown_in(qtbot)
    tool.column.addWidget(rest := QWidget())
    assert tool.column.indexOf(tool.banner) < tool.column.indexOf(rest)
