"""The drawings on the canvas are restored at the next start."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from inkread.core.errors import FileMissing, SamplesFailed
from inkread.core.inkml import read_inkml
from inkread.core.picture.page import digest_of
from inkread.data.canvas_journal import read_journal
from inkread.data.canvas_records import Sketch
from inkread.ui.controllers.canvas_session import QUIET
from inkread.ui.glyphs.glyph_boxes import CONFIRMED
from tests.ui.window_driver import LEFT, Window
from tests.written import write

Key = Qt.Key


@pytest.fixture
def canvas_folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "data" / "canvas"


def kept(folder: Path) -> list[int]:
    """Counts of strokes of the drawings that are on the disk, as another process sees them."""
    sketches = list[Sketch]()
    for path in folder.glob("*.journal"):
        with suppress(FileMissing):  # deleted since it was listed
            sketches += read_journal(path).sketches
    return [len(one.drawing.ink.strokes) for sketch in sketches for one in sketch.drawings]


def leave(start: Callable[[], Window], *texts: str) -> None:
    """Write each on a drawing of its own in one window, and close it."""
    window = start()
    for index, text in enumerate(texts):
        if index:
            window.commands.new.trigger()
        window.write(text)
    window.close()


def start_without_loading(start: Callable[[], Window], monkeypatch: pytest.MonkeyPatch) -> Window:
    """A window that has not got what was left yet."""
    with monkeypatch.context() as patch:
        patch.setattr("inkread.services.canvas_session.CanvasSession.load", lambda _: None)
        return start()


def all_come_back(window: Window, *texts: str) -> None:
    """The drawings are on the canvas or behind it by undo, whichever is first."""
    read = set[str]()
    for _ in texts:
        window._qtbot.waitUntil(lambda: window.reading in {*texts} - read)
        read.add(window.reading)
        window.commands.undo.trigger()
    assert read == {*texts}


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
    leave(start, "20", "5")
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


@pytest.mark.parametrize("draws_on", [False, True])
def test_a_drawing_that_undo_went_back_past_is_not_lost(
    start: Callable[[], Window], draws_on: bool
) -> None:
    leave(start, "20", "5")
    second = start()
    second.wait_for("5")
    second.commands.undo.trigger()
    second.wait_for("20")
    if draws_on:
        second.draw(write("5", at=(300, 60)))
        second.wait_for("205")
    second.close()
    third = start()
    third.wait_for("205" if draws_on else "20")
    third.commands.undo.trigger()
    third.wait_for("5")


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
    assert list(canvas_folder.glob("*.journal")) == []
    third = start()
    third.open(tmp_path / "20.inkml")
    third.wait_for("20")
    third.close()
    assert list(canvas_folder.glob("*.journal")) == []
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


def test_two_saves_to_one_path_with_a_stroke_between_are_told_apart(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "ink.inkml"
    window.write("20")
    documents = window.main.workspace.documents
    digests, filed = list[str](), list[bool]()
    saving = window.program.saving
    saving.ink_saved.connect(lambda _, digest: digests.append(digest))
    saving.ink_saved.connect(lambda *_: filed.append(documents.current.is_filed))
    window.main.files.save_chosen.emit(path)
    window.draw(write("5", at=(300, 60)))
    window.main.files.save_chosen.emit(path)
    qtbot.waitUntil(lambda: len(digests) == 2)
    assert filed == [False, True]
    assert documents.current.digest == digests[1] == digest_of(path.read_bytes())
    assert documents.unsaved == ()
    (drawing,) = read_inkml(path.read_bytes(), "ink")
    assert len(drawing.ink.strokes) == len(write("205").strokes)


def test_a_document_whose_file_another_one_replaced_is_kept(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    window.write("20")
    save(window, tmp_path / "ink.inkml", qtbot)
    window.commands.new.trigger()
    window.write("5")
    assert len(window.main.workspace.documents.unsaved) == 1
    save(window, tmp_path / "ink.inkml", qtbot)
    (first,) = window.main.workspace.documents.unsaved
    assert len(first.drawing.ink.strokes) == len(write("20").strokes)


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
    assert list(canvas_folder.glob("*.journal")) == []


def test_a_crash_costs_no_more_than_the_last_strokes(
    start: Callable[[], Window],
    canvas_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    monkeypatch.setattr("inkread.ui.controllers.canvas_session.QUIET", 0)
    start().write("20")
    qtbot.waitUntil(lambda: kept(canvas_folder) == [len(write("20").strokes)])


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
    all_come_back(start(), "20", "5")


def test_what_was_begun_meanwhile_stays_and_the_last_drawing_is_behind_it(
    start: Callable[[], Window], monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(start, "20")
    second = start_without_loading(start, monkeypatch)
    second.write("5")
    second.program.canvas_session.load()
    second._qtbot.waitUntil(lambda: len(second.main.workspace.documents.unsaved) == 2)
    assert second.reading == "5"
    for _ in write("5").strokes:
        second.commands.undo.trigger()
    assert second.commands.undo.text() == "&Undo New drawing"
    second.commands.undo.trigger()
    second.wait_for("20")


def test_a_damaged_file_is_set_aside_and_told_of(
    start: Callable[[], Window], canvas_folder: Path
) -> None:
    leave(start, "20")
    (file,) = canvas_folder.glob("*.journal")
    damaged = file.read_bytes()[9:]
    file.write_bytes(damaged)
    second = start()
    said = second.wait_for_message()
    (copy,) = canvas_folder.glob("*.damaged")
    assert str(copy) in said
    second.write("5")
    second.close()
    assert copy.read_bytes() == damaged
    start().wait_for("5")


NONE = Qt.KeyboardModifier.NoModifier


def hold_the_pen(window: Window, *places: tuple[int, int]) -> None:
    """Press it at the first place, and do not lift it."""
    QTest.mousePress(window.canvas, LEFT, NONE, QPoint(*places[0]))
    for place in places[1:]:
        QTest.mouseMove(window.canvas, QPoint(*place))


def test_while_somebody_draws_on_and_on_it_is_kept(
    window: Window, canvas_folder: Path, qtbot: QtBot
) -> None:
    """There is never a moment of quiet: each save needs the latest time."""
    controller = window.program.canvas_session_controller
    for timer in controller.findChildren(QTimer):
        if timer.interval() == QUIET:
            timer.setInterval(10**8)
    hold_the_pen(window, (50, 50), (60, 60))
    drawn = 0

    def draw_on() -> bool:
        nonlocal drawn
        drawn += 1
        QTest.mouseMove(window.canvas, QPoint(60 + drawn % 200, 60))
        return kept(canvas_folder) == [1]

    qtbot.waitUntil(draw_on)


def test_a_stroke_is_kept_as_far_as_it_goes_and_not_if_it_is_cancelled(
    start: Callable[[], Window], canvas_folder: Path, qtbot: QtBot
) -> None:
    first = start()
    hold_the_pen(first, (50, 50), (60, 60), (70, 50))
    qtbot.waitUntil(lambda: kept(canvas_folder) == [1])
    first.press(Key.Key_Escape)
    qtbot.waitUntil(lambda: kept(canvas_folder) == [])
    hold_the_pen(first, (50, 50), (60, 60))
    first.close()
    assert kept(canvas_folder) == [1]


def test_what_an_eraser_touches_is_kept_until_it_is_lifted(
    window: Window, canvas_folder: Path, qtbot: QtBot
) -> None:
    window.draw(write("11", at=(60, 60)))
    qtbot.waitUntil(lambda: kept(canvas_folder) == [2])
    window.commands.eraser.trigger()
    x, y = write("11", at=(60, 60)).strokes[0].points[2].tolist()
    end = round(x) + 20, round(y)
    hold_the_pen(window, (round(x) - 20, round(y)), end)
    window.program.canvas_session_controller._keep()
    window.program.executor.wait()
    assert kept(canvas_folder) == [2]
    QTest.mouseRelease(window.canvas, LEFT, NONE, QPoint(*end))
    qtbot.waitUntil(lambda: kept(canvas_folder) == [1])


def test_what_is_loaded_does_not_disturb_a_stroke_that_is_being_drawn(
    start: Callable[[], Window], monkeypatch: pytest.MonkeyPatch, canvas_folder: Path
) -> None:
    leave(start, "20")
    second = start_without_loading(start, monkeypatch)
    hold_the_pen(second, (50, 50), (60, 60))
    with second._qtbot.waitSignal(second.program.canvas_session.loaded):
        second.program.canvas_session.load()
    QTest.mouseMove(second.canvas, QPoint(70, 70))
    QTest.mouseRelease(second.canvas, LEFT, NONE, QPoint(70, 70))
    (stroke,) = second.canvas.ink.strokes
    assert len(stroke.points) == 3
    second._qtbot.waitUntil(lambda: sorted(kept(canvas_folder)) == [1, len(write("20").strokes)])
    assert len(list(canvas_folder.glob("*.journal"))) == 1


def test_drawn_before_the_kept_drawings_are_loaded_and_closed_at_once_all_is_there(
    start_with: Callable[[Path], Window], start: Callable[[], Window], model: Path
) -> None:
    leave(start, "20")
    hasty = start_with(model)
    hasty.draw(write("5", at=(60, 60)))
    hasty.close()
    all_come_back(start(), "20", "5")


def test_what_could_not_be_kept_is_kept_as_soon_as_it_can(
    window: Window, canvas_folder: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    canvas_folder.parent.mkdir(parents=True, exist_ok=True)
    canvas_folder.write_text("no folder")
    for timer in window.program.canvas_session_controller.findChildren(QTimer):
        timer.setInterval(0)
    window.write("20")
    assert "cannot be kept for the next start" in window.wait_for_message()
    canvas_folder.unlink()
    qtbot.waitUntil(lambda: bool(kept(canvas_folder)))
    qtbot.waitUntil(lambda: not window.message)


def test_what_could_not_be_kept_and_is_saved_in_a_file_is_not_complained_of(
    window: Window, canvas_folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    canvas_folder.parent.mkdir(parents=True, exist_ok=True)
    canvas_folder.write_text("no folder")
    window.write("20")
    assert "cannot be kept for the next start" in window.wait_for_message()
    for timer in window.program.canvas_session_controller.findChildren(QTimer):
        timer.setInterval(0)
    window.program.canvas_session_controller._retry.start()
    window.main.files.save_chosen.emit(tmp_path / "saved.inkml")
    qtbot.waitUntil(lambda: not window.message)


def test_what_else_fails_does_not_hide_that_the_drawing_is_not_kept(
    window: Window, canvas_folder: Path, qtbot: QtBot
) -> None:
    canvas_folder.parent.mkdir(parents=True, exist_ok=True)
    canvas_folder.write_text("no folder")
    window.write("20")
    window.wait_for_message()
    window.main.messages.report(SamplesFailed(name="samples.db", reason="full"))
    assert "samples could not be kept" in window.message
    assert "cannot be kept for the next start" in window.message


def test_what_cannot_be_kept_is_reported_and_asked_about(
    start: Callable[[], Window], canvas_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkread.ui.controllers.canvas_session.QUIET", 0)
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
