"""File > Form template: what closing the window asks."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from inkread.core.geometry import Box
from tests.ui.forms.test_dialog import WAIT, open_picture
from tests.ui.window_driver import Window


def test_an_unsaved_template_is_not_lost_by_closing(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    open_picture(window, tmp_path / "form.png", qtbot)
    window.commands.form_template.trigger()
    dialog = window.program.forms_controller.template_dialog()
    dialog.view.box_drawn.emit(Box(120, 100, 200, 50))
    window.main.close()
    assert window.main.isVisible()
    box = window.main.findChild(QMessageBox, "quit_unsaved_form")
    assert box is not None
    next(b for b in box.buttons() if "Quit" in b.text()).click()
    assert not window.main.isVisible()


def test_a_folder_is_read_with_the_template(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    open_picture(window, tmp_path / "form.png", qtbot)
    window.commands.form_template.trigger()
    controller = window.program.forms_controller
    dialog = controller.template_dialog()
    dialog.view.box_drawn.emit(Box(120, 100, 200, 50))
    dialog.folder_button.click()
    asked = dialog.findChild(QFileDialog, "forms_folder")
    assert asked is not None
    asked.fileSelected.emit(str(tmp_path))
    asked.close()
    qtbot.waitUntil(lambda: len(controller.table_dialog().model.results) == 1, timeout=WAIT)
    assert controller.table_dialog().isVisible()
