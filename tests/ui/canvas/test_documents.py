"""Each drawing has its own history; a file and what was drawn before it never mix."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.inkml import Drawing, read_inkml, write_inkml
from inkread.ui.actions.actions import Actions
from inkread.ui.canvas.canvas import Canvas
from inkread.ui.canvas.documents import MAX_DOCUMENTS, MAX_STROKES, Documents
from inkread.ui.canvas.drawings_bar import DrawingsBar
from inkread.ui.history.undo_stack import MAX_STEPS
from tests.ui.window_driver import Window
from tests.written import write

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def inkml(path: Path, *texts: str) -> Path:
    drawings = [Drawing(text, write(text, at=(60, 60))) for text in texts]
    path.write_bytes(write_inkml(drawings))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return inkml(tmp_path / "ink.inkml", "1", "2", "3")


def bar(window: Window) -> str:
    """The text of the drawings bar; empty while it is hidden."""
    shown = window.find(QWidget, "drawings")
    return shown.findChildren(QLabel)[0].text() if shown.isVisible() else ""


def saved(window: Window, path: Path, qtbot: QtBot) -> tuple[Drawing, ...]:
    with qtbot.waitSignal(window.program.saving.saved):
        window.main.files.save_chosen.emit(path)
    return read_inkml(path.read_bytes(), path.name)


def test_undo_after_opening_goes_back_to_what_was_there_whole(window: Window, file: Path) -> None:
    window.write("7")
    before = window.canvas.ink
    window.open(file)
    window.wait_for("1")
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("7")
    assert window.canvas.ink is before
    assert bar(window) == ""
    window.commands.redo.trigger()
    window.wait_for("1")
    assert bar(window) == "Drawing 1 of 3: 1"


def test_undo_never_puts_old_ink_into_the_file(window: Window, file: Path, qtbot: QtBot) -> None:
    window.write("7")
    window.open(file)
    window.wait_for("1")
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("7")
    (alone,) = saved(window, file.with_name("saved.inkml"), qtbot)
    assert alone.label is None
    assert len(alone.ink.strokes) == len(write("7").strokes)


def test_each_drawing_keeps_its_own_history(window: Window, file: Path) -> None:
    window.open(file)
    window.wait_for("1")
    window.draw(write("7", at=(190, 60)))
    window.wait_for("17")
    window.press(Key.Key_PageDown)
    window.wait_for("2")
    assert not window.commands.undo.isEnabled()
    window.draw(write("4", at=(190, 60)))
    window.wait_for("24")
    window.press(Key.Key_PageUp)
    window.wait_for("17")
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("1")
    window.press(Key.Key_PageDown)
    window.wait_for("24")
    for _ in write("4").strokes:
        window.press(Key.Key_Z, CONTROL)
    window.wait_for("2")


def test_a_file_that_was_edited_is_not_undone_as_a_whole(window: Window, file: Path) -> None:
    window.write("7")
    window.open(file)
    window.wait_for("1")
    window.draw(write("7", at=(190, 60)))
    window.wait_for("17")
    window.press(Key.Key_PageDown)
    window.wait_for("2")
    window.press(Key.Key_Z, CONTROL)
    assert bar(window) == "Drawing 2 of 3: 2"
    window.press(Key.Key_PageUp)
    window.wait_for("17")


def test_an_edited_drawing_loses_its_label_unless_undone(
    window: Window, file: Path, qtbot: QtBot
) -> None:
    window.open(file)
    window.wait_for("1")
    window.draw(write("7", at=(190, 60)))
    window.wait_for("17")
    assert bar(window) == "Drawing 1 of 3, edited"
    again = saved(window, file.with_name("edited.inkml"), qtbot)
    assert [drawing.label for drawing in again] == [None, "2", "3"]
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("1")
    assert bar(window) == "Drawing 1 of 3: 1"
    again = saved(window, file.with_name("undone.inkml"), qtbot)
    assert [drawing.label for drawing in again] == ["1", "2", "3"]


def test_ink_that_was_only_moved_into_sight_is_saved_as_it_was(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    far = write("4", at=(5000, 5000))
    (tmp_path / "far.inkml").write_bytes(write_inkml([Drawing("4", far)]))
    window.open(tmp_path / "far.inkml")
    window.wait_for("4")
    (again,) = saved(window, tmp_path / "again.inkml", qtbot)
    assert again.label == "4"
    assert again.ink.bounds.x == pytest.approx(far.bounds.x, abs=0.1)


def test_a_new_drawing_over_a_file_can_be_undone(window: Window, file: Path) -> None:
    window.open(file)
    window.wait_for("1")
    window.press(Key.Key_PageDown)
    window.wait_for("2")
    window.press(Key.Key_N, CONTROL)
    window.wait_for("Nothing written")
    assert bar(window) == ""
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("2")
    assert bar(window) == "Drawing 2 of 3: 2"


def test_new_on_an_empty_sheet_is_no_step(window: Window) -> None:
    window.press(Key.Key_N, CONTROL)
    assert not window.commands.undo.isEnabled()


def test_after_going_back_a_new_stroke_forgets_the_file(window: Window, file: Path) -> None:
    window.write("7")
    window.open(file)
    window.wait_for("1")
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("7")
    window.draw(write("1", at=(250, 60)))
    window.wait_for("71")
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("7")
    window.commands.redo.trigger()
    window.wait_for("71")
    assert not window.commands.redo.isEnabled()


def test_undo_and_redo_keep_the_order_in_which_things_were_done(window: Window, file: Path) -> None:
    window.write("7")
    window.open(file)
    window.wait_for("1")
    for _ in range(2):
        window.commands.undo.trigger()
    window.wait_for("Nothing written")
    window.commands.redo.trigger()
    window.wait_for("7")
    window.commands.redo.trigger()
    window.wait_for("1")
    assert not window.commands.redo.isEnabled()


def test_the_drawings_are_not_gone_through_behind_a_picture(window: Window, file: Path) -> None:
    cv2.imwrite(str(file.with_suffix(".png")), rasterise_page(write("618")))
    window.open(file)
    window.wait_for("1")
    window.open(file.with_suffix(".png"))
    window.wait_for("618")
    assert bar(window) == ""
    assert not window.commands.next_drawing.isEnabled()
    window.press(Key.Key_Escape)
    window.wait_for("1")
    assert bar(window) == "Drawing 1 of 3: 1"


# Amid a stroke


def held(window: Window, text: str) -> Ink:
    ink = write(text, at=(60, 60))
    window.draw(ink, release=False)
    window.wait_for(text)
    return ink


def test_undo_amid_the_first_stroke_forgets_it(window: Window) -> None:
    held(window, "3")
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("Nothing written")
    window.commands.undo.trigger()
    assert window.canvas.undo_stack.count == 0


def test_undo_amid_a_stroke_leaves_the_stroke_before_it(window: Window) -> None:
    window.write("7")
    window.draw(write("1", at=(250, 60)), release=False)
    window.wait_for("71")
    window.press(Key.Key_Z, CONTROL)
    window.wait_for("7")
    assert window.canvas.undo_stack.index == window.canvas.undo_stack.count


def test_clear_amid_the_first_stroke_takes_it_away(window: Window) -> None:
    held(window, "3")
    window.press(Key.Key_Delete)
    window.wait_for("Nothing written")
    assert not window.commands.undo.isEnabled()
    assert not window.commands.clear.isEnabled()


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    return canvas


@pytest.fixture
def documents(canvas: Canvas) -> Documents:
    return Documents(canvas, DrawingsBar(Actions(canvas), canvas), canvas)


def test_documents_that_nobody_goes_back_to_are_freed(documents: Documents) -> None:
    opened = []
    for _ in range(MAX_DOCUMENTS + 5):
        documents.open([Drawing(None, write("1"))], "digest")
        opened.append(weakref.ref(documents.current))
    gc.collect()
    assert [each() for each in opened[:5]] == [None] * 5
    last = documents.current
    for _ in range(MAX_DOCUMENTS - 1):
        documents.undo()
    assert documents.current is opened[5]()
    assert documents.undo_text is None
    for _ in range(MAX_DOCUMENTS - 1):
        documents.redo()
    assert documents.current is last


def test_many_strokes_in_files_are_freed_earlier(documents: Documents) -> None:
    shown, large = Ink(), Ink((Stroke.of([[1, 1]]),) * (MAX_STROKES // 2))
    opened = []
    for _ in range(4):
        documents.open([Drawing(None, shown), Drawing(None, large)], "digest")
        opened.append(weakref.ref(documents.current))
    gc.collect()
    assert [each() is None for each in opened] == [True, True, False, False]


def test_what_no_file_holds_outlives_files_opened_after_it(
    documents: Documents, canvas: Canvas
) -> None:
    canvas.do("Draw", write("7"))
    drawn = documents.current
    for _ in range(MAX_DOCUMENTS + 5):
        documents.open([Drawing(None, write("1"))], "digest")
    assert documents.unsaved == (drawn,)
    for _ in range(MAX_DOCUMENTS):
        documents.undo()
    assert documents.current is drawn


def test_undo_of_a_long_drawing_ends_before_another_document(
    documents: Documents, canvas: Canvas
) -> None:
    canvas.do("Draw", write("7"))
    documents.start_anew()
    stroke = Stroke.of([[1, 1]])
    for length in range(1, MAX_STEPS + 3):
        canvas.do("Draw", Ink((stroke,) * length))
    drawn = documents.current
    for _ in range(MAX_STEPS + 5):
        documents.undo()
    assert documents.current is drawn
    assert len(canvas.ink.strokes) == 2
    assert documents.undo_text is None
    assert drawn in documents.unsaved
