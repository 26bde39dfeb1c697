"""Drawing on the canvas with the mouse; pens and fingers have their own tests."""

from __future__ import annotations

import gc

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from inkread.ui.canvas.canvas import MAX_PEN_WIDTH, MIN_PEN_WIDTH, Canvas
from tests.ui.canvas.canvases import LINE, Heard, is_dark, points
from tests.ui.canvas.pens import LEFT, Mouse
from tests.ui.pixels import seen


def test_a_press_gives_a_dot_at_once(canvas: Canvas, mouse: Mouse, heard: Heard) -> None:
    mouse.press((80, 90))
    assert is_dark(seen(canvas), (80, 90))
    assert points(heard.changing[0].strokes[0]) == [(80, 90)]
    assert heard.changed == []
    mouse.release((80, 90))
    assert len(heard.changed) == 1
    assert points(canvas.ink.strokes[0]) == [(80, 90)]
    assert is_dark(seen(canvas), (80, 90))


def test_a_stroke_keeps_its_raw_points_and_the_pens_width(canvas: Canvas, mouse: Mouse) -> None:
    canvas.set_pen_width(17)
    mouse.drag((40.5, 60.25), (100, 60), (160, 62))
    (stroke,) = canvas.ink.strokes
    assert points(stroke) == [(40.5, 60.25), (100, 60), (160, 62)]
    assert stroke.width == 17
    assert stroke.pressures is None


def test_ink_changing_has_the_unfinished_stroke_ink_does_not(
    canvas: Canvas, mouse: Mouse, heard: Heard
) -> None:
    mouse.press(LINE[0])
    mouse.move(LINE[1])
    assert [len(ink.strokes[0].points) for ink in heard.changing] == [1, 2]
    assert canvas.ink.is_empty
    mouse.release(LINE[2])
    assert [len(ink.strokes[0].points) for ink in heard.changing] == [1, 2, 3]
    assert heard.changed == [canvas.ink]


def test_fast_strokes_have_no_gaps(canvas: Canvas, mouse: Mouse) -> None:
    mouse.press((20, 150))
    for i, x in enumerate(range(80, 400, 60)):
        mouse.move((x, 150))
        rgb = seen(canvas)
        assert all(is_dark(rgb, (column, 150)) for column in range(20, x)), i
    mouse.release((380, 150))
    rgb = seen(canvas)
    assert all(is_dark(rgb, (column, 150)) for column in range(16, 384))


def test_repeated_places_are_one_point(canvas: Canvas, mouse: Mouse, heard: Heard) -> None:
    mouse.drag((40, 60), (40, 60), (50, 60), (50, 60))
    assert points(canvas.ink.strokes[0]) == [(40, 60), (50, 60)]
    assert len(heard.changing) == 2


def test_only_the_left_button_draws(canvas: Canvas, mouse: Mouse, heard: Heard) -> None:
    right = Qt.MouseButton.RightButton
    mouse.press((50, 50), right)
    mouse.move((80, 80), buttons=right)
    mouse.release((80, 80), right)
    assert heard.changing == heard.changed == []
    mouse.press((50, 50))
    mouse.press((60, 60), right)
    mouse.move((70, 70), buttons=LEFT | right)
    mouse.release((70, 70), right)
    mouse.release((90, 90))
    assert points(canvas.ink.strokes[0]) == [(50, 50), (70, 70), (90, 90)]


def test_the_second_of_two_quick_strokes_is_drawn(canvas: Canvas, mouse: Mouse) -> None:
    """Qt sends a double click in place of its press."""
    mouse.drag(*LINE)
    mouse.press((40, 100), double=True)
    mouse.move((90, 100))
    mouse.release((90, 100))
    assert len(canvas.ink.strokes) == 2


def test_a_release_that_never_came_ends_the_stroke(canvas: Canvas, mouse: Mouse) -> None:
    mouse.press((40, 60))
    mouse.move((80, 60))
    mouse.move((120, 60), buttons=Qt.MouseButton.NoButton)
    mouse.move((160, 60), buttons=Qt.MouseButton.NoButton)
    assert points(canvas.ink.strokes[0]) == [(40, 60), (80, 60), (120, 60)]


def test_hiding_the_canvas_ends_the_stroke(canvas: Canvas, mouse: Mouse) -> None:
    mouse.press((40, 60))
    mouse.move((80, 60))
    canvas.hide()
    assert len(canvas.ink.strokes) == 1


def test_pen_width_has_limits(canvas: Canvas) -> None:
    canvas.set_pen_width(0)
    assert canvas.pen_width == MIN_PEN_WIDTH
    canvas.set_pen_width(1000)
    assert canvas.pen_width == MAX_PEN_WIDTH


def test_the_cursor_is_as_large_as_the_pen(canvas: Canvas) -> None:
    sizes = []
    for width in (4, 12, 40):
        canvas.set_pen_width(width)
        sizes.append(canvas.cursor().pixmap().width())
        spot = canvas.cursor().hotSpot()
        assert spot.x() == spot.y() == sizes[-1] // 2
    assert sizes == sorted(set(sizes))
    assert sizes[-1] >= 40
    pen = canvas.cursor().pixmap().toImage()
    canvas.set_eraser(True)
    assert canvas.cursor().pixmap().toImage() != pen
    canvas.set_eraser(False)
    assert canvas.cursor().pixmap().toImage() == pen


def test_a_canvas_may_be_collected_while_it_is_shown(qtbot: QtBot) -> None:
    """pytest-qt fails this if an event then finds the event filter half cleared."""
    canvas = Canvas()
    canvas.show()
    Mouse(canvas).press((50, 50))
    del canvas
    gc.collect()
