"""The dialogs of the Model menu speak the chosen language, and every control has a name."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from inkread.ui.models.dialog import LibraryDialog
from inkread.ui.models.facts import figure_name
from inkread.ui.training.dialog import TrainingDialog
from tests.ui.test_accessibility import MARK, Marked, is_words, marked
from tests.ui.window_driver import Window

__all__ = ["marked"]


def dialogs(window: Window, qtbot: QtBot) -> list[QDialog]:
    """Both, with all pages made."""
    window.commands.retrain.trigger()
    training = window.find(TrainingDialog, "training")
    assert training.progress
    assert training.verdict
    with qtbot.waitSignal(window.program.models.listed):
        window.commands.library.trigger()
    return [training, window.find(LibraryDialog, "library")]


def controls(dialog: QDialog) -> list[QWidget]:
    return [
        widget
        for widget in dialog.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisibleTo(dialog)
        and not isinstance(widget, QScrollBar)
        and not (isinstance(widget, QLineEdit) and widget.parent() is not dialog)
    ]


def own_widgets(dialog: QDialog) -> list[QWidget]:
    """All but what Qt and pyqtgraph put inside of theirs, and never show."""
    return [w for w in dialog.findChildren(QWidget) if not is_inside(w, QMenu, QTabBar)]


def is_inside(widget: QWidget, *kinds: type[QWidget]) -> bool:
    parent = widget.parentWidget()
    return parent is not None and (isinstance(parent, kinds) or is_inside(parent, *kinds))


def test_every_control_has_a_name(window: Window, qtbot: QtBot) -> None:
    for dialog in dialogs(window, qtbot):
        found = controls(dialog)
        assert len(found) >= 6
        for widget in found:
            interface = QAccessible.queryAccessibleInterface(widget)
            assert interface.text(QAccessible.Text.Name).strip(), widget


def test_a_new_language_reaches_every_text(window: Window, marked: Marked, qtbot: QtBot) -> None:
    shown = dialogs(window, qtbot)
    QCoreApplication.installTranslator(marked)
    qtbot.waitUntil(lambda: all(MARK in dialog.windowTitle() for dialog in shown))
    for dialog in shown:
        widgets = own_widgets(dialog)
        texts = [widget.accessibleName() for widget in widgets]
        texts += [w.text() for w in widgets if isinstance(w, QLabel | QPushButton)]
        assert any(MARK in text for text in texts)
        assert [text for text in texts if is_words(text) and MARK not in text] == []


def test_figures_are_named_in_words() -> None:
    assert figure_name("mnist_test_accuracy") == "MNIST's test digits"
    assert figure_name("canvas_fold1_accuracy") == "pen digits of people it never saw"
    assert figure_name("their_own_figure") == "their own figure"
