from __future__ import annotations

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from inkread.ui.actions.picture_actions import PictureActions


def test_each_entry_has_a_text_and_a_key_of_its_own(qtbot: QtBot) -> None:
    parent = QObject()
    actions = PictureActions(parent)
    keys = [action.shortcut().toString() for action in actions.entries]
    assert keys == ["R", "Ctrl+Shift+0", "Ctrl+Shift+Left", "Ctrl+Shift+Right"]
    texts = [action.text() for action in actions.entries]
    assert len(set(texts)) == len(texts) and all("&" in text for text in texts)


def test_only_the_rectangle_is_a_mode(qtbot: QtBot) -> None:
    parent = QObject()
    actions = PictureActions(parent)
    assert [action.isCheckable() for action in actions.entries] == [True, False, False, False]
