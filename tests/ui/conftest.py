"""The real window with a small model that reads what `tests.written` writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inkread.bootstrap import Program
from inkread.data.paths import home
from tests.template_model import template_model
from tests.ui.window_driver import Window


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "templates.onnx"
    path.write_bytes(template_model())
    return path


@pytest.fixture
def start_with(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> Iterator[Callable[[Path], Window]]:
    """Starts the program with a model as often as it is called, each time with the same home."""
    before = qapp.palette()
    running: list[Window] = []

    def call(shipped: Path) -> Window:
        program = Program(qapp, home(tmp_path / "home"), shipped)
        running.append(Window(program, qtbot))
        program.window.show()
        return running[-1]

    yield call
    for window in running:
        window.close()
    running.clear()
    qapp.setPalette(before)
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert qapp.topLevelWidgets() == []


@pytest.fixture
def start(start_with: Callable[[Path], Window], model: Path, qtbot: QtBot) -> Callable[[], Window]:
    """Starts the program with a model that can be opened, and waits until it is."""

    def call() -> Window:
        window = start_with(model)
        qtbot.waitUntil(window.commands.about_model.isEnabled)
        return window

    return call


@pytest.fixture
def window(start: Callable[[], Window]) -> Window:
    return start()
