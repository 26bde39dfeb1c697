"""Texts that follow the language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLabel, QTreeWidget
from pytestqt.qtbot import QtBot

from inkread.ui.widgets.retranslated import Retranslated


class Counted(Retranslated, QLabel):
    """Says how often its text was set."""

    count = 0

    def retranslate(self) -> None:
        self.count += 1


class Tree(Retranslated, QTreeWidget):
    def retranslate(self) -> None:
        self.setHeaderLabels(["name"])


def test_a_change_of_the_language_sets_the_texts_anew(qtbot: QtBot) -> None:
    label = Counted()
    qtbot.addWidget(label)
    QCoreApplication.sendEvent(label, QEvent(QEvent.Type.LanguageChange))
    assert label.count == 1


def test_other_changes_do_not(qtbot: QtBot) -> None:
    label = Counted()
    qtbot.addWidget(label)
    QCoreApplication.sendEvent(label, QEvent(QEvent.Type.PaletteChange))
    assert label.count == 0


def test_the_widget_hears_of_its_changes_too(qtbot: QtBot) -> None:
    tree = Tree()
    qtbot.addWidget(tree)
    tree.setEnabled(False)
    QCoreApplication.sendEvent(tree, QEvent(QEvent.Type.LanguageChange))
    assert tree.headerItem().text(0) == "name"


class Coloured(Retranslated, QLabel):
    """Says how often its colours were set."""

    count = 0

    def set_colours(self) -> None:
        self.count += 1


def test_a_change_of_the_palette_sets_the_colours_anew(qtbot: QtBot) -> None:
    label = Coloured()
    qtbot.addWidget(label)
    QCoreApplication.sendEvent(label, QEvent(QEvent.Type.PaletteChange))
    assert label.count == 1
