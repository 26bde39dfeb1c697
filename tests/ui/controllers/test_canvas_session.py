"""The drawings on the canvas are restored at the next start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from inkread.data.canvas_session import SketchFolder
from inkread.ui.glyphs.glyph_boxes import CONFIRMED
from tests.ui.window_driver import LEFT, Window
from tests.written import write

Key = Qt.Key


@pytest.fixture
def canvas_folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "data" / "canvas"


def save(window: Window, path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.program.saving.saved):
        window.main.files.save_chosen.emit(path)


def test_the_drawing_is_there_again_with_its_corrections(
    start: Callable[[], Window], qtbot: QtBot
) -> None:
    first = start()
    first.write("20")
    first.press(Key.Key_Right)
    first.press(Key.Key_6)
    assert first.reading == "26"
    first.close()
    second = start()
    second.wait_for("26")
    assert [box.label for box in second.canvas.boxes()] == ["2", "6" + CONFIRMED]
    assert "is back" in second.main.statusBar().currentMessage()
    with qtbot.waitSignal(second.program.sample_keeper.taken_out) as taken_out:
        second.commands.undo.trigger()
    assert taken_out.args == [0]
    assert second.reading == "20"
    second.commands.undo.trigger()
    second.wait_for("Nothing written")
    assert not second.commands.undo.isEnabled()
    second.commands.redo.trigger()
    with qtbot.waitSignal(second.program.sample_keeper.kept):
        second.commands.redo.trigger()
    second.wait_for("26")
    second.close()
    third = start()
    third.wait_for("26")


def test_so_are_the_drawings_before_it_by_undo(start: Callable[[], Window]) -> None:
    first = start()
    first.write("20")
    first.commands.new.trigger()
    first.write("5")
    first.close()
    second = start()
    second.wait_for("5")
    assert second.commands.undo.text() == "&Undo New drawing"
    second.commands.undo.trigger()
    second.wait_for("20")
    second.commands.redo.trigger()
    second.wait_for("5")
    second.draw(write("2", at=(200, 60)))
    second.wait_for("52")
    second.close()
    start().wait_for("52")


def test_who_began_anew_finds_an_empty_canvas_and_the_drawing_by_undo(
    start: Callable[[], Window], qtbot: QtBot
) -> None:
    first = start()
    first.write("20")
    first.commands.new.trigger()
    first.close()
    second = start()
    qtbot.waitUntil(second.commands.undo.isEnabled)
    assert second.reading == "Nothing written"
    second.write("5")
    second.close()
    third = start()
    third.wait_for("5")
    third.commands.undo.trigger()
    third.wait_for("20")


def test_what_is_in_a_file_as_ink_is_not(
    start: Callable[[], Window], canvas_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    first = start()
    first.write("20")
    save(first, tmp_path / "20.png", qtbot)
    first.close()
    second = start()
    second.wait_for("20")
    save(second, tmp_path / "20.inkml", qtbot)
    second.close()
    assert list(canvas_folder.glob("*.json")) == []
    third = start()
    third.open(tmp_path / "20.inkml")
    third.wait_for("20")
    third.close()
    assert list(canvas_folder.glob("*.json")) == []
    fourth = start()
    fourth.open(tmp_path / "20.inkml")
    fourth.wait_for("20")
    fourth.draw(write("5", at=(300, 60)))
    fourth.wait_for("205")
    fourth.close()
    start().wait_for("205")


def test_saved_twice_at_once_it_is_in_its_file(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    window.write("20")
    saved: list[str] = []
    window.program.saving.saved.connect(saved.append)
    for _ in range(2):
        window.main.files.save_chosen.emit(tmp_path / "20.inkml")
    qtbot.waitUntil(lambda: len(saved) == 2)
    assert window.main.workspace.documents.unsaved == ()


def test_an_empty_canvas_leaves_nothing(start: Callable[[], Window], canvas_folder: Path) -> None:
    first = start()
    first.close()
    assert not canvas_folder.exists()
    second = start()
    second.write("20")
    second.close()
    third = start()
    third.wait_for("20")
    third.commands.clear.trigger()
    third.close()
    assert list(canvas_folder.glob("*.json")) == []


def test_a_crash_costs_no_more_than_the_last_strokes(
    start: Callable[[], Window],
    canvas_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setattr("inkread.ui.controllers.canvas_session._AFTER", 0)
    start().write("20")
    qtbot.waitUntil(lambda: [s.current for s in SketchFolder(canvas_folder, "x").load()] == [0])


def test_two_windows_at_a_time_lose_nothing_and_share_nothing(
    start: Callable[[], Window],
) -> None:
    first = start()
    first.write("20")
    second = start()
    second.write("5")
    first.close()
    third = start()
    third.wait_for("20")
    second.close()
    third.close()
    last = start()
    read = set[str]()
    for _ in range(2):
        last._qtbot.waitUntil(lambda: last.reading in {"20", "5"} - read)
        read.add(last.reading)
        last.commands.undo.trigger()
    assert read == {"20", "5"}


def test_what_was_begun_meanwhile_stays_and_the_last_drawing_is_behind_it(
    start: Callable[[], Window], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start()
    first.write("20")
    first.close()
    monkeypatch.setattr("inkread.services.canvas_session.CanvasSession.load", lambda _: None)
    second = start()
    second.write("5")
    monkeypatch.undo()
    second.program.canvas_session.load()
    second._qtbot.waitUntil(lambda: len(second.main.workspace.documents.unsaved) == 2)
    assert second.reading == "5"
    for _ in write("5").strokes:
        second.commands.undo.trigger()
    assert second.commands.undo.text() == "&Undo New drawing"
    second.commands.undo.trigger()
    second.wait_for("20")


def test_a_damaged_file_is_set_aside(start: Callable[[], Window], canvas_folder: Path) -> None:
    first = start()
    first.write("20")
    first.close()
    (file,) = canvas_folder.glob("*.json")
    damaged = file.read_bytes()[:-9]
    file.write_bytes(damaged)
    second = start()
    second.write("5")
    second.close()
    assert (canvas_folder / "canvas.damaged").read_bytes() == damaged
    start().wait_for("5")


def test_what_cannot_be_kept_is_reported_and_asked_about(
    start: Callable[[], Window], canvas_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkread.ui.controllers.canvas_session._AFTER", 0)
    canvas_folder.parent.mkdir(parents=True)
    canvas_folder.write_text("no folder")
    window = start()
    window.write("20")
    assert "cannot be kept for the next start" in window.wait_for_message()
    window.main.close()
    assert window.main.isVisible()
    (box,) = window.main.findChildren(QMessageBox)
    (quit_all_the_same,) = (
        b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.AcceptRole
    )
    QTest.mouseClick(quit_all_the_same, LEFT)
    assert not window.main.isVisible()
