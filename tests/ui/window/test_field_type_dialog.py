from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from inkread.services.settings import Settings
from inkread.ui.window.field_type_dialog import FieldTypeDialog


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


def shown(dialog: FieldTypeDialog, text: str) -> tuple[str, bool]:
    dialog.pattern.setText(text)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    return dialog.problem.text(), ok.isEnabled()


def test_it_says_what_is_wrong_and_takes_nothing_wrong(settings: Settings, qtbot: QtBot) -> None:
    dialog = FieldTypeDialog(settings)
    qtbot.addWidget(dialog)
    assert shown(dialog, "999-99") == ("", True)
    assert shown(dialog, "") == ("", False)
    problem, is_enabled = shown(dialog, "AA-9999")
    assert "letters are not read yet" in problem
    assert not is_enabled
    assert "does not say what may stand" in shown(dialog, "dat")[0]
    assert settings.field_type == ""


def test_what_is_accepted_is_the_setting(settings: Settings, qtbot: QtBot) -> None:
    dialog = FieldTypeDialog(settings)
    qtbot.addWidget(dialog)
    shown(dialog, " one  of: 1|2 ")
    dialog.accept()
    assert settings.field_type == "one of: 1|2"
