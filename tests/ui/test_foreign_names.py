"""Files whose names hold markup, keys, controls and directions, in the real window."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import onnx
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAction, QGuiApplication, QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from inkread.core.ink import rasterise_page
from inkread.ml.inference.metadata import ModelInfo
from inkread.ui.folder.dialog import FolderDialog
from inkread.ui.folder.model import FILE, TEXT
from inkread.ui.models.dialog import LibraryDialog
from inkread.ui.models.list import model_of
from tests.template_model import template_model
from tests.ui.window_driver import Window
from tests.written import write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no such file names")

#: The name of a file -> how it is shown.
NAMES = {
    "<b>bold<br>.png": "<b>bold<br>.png",
    "&amp;&lt;b&gt;.png": "&amp;&lt;b&gt;.png",
    "a&b.png": "a&b.png",
    "=1+1.png": "=1+1.png",
    "\u202egnp.exe.png": "\\u202egnp.exe.png",
    "new\nline\ttab.png": "new\\nline\\ttab.png",
    "esc\x1b[31m\x9b.png": "esc\\x1b[31m\\x9b.png",
    "odd\udcff.png": "odd\\xff.png",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of pictures with these names."""
    (place := tmp_path / "<i>&a[*]b").mkdir()
    picture = Image.fromarray(rasterise_page(write("20")))
    for name in NAMES:
        with (place / name).open("wb") as file:
            picture.save(file, "PNG")
    return place


def drop(window: Window, path: Path) -> None:
    """Drop a file as file managers do: its name byte for byte."""
    mime = QMimeData()
    mime.setData("text/uri-list", path.as_uri().encode())
    window.drop(mime)


def plain_labels(window: QWidget) -> list[str]:
    """The texts of all labels; none of them has markup."""
    labels = [label for label in window.findChildren(QLabel) if label.text()]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    return [label.text() for label in labels]


def test_a_dropped_file_of_any_name_is_opened_and_named(window: Window, folder: Path) -> None:
    for name, text in NAMES.items():
        window.commands.back.trigger()
        drop(window, folder / name)
        window.wait_for("20")
        assert text in plain_labels(window.main)
    recent = window.main.menus.recent
    recent.fill()
    shown = [action.text().partition("  ")[2].replace("&&", "&") for action in recent.actions()]
    # Settings are UTF-8 and cannot name the file whose name is none.
    assert shown == [text for name, text in NAMES.items() if "\udcff" not in name][::-1]
    assert all(action.text().replace("&&", "").count("&") == 1 for action in recent.actions())
    tips = "".join(action.statusTip() for action in recent.actions())
    assert not any(sign in tips for sign in "\n\x1b\u202e")


def test_a_dropped_name_with_a_null_is_refused(window: Window) -> None:
    mime = QMimeData()
    mime.setData("text/uri-list", b"file:///a%00b.png")
    window.drop(mime)
    assert window.wait_for_message().startswith("a\\x00b.png: ")


@pytest.mark.parametrize(
    "name", ["<img src=x.png>", "\u202egnp.exe", "new\nline", "x" * 250, "odd\udcff"]
)
def test_what_cannot_be_opened_is_named_in_one_sentence(
    window: Window, tmp_path: Path, name: str
) -> None:
    width = window.main.width()
    drop(window, tmp_path / name)
    message = window.wait_for_message()
    assert not any(sign in message for sign in "\n\0\u202e")
    assert message in plain_labels(window.main)
    assert window.main.minimumSizeHint().width() <= width


def read(window: Window, folder: Path, qtbot: QtBot) -> FolderDialog:
    with qtbot.waitSignal(window.program.folders.finished):
        window.main.files.several_dropped.emit([str(folder)])
    return window.find(FolderDialog, "folder")


def test_the_table_of_a_folder_shows_names_literally(
    window: Window, folder: Path, qtbot: QtBot
) -> None:
    dialog = read(window, folder, qtbot)
    rows = dialog.table.rows
    cells = [rows.index(i, FILE) for i in range(rows.rowCount())]
    assert sorted(cell.data() for cell in cells) == sorted(NAMES.values())
    for cell in cells:
        tip = cell.data(Qt.ItemDataRole.ToolTipRole)
        assert "<b>" not in tip
        assert "\n" not in tip
    assert dialog.windowTitle().endswith("<i>&a[*][*]b")
    plain_labels(dialog)


def test_a_file_whose_name_is_no_utf8_is_opened_from_the_table(
    window: Window, folder: Path, qtbot: QtBot
) -> None:
    dialog = read(window, folder, qtbot)
    rows = dialog.table.rows
    (row,) = [i for i in range(rows.rowCount()) if rows.index(i, FILE).data() == "odd\\xff.png"]
    dialog.table.setCurrentIndex(rows.index(row, FILE))
    dialog.open_button.click()
    window.wait_for("20")
    assert window.message == ""
    assert os.fsencode(window.main.workspace.name).endswith(b"odd\xff.png")


def test_a_copied_cell_is_no_formula(window: Window, folder: Path, qtbot: QtBot) -> None:
    dialog = read(window, folder, qtbot)
    rows = dialog.table.rows
    (row,) = [i for i in range(rows.rowCount()) if rows.index(i, FILE).data() == "=1+1.png"]
    for column, copied in ((FILE, "'=1+1.png"), (TEXT, "20")):
        dialog.table.setCurrentIndex(rows.index(row, column))
        QTest.keyClick(dialog.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QGuiApplication.clipboard().text() == copied


@pytest.mark.parametrize("name", ["library", "samples", "learn", "teach", "retrain", "about_model"])
def test_labels_of_every_dialog_are_plain(window: Window, name: str) -> None:
    action: QAction = getattr(window.commands, name)
    action.trigger()
    dialogs = window.main.findChildren(QDialog)
    assert dialogs
    for dialog in dialogs:
        if name == "about_model":  # its own markup; what the model says is escaped
            labels = [each for each in dialog.findChildren(QLabel) if each.text()]
            assert [each.textFormat() for each in labels] == [Qt.TextFormat.RichText]
        else:
            plain_labels(dialog)


#: Labels that a model brings along, in the order of the digits.
LABELS = ("<b>0</b>", "=1+1", "\x1b[31m", "\u202e3", "4&4", "5\n5", "6" * 64, "&lt;7", "ח", "9")


@pytest.fixture
def foreign(start_with: Callable[[Path], Window], tmp_path: Path, qtbot: QtBot) -> Window:
    """The window with a model that calls digits and itself something else."""
    model = onnx.load_from_string(template_model("<img src=x>&Name"))
    info = ModelInfo.from_metadata({p.key: p.value for p in model.metadata_props}, "model")
    named = replace(info, labels=LABELS, licence="<i>free</i>", data=("<u>\n\u202e",))
    onnx.helper.set_model_props(model, named.to_metadata())
    onnx.save(model, tmp_path / "model.onnx")
    window = start_with(tmp_path / "model.onnx")
    qtbot.waitUntil(window.commands.about_model.isEnabled)
    return window


def names_of(window: QWidget) -> str:
    return "\n".join(widget.accessibleName() for widget in window.findChildren(QWidget))


def test_labels_of_a_foreign_model_are_shown_literally(foreign: Window) -> None:
    foreign.draw(write("235", at=(60, 60)))
    foreign.wait_for("\\x1b[31m\\u202e35\\n5")
    assert "\\x1b[31m" in names_of(foreign.main)
    plain_labels(foreign.main)
    spoken = names_of(foreign.main)
    assert not any(sign in spoken for sign in "\x1b\u202e")


def test_a_label_from_right_to_left_does_not_move_its_neighbours(foreign: Window) -> None:
    foreign.draw(write("89", at=(60, 60)))
    foreign.wait_for("\u2066ח\u20699")
    foreign.commands.copy.trigger()
    assert QGuiApplication.clipboard().text() == "ח9"


def test_a_copied_reading_is_no_formula(foreign: Window) -> None:
    foreign.draw(write("10", at=(60, 60)))
    foreign.wait_for("=1+1<b>0</b>")
    foreign.commands.copy.trigger()
    assert QGuiApplication.clipboard().text() == "'=1+1<b>0</b>"


def test_what_a_foreign_model_says_of_itself_is_text(foreign: Window) -> None:
    foreign.commands.about_model.trigger()
    dialog = foreign.find(QDialog, "about_model")
    (label,) = [each for each in dialog.findChildren(QLabel) if each.text()]
    said = QTextDocumentFragment.fromHtml(label.text()).toPlainText()
    for text in ("<img src=x>&Name", "<i>free</i>", "<u>\\n\\u202e", "\\x1b[31m"):
        assert text in said
    dialog.close()


def test_the_library_shows_names_literally(foreign: Window, tmp_path: Path, qtbot: QtBot) -> None:
    models = foreign.program.models
    another = tmp_path / "another.onnx"  # a copy of the one that is there would not be added
    another.write_bytes(template_model("<img src=x>&Name"))
    with qtbot.waitSignal(models.listed):
        models.import_file(another)
    foreign.commands.library.trigger()
    dialog = foreign.find(LibraryDialog, "library")
    qtbot.waitUntil(lambda: len(dialog.list.listed) == 2)
    (item,) = [
        item
        for item in map(dialog.list.topLevelItem, range(2))
        if item is not None and model_of(item).kept.id != "shipped"
    ]
    assert item.text(0).startswith("<img src=x>&Name")
    assert not item.toolTip(0).startswith("<img")
    dialog.list.setCurrentItem(item)
    dialog.delete_button.click()
    box = dialog.findChild(QMessageBox, "delete_model")
    assert isinstance(box, QMessageBox)
    assert any("<img src=x>&Name" in text for text in plain_labels(box))
    box.reject()
