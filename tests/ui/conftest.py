"""The real window with a small model that reads what `tests.written` writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bootstrap import Program
from app.data.paths import home
from tests.template_model import template_model
from tests.ui.window import Window


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "templates.onnx"
    path.write_bytes(template_model())
    return path


@pytest.fixture
def start(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, model: Path
) -> Iterator[Callable[[], Window]]:
    """Starts the program as often as it is called, each time with the same home."""
    before = qapp.palette()
    running: list[Window] = []

    def call() -> Window:
        program = Program(qapp, home(tmp_path / "home"), model)
        with qtbot.waitSignals([program.recognition.model_changed]):
            program.window.show()
        running.append(Window(program, qtbot))
        return running[-1]

    yield call
    for window in running:
        window.close()
    running.clear()
    qapp.setPalette(before)
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert qapp.topLevelWidgets() == []


@pytest.fixture
def window(start: Callable[[], Window]) -> Window:
    return start()
