"""Questions for a file or folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from inkread.ui.widgets.ask_path import Mode, ask_path


def dialog_of(window: QWidget) -> QFileDialog:
    dialog = window.findChild(QFileDialog, "ask")
    assert isinstance(dialog, QFileDialog)
    return dialog


def test_the_chosen_path_is_what_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    window, chosen = QWidget(), list[Path]()
    qtbot.addWidget(window)
    ask_path(window, "ask", "Open", chosen.append, filters=["Tables (*.csv)"])
    dialog = dialog_of(window)
    assert dialog.nameFilters() == ["Tables (*.csv)"]
    dialog.fileSelected.emit(str(tmp_path / "a.csv"))
    assert chosen == [tmp_path / "a.csv"]


def test_a_question_where_to_save_suggests_a_name(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ask_path(
        window,
        "ask",
        "Save",
        lambda _: None,
        Mode.AnyFile,
        folder=str(tmp_path),
        suggested="a.csv",
        suffix="csv",
    )
    dialog = dialog_of(window)
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    assert dialog.selectedFiles() == [str(tmp_path / "a.csv")]
    assert dialog.defaultSuffix() == "csv"


def test_a_closed_question_is_gone(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ask_path(window, "ask", "Folder", lambda _: None, Mode.Directory)
    dialog = dialog_of(window)
    dialog.reject()
    qtbot.waitUntil(lambda: window.findChild(QFileDialog, "ask") is None)
