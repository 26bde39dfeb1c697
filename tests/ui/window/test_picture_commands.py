"""Part of a picture read alone, a picture turned, and back to all of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkread.core.geometry import Box
from inkread.core.ink import rasterise_page
from inkread.core.reading import Grey
from tests.ui.window_driver import Window
from tests.written import write

pytestmark = pytest.mark.slow  # each test goes through the whole window

PAGE = rasterise_page(write("407\n25", seed=3), margin=40)


def opened(window: Window, path: Path, grey: Grey, text: str, qtbot: QtBot) -> Window:
    Image.fromarray(np.ascontiguousarray(grey)).save(path)
    window.open(path)
    qtbot.waitUntil(lambda: window.main.workspace.text == text)
    return window


def draw(window: Window, box: Box) -> None:
    """Draw a rectangle, px of the file, with the mouse."""
    frame = window.page_view.frame_of(box).toRect()
    buttons = Qt.MouseButton.LeftButton
    QTest.mousePress(window.page_view, buttons, pos=frame.topLeft() + QPoint(3, 3))
    QTest.mouseMove(window.page_view, frame.center())
    QTest.mouseMove(window.page_view, frame.bottomRight())
    QTest.mouseRelease(window.page_view, buttons, pos=frame.bottomRight())


def test_a_rectangle_is_read_alone_and_the_whole_picture_is_there_again(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    opened(window, tmp_path / "a.png", PAGE, "407\n25", qtbot)
    do, workspace = window.main.commands.picture, window.main.workspace
    whole = workspace.picture
    assert not do.whole.isEnabled()
    do.read_region.trigger()
    height, width = PAGE.shape
    draw(window, Box(0, height / 2, width, height / 2))
    qtbot.waitUntil(lambda: workspace.text == "25")
    assert not do.read_region.isChecked()
    assert do.whole.isEnabled()
    assert workspace.picture is not None and whole is not None
    assert workspace.picture.page.grey.shape[0] == pytest.approx(height / 2, abs=8)
    do.whole.trigger()
    qtbot.waitUntil(lambda: workspace.text == "407\n25")
    assert workspace.picture.page is whole.page
    assert not do.whole.isEnabled()


def test_a_picture_is_rotated_by_hand(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    opened(window, tmp_path / "a.png", PAGE, "407\n25", qtbot)
    do, workspace = window.main.commands.picture, window.main.workspace
    do.rotate_right.trigger()
    qtbot.waitUntil(lambda: workspace.picture is not None and workspace.picture.page.is_upright)
    assert workspace.picture is not None
    assert np.array_equal(workspace.picture.page.grey, np.rot90(PAGE, -1))
    do.rotate_left.trigger()
    qtbot.waitUntil(lambda: workspace.text == "407\n25")
    assert np.array_equal(workspace.picture.page.grey, PAGE)
    do.whole.trigger()
    qtbot.waitUntil(lambda: not do.whole.isEnabled())


def test_a_page_that_was_turned_is_shown_turned(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    opened(window, tmp_path / "a.png", np.rot90(PAGE), "407\n25", qtbot)
    view = window.page_view
    shown = view.page_rect()
    assert shown.width() / shown.height() == pytest.approx(PAGE.shape[1] / PAGE.shape[0], rel=0.02)
    first, second, *_ = (view.frame_of(glyph.box) for glyph in view.reading.glyphs)
    assert shown.contains(first) and first.right() < second.center().x()
    assert abs(first.center().y() - second.center().y()) < first.height() / 2
    box = view.reading.glyphs[0].box
    there = view.in_file(view.frame_of(box).adjusted(3, 3, -3, -3))
    assert (there.x, there.y) == pytest.approx((box.x, box.y), abs=1)
    assert (there.width, there.height) == pytest.approx((box.width, box.height), abs=1)


def test_a_tiny_rectangle_is_refused_in_words(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    opened(window, tmp_path / "a.png", PAGE, "407\n25", qtbot)
    with qtbot.waitSignal(window.main.picturing.reported):
        window.page_view.region_drawn.emit(Box(5, 5, 3, 30))
    assert window.main.workspace.text == "407\n25"


def test_without_a_picture_nothing_is_offered(window: Window) -> None:
    assert not any(action.isEnabled() for action in window.main.commands.picture.entries)


def test_boxes_and_rectangles_are_drawn_one_at_a_time(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    opened(window, tmp_path / "a.png", PAGE, "407\n25", qtbot)
    region, box = window.main.commands.picture.read_region, window.main.commands.reading.draw_box
    region.trigger()
    box.trigger()
    assert (region.isChecked(), box.isChecked()) == (False, True)
    region.trigger()
    assert (region.isChecked(), box.isChecked()) == (True, False)
    window.page_view.setFocus()
    QTest.keyClick(window.page_view, Qt.Key.Key_Escape)
    assert not region.isChecked()
    assert not window.main.workspace.is_drawing
