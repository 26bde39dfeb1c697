"""File > Form template, through the real window."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from inkread.core.batch.form_results import load_template
from inkread.core.forms.template_json import encode_template
from inkread.core.geometry import Box
from inkread.ui.forms.dialog import FormDialog
from inkread.ui.forms.field_model import NAME, READ, TYPE
from tests.core.batch.test_form_results import small_form, small_template
from tests.ui.window_driver import Window

PLACE = Box(120, 100, 200, 50)
WAIT = 30_000


def open_picture(window: Window, path: Path, qtbot: QtBot) -> None:
    cv2.imwrite(str(path), small_form())
    window.open(path)
    qtbot.waitUntil(lambda: window.main.workspace.picture is not None, timeout=WAIT)


@pytest.fixture
def dialog(window: Window, tmp_path: Path, qtbot: QtBot) -> FormDialog:
    """The dialog, with a form opened in the window."""
    open_picture(window, tmp_path / "form.png", qtbot)
    window.commands.form_template.trigger()
    return window.program.forms_controller.template_dialog()


def choose(dialog: FormDialog, name: str, path: Path) -> None:
    """Answer the file dialog of this name."""
    asked = dialog.findChild(QFileDialog, name)
    assert asked is not None
    asked.fileSelected.emit(str(path))
    asked.close()


def test_without_a_picture_it_says_what_to_do(window: Window) -> None:
    window.commands.form_template.trigger()
    dialog = window.program.forms_controller.template_dialog()
    dialog.anew_button.click()
    assert "Open a picture of the form" in dialog.note.text()
    assert not dialog.save_button.isEnabled()


def test_a_drawn_field_is_named_typed_and_saved(
    dialog: FormDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    assert not dialog.has_unsaved
    dialog.view.box_drawn.emit(PLACE)
    assert dialog.model.fields[0].box == PLACE
    assert dialog.has_unsaved
    dialog.model.setData(dialog.model.index(0, NAME), "number")
    dialog.model.setData(dialog.model.index(0, TYPE), "digits")
    dialog.save_button.click()
    choose(dialog, "save_template", tmp_path / "t.json")
    qtbot.waitUntil(lambda: "Saved" in dialog.note.text(), timeout=WAIT)
    field = load_template(str(tmp_path / "t.json")).fields[0]
    assert (field.name, field.type) == ("number", "digits")
    assert field.box.likeness(PLACE) > 0.99
    assert not dialog.has_unsaved


def test_a_wrong_type_is_told_when_it_is_saved(
    dialog: FormDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog.view.box_drawn.emit(PLACE)
    dialog.model.setData(dialog.model.index(0, TYPE), "nonsense!")
    dialog.save_button.click()
    choose(dialog, "save_template", tmp_path / "t.json")
    qtbot.waitUntil(dialog.banner.isVisible, timeout=WAIT)
    assert "the type of the field" in dialog.banner.text
    assert not (tmp_path / "t.json").exists()
    assert dialog.has_unsaved


def test_fields_are_proposed_once(dialog: FormDialog, qtbot: QtBot) -> None:
    dialog.view.box_drawn.emit(PLACE)
    dialog.propose_button.click()
    qtbot.waitUntil(lambda: len(dialog.model.fields) == 2, timeout=WAIT)
    dialog.propose_button.click()
    qtbot.waitUntil(lambda: dialog.note.text().endswith(": 0"), timeout=WAIT)
    assert len(dialog.model.fields) == 2


def test_a_template_is_opened_changed_and_tried(
    dialog: FormDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(encode_template(small_template()))
    dialog.open_button.click()
    choose(dialog, "open_template", path)
    qtbot.waitUntil(lambda: len(dialog.model.fields) == 2, timeout=WAIT)
    assert not dialog.is_blank.isEnabled()
    dialog.table.setCurrentIndex(dialog.model.index(1, NAME))
    dialog.delete_button.click()
    assert [field.name for field in dialog.model.fields] == ["number"]
    dialog.try_button.click()
    qtbot.waitUntil(lambda: dialog.model.reading is not None, timeout=WAIT)
    assert dialog.model.data(dialog.model.index(0, READ)) == "(empty)"
    assert "100 % of the form was found" in dialog.note.text()
    dialog.view.box_drawn.emit(PLACE)  # on trial nothing is drawn
    assert len(dialog.model.fields) == 1


def test_a_damaged_template_is_told(dialog: FormDialog, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(b"{}")
    dialog.open_button.click()
    choose(dialog, "open_template", path)
    qtbot.waitUntil(dialog.banner.isVisible, timeout=WAIT)
    assert "form template cannot be used" in dialog.banner.text


def test_a_click_chooses_and_delete_removes(dialog: FormDialog) -> None:
    dialog.view.box_drawn.emit(PLACE)
    dialog.view.box_drawn.emit(Box(120, 180, 200, 50))
    dialog.view.field_clicked.emit(0)
    assert dialog.table.currentIndex().row() == 0
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert [field.name for field in dialog.model.fields] == ["field 2"]
    dialog.view.field_clicked.emit(-1)
    assert not dialog.table.currentIndex().isValid()
