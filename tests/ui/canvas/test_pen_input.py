"""Tablet and touch screen draw as well, and nothing is drawn twice."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from inkread.core.ink import Ink, Stroke
from inkread.ui.canvas.canvas import Canvas
from tests.ui.canvas.canvases import HOOK, LINE, Heard, is_dark, points
from tests.ui.canvas.pens import Mouse, Tablet, TouchScreen
from tests.ui.pixels import seen


def test_a_tablet_draws_with_pressure(canvas: Canvas) -> None:
    pen = Tablet(canvas)
    assert pen.press((40.5, 60), 0.25)
    assert pen.move((80, 60.25), 0.75)
    assert pen.release((120, 60))
    (stroke,) = canvas.ink.strokes
    assert points(stroke) == [(40.5, 60), (80, 60.25), (120, 60)]
    assert stroke.pressures is not None
    assert stroke.pressures.tolist() == [0.25, 0.75, 0.75]


def test_a_pressed_line_is_wider_than_a_light_one(canvas: Canvas) -> None:
    for y, pressure in ((60, 0.0), (120, 1.0)):
        Tablet(canvas).drag((40, y), (200, y), (360, y), pressure=pressure)
    column = seen(canvas)[:, 200, 0] < 128
    light, heavy = column[30:90].sum(), column[90:150].sum()
    assert light < canvas.pen_width < heavy


def test_a_hovering_tablet_does_nothing(canvas: Canvas) -> None:
    heard = Heard(canvas)
    pen = Tablet(canvas)
    pen.move((50, 50), 0.0)
    pen.press((50, 50), 0.5, Qt.MouseButton.RightButton)
    pen.move((90, 90), 0.5)
    assert heard.changing == []


def test_the_turned_pen_wipes(canvas: Canvas) -> None:
    line, hook = Stroke.of(LINE), Stroke.of(HOOK)
    canvas.do("", Ink((line, hook)))
    Tablet(canvas, eraser=True).drag((100, 40), (100, 62))
    assert canvas.ink.strokes == (hook,)
    Tablet(canvas).drag(*LINE)
    assert len(canvas.ink.strokes) == 2


def test_one_finger_draws(canvas: Canvas) -> None:
    finger = TouchScreen(canvas)
    finger.down(0, (40, 60))
    assert is_dark(seen(canvas), (40, 60))
    finger.move(0, (100, 60))
    finger.up(0, (160, 62))
    assert [points(stroke) for stroke in canvas.ink.strokes] == [list(LINE)]
    assert canvas.undo_stack.count == 1


def test_a_second_finger_is_ignored(canvas: Canvas) -> None:
    screen = TouchScreen(canvas)
    screen.down(0, (40, 60))
    screen.down(1, (200, 200), 0)
    screen.move(1, (220, 220), 0)
    screen.move(0, (80, 60), 1)
    screen.up(0, (90, 60), 1)
    screen.move(1, (250, 250))
    screen.up(1, (250, 250))
    assert [points(stroke) for stroke in canvas.ink.strokes] == [[(40, 60), (80, 60), (90, 60)]]


def test_a_cancelled_touch_leaves_nothing(canvas: Canvas) -> None:
    device = QTest.createTouchDevice()
    QTest.touchEvent(canvas, device).press(0, canvas.rect().center(), canvas)
    QApplication.sendEvent(canvas, QTouchEvent(QEvent.Type.TouchCancel, device))
    assert canvas.ink.is_empty
    assert canvas.undo_stack.count == 0
    assert not is_dark(seen(canvas), (200, 150))


def test_a_pen_takes_over_from_the_palm(canvas: Canvas) -> None:
    palm, pen = TouchScreen(canvas), Tablet(canvas)
    palm.down(0, (300, 280))
    pen.press((40, 60), 0.5)
    palm.move(0, (310, 285))
    pen.move((100, 60), 0.5)
    palm.up(0, (310, 285))
    pen.release((160, 62))
    assert [points(stroke) for stroke in canvas.ink.strokes] == [list(LINE)]


def test_a_palm_does_not_disturb_the_pen(canvas: Canvas) -> None:
    palm, pen = TouchScreen(canvas), Tablet(canvas)
    pen.press((40, 60), 0.5)
    palm.down(0, (300, 280))
    pen.move((100, 60), 0.5)
    pen.release((160, 62))
    palm.up(0, (310, 285))
    assert [points(stroke) for stroke in canvas.ink.strokes] == [list(LINE)]


def test_mouse_events_made_up_beside_real_ones_draw_nothing_twice(canvas: Canvas) -> None:
    made_up, finger = Mouse(canvas, made_up=True), TouchScreen(canvas)
    finger.down(0, LINE[0])
    made_up.press(LINE[0])
    finger.move(0, LINE[1])
    made_up.move(LINE[1])
    finger.up(0, LINE[2])
    made_up.release(LINE[2])
    made_up.drag(*LINE)  # some systems send them after the touch
    assert [points(stroke) for stroke in canvas.ink.strokes] == [list(LINE)]
    Mouse(canvas).drag(*HOOK)
    assert len(canvas.ink.strokes) == 2


def test_mouse_events_made_up_in_place_of_real_ones_draw(canvas: Canvas) -> None:
    Mouse(canvas, made_up=True).drag(*LINE)
    assert len(canvas.ink.strokes) == 1


def test_devices_do_not_mix_in_one_stroke(canvas: Canvas) -> None:
    mouse, pen = Mouse(canvas), Tablet(canvas)
    mouse.press((40, 60))
    pen.drag((200, 200), (220, 220))
    mouse.move((100, 60))
    mouse.release((160, 62))
    assert [points(stroke) for stroke in canvas.ink.strokes] == [list(LINE)]
