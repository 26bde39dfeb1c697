"""File > Read folder: read, sort, correct, open, export, through the real window."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QFileDialog,
    QHeaderView,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from inkread.core.batch.folder_table import FolderProgress, Row
from inkread.core.ink import rasterise_page
from inkread.ui.folder.dialog import FolderDialog
from inkread.ui.folder.model import CONFIDENCE, FILE, MARK, TEXT
from inkread.ui.folder.status import FolderStatus
from tests.ui.test_accessibility import MARK as TRANSLATED
from tests.ui.test_accessibility import Marked, is_words, marked
from tests.ui.window_driver import LEFT, Window
from tests.written import write

__all__ = ["marked"]  # a fixture
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def picture(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(rasterise_page(write(text))).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "numbers"
    for name, text in {"a.png": "100", "b.png": "20", "sub/c.png": "9"}.items():
        folder.mkdir(exist_ok=True)
        picture(folder / name, text)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n")
    return folder


class Reads:
    """Drives the dialog."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window = window
        self._qtbot = qtbot

    @property
    def dialog(self) -> FolderDialog:
        return self.window.find(FolderDialog, "folder")

    @property
    def is_there(self) -> bool:
        return self.window.main.findChild(FolderDialog, "folder") is not None

    def choose(self, folder: Path) -> None:
        """Choose a folder in the chooser that is open."""
        chooser = self.window.find(QFileDialog, "choose_folder")
        chooser.reject()
        chooser.fileSelected.emit(str(folder))
        self._qtbot.waitUntil(self.dialog.isActiveWindow)

    def read(self, folder: Path) -> None:
        with self._qtbot.waitSignal(self.window.program.folders.finished):
            self.window.commands.read_folder.trigger()
            self.choose(folder)

    def shown(self, column: int) -> list[str]:
        rows = self.dialog.table.rows
        return [rows.index(i, column).data() for i in range(rows.rowCount())]

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        QTest.keyClick(self.dialog.table, key, modifier or Qt.KeyboardModifier.NoModifier)

    def type(self, text: str) -> None:
        """Type over the chosen text."""
        QTest.keyClicks(self.dialog.table, text[0])
        editors = self.dialog.table.findChildren(QLineEdit)
        (editor,) = (each for each in editors if each.isVisible())  # the last one may be there yet
        QTest.keyClicks(editor, text[1:])
        QTest.keyClick(editor, Key.Key_Return)
        QCoreApplication.processEvents()  # the editor looks at the key first

    def export(self, path: Path) -> None:
        QTest.mouseClick(self.dialog.export_button, LEFT)
        chooser = self.dialog.findChild(QFileDialog, "export")
        assert isinstance(chooser, QFileDialog)
        with self._qtbot.waitSignal(self.window.program.folders.exported):
            chooser.fileSelected.emit(str(path))
        chooser.reject()

    def answer(self, owner: QWidget, name: str, role: QMessageBox.ButtonRole) -> None:
        box = owner.findChild(QMessageBox, name)
        assert isinstance(box, QMessageBox)
        (button,) = [b for b in box.buttons() if box.buttonRole(b) == role]
        QTest.mouseClick(button, LEFT)
        QCoreApplication.processEvents()


@pytest.fixture
def reads(window: Window, qtbot: QtBot) -> Reads:
    return Reads(window, qtbot)


def test_a_folder_becomes_a_table(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    assert reads.shown(FILE) == ["a.png", "b.png", "broken.png", "sub/c.png"]
    assert reads.shown(TEXT) == ["100", "20", "", "9"]
    assert reads.shown(CONFIDENCE)[0].endswith("%")
    assert "damaged" in reads.shown(MARK)[2]
    assert reads.dialog.status.text.startswith("Files: 4")
    assert reads.dialog.status.text.endswith("not read: 1")
    assert not reads.dialog.isModal()
    assert "numbers" in reads.dialog.windowTitle()
    assert reads.window.program.settings.last_folder == str(folder)


def test_a_click_on_a_header_sorts(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    header = reads.dialog.table.horizontalHeader()
    assert isinstance(header, QHeaderView)
    place = QPoint(header.sectionViewportPosition(TEXT) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), LEFT, pos=place)
    assert reads.shown(TEXT) == ["9", "20", "100", ""]
    QTest.mouseClick(header.viewport(), LEFT, pos=place)
    assert reads.shown(TEXT) == ["", "100", "20", "9"]


def test_only_the_doubtful_ones(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    reads.dialog.only_doubtful.click()
    doubtful = [row.path for row, _ in reads.dialog.model.rows if row.is_doubtful]
    assert [str(folder / name) for name in reads.shown(FILE)] == doubtful
    assert str(folder / "broken.png") in doubtful


def test_enter_opens_the_file_in_the_window(reads: Reads, folder: Path, qtbot: QtBot) -> None:
    reads.read(folder)
    reads.press(Key.Key_Down)
    reads.press(Key.Key_Return)
    reads.window.wait_for("20")
    assert not reads.window.main.workspace.is_drawing


def test_a_double_click_opens_the_file_in_the_window(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    table = reads.dialog.table
    place = table.visualRect(table.rows.index(1, TEXT)).center()
    QTest.mouseClick(table.viewport(), LEFT, pos=place)
    QTest.mouseDClick(table.viewport(), LEFT, pos=place)
    reads.window.wait_for("20")
    assert table.findChild(QLineEdit) is None


def test_typing_corrects_and_undo_takes_it_back(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    reads.type("107")
    assert reads.shown(TEXT)[0] == "107"
    assert reads.shown(MARK)[0] == "corrected"
    QTest.keyClick(reads.dialog, Key.Key_Z, CTRL)
    assert reads.shown(TEXT)[0] == "100"
    reads.dialog.redo.trigger()
    assert reads.shown(TEXT)[0] == "107"


def test_the_table_is_exported_with_corrections(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    reads.type("107")
    assert reads.dialog.has_unexported
    path = folder / "table.csv"
    reads.export(path)
    assert not reads.dialog.has_unexported
    assert reads.dialog.status.text == "Exported table.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ["107", "20", "", "9"]
    assert [row["corrected"] for row in rows] == ["1", "0", "0", "0"]
    assert rows[2]["error"].startswith(str(folder / "broken.png"))


def test_a_table_that_cannot_be_written_is_reported(
    reads: Reads, folder: Path, qtbot: QtBot
) -> None:
    reads.read(folder)
    with qtbot.waitSignal(reads.window.program.folders.export_failed):
        reads.dialog._export(folder / "none" / "table.csv")
    assert "could not be saved" in reads.dialog.banner.text


def test_a_folder_without_pictures_is_reported(reads: Reads, tmp_path: Path, qtbot: QtBot) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with qtbot.waitSignal(reads.window.program.folders.failed):
        reads.window.commands.read_folder.trigger()
        reads.choose(empty)
    assert reads.dialog.banner.text.startswith("empty: there is no picture or ink")
    assert not reads.dialog.export_button.isEnabled()
    assert reads.dialog.status.text == ""


def test_cancel_keeps_what_was_read(reads: Reads, folder: Path, qtbot: QtBot) -> None:
    for i in range(60):
        picture(folder / f"x{i}.png", "1")
    folders = reads.window.program.folders
    with qtbot.waitSignal(folders.stopped):
        folders.progressed.connect(
            lambda progress: (
                progress.rows and QTest.mouseClick(reads.dialog.status.cancel_button, LEFT)
            )
        )
        reads.window.commands.read_folder.trigger()
        reads.choose(folder)
    count = reads.dialog.model.rowCount()
    assert 0 < count < 64
    assert reads.dialog.status.text == f"Cancelled: {count} of 64 files were read"
    assert not reads.dialog.status.cancel_button.isVisible()


def test_closing_it_gives_up(reads: Reads, folder: Path) -> None:
    reads.window.commands.read_folder.trigger()
    reads.choose(folder)
    assert reads.window.program.folders.is_running
    QTest.keyClick(reads.dialog, Key.Key_Escape)
    assert not reads.dialog.isVisible()
    assert not reads.window.program.folders.is_running


def test_corrections_come_back_and_are_not_lost_silently(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    reads.type("107")
    reads.dialog.close()
    reads.window.commands.read_folder.trigger()
    assert reads.dialog.isVisible()
    assert reads.shown(TEXT)[0] == "107"
    QTest.mouseClick(reads.dialog.another_button, LEFT)
    assert reads.window.main.findChild(QFileDialog, "choose_folder") is None
    reads.answer(reads.dialog, "discard_corrections", QMessageBox.ButtonRole.AcceptRole)
    reads.choose(folder / "sub")
    assert reads.dialog.model.rowCount() <= 1
    assert not reads.dialog.has_unexported


def test_a_dropped_folder_is_read(reads: Reads, folder: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(reads.window.program.folders.finished):
        reads.window.open(folder)
    assert reads.shown(TEXT) == ["100", "20", "", "9"]
    assert reads.window.message == ""
    reads.type("107")
    reads.window.open(folder / "sub")
    reads.answer(reads.dialog, "discard_corrections", QMessageBox.ButtonRole.RejectRole)
    assert reads.shown(TEXT)[0] == "107"
    reads.window.open(folder / "sub")
    with qtbot.waitSignal(reads.window.program.folders.finished):
        reads.answer(reads.dialog, "discard_corrections", QMessageBox.ButtonRole.AcceptRole)
    assert reads.shown(TEXT) == ["9"]


def test_quitting_asks_about_corrections(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    reads.type("107")
    reads.window.main.close()
    assert reads.window.main.isVisible()
    reads.answer(reads.window.main, "quit_unexported", QMessageBox.ButtonRole.RejectRole)
    assert reads.window.main.isVisible()
    reads.window.main.close()
    reads.answer(reads.window.main, "quit_unexported", QMessageBox.ButtonRole.AcceptRole)
    assert not reads.window.main.isVisible()


def test_quitting_closes_it(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    reads.window.main.close()
    assert not reads.window.main.isVisible()
    assert not reads.dialog.isVisible()


def test_the_time_left_is_reported(window: Window, qtbot: QtBot) -> None:
    now = 0.0
    dialog = FolderDialog(
        window.program.folders,
        window.program.corrections,
        window.main.messages,
        window.main,
        clock=lambda: now,
    )
    status = dialog.status
    status.start()
    assert status.text == "Looking for files..."
    status.set_progress(0, 2000)
    many = QLocale().toString(2000)
    assert status.text == f"0 of {many} files"
    now = 10.0
    status.set_progress(400, 2000)
    assert status.text == f"400 of {many} files, 40 s left"
    status.end()
    assert status.text == f"Cancelled: 400 of {many} files were read"


def test_two_thousand_rows_are_a_table(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    model = reads.dialog.model
    many = [
        Row(f"{folder}/{i}.png", str(i), 0.5 + i / 5000, 1, digest=str(i)) for i in range(1, 2001)
    ]
    for start in range(0, 2000, 50):
        rows = tuple(many[start : start + 50])
        reads.dialog._on_progressed(FolderProgress(start, 2000, rows))
    assert model.rowCount() == 2004
    reads.dialog.table.sortByColumn(TEXT, Qt.SortOrder.DescendingOrder)
    assert reads.shown(TEXT)[1] == "2000"


def test_every_control_has_a_name_and_tab_leaves_the_table(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    focusable = [
        widget
        for widget in reads.dialog.findChildren(QPushButton)
        if widget.isVisible() and widget.isEnabled()
    ]
    assert all(button.text() for button in focusable)
    assert reads.dialog.table.accessibleName()
    assert reads.dialog.focusWidget() is reads.dialog.table
    reads.press(Key.Key_Tab)
    assert reads.dialog.focusWidget() is reads.dialog.open_button


def test_the_box_to_tick_is_seen_on_dark_colours(reads: Reads, folder: Path) -> None:
    reads.read(folder)
    reads.window.program.settings.theme = "dark"
    QCoreApplication.processEvents()
    image = reads.dialog.only_doubtful.grab().toImage()
    across = [image.pixelColor(x, image.height() // 2).lightness() for x in range(16)]
    assert max(across) - min(across) > 60


def test_a_new_language_reaches_every_text(reads: Reads, folder: Path, marked: Marked) -> None:
    reads.read(folder)
    QCoreApplication.installTranslator(marked)
    QCoreApplication.processEvents()
    dialog = reads.dialog
    texts = [button.text() for button in dialog.findChildren(QPushButton)]
    texts += [dialog.only_doubtful.text(), dialog.only_doubtful.toolTip(), dialog.windowTitle()]
    texts += [dialog.status.text, dialog.table.accessibleName(), *reads.shown(MARK)]
    texts += [dialog.model.headerData(i, Qt.Orientation.Horizontal) for i in range(MARK + 1)]
    assert [text for text in texts if is_words(text) and TRANSLATED not in text] == []
    assert isinstance(dialog.status, FolderStatus)
