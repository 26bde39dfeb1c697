"""A window whose model learns within a moment, and a person whose 4 it does not know."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkread.core.ink import Ink, Stroke
from inkread.data.samples.store import SampleStore
from inkread.services.learning import Learned
from inkread.ui.learning.dialog import LearningDialog
from inkread.ui.learning.offer_bar import LearningBar
from tests.ml.adaptation.hands import crossed, reader, reference
from tests.ui.window_driver import Window

__all__ = ["model", "small_reference", "store"]

LONG = 120_000  # ms; of a machine that has much else to do


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "reader.onnx"
    path.write_bytes(reader(temperature=0.5))
    return path


@pytest.fixture(autouse=True)
def small_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A starter set of 80 digits, of which one is more than 0.1 points."""
    data = reference()
    path = tmp_path / "starter.npz"
    np.savez(path, images=data.cells, labels=data.targets.astype(str))
    monkeypatch.setattr("inkread.bootstrap.STARTER", str(path))
    monkeypatch.setattr("inkread.ml.adaptation.cross_validation.MAX_REFERENCE_LOSS", 3.0)


@pytest.fixture
def store(tmp_path: Path) -> SampleStore:
    return SampleStore.open(tmp_path / "home" / "data" / "samples.db")


def odd_four(seed: int) -> Ink:
    """This person's 4: a cross in a box."""
    return Ink(tuple(Stroke(trace + np.float32(80)) for trace in crossed(seed)))


class Learner:
    """Drives the window as somebody who teaches it."""

    def __init__(self, window: Window, qtbot: QtBot) -> None:
        self.window = window
        self.learning = window.program.learning
        self.judged: list[Learned] = []
        self.learning.judged.connect(self.judged.append)
        self._qtbot = qtbot

    @property
    def bar(self) -> LearningBar:
        return self.window.find(LearningBar, "learning_bar")

    @property
    def dialog(self) -> LearningDialog:
        return self.window.find(LearningDialog, "learning")

    def write(self, ink: Ink) -> str:
        """Draw on an empty canvas; returns how it is read."""
        window = self.window
        window.commands.clear.trigger()
        window.wait_for("Nothing written")
        window.draw(ink)
        self._qtbot.waitUntil(lambda: window.reading != "Nothing written", timeout=LONG)
        return window.reading

    def correct(self, count: int, label: Qt.Key = Qt.Key.Key_4, first: int = 0) -> None:
        """Draw so many odd signs, and say of each what it is."""
        for seed in range(first, first + count):
            self.write(odd_four(seed))
            with self._qtbot.waitSignal(self.window.program.sample_keeper.kept, timeout=LONG):
                QTest.keyClick(self.window.canvas, label)

    def wait_until_over(self) -> None:
        self._qtbot.waitUntil(lambda: not self.learning.is_running, timeout=LONG)

    def reads_odd_fours(self) -> bool:
        return all(self.write(odd_four(seed)) == "4" for seed in range(50, 53))
