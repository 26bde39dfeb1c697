"""Whole ways through the program, with the network that ships."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from inkread.cli import main
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.inkml import Drawing, write_inkml
from inkread.data.paths import bundled
from inkread.ui.page.picture_bar import PictureBar
from inkread.ui.window.file_dialogs import SaveDialog
from tests.core.pictures import picture_kinds
from tests.ui.window_driver import Window
from tests.written import smooth, write

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


@pytest.mark.parametrize(("text", "at"), [("12:45", 2), ("24/12", 2), ("(12)", 0), ("50%", 2)])
def test_a_sign_is_read_shown_copied_corrected_and_undone(
    window: Window, text: str, at: int
) -> None:
    window.draw(write(text, height=80, width=8, at=(40, 70)))
    window.wait_for(text)
    window.commands.copy.trigger()
    assert QApplication.clipboard().text() == text
    window.canvas.setFocus()
    window.press(Qt.Key.Key_Home)
    for _ in range(at):
        window.press(Qt.Key.Key_Right)
    assert window.prediction == text[at]
    assert window.probabilities[text[at]] > 0.5
    for sign in "-+":
        QTest.keyClicks(window.canvas, sign)
        assert window.reading == text[:at] + sign + text[at + 1 :]
    window.commands.undo.trigger()
    window.commands.undo.trigger()
    assert window.reading == text


@pytest.mark.parametrize("text", ["12:45 24/12", "(030) 12", "50% 20", "3+4=7", "-5,50"])
def test_signs_and_spaces_of_files_are_read_on_the_command_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ink = write(text, height=80, width=8)
    cv2.imwrite(str(tmp_path / "a.png"), rasterise_page(ink))
    (tmp_path / "b.inkml").write_bytes(write_inkml([Drawing(None, ink)]))
    run = ["--home", str(tmp_path / "home"), "read", str(tmp_path)]
    assert main([*run, "--json"]) == 0
    for result in json.loads(capsys.readouterr().out):
        assert result["text"] == text
        signs = text.replace(" ", "")
        assert [glyph["label"] for glyph in result["glyphs"]] == list(signs)
        assert [glyph["mark"] for glyph in result["glyphs"]] == [not s.isdigit() for s in signs]
    assert main([*run, "--csv"]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert [row["text"] for row in rows] == [text] * 2


def test_a_strange_seven_that_was_taught_is_read_in_a_line(window: Window, qtbot: QtBot) -> None:
    def seven(seed: int) -> Ink:
        """It has a foot: it looks like a 2 or a 1."""
        bent = np.random.default_rng(seed).normal(0, 2.0, (2, 4, 2))
        lines = ([(12, 12), (88, 8), (56, 80), (30, 146)], [(10, 148), (40, 147), (70, 146)])
        corners = [np.array(line) + by[: len(line)] for line, by in zip(lines, bent, strict=True)]
        place = np.array((200.0, 90.0))
        return Ink(tuple(Stroke.of(smooth(each) + place, 12) for each in corners))

    def draw_in_line() -> None:
        window.commands.clear.trigger()
        window.wait_for("Nothing written")
        window.draw(write("4", height=150, at=(70, 90)))
        window.draw(seven(20))
        window.draw(write("2", height=150, at=(330, 90)))

    draw_in_line()
    qtbot.waitUntil(lambda: len(window.canvas.reading.glyphs) == 3)
    assert window.reading != "472"
    for seed in range(10):
        window.commands.clear.trigger()
        window.wait_for("Nothing written")
        window.draw(seven(seed))
        qtbot.waitUntil(lambda: window.canvas.reading.text in list("0123456789"))
        window.press(Qt.Key.Key_Home)
        window.press(Qt.Key.Key_7)
        assert window.reading == "7"
    with qtbot.waitSignal(window.program.recognition.model_changed, timeout=120_000):
        window.commands.learn.trigger()
    draw_in_line()
    window.wait_for("472")


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
    result, *others = json.loads(capsys.readouterr().out)
    assert bool(others) is name.startswith("animated")
    assert result["text"] == "25"
    assert result["error"] is None
    assert [glyph["label"] for glyph in result["glyphs"]] == ["2", "5"]
