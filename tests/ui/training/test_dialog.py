"""Model > Retrain, from the menu to Keep or Discard, with real training runs on tiny data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from inkread.data.models.library import ModelLibrary
from inkread.ml.retraining.stages import DataSplit
from inkread.services.background.import_ahead import ImportAhead
from inkread.services.training import Training
from inkread.ui.training.dialog import TrainingDialog
from tests.services.manual import ManualExecutor
from tests.ui.training.training_data import LETTERS, write_data
from tests.ui.window_driver import LEFT, Window
from tests.written import write

pytestmark = pytest.mark.slow  # each test goes through the whole window

Key = Qt.Key
LONG = 120_000  # ms; of a machine that has much else to do


class Retrain:
    """Drives the dialog."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window = window
        self.training: Training = window.program.training
        self._qtbot = qtbot
        window.commands.retrain.trigger()
        self.dialog = window.find(TrainingDialog, "training")

    def choose(self, path: Path, epochs: int = 8, network: str = "mlp-256-64") -> None:
        """Learn a file in place of the starter set."""
        setup = self.dialog.setup
        QTest.keyClick(setup.data.entries, Key.Key_Space)
        assert setup.data.sources() == ()
        assert not setup.start_button.isEnabled()
        QTest.mouseClick(setup.data.add_files_button, LEFT)
        chooser = setup.data.findChild(QFileDialog, "add_data")
        assert isinstance(chooser, QFileDialog)
        chooser.filesSelected.emit([str(path)])
        chooser.reject()
        assert setup.data.sources() == (str(path),)
        found = setup.network.findText(f"({network})", Qt.MatchFlag.MatchEndsWith)
        setup.network.setCurrentIndex(found if network else setup.network.count() - 1)
        setup.epochs.setValue(epochs)
        setup.augment.setChecked(False)

    def choose_long(self, path: Path) -> None:
        """Work that no machine finishes before the test has looked."""
        self.choose(path, epochs=1000, network="inkread-deep")

    def start(self) -> None:
        """Press Enter."""
        QTest.keyClick(self.dialog, Key.Key_Return)
        assert self.training.is_running

    def wait_until_judged(self) -> None:
        self.wait_until_over()
        assert self.training.outcome is not None, self.dialog.banner.text

    def wait_until_learning(self) -> None:
        def is_learning() -> bool:
            return self.dialog.progress.title.text().startswith("Learning")

        self._qtbot.waitUntil(is_learning, timeout=LONG)

    def wait_until_tried(self) -> None:
        """On the held-out samples, for the first time."""
        accuracy = self.dialog.progress.accuracy
        self._qtbot.waitUntil(lambda: len(accuracy.points()[1]) > 0, timeout=LONG)

    def wait_until_over(self) -> None:
        self._qtbot.waitUntil(lambda: not self.training.is_running, timeout=LONG)

    def shown(self, name: str) -> bool:
        page = self.dialog.findChild(QWidget, name)
        return isinstance(page, QWidget) and page.isVisible()


@pytest.fixture
def retrain(window: Window, qtbot: QtBot) -> Retrain:
    return Retrain(window, qtbot)


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    return write_data(tmp_path / "letters.npz", LETTERS)


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    return write_data(tmp_path / "digits.npz")


def answer(parent: QWidget, name: str, role: QMessageBox.ButtonRole) -> None:
    box = parent.findChild(QMessageBox, name)
    assert isinstance(box, QMessageBox)
    (button,) = [b for b in box.buttons() if box.buttonRole(b) == role]
    QTest.mouseClick(button, LEFT)


YES, NO = QMessageBox.ButtonRole.AcceptRole, QMessageBox.ButtonRole.RejectRole


def library(window: Window) -> ModelLibrary:
    return window.program.models.library


def kept(window: Window) -> list[str]:
    return [listed.kept.card.name for listed in library(window).models()]


def test_enter_is_enough(retrain: Retrain) -> None:
    setup = retrain.dialog.setup
    assert setup.data.sources() == ("starter",)
    assert setup.preset is not None
    assert setup.preset.name == "inkread"
    retrain.start()
    retrain.training.stop()
    retrain.wait_until_over()


def test_retrain_keep_read_and_revert(retrain: Retrain, letters: Path, qtbot: QtBot) -> None:
    window = retrain.window
    window.write("25")
    retrain.choose(letters)
    retrain.start()
    retrain.wait_until_judged()
    verdict = retrain.dialog.verdict
    assert verdict.isVisible()
    assert "reads better" in verdict.headline.text()
    assert verdict.keep_button.isDefault()
    verdict.name.setText("Letters")
    with qtbot.waitSignal(window.program.recognition.model_changed, timeout=LONG):
        QTest.keyClick(retrain.dialog, Key.Key_Return)
    window.wait_for("CF")
    assert not retrain.dialog.isVisible()
    assert library(window).current().card.name == "Letters"
    with qtbot.waitSignal(window.program.recognition.model_changed, timeout=LONG):
        window.program.models.revert()
    window.wait_for("25")


def test_the_kept_model_knows_its_history(retrain: Retrain, digits: Path, qtbot: QtBot) -> None:
    retrain.choose(digits, epochs=3)
    retrain.start()
    retrain.wait_until_judged()
    outcome = retrain.training.outcome
    assert outcome is not None
    with qtbot.waitSignal(retrain.window.program.models.listed, timeout=LONG):
        QTest.mouseClick(retrain.dialog.verdict.keep_button, LEFT)
    card = library(retrain.window).current().card
    comparison = outcome.verdict.comparison
    assert card.before == {"accuracy": comparison.current.accuracy}
    assert card.after == {"accuracy": comparison.candidate.accuracy}
    assert card.data == ("digits.npz",)
    assert card.recipe["architecture"] == "mlp-256-64"
    assert card.recipe["epochs"] == 3
    history = card.recipe["history"]
    assert isinstance(history, list)
    assert len(history) == 3


def test_a_kept_model_is_read_with_after_a_new_start(
    start: Callable[[], Window], letters: Path, qtbot: QtBot
) -> None:
    first = start()
    retrain = Retrain(first, qtbot)
    retrain.choose(letters)
    retrain.start()
    retrain.wait_until_judged()
    with qtbot.waitSignal(first.program.recognition.model_changed, timeout=LONG):
        QTest.mouseClick(retrain.dialog.verdict.keep_button, LEFT)
    first.close()
    second = start()
    second.draw(write("7", at=(60, 60)))
    second.wait_for("H")


def test_a_worse_model_is_suggested_to_be_discarded(retrain: Retrain, digits: Path) -> None:
    retrain.choose(digits, epochs=1)
    retrain.dialog.setup.rate.setValue(0.00001)
    retrain.start()
    retrain.wait_until_judged()
    verdict = retrain.dialog.verdict
    assert "reads worse" in verdict.headline.text()
    assert verdict.discard_button.isDefault()
    before = kept(retrain.window)
    QTest.keyClick(retrain.dialog, Key.Key_Return)
    assert retrain.training.outcome is None
    assert kept(retrain.window) == before
    retrain.window.write("4")


def test_a_training_that_diverged_is_reported_and_can_be_begun_anew(
    retrain: Retrain, digits: Path
) -> None:
    retrain.choose(digits, epochs=2)
    retrain.dialog.setup.rate.setValue(10)
    before = kept(retrain.window)
    retrain.start()
    retrain.wait_until_over()
    assert retrain.training.outcome is None
    assert "The training diverged in epoch 1: the loss grew to" in retrain.dialog.banner.text
    assert "choose a lower learning rate" in retrain.dialog.banner.text
    assert retrain.dialog.setup.start_button.isVisible()
    assert kept(retrain.window) == before


def test_a_click_on_a_cell_shows_those_very_samples(retrain: Retrain, digits: Path) -> None:
    retrain.choose(digits, epochs=1)
    retrain.dialog.setup.rate.setValue(0.00001)
    retrain.start()
    retrain.wait_until_judged()
    outcome = retrain.training.outcome
    assert outcome is not None
    evaluation = outcome.verdict.comparison.candidate
    pairs = np.stack([evaluation.targets, evaluation.answers], axis=1)
    row, column = (int(i) for i in pairs[-1])
    matrix = retrain.dialog.verdict.matrices[1]
    model = matrix.model()
    labels = [model.headerData(i, Qt.Orientation.Vertical) for i in range(model.rowCount())]
    at_row, at_column = (labels.index(evaluation.labels[i]) for i in (row, column))
    place = model.index(at_row, at_column)
    cell = matrix.visualRect(place).center()
    QTest.mouseClick(matrix.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, cell)
    wanted = np.flatnonzero((pairs == (row, column)).all(axis=1))
    samples = retrain.dialog.verdict.samples
    assert samples.count() == len(wanted) > 0
    shown = samples.item(0).icon().pixmap(48, 48).toImage()
    original = outcome.verdict.held_out.cells[wanted[0]]
    side = shown.width()
    for y, x in [(14, 14), (10, 12), (5, 20), (20, 9)]:
        at = round((x + 0.5) * side / 28), round((y + 0.5) * side / 28)
        assert abs(shown.pixelColor(*at).red() - int(original[y, x])) <= 1
    assert f"read as {evaluation.labels[column]}" in retrain.dialog.verdict.caption.text()


def test_the_curves_grow_and_the_window_reads_meanwhile(retrain: Retrain, digits: Path) -> None:
    retrain.choose_long(digits)
    retrain.start()
    retrain.wait_until_learning()
    retrain.window.write("361")
    retrain.wait_until_tried()
    progress = retrain.dialog.progress
    assert retrain.training.is_running
    learned, held_out = progress.accuracy.points()
    assert len(learned) > 1
    assert len(held_out) >= 1
    assert all(0 <= value <= 1 for value in (*learned, *held_out))
    assert not any(menu.isVisible() for menu in retrain.dialog.findChildren(QMenu))
    assert "left" in progress.title.text()
    assert progress.figures()["Accuracy on held-out samples"].endswith("%")
    QTest.mouseClick(progress.cancel_button, LEFT)
    retrain.wait_until_over()
    assert retrain.shown("training_setup")
    assert retrain.training.outcome is None


def test_what_is_started_before_the_curves_are_there_is_shown_when_they_are(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = ManualExecutor()
    monkeypatch.setattr(
        window.program.training, "import_ahead", lambda load: ImportAhead(load, late)
    )
    retrain = Retrain(window, qtbot)
    stages: list[object] = []
    retrain.training.stage_changed.connect(stages.append)
    retrain.start()
    qtbot.waitUntil(lambda: any(isinstance(s, DataSplit) for s in stages), timeout=LONG)
    setup = retrain.dialog.setup
    assert setup.isVisible()
    assert not setup.isEnabled()
    late.drain()
    assert retrain.shown("training_progress")
    assert "450 to choose the best pass" in retrain.dialog.progress.data.text()
    retrain.training.stop()
    retrain.wait_until_over()
    assert setup.isVisible()
    assert setup.isEnabled()


@pytest.mark.parametrize("first", ["stop", "curves"])
def test_cancelled_before_the_curves_are_there(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    late = ManualExecutor()
    monkeypatch.setattr(
        window.program.training, "import_ahead", lambda load: ImportAhead(load, late)
    )
    retrain = Retrain(window, qtbot)
    retrain.start()
    for act in (retrain.training.stop, late.drain)[:: 1 if first == "stop" else -1]:
        act()
    assert retrain.dialog.setup.isVisible()
    assert retrain.dialog.setup.isEnabled()
    retrain.start()
    assert retrain.shown("training_progress")
    retrain.training.stop()
    retrain.wait_until_over()


def test_after_cancelling_one_can_train_again(retrain: Retrain, digits: Path) -> None:
    retrain.choose_long(digits)
    retrain.start()
    retrain.wait_until_learning()
    QTest.mouseClick(retrain.dialog.progress.cancel_button, LEFT)
    retrain.wait_until_over()
    retrain.dialog.setup.epochs.setValue(1)
    retrain.start()
    retrain.wait_until_judged()


def test_training_on_from_the_model_in_use(
    start: Callable[[], Window], digits: Path, qtbot: QtBot
) -> None:
    retrain = Retrain(start(), qtbot)
    retrain.choose(digits, epochs=2, network="")
    assert retrain.dialog.setup.preset is None
    retrain.start()
    retrain.wait_until_judged()
    with qtbot.waitSignal(retrain.window.program.models.listed, timeout=LONG):
        QTest.mouseClick(retrain.dialog.verdict.keep_button, LEFT)
    card = library(retrain.window).current().card
    assert card.parents[0].startswith("Templates (SHA-256 ")


# What goes wrong


def test_bad_data_are_reported_in_the_dialog(
    retrain: Retrain, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "bad.npz"
    path.write_bytes(b"PK\x03\x04 this is no ZIP file")
    retrain.choose(path)
    retrain.start()
    retrain.wait_until_over()
    assert retrain.dialog.banner.text.startswith("bad.npz: ")
    assert retrain.shown("training_setup")
    assert retrain.window.message == ""
    retrain.window.write("8")


def test_one_class_is_refused(retrain: Retrain, tmp_path: Path) -> None:
    path = tmp_path / "ones.npz"
    np.savez(path, images=np.eye(28, dtype=np.uint8)[np.newaxis].repeat(9, 0) * 255, labels=[1] * 9)
    retrain.choose(path)
    retrain.start()
    retrain.wait_until_over()
    assert "all samples are of the class 1" in retrain.dialog.banner.text


def test_a_disk_that_refuses_is_reported(retrain: Retrain, digits: Path, qtbot: QtBot) -> None:
    retrain.choose(digits, epochs=1)
    retrain.start()
    retrain.wait_until_judged()
    folder = library(retrain.window).models()[0].kept.path  # only to have opened the library
    assert folder.exists()
    home = digits.parent / "home" / "data"
    home.mkdir(parents=True, exist_ok=True)
    (home / "models").write_text("a file in the place of the folder")
    QTest.mouseClick(retrain.dialog.verdict.keep_button, LEFT)
    assert "library could not be changed" in retrain.window.wait_for_message()
    retrain.window.write("3")


# Closing


def test_closing_the_dialog_asks(retrain: Retrain, digits: Path) -> None:
    retrain.choose_long(digits)
    retrain.start()
    QTest.keyClick(retrain.dialog, Key.Key_Escape)
    assert retrain.dialog.isVisible()
    answer(retrain.dialog, "stop_training", NO)
    QApplication.processEvents()
    assert retrain.training.is_running
    QTest.keyClick(retrain.dialog, Key.Key_Escape)
    answer(retrain.dialog, "stop_training", YES)
    retrain.wait_until_over()
    QTest.keyClick(retrain.dialog, Key.Key_Escape)
    assert not retrain.dialog.isVisible()


def test_closing_the_window_asks_then_stops(retrain: Retrain, digits: Path, qtbot: QtBot) -> None:
    window = retrain.window
    retrain.choose_long(digits)
    retrain.start()
    retrain.wait_until_learning()
    window.main.close()
    assert window.main.isVisible()
    answer(window.main, "quit_training", NO)
    assert retrain.training.is_running
    QApplication.processEvents()
    window.main.close()
    answer(window.main, "quit_training", YES)
    qtbot.waitUntil(lambda: not window.main.isVisible(), timeout=LONG)
    assert not retrain.training.is_running


def test_closing_the_window_asks_before_a_model_is_lost(retrain: Retrain, digits: Path) -> None:
    window = retrain.window
    retrain.choose(digits, epochs=1)
    retrain.start()
    retrain.wait_until_judged()
    window.main.close()
    assert window.main.isVisible()
    answer(window.main, "quit_unkept", YES)
    assert not window.main.isVisible()


def test_the_program_ends_while_a_network_is_being_trained(retrain: Retrain, digits: Path) -> None:
    retrain.choose_long(digits)
    retrain.start()
    retrain.wait_until_learning()
    retrain.window.close()
    assert not isValid(retrain.window.main)


def test_every_control_has_a_name(retrain: Retrain, digits: Path) -> None:
    retrain.choose(digits, epochs=1)
    names = [retrain.dialog.setup]
    retrain.start()
    retrain.wait_until_judged()
    for page in (*names, retrain.dialog.progress, retrain.dialog.verdict):
        for button in page.findChildren(QPushButton):
            assert button.text()
    for view in (*retrain.dialog.verdict.matrices, retrain.dialog.verdict.samples):
        assert view.accessibleName()
