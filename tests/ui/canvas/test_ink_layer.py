"""The layer paints the ink, and no more of it than it must."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inkread.core.geometry import Box
from inkread.core.reading import Reading
from inkread.ui.canvas.canvas import Canvas
from inkread.ui.canvas.ink_raster import Span, cover
from tests.ui.canvas.canvases import HOOK, LINE, is_as_afresh, is_dark, points, themed
from tests.ui.canvas.pens import Mouse
from tests.ui.pixels import on_screen, seen
from tests.ui.readings import glyph


def test_many_steps_in_one_go_are_painted_once(
    canvas: Canvas, mouse: Mouse, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for y in range(20, 260, 20):
        mouse.drag((20, y), (60, y + 10), (90, 250))
    seen(canvas)
    painted: list[object] = []

    def counted(*args: Any) -> list[Span]:
        painted.append(args)
        return cover(*args)

    monkeypatch.setattr("inkread.ui.canvas.ink_layer.cover", counted)
    for _ in range(6):
        canvas.undo()
    assert painted == []
    assert is_as_afresh(canvas, qtbot)
    assert len(painted) <= 2 * 6  # what is left, on this canvas and on that which it is held to


def test_a_cancelled_stroke_leaves_no_trace_amid_other_steps(
    canvas: Canvas, mouse: Mouse, qtbot: QtBot
) -> None:
    mouse.drag(*LINE)
    mouse.press(HOOK[0])
    mouse.move(*HOOK[1:])
    canvas.undo()
    canvas.undo()
    canvas.redo()
    assert is_as_afresh(canvas, qtbot)


def test_every_way_to_the_same_ink_gives_the_same_pixels(
    canvas: Canvas, mouse: Mouse, qtbot: QtBot
) -> None:
    def check() -> None:
        assert is_as_afresh(canvas, qtbot)

    rng = np.random.default_rng(4)
    for width, beyond in ((5, -5), (12, 20), (30, 20)):
        canvas.set_pen_width(width)
        mouse.drag(*rng.uniform(-beyond, 300 + beyond, (80, 2)).tolist())
        check()
    canvas.undo_stack.undo()
    check()
    canvas.undo_stack.redo()
    check()
    canvas.set_eraser(True)
    x, y = points(canvas.ink.strokes[0])[40]
    drawn = len(canvas.ink.strokes)
    mouse.drag((x, y))
    assert len(canvas.ink.strokes) < drawn
    check()
    canvas.undo_stack.undo()
    check()
    canvas.resize(700, 600)
    check()
    canvas.resize(300, 200)
    check()
    canvas.setPalette(themed("#101010", "#f0f0f0"))
    check()
    canvas.clear()
    check()


@pytest.mark.parametrize("ratio", [1.25, 2.0])
def test_a_change_of_screen_repaints_at_its_resolution(
    canvas: Canvas, mouse: Mouse, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, ratio: float
) -> None:
    mouse.drag(*LINE)
    mouse.press(HOOK[0])
    mouse.move(*HOOK[1:3])
    before = seen(canvas)
    monkeypatch.setattr(Canvas, "devicePixelRatioF", lambda _canvas: ratio)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.DevicePixelRatioChange))
    after = seen(canvas)
    assert np.abs(after - before).mean() < 3
    assert canvas.cursor().pixmap().devicePixelRatio() == ratio
    mouse.release(HOOK[2])
    assert is_as_afresh(canvas, qtbot)


def test_resizing_amid_a_gesture_keeps_what_is_drawn(
    canvas: Canvas, mouse: Mouse, qtbot: QtBot
) -> None:
    mouse.press((20, 20))
    mouse.move(*((20 + 4 * i, 20 + 3 * i) for i in range(60)))
    canvas.resize(900, 800)
    assert is_dark(seen(canvas), (60, 50))
    mouse.move((600, 500))
    mouse.release((600, 500))
    assert is_as_afresh(canvas, qtbot)


def test_what_is_repainted_is_enough(canvas: Canvas, mouse: Mouse, qtbot: QtBot) -> None:
    qtbot.waitExposed(canvas)

    def check() -> None:
        assert np.array_equal(on_screen(canvas), seen(canvas))

    rng = np.random.default_rng(8)
    for places in rng.uniform(-20, 320, (3, 30, 2)).tolist():
        mouse.press(places[0])
        check()
        for place in places[1:]:
            mouse.move(place)
            check()
        mouse.release(places[-1])
        check()
    line = replace(glyph("1"), box=Box(60, 80, 40, 120))
    canvas.set_reading(Reading((line, replace(line, box=Box(200, 80, 90, 120)))))
    check()
    for index in (0, 1, -1):
        canvas.set_selected(index)
        check()
    canvas.set_eraser(True)
    for place in ((5, 5), (150, 150), (300, 290)):
        mouse.drag(place, (300, 10))
        check()
    while canvas.undo_stack.can_undo:
        canvas.undo_stack.undo()
        check()
    canvas.set_eraser(False)
    mouse.press((50, 50))
    mouse.move((90, 90))
    check()
    canvas.cancel_gesture()
    check()
    canvas.undo_stack.redo()
    check()
    canvas.clearFocus()
    check()


class PaintedAreas(QObject):
    """Hears what a widget is asked to repaint."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__()
        self.rects: list[QRect] = []
        canvas.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.rects.append(event.rect())
        return False


def test_only_what_a_new_point_bends_is_repainted(
    canvas: Canvas, mouse: Mouse, qtbot: QtBot
) -> None:
    qtbot.waitExposed(canvas)
    mouse.drag((300, 250))
    mouse.press((40, 60))
    mouse.move((44, 62), (48, 63))
    QApplication.processEvents()
    areas = PaintedAreas(canvas)
    mouse.move((53, 63))
    QApplication.processEvents()
    assert len(areas.rects) == 1
    assert areas.rects[0].width() <= 40
    assert areas.rects[0].height() <= 40
    assert areas.rects[0].contains(53, 63)


def test_light_and_dark_palettes_set_paper_and_ink(canvas: Canvas, mouse: Mouse) -> None:
    mouse.drag(*LINE)
    rgb = seen(canvas)
    assert rgb[200, 200].tolist() == [255, 255, 255]
    assert rgb[60, 100].tolist() == [0, 0, 0]
    canvas.setPalette(themed("#112233", "#eeddcc"))
    rgb = seen(canvas)
    assert rgb[200, 200].tolist() == [0x11, 0x22, 0x33]
    assert rgb[60, 100].tolist() == [0xEE, 0xDD, 0xCC]


def test_the_hint_is_there_while_there_is_no_ink(canvas: Canvas, mouse: Mouse) -> None:
    def hint() -> bool:
        return bool((seen(canvas)[130:170, 100:300] < 250).any())

    assert hint()
    mouse.press((20, 20))
    assert not hint()
    mouse.release((20, 20))
    assert not hint()
    canvas.undo_stack.undo()
    assert hint()


@pytest.mark.parametrize("edge", [(0, 150), (150, 0), (400, 150), (150, 300)])
def test_a_line_that_ends_just_at_the_edge_and_leaves_the_paper(
    canvas: Canvas, mouse: Mouse, qtbot: QtBot, edge: tuple[int, int]
) -> None:
    """The last pixel of the canvas is also where a line off it is clipped: that adds no point."""
    middle, beyond = (200, 160), (3 * edge[0] - 300, 3 * edge[1] - 300)
    mouse.drag(middle, (190, 150), (180, 150), edge, beyond, (beyond[0] + 5, beyond[1] + 5))
    (stroke,) = canvas.ink.strokes
    assert points(stroke)[-1] == edge
    assert is_as_afresh(canvas, qtbot)
