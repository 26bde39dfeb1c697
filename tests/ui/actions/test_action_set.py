"""Actions with their texts, keys and icons."""

from __future__ import annotations

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication

from inkread.ui.actions.action_set import ActionSet, Key


def test_an_action_has_all_its_keys(qapp: QApplication) -> None:
    action = ActionSet(qapp).add(lambda: "Zoom in", "Ctrl++", "Ctrl+=")
    assert action.shortcuts() == [QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")]


def test_a_standard_key_is_that_of_the_platform(qapp: QApplication) -> None:
    action = ActionSet(qapp).add(lambda: "Copy", Key.Copy)
    assert action.shortcuts() == QKeySequence.keyBindings(Key.Copy)


def test_texts_are_asked_for_again_in_another_language(qapp: QApplication) -> None:
    words = iter(("Pen", "Stift"))
    actions = ActionSet(qapp)
    action = actions.add(lambda: next(words))
    actions.retranslate()
    assert action.text() == "Pen"
    actions.retranslate()
    assert action.text() == "Stift"


def test_what_has_an_icon_shows_its_key_in_a_tool_tip(qapp: QApplication) -> None:
    actions = ActionSet(qapp)
    drawn = actions.add(lambda: "&Pen...", "P", icon="pen", checkable=True)
    plain = actions.add(lambda: "&Quit", "Ctrl+Q", role=QAction.MenuRole.QuitRole)
    actions.retranslate()
    assert drawn.toolTip() == "Pen (P)"
    assert "Ctrl" not in plain.toolTip()
