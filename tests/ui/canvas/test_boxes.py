"""The reading over the ink: tags are clicked, boxes are drawn through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkread.core.geometry import Box
from inkread.core.ink import Ink, Stroke
from inkread.core.reading import Reading
from inkread.ui.canvas.canvas import Canvas
from tests.ui.canvas.canvases import LINE, new_canvas
from tests.ui.canvas.pens import Mouse, TouchScreen
from tests.ui.pixels import seen
from tests.ui.readings import glyph

BOXES = (Box(60, 100, 60, 90), Box(200, 100, 60, 90))
READING = Reading(
    tuple(replace(glyph(label), box=box) for label, box in zip("42", BOXES, strict=True))
)


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    """With ink in both boxes, read."""
    canvas = new_canvas(qtbot)
    strokes = (Stroke.of([[x, y], [x + 40, y + 70]]) for x, y in ((70, 110), (210, 110)))
    canvas.do("Open ink", Ink(tuple(strokes)))
    canvas.set_reading(READING)
    return canvas


@pytest.fixture
def selections(canvas: Canvas) -> list[int]:
    heard: list[int] = []
    canvas.selected_changed.connect(heard.append)
    return heard


def tag(canvas: Canvas, index: int) -> tuple[float, float]:
    centre = canvas.boxes()[index].tag.center()
    return centre.x(), centre.y()


def test_boxes_are_shown_for_two_glyphs_and_more(canvas: Canvas) -> None:
    with_boxes = seen(canvas)
    canvas.set_reading(Reading(READING.glyphs[:1]))
    assert canvas.boxes() == ()
    without = seen(canvas)
    y, x = np.nonzero((with_boxes != without).any(axis=2))
    assert x.min() == pytest.approx(60 - 6, abs=2)
    assert x.max() == pytest.approx(260 + 6, abs=2)
    assert y.max() == pytest.approx(190 + 6, abs=2)


def test_a_click_on_a_tag_selects_and_leaves_no_ink(
    canvas: Canvas, mouse: Mouse, selections: list[int]
) -> None:
    ink = canvas.ink
    mouse.drag(tag(canvas, 1))
    assert canvas.selected == 1
    mouse.drag(tag(canvas, 0))
    assert selections == [1, 0]
    assert canvas.ink is ink
    assert canvas.undo_stack.count == 1


def test_a_tap_on_a_tag_selects(canvas: Canvas, selections: list[int]) -> None:
    TouchScreen(canvas).drag(tag(canvas, 1))
    assert selections == [1]
    assert len(canvas.ink.strokes) == 2


def test_a_press_inside_a_box_draws(canvas: Canvas, mouse: Mouse, selections: list[int]) -> None:
    mouse.drag((90, 150), (100, 160))
    assert len(canvas.ink.strokes) == 3
    assert selections == []


def test_the_eraser_selects_by_tags_too(canvas: Canvas, mouse: Mouse) -> None:
    canvas.set_eraser(True)
    mouse.drag(tag(canvas, 1))
    assert canvas.selected == 1
    assert len(canvas.ink.strokes) == 2


def test_without_boxes_there_are_no_tags_in_the_way(canvas: Canvas, mouse: Mouse) -> None:
    place = tag(canvas, 0)
    canvas.set_reading(Reading(READING.glyphs[:1]))
    mouse.drag(place)
    assert len(canvas.ink.strokes) == 3


def test_arrow_keys_move_the_selection(canvas: Canvas, selections: list[int]) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(canvas, key)
    assert selections == [0, 1, 0]


def test_arrow_keys_with_a_modifier_or_without_a_reading_are_left_to_others(
    canvas: Canvas, selections: list[int]
) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    canvas.set_reading(Reading())
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert selections == []


def test_the_program_selects_and_deselects(canvas: Canvas, selections: list[int]) -> None:
    for index in (1, 1, 7, 0, -1):
        canvas.set_selected(index)
    assert selections == [1, -1, 0, -1]


def test_the_selected_box_has_the_accent(canvas: Canvas) -> None:
    def red(index: int) -> int:
        frame = canvas.boxes()[index].frame.toAlignedRect()
        rgb = seen(canvas)[frame.top() : frame.bottom(), frame.left() - 2 : frame.right() + 2]
        return int((rgb[..., 0] - rgb[..., 1] > 150).sum())

    canvas.clearFocus()
    assert red(0) == red(1) == 0
    canvas.set_selected(1)
    assert red(1) > 100
    assert red(0) == 0


def test_a_new_reading_keeps_the_glyph_selected(canvas: Canvas, selections: list[int]) -> None:
    canvas.set_selected(0)
    before_both = replace(glyph("1"), box=Box(10, 100, 20, 90))
    canvas.set_reading(Reading((before_both, *READING.glyphs)))
    assert canvas.selected == 1
    canvas.set_reading(Reading())
    assert selections == [0, 1, -1]


def test_boxes_go_with_the_ink(canvas: Canvas) -> None:
    canvas.set_selected(1)
    canvas.clear()
    assert canvas.reading.is_empty
    assert canvas.selected == -1
    assert canvas.boxes() == ()


def test_the_cursor_points_at_tags(canvas: Canvas, mouse: Mouse) -> None:
    mouse.move(tag(canvas, 0), buttons=Qt.MouseButton.NoButton)
    assert canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor
    mouse.move(LINE[0], buttons=Qt.MouseButton.NoButton)
    assert canvas.cursor().shape() == Qt.CursorShape.BitmapCursor


def test_drawing_gives_the_canvas_the_keys(canvas: Canvas) -> None:
    canvas.activateWindow()
    canvas.clearFocus()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 250))
    assert canvas.hasFocus()


def test_names_for_assistive_tools(canvas: Canvas) -> None:
    assert canvas.objectName() == "canvas"
    assert canvas.accessibleName()
    assert canvas.accessibleDescription()
