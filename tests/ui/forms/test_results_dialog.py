"""A folder of forms, through the real window."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from inkread.services.forms import Draft
from inkread.ui.forms.results_dialog import FormsDialog
from tests.core.batch.test_form_results import small_form, small_template
from tests.ui.window_driver import Window

WAIT = 30_000


@pytest.fixture
def dialog(window: Window, tmp_path: Path, qtbot: QtBot) -> FormsDialog:
    """The table of a folder that was read."""
    folder = tmp_path / "scans"
    folder.mkdir()
    cv2.imwrite(str(folder / "a.png"), small_form())
    cv2.imwrite(str(folder / "b.png"), np.full((300, 420), 255, np.uint8))
    template = small_template()
    dialog = window.program.forms_controller.table_dialog()
    dialog.start(folder, Draft(template, template.fields))
    qtbot.waitUntil(lambda: len(dialog.model.results) == 2, timeout=WAIT)
    qtbot.waitUntil(lambda: not window.program.forms_reading.is_running, timeout=WAIT)
    return dialog


def test_a_folder_is_a_table(dialog: FormsDialog) -> None:
    assert "Forms: 2" in dialog.status.text()
    assert "not read: 1" in dialog.status.text()
    assert dialog.rows.rowCount() == 2
    dialog.only_doubtful.setChecked(True)
    assert dialog.rows.rowCount() == 1


def test_a_corrected_table_is_exported(dialog: FormsDialog, tmp_path: Path, qtbot: QtBot) -> None:
    dialog.model.setData(dialog.model.index(0, 1), "407")
    assert dialog.has_unexported
    dialog.export_button.click()
    asked = dialog.findChild(QFileDialog, "export_forms")
    assert asked is not None
    asked.fileSelected.emit(str(tmp_path / "t.csv"))
    asked.close()
    qtbot.waitUntil(lambda: "Exported" in dialog.status.text(), timeout=WAIT)
    rows = list(csv.DictReader((tmp_path / "t.csv").read_text().splitlines()))
    assert [row["number"] for row in rows] == ["407", ""]
    assert not dialog.has_unexported


def test_a_row_opens_its_file(dialog: FormsDialog, window: Window, qtbot: QtBot) -> None:
    dialog.table.setCurrentIndex(dialog.rows.index(0, 0))
    dialog.open_button.click()
    qtbot.waitUntil(lambda: window.main.workspace.picture is not None, timeout=WAIT)
