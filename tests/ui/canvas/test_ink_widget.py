"""Every gesture on the canvas can be undone, or cancelled on the way."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inkread.core.ink import Ink, Stroke
from inkread.ui.canvas.canvas import Canvas
from inkread.ui.history.undo import OpenDrawing
from tests.ui.canvas.canvases import HOOK, LINE, Heard, is_as_afresh
from tests.ui.canvas.pens import Mouse


def test_each_gesture_is_one_step(canvas: Canvas, mouse: Mouse, heard: Heard) -> None:
    mouse.drag(*LINE)
    mouse.drag(*HOOK)
    first, second = canvas.ink.strokes
    assert canvas.undo_stack.count == 2
    canvas.undo_stack.undo()
    assert list(canvas.ink.strokes) == [first]
    canvas.undo_stack.undo()
    assert canvas.ink.is_empty
    canvas.undo_stack.redo()
    canvas.undo_stack.redo()
    assert list(canvas.ink.strokes) == [first, second]
    assert [len(ink.strokes) for ink in heard.changed] == [1, 2, 1, 0, 1, 2]


def test_clear_is_a_step_and_nothing_if_there_is_no_ink(canvas: Canvas, mouse: Mouse) -> None:
    canvas.clear()
    assert canvas.undo_stack.count == 0
    mouse.drag(*LINE)
    canvas.clear()
    assert canvas.ink.is_empty
    canvas.undo_stack.undo()
    assert len(canvas.ink.strokes) == 1


def test_other_ink_is_a_step_of_the_given_name(canvas: Canvas, mouse: Mouse, heard: Heard) -> None:
    mouse.drag(*LINE)
    drawn, other = canvas.ink, Ink((Stroke.of(HOOK),))
    canvas.do("Open ink", other)
    assert canvas.ink is other
    assert heard.changed[-1] is other
    assert canvas.undo_stack.undo_text == "Open ink"
    canvas.undo_stack.undo()
    assert canvas.ink is drawn


def test_steps_are_named_after_what_they_did(canvas: Canvas, mouse: Mouse) -> None:
    mouse.drag(*LINE)
    drawn = canvas.undo_stack.undo_text
    canvas.set_eraser(True)
    mouse.drag(*LINE)
    erased = canvas.undo_stack.undo_text
    canvas.undo_stack.undo()
    canvas.clear()
    assert len({drawn, erased, canvas.undo_stack.undo_text, ""}) == 4


def test_undo_amid_a_gesture_forgets_only_that(canvas: Canvas, mouse: Mouse, qtbot: QtBot) -> None:
    mouse.drag(*LINE)
    drawn = canvas.ink
    mouse.press(HOOK[0])
    mouse.move(*HOOK[1:])
    canvas.undo()
    mouse.move((20, 20))
    mouse.release((20, 20))
    assert canvas.ink is drawn
    assert canvas.undo_stack.count == 1
    assert is_as_afresh(canvas, qtbot)
    canvas.undo()
    assert canvas.ink.is_empty


def test_each_sheet_keeps_its_ink_and_its_history(
    canvas: Canvas, mouse: Mouse, heard: Heard, qtbot: QtBot
) -> None:
    first, second = canvas.drawing, OpenDrawing()
    mouse.drag(*LINE)
    drawn = canvas.ink
    canvas.set_drawing(second)
    assert canvas.is_blank and not canvas.can_undo
    assert heard.changed[-1] is second.ink
    mouse.drag(*HOOK)
    canvas.set_drawing(first)
    assert canvas.ink is drawn
    assert is_as_afresh(canvas, qtbot)
    canvas.undo()
    assert canvas.ink.is_empty
    assert len(second.ink.strokes) == 1


@pytest.mark.parametrize("eraser", [False, True])
def test_escape_cancels_the_gesture(
    canvas: Canvas, mouse: Mouse, heard: Heard, qtbot: QtBot, eraser: bool
) -> None:
    mouse.drag(*LINE)
    drawn = canvas.ink
    canvas.set_eraser(eraser)
    mouse.press((100, 20))
    mouse.move((100, 60), (105, 90))
    assert heard.changing[-1].strokes != drawn.strokes
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.ink is drawn
    assert heard.changed[-1] is drawn
    mouse.move((150, 150))
    mouse.release((150, 150))
    assert canvas.ink is drawn
    assert canvas.undo_stack.count == 1
    assert is_as_afresh(canvas, qtbot)


def test_escape_belongs_to_the_canvas_only_amid_a_gesture(canvas: Canvas, mouse: Mouse) -> None:
    def wants_escape() -> bool:
        none = Qt.KeyboardModifier.NoModifier
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, none)
        event.ignore()
        QApplication.sendEvent(canvas, event)
        return event.isAccepted()

    assert not wants_escape()
    mouse.press((50, 50))
    assert wants_escape()
    mouse.release((50, 50))
    assert not wants_escape()


def test_the_history_survives_a_garbage_collection(canvas: Canvas, mouse: Mouse) -> None:
    for y in range(20, 200, 20):
        mouse.drag((20, y), (80, y))
    gc.collect()
    for left in range(8, -1, -1):
        canvas.undo_stack.undo()
        assert len(canvas.ink.strokes) == left
