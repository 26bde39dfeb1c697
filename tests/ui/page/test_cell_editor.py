from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inkread.ui.page.cell_editor import CellEditor

Key = Qt.Key


class Ends:
    def __init__(self, qtbot: QtBot, text: str) -> None:
        parent = QWidget()
        qtbot.addWidget(parent)
        self.parent = parent
        self.editor = CellEditor(text, lambda sign: sign if sign in "0123456789,-" else "", parent)
        self.found: list[tuple[str, str] | None] = []
        self.editor.done.connect(lambda *end: self.found.append(end))
        self.editor.cancelled.connect(lambda: self.found.append(None))
        parent.show()
        self.editor.setFocus()
        qtbot.waitUntil(self.editor.hasFocus)


@pytest.mark.parametrize(
    ("key", "modifier", "way"),
    [
        (Key.Key_Return, Qt.KeyboardModifier.NoModifier, "down"),
        (Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "down"),
        (Key.Key_Return, Qt.KeyboardModifier.ShiftModifier, "up"),
        (Key.Key_Down, Qt.KeyboardModifier.NoModifier, "down"),
        (Key.Key_Up, Qt.KeyboardModifier.NoModifier, "up"),
        (Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "next"),
        (Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier, "previous"),
    ],
)
def test_a_key_ends_typing_and_says_where_to_go(
    qtbot: QtBot, key: Key, modifier: Qt.KeyboardModifier, way: str
) -> None:
    ends = Ends(qtbot, "1")
    QTest.keyClicks(ends.editor, "2")
    QTest.keyClick(ends.editor, key, modifier)
    assert ends.found == [("12", way)]


def test_escape_changes_nothing(qtbot: QtBot) -> None:
    ends = Ends(qtbot, "1")
    QTest.keyClicks(ends.editor, "2")
    QTest.keyClick(ends.editor, Key.Key_Escape)
    assert ends.found == [None]


def test_what_is_left_otherwise_is_kept(qtbot: QtBot) -> None:
    ends = Ends(qtbot, "1")
    QTest.keyClicks(ends.editor, "2")
    ends.editor.clearFocus()
    assert ends.found == [("12", "")]


def test_it_ends_once(qtbot: QtBot) -> None:
    ends = Ends(qtbot, "1")
    QTest.keyClick(ends.editor, Key.Key_Return)
    ends.editor.clearFocus()
    ends.editor.close_unchanged()
    assert ends.found == [("1", "down")]


def test_only_known_signs_and_spaces_are_taken(qtbot: QtBot) -> None:
    ends = Ends(qtbot, "")
    QTest.keyClicks(ends.editor, "1x ,=2")
    assert ends.editor.text() == "1 ,2"
