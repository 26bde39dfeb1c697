"""Everybody can use the window: by keyboard, by screen reader, in their language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt, QTranslator
from PySide6.QtGui import QAccessible, QAction, QFont
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QScrollBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.window_driver import Window

MARK = "§"


def focusable(window: Window) -> list[QWidget]:
    """The widgets that the keyboard must reach."""
    return [
        widget
        for widget in window.main.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget, QScrollBar)
    ]


def test_every_control_has_a_name(window: Window) -> None:
    window.write("20")
    controls = focusable(window)
    assert len(controls) > 8
    for widget in controls:
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name).strip(), widget


@pytest.mark.parametrize(
    "name", ["canvas", "page_view", "prediction", "probabilities", "reading", "pipeline"]
)
def test_what_matters_can_be_found_and_has_a_name(window: Window, name: str) -> None:
    assert window.find(QWidget, name).accessibleName()


def test_tab_reaches_every_control(window: Window) -> None:
    window.write("20")
    wanted = set(focusable(window))
    reached = set()
    for _ in range(3 * len(wanted)):
        reached.add(QApplication.focusWidget())
        window.press(Qt.Key.Key_Tab)
    assert wanted <= reached


def test_undo_and_redo_are_reached_by_tab_once_there_is_something_to_do(window: Window) -> None:
    def reached() -> set[str]:
        found = set()
        for _ in range(3 * len(focusable(window))):
            focused = QApplication.focusWidget()
            if isinstance(focused, QToolButton):
                found.add(focused.text())
            window.press(Qt.Key.Key_Tab)
        return found

    assert not {"Undo", "Redo"} & reached()
    window.write("11")
    assert {"Undo", "Redo"} & reached() == {"Undo"}
    window.commands.undo.trigger()
    assert {"Undo", "Redo"} <= reached()


def all_actions(window: Window) -> list[QAction]:
    return [
        action
        for menu in window.main.menus.findChildren(QMenu)
        for action in menu.actions()
        if not action.isSeparator() and not action.menu()
    ]


def test_no_two_actions_share_a_key(window: Window) -> None:
    actions = set(all_actions(window))
    assert len(actions) > 20
    keys = Counter(key.toString() for action in actions for key in action.shortcuts())
    assert [key for key, count in keys.items() if count > 1] == []


def test_mnemonics_are_unique_in_each_menu(window: Window) -> None:
    bar = window.main.menus
    groups = [[action.text() for action in bar.actions()]]
    groups += [[action.text() for action in menu.actions()] for menu in bar.findChildren(QMenu)]
    for texts in groups:
        letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(letters) == len([text for text in texts if text])
        assert len(set(letters)) == len(letters), texts


class Marked(QTranslator):
    """Marks everything that goes through translation."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self,
        context: str,
        source: str,
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str:
        return MARK + source


@pytest.fixture
def marked(qapp: QCoreApplication) -> Iterator[Marked]:
    translator = Marked()
    yield translator
    QCoreApplication.removeTranslator(translator)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LanguageChange)


def is_words(text: str) -> bool:
    return sum(sign.isalpha() for sign in text) > 1


def test_a_new_language_reaches_every_text(window: Window, marked: Marked, qtbot: QtBot) -> None:
    window.write("20")
    QCoreApplication.installTranslator(marked)
    qtbot.waitUntil(lambda: MARK in window.main.windowTitle())
    texts = [label.text() for label in window.main.findChildren(QLabel)]
    texts += [widget.accessibleName() for widget in window.main.findChildren(QWidget)]
    texts += [widget.toolTip() for widget in window.main.findChildren(QWidget)]
    texts += [action.text() for action in all_actions(window)]
    texts += [menu.title() for menu in window.main.menus.findChildren(QMenu)]
    left = [text for text in texts if is_words(text) and MARK not in text]
    assert left == []
    assert window.reading == "20"


@pytest.mark.parametrize("size", [7, 18])
def test_other_sizes_of_type_fit(window: Window, size: int) -> None:
    window.write("20")
    before = QApplication.font()
    larger = QFont(before)
    larger.setPointSize(size)
    try:
        QApplication.setFont(larger)
        window.main.resize(800, 560)
        QApplication.processEvents()
        for name in ("canvas", "prediction", "probabilities", "reading"):
            widget = window.find(QWidget, name)
            place = QRect(widget.mapTo(window.main, QPoint()), widget.size())
            assert window.main.rect().contains(place), name
            assert min(place.width(), place.height()) > 15, name
    finally:
        QApplication.setFont(before)
