"""The eraser takes whole strokes."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from inkread.core.ink import Ink, Stroke
from inkread.ui.canvas.canvas import Canvas
from tests.ui.canvas.canvases import Heard, is_as_afresh, is_dark
from tests.ui.canvas.pens import Mouse
from tests.ui.pixels import seen


def three_lines(canvas: Canvas) -> tuple[Stroke, ...]:
    strokes = tuple(Stroke.of([[40, y], [360, y]], 10) for y in (60, 120, 180))
    canvas.do("Open ink", Ink(strokes))
    return strokes


def test_one_sweep_wipes_whole_strokes_and_is_one_step(
    canvas: Canvas, mouse: Mouse, heard: Heard, qtbot: QtBot
) -> None:
    first, second, third = three_lines(canvas)
    canvas.set_eraser(True)
    mouse.press((200, 20))
    mouse.move((200, 90))
    assert heard.changing[-1].strokes == (second, third)
    assert not is_dark(seen(canvas), (50, 60))
    mouse.move((200, 130))
    mouse.release((200, 130))
    assert list(canvas.ink.strokes) == [third]
    assert canvas.undo_stack.count == 2
    canvas.undo_stack.undo()
    assert list(canvas.ink.strokes) == [first, second, third]
    assert is_as_afresh(canvas, qtbot)


def test_a_fast_sweep_skips_nothing(canvas: Canvas, mouse: Mouse) -> None:
    three_lines(canvas)
    canvas.set_eraser(True)
    mouse.drag((200, 5), (200, 295))
    assert canvas.ink.is_empty


def test_a_click_on_the_edge_of_a_line_wipes_it(canvas: Canvas, mouse: Mouse) -> None:
    _, second, third = three_lines(canvas)
    canvas.set_eraser(True)
    mouse.drag((100, 71))
    assert canvas.ink.strokes == (second, third)
    mouse.drag((100, 90))
    assert canvas.ink.strokes == (second, third)


def test_wiping_nothing_is_no_step(canvas: Canvas, mouse: Mouse, heard: Heard) -> None:
    three_lines(canvas)
    canvas.set_eraser(True)
    mouse.drag((20, 20), (380, 20))
    assert canvas.undo_stack.count == 1
    assert heard.changing == []
    assert len(heard.changed) == 1
