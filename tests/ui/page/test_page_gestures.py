"""Zooming into a page, pushing it, drawing boxes on it: by the events that a person makes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkread.core.geometry import Box
from inkread.core.picture.page import Page
from inkread.ui.page.page_picture import PagePicture
from inkread.ui.page.page_view import PageView
from tests.ui.canvas.canvases import themed
from tests.ui.canvas.pens import Mouse
from tests.ui.page.test_page_view import reading
from tests.ui.pixels import on_screen, pixels, seen

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def chart(width: int = 800, height: int = 600, scale: float = 1.0) -> Page:
    """Red is x, green is y."""
    y, x = np.mgrid[:height, :width]
    red, green = 255 * x / (width - 1), 255 * y / (height - 1)
    colour = np.stack([red, green, np.zeros_like(red)], axis=2).astype(np.uint8)
    return Page(colour, colour[..., 0].copy(), scale)


@pytest.fixture
def view(qtbot: QtBot) -> PageView:
    view = PageView()
    qtbot.addWidget(view)
    view.setPalette(themed("#ffffff", "#000000"))
    view.resize(424, 324)
    view.set_page(chart())
    view.show()
    return view


def point_at(view: PageView, x: int, y: int) -> tuple[float, float]:
    """Which point of the chart is seen there, 0 to 1."""
    red, green, _ = seen(view)[y, x]
    return red / 255, green / 255


def test_the_wheel_with_ctrl_zooms_where_the_mouse_is(view: PageView) -> None:
    before = point_at(view, 300, 100)
    wheel = Mouse(view, keys=CONTROL)
    for _ in range(4):
        assert wheel.turn_wheel((300, 100), 1)
    assert view.zoom.factor == pytest.approx(1.25**4)
    assert point_at(view, 300, 100) == pytest.approx(before, abs=0.01)
    assert point_at(view, 350, 100)[0] - before[0] == pytest.approx(50 / 400 / 1.25**4, abs=0.01)
    for _ in range(4):
        wheel.turn_wheel((10, 10), -1)
    assert view.zoom.is_whole


def test_the_wheel_alone_pushes_a_large_page_and_is_left_to_others_otherwise(
    view: PageView,
) -> None:
    wheel = Mouse(view)
    assert not wheel.turn_wheel((200, 150), 1)
    view.zoom_in()
    view.zoom_in()
    before = view.page_rect()
    assert wheel.turn_wheel((200, 150), -1)
    assert view.page_rect().top() == pytest.approx(before.top() - 60, abs=1)
    Mouse(view, keys=SHIFT).turn_wheel((200, 150), 1)
    assert view.page_rect().left() == pytest.approx(before.left() + 60, abs=1)


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_the_mouse_pushes_a_large_page(view: PageView, button: Qt.MouseButton) -> None:
    for _ in range(4):
        view.zoom_in()
    before, held = view.page_rect(), point_at(view, 200, 150)
    Mouse(view).drag((200, 150), (230, 160), (240, 140), button=button)
    moved = view.page_rect().topLeft() - before.topLeft()
    assert (moved.x(), moved.y()) == pytest.approx((40, -10), abs=2)
    assert point_at(view, 240, 140) == pytest.approx(held, abs=0.01)


def test_a_page_that_fits_is_not_pushed(view: PageView) -> None:
    before = view.page_rect()
    Mouse(view).drag((200, 150), (260, 190))
    assert view.page_rect() == before


def test_a_click_with_a_trembling_hand_selects_and_pushes_nothing(view: PageView) -> None:
    view.set_reading(reading(Box(380, 280, 40, 40)))
    view.zoom_in()
    before, (box,) = view.page_rect(), view.boxes()
    at = box.frame.center().toTuple()
    Mouse(view).drag(at, (at[0] + 2, at[1] - 2))
    assert view.selected == 0
    assert view.page_rect() == before


def test_boxes_stay_on_the_page(view: PageView) -> None:
    view.set_reading(reading(Box(400, 300, 80, 60)))
    view.zoom_in()
    Mouse(view).drag((200, 150), (170, 140))
    frame = view.boxes()[0].frame.adjusted(3, 3, -3, -3)
    left, top = point_at(view, round(frame.left()), round(frame.top()))
    assert (left * 799, top * 599) == pytest.approx((400, 300), abs=5)


def test_what_is_repainted_is_enough(view: PageView, qtbot: QtBot) -> None:
    qtbot.waitExposed(view)
    view.set_reading(reading(Box(400, 300, 80, 60)))
    for step in (view.zoom_in, view.zoom_in, view.zoom_out, view.show_whole):
        step()
        assert np.array_equal(on_screen(view), seen(view))


def test_the_keyboard_brings_a_hidden_glyph_into_sight(view: PageView) -> None:
    view.set_reading(reading(Box(10, 10, 20, 30), Box(760, 560, 20, 30)))
    for _ in range(8):
        view.zoom_in()
    for key, index in ((Qt.Key.Key_Right, 0), (Qt.Key.Key_Right, 1), (Qt.Key.Key_Left, 0)):
        QTest.keyClick(view, key)
        assert view.selected == index
        assert view.rect().contains(view.boxes()[index].frame.toAlignedRect())


def test_another_page_is_whole_again(view: PageView) -> None:
    heard: list[None] = []
    view.zoom_changed.connect(lambda: heard.append(None))
    view.zoom_in()
    view.set_page(chart(300, 500))
    assert view.zoom.is_whole
    assert len(heard) == 2


def drawn_boxes(view: PageView) -> list[Box]:
    heard: list[Box] = []
    view.box_drawn.connect(heard.append)
    return heard


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_shift_and_drag_draws_a_box_in_px_of_the_file(view: PageView, scale: float) -> None:
    view.set_page(chart(scale=scale))
    view.set_reading(reading(Box(0, 0, 10, 10)))
    heard = drawn_boxes(view)
    Mouse(view, keys=SHIFT).drag((112, 112), (60, 60), (212, 62))
    (box,) = heard
    sides = (box.x, box.y, box.width, box.height)
    assert sides == pytest.approx([v / scale for v in (200, 100, 200, 100)])
    assert view.selected == -1


def test_a_box_is_drawn_where_the_page_is_seen_now(view: PageView) -> None:
    for _ in range(4):
        view.zoom_in()
    heard = drawn_boxes(view)
    Mouse(view, keys=SHIFT).drag((100, 80), (300, 200))
    (box,) = heard
    for (x, y), corner in (
        ((100, 80), (box.x, box.y)),
        ((300, 200), (box.right, box.bottom)),
    ):
        at = point_at(view, x, y)
        assert (at[0] * 800, at[1] * 600) == pytest.approx(corner, abs=5)


def test_in_its_mode_the_mouse_draws_without_shift(view: PageView) -> None:
    heard = drawn_boxes(view)
    view.set_draws_boxes(True)
    assert view.cursor().shape() is Qt.CursorShape.CrossCursor
    Mouse(view).drag((112, 112), (212, 162))
    view.set_draws_boxes(False)
    Mouse(view).drag((112, 112), (212, 162))
    assert len(heard) == 1


def test_a_box_ends_at_the_edge_of_the_page(view: PageView) -> None:
    heard = drawn_boxes(view)
    mouse = Mouse(view, keys=SHIFT)
    mouse.drag((-50, -50), (62, 62))
    assert (heard[0].x, heard[0].y, heard[0].right, heard[0].bottom) == pytest.approx(
        (0, 0, 100, 100)
    )
    mouse.drag((0, 0), (8, 8))  # beside it
    mouse.drag((100, 100), (102, 180))  # no more than a slip
    assert len(heard) == 1


def test_escape_gives_up_the_box(view: PageView) -> None:
    heard = drawn_boxes(view)
    before = seen(view)
    mouse = Mouse(view, keys=SHIFT)
    mouse.press((100, 100))
    mouse.move((200, 200))
    assert not np.array_equal(seen(view), before)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert np.array_equal(seen(view), before)
    mouse.release((200, 200))
    assert heard == []


def test_nothing_is_drawn_or_zoomed_without_a_page(view: PageView) -> None:
    view.clear()
    heard = drawn_boxes(view)
    Mouse(view, keys=SHIFT).drag((100, 100), (200, 200))
    view.zoom_in()
    assert heard == []
    assert view.zoom.is_whole


def shown(picture: PagePicture, factor: float) -> NDArray[np.int64]:
    """The middle of a page that is shown so many times as large as its px, 100 x 100."""
    whole = QRectF(-200 * factor + 50, -150 * factor + 50, 400 * factor, 300 * factor)
    return pixels(picture.pixmap(whole, QRectF(0, 0, 100, 100), 1.0).toImage())


@pytest.mark.parametrize("factor", [0.6, 1.0, 2.0, 3.7, 8.0])
def test_a_part_is_seen_where_it_is_in_the_whole(qtbot: QtBot, factor: float) -> None:
    """Against the colours that the chart has by its making."""
    picture = PagePicture(chart(400, 300).colour)
    rgb = shown(picture, factor)
    places = (np.arange(100) + 0.5 - 50) / factor
    red = np.clip(255 * (200 + places - 0.5) / 399, 0, 255)
    green = np.clip(255 * (150 + places - 0.5) / 299, 0, 255)
    assert np.abs(rgb[50, :, 0] - red).max() < 2
    assert np.abs(rgb[:, 50, 1] - green).max() < 2


def test_a_part_made_smaller_is_averaged(qtbot: QtBot) -> None:
    stripes = np.zeros((1500, 2000, 3), np.uint8)
    stripes[:, ::2] = 255
    seen_part = PagePicture(stripes).pixmap(QRectF(-50, -50, 400, 300), QRectF(0, 0, 100, 100), 1.0)
    assert np.abs(pixels(seen_part.toImage()) - 127.5).max() < 12


def test_boxes_out_of_sight_leave_no_tags_at_the_edge(view: PageView) -> None:
    view.set_reading(reading(Box(10, 10, 60, 80), Box(700, 500, 60, 80)))
    for _ in range(6):
        view.zoom_in()
    plain = seen(view)
    view.set_selected(-1)
    for box in view.boxes():
        assert box.tag.isNull() and box.plate.isNull()
    view.set_reading(reading())
    assert np.array_equal(seen(view), plain)
