"""Whole ways through the program, with the network that ships."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from inkread.cli import main
from inkread.core.ink import rasterise_page
from inkread.data.paths import bundled
from inkread.ui.page.picture_bar import PictureBar
from inkread.ui.window.file_dialogs import SaveDialog
from tests.core.pictures import picture_kinds
from tests.ui.window_driver import Window
from tests.written import write

pytestmark = pytest.mark.slow  # each test goes through the whole window

KINDS = dict(picture_kinds(rasterise_page(write("25", height=110, width=10), margin=30)))


@pytest.fixture
def model() -> Path:
    return bundled("models/digits.onnx")


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("pen", [3, 14, 36])
def test_each_digit_is_drawn_with_the_mouse_and_read(window: Window, digit: str, pen: int) -> None:
    window.canvas.set_pen_width(pen)
    window.draw(write(digit, height=160, at=(200, 70), seed=pen))
    window.wait_for(digit)
    assert window.prediction == digit
    assert window.probabilities[digit] > 0.5
    assert window.canvas.ink.strokes[0].width == pen


def test_draw_save_start_again_open_and_go_on(
    start: Callable[[], Window], tmp_path: Path, qtbot: QtBot
) -> None:
    saved = tmp_path / "numbers.inkml"
    first = start()
    first.write("4715")
    first.commands.save_as.trigger()
    dialog = first.find(SaveDialog, "save")
    with qtbot.waitSignal(first.program.saving.saved):
        dialog.fileSelected.emit(str(saved))
    dialog.reject()
    first.close()
    second = start()
    second.open(saved)
    second.wait_for("4715")
    second.canvas.setFocus()
    second.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    second.wait_for("Nothing written")
    second.press(
        Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    second.wait_for("4715")
    second.draw(write("8", at=(60, 250)))
    second.wait_for("4715\n8")
    second.commands.copy.trigger()
    assert QApplication.clipboard().text() == "4715\n8"


def test_a_picture_is_read_between_two_digits(window: Window, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    cv2.imwrite(str(picture), 255 - rasterise_page(write("90\n31")))
    window.write("6")
    window.open(picture)
    window.wait_for("90\n31")
    window.press(Qt.Key.Key_Escape)
    window.wait_for("6")
    assert len(window.canvas.ink.strokes) == 1


def test_a_file_that_cannot_be_opened_leaves_the_picture_and_its_reading(
    window: Window, tmp_path: Path
) -> None:
    picture, text = tmp_path / "picture.png", tmp_path / "letter.txt"
    cv2.imwrite(str(picture), rasterise_page(write("90\n31")))
    text.write_text("Dear Sir,")
    window.open(picture)
    window.wait_for("90\n31")
    window.open(text)
    assert "letter.txt" in window.wait_for_message()
    assert window.reading == "90\n31"
    assert len(window.page_view.reading.glyphs) == 4
    names = [label.text() for label in window.find(PictureBar, "picture_bar").findChildren(QLabel)]
    assert names == ["picture.png"]


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_picture_reads_the_same_in_window_and_command_line(
    window: Window, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(KINDS[name])
    window.open(path)
    window.wait_for("25")
    assert main(["read", str(path), "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert result["text"] == "25"
    assert result["error"] is None
    assert [glyph["label"] for glyph in result["glyphs"]] == ["2", "5"]
