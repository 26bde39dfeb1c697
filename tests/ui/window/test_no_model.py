"""A model that cannot be opened: the window says so and why, and reads what it still can."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from inkread.core.ink import rasterise_page
from inkread.core.reading import OF_INK, OF_PICTURE
from inkread.ml.inference.classifier import OnnxClassifier
from tests.ui.window_driver import Window
from tests.written import write


@pytest.fixture
def broken(start_with: Callable[[Path], Window], tmp_path: Path) -> Window:
    return start_with(tmp_path / "digits.onnx")


def test_the_panel_says_that_it_is_not_read_and_why(broken: Window, tmp_path: Path) -> None:
    assert broken.wait_for_message() == (
        f"{tmp_path / 'digits.onnx'}: the model that came with the program cannot be used "
        "(its file is missing); put a good copy there, or import another model into the library."
    )
    broken.wait_for("Not read")
    broken.draw(write("3", at=(60, 60)))
    broken.program.executor.wait()
    broken.wait_for("Not read")
    words = [label.text() for label in broken.main.workspace.panel.findChildren(QLabel)]
    assert "It could not be read: its file is missing." in words
    broken.commands.clear.trigger()
    broken.wait_for("Not read")


def test_with_another_model_it_is_read(broken: Window, model: Path, qtbot: QtBot) -> None:
    broken.wait_for_message()
    broken.draw(write("3", at=(60, 60)))
    broken.wait_for("Not read")
    broken.program.recognition.set_model(lambda: OnnxClassifier.open(model))
    broken.wait_for("3")
    assert broken.message == ""
    broken.commands.clear.trigger()
    broken.wait_for("Nothing written")


def test_the_stages_of_an_unread_picture_are_those_of_pictures(
    broken: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    broken.wait_for_message()
    assert broken.pipeline.stage_names == OF_INK
    path = tmp_path / "picture.png"
    cv2.imwrite(str(path), rasterise_page(write("3")))
    broken.open(path)
    qtbot.waitUntil(broken.page_view.isVisible)
    broken.wait_for("Not read")
    assert broken.pipeline.stage_names == OF_PICTURE
    broken.commands.back.trigger()
    assert broken.pipeline.stage_names == OF_INK


def test_a_broken_network_for_lines_is_reported_and_digits_are_read(
    start_with: Callable[[Path], Window],
    model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = tmp_path / "lines.onnx"
    lines.write_bytes(b"broken")
    monkeypatch.setattr("inkread.bootstrap.LINES", str(lines))
    window = start_with(model)
    message = window.wait_for_message()
    assert message.startswith(f"{lines}: the network for lines that came with the program cannot")
    assert message.endswith("; lines are read digit by digit until you put a good copy there.")
    window.write("25")
