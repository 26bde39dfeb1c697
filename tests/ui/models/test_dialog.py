"""Model > Library: the list, and everything that can be done with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from inkread.data.models.library import Card, ModelLibrary
from inkread.ml.inference import trial
from inkread.ui.models.dialog import LibraryDialog
from tests.template_model import template_model
from tests.ui.window_driver import LEFT, Window

Key = Qt.Key
NAME, STATE, FIGURES = 0, 1, 2


class Library:
    """Drives the dialog; after every change it waits for the new list."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window = window
        self._qtbot = qtbot
        self.library: ModelLibrary = window.program.models.library
        self._do(window.commands.library.trigger)
        self.dialog = window.find(LibraryDialog, "library")

    def _do(self, act: Callable[[], None]) -> None:
        with self._qtbot.waitSignal(self.window.program.models.listed):
            act()

    def click(self, button: QPushButton) -> None:
        assert button.isEnabled()
        self._do(lambda: QTest.mouseClick(button, LEFT))

    def click_and_read(self, button: QPushButton) -> None:
        """Click what leads to another model, and wait until the window has it."""
        with self._qtbot.waitSignal(self.window.program.recognition.model_changed):
            self.click(button)

    def select(self, name: str) -> None:
        """Select the first model of that name."""
        names = self.dialog.list.findItems(name, Qt.MatchFlag.MatchExactly, NAME)
        self.dialog.list.setCurrentItem(names[0])

    def choose_file(self, name: str, path: Path) -> None:
        chooser = self.dialog.findChild(QFileDialog, name)
        assert isinstance(chooser, QFileDialog)
        self._do(lambda: chooser.fileSelected.emit(str(path)))
        chooser.reject()

    def rename(self, name: str) -> None:
        QTest.mouseClick(self.dialog.rename_button, LEFT)
        editor = self.dialog.list.findChild(QLineEdit)
        assert isinstance(editor, QLineEdit)
        editor.setText(name)
        self._do(lambda: QTest.keyClick(editor, Key.Key_Return))

    def rows(self) -> dict[str, str]:
        """Name -> state."""
        items = (
            self.dialog.list.topLevelItem(i) for i in range(self.dialog.list.topLevelItemCount())
        )
        return {item.text(NAME): item.text(STATE) for item in items if item is not None}


@pytest.fixture
def library(window: Window, qtbot: QtBot) -> Library:
    """A library with a second model, not in use."""
    second = window.program.models.library
    card = Card(name="Second", source="trained", before={"accuracy": 0.5}, after={"accuracy": 0.75})
    second.keep(template_model("Second"), card, use=False)
    return Library(window, qtbot)


def test_it_lists_all_models_with_their_figures(library: Library) -> None:
    assert library.rows() == {"Templates": "in use", "Second": "trained here"}
    (item,) = library.dialog.list.findItems("Second", Qt.MatchFlag.MatchExactly)
    assert item.text(FIGURES) == "accuracy 75.0 %, before 50.0 %"


def test_use_and_revert(library: Library) -> None:
    library.select("Second")
    library.click_and_read(library.dialog.use_button)
    assert library.rows() == {"Templates": "came with Inkread", "Second": "in use"}
    assert library.library.current().card.name == "Second"
    assert not library.dialog.use_button.isEnabled()
    assert not library.dialog.delete_button.isEnabled()
    library.click_and_read(library.dialog.revert_button)
    assert library.rows()["Templates"] == "in use"
    library.window.write("52")


def test_revert_is_there_only_if_another_model_was_in_use_before(library: Library) -> None:
    revert = library.dialog.revert_button
    assert not revert.isEnabled()
    for name in ("Second", "Templates"):
        library.select(name)
        library.click_and_read(library.dialog.use_button)
        assert revert.isEnabled()
    for _ in range(2):
        library.click_and_read(revert)
    assert library.rows()["Templates"] == "in use"
    assert not revert.isEnabled()


def test_a_revert_that_came_too_late_is_reported(library: Library) -> None:
    """Another window may have reverted meanwhile."""
    library.select("Second")
    library.click_and_read(library.dialog.use_button)
    library.library.revert()
    library.click(library.dialog.revert_button)
    assert "no other model was in use before" in library.dialog.banner.text
    assert not library.dialog.revert_button.isEnabled()


def test_rename(library: Library) -> None:
    library.select("Second")
    library.rename("Second best")
    assert set(library.rows()) == {"Templates", "Second best"}
    chosen = library.dialog.list.chosen
    assert chosen is not None
    assert chosen.kept.card.name == "Second best"


def test_a_name_that_cannot_be_is_reported_and_taken_back(library: Library) -> None:
    library.select("Second")
    library.rename("   ")
    assert "no model can be called that" in library.dialog.banner.text
    assert set(library.rows()) == {"Templates", "Second"}


def test_the_shipped_model_stays_as_it_is(library: Library) -> None:
    library.select("Templates")
    assert not library.dialog.rename_button.isEnabled()
    assert not library.dialog.delete_button.isEnabled()


def test_export_delete_import(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "exported.onnx"
    library.select("Second")
    QTest.mouseClick(library.dialog.export_button, LEFT)
    library.choose_file("export", path)
    assert path.read_bytes() == template_model("Second")
    QTest.mouseClick(library.dialog.delete_button, LEFT)
    box = library.dialog.findChild(QMessageBox, "delete_model")
    assert isinstance(box, QMessageBox)
    (delete,) = [b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.AcceptRole]
    assert isinstance(delete, QPushButton)
    library.click(delete)
    assert set(library.rows()) == {"Templates"}
    QTest.mouseClick(library.dialog.import_button, LEFT)
    library.choose_file("import", path)
    assert library.rows() == {"Templates": "in use", "Second": "imported"}
    chosen = library.dialog.list.chosen
    assert chosen is not None
    assert chosen.kept.card.name == "Second"


def test_what_is_no_model_is_refused_in_the_dialog(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "text.onnx"
    path.write_text("this is no network")
    QTest.mouseClick(library.dialog.import_button, LEFT)
    library.choose_file("import", path)
    assert library.dialog.banner.text.startswith("text.onnx: this model cannot be used")
    assert library.window.message == ""
    assert set(library.rows()) == {"Templates", "Second"}


def test_the_trial_of_an_import_can_be_cancelled(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    path = tmp_path / "slow.onnx"
    path.write_bytes(template_model("Slow"))
    pressed = threading.Event()

    def trying(data: bytes, name: str) -> Generator[None, None, int]:
        yield
        pressed.wait()
        yield
        return 256

    monkeypatch.setattr(trial, "trying", trying)
    dialog, models = library.dialog, library.window.program.models
    assert dialog.import_button.text() == "&Import..."
    QTest.mouseClick(dialog.import_button, LEFT)
    chooser = dialog.findChild(QFileDialog, "import")
    assert isinstance(chooser, QFileDialog)
    chooser.fileSelected.emit(str(path))
    chooser.reject()
    assert dialog.import_button.text() == "Cancel &import"
    with qtbot.waitSignal(models.importing):
        QTest.mouseClick(dialog.import_button, LEFT)
        pressed.set()
    assert dialog.import_button.text() == "&Import..."
    assert dialog.banner.text == ""
    assert set(library.rows()) == {"Templates", "Second"}


def test_a_damaged_model_is_marked_and_cannot_be_used(library: Library) -> None:
    library.library.find("Second").path.write_bytes(b"damaged")
    library._do(library.window.commands.library.trigger)
    assert library.rows() == {"Templates": "in use", "Second": "cannot be used"}
    library.select("Second")
    assert not library.dialog.use_button.isEnabled()
    assert "damaged" in library.dialog.details.text()


def test_a_damaged_model_in_use_is_passed_over_and_reported(
    start: Callable[[], Window], qtbot: QtBot
) -> None:
    first = start()
    kept = first.program.models.library.keep(
        template_model("Mine"), Card(name="Mine", source="trained")
    )
    first.close()
    kept.path.write_bytes(b"damaged")
    second = start()
    assert second.wait_for_message().startswith("Mine: this model cannot be used")
    second.write("81")


def test_enter_uses_the_chosen_model(library: Library, qtbot: QtBot) -> None:
    library.select("Second")
    with qtbot.waitSignal(library.window.program.recognition.model_changed):
        QTest.keyClick(library.dialog.list, Key.Key_Return)


def test_escape_closes_it(library: Library) -> None:
    QTest.keyClick(library.dialog, Key.Key_Escape)
    assert not library.dialog.isVisible()


def test_the_use_of_the_shipped_model_can_be_reverted_too(library: Library) -> None:
    for name in ("Second", "Templates"):
        library.select(name)
        library.click_and_read(library.dialog.use_button)
    library.click_and_read(library.dialog.revert_button)
    assert library.rows()["Second"] == "in use"
