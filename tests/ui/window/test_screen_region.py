"""A rectangle is drawn over a picture of the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inkread.ui.window.screen_region import ScreenRegion, Shade, grabbed

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def picture(qapp: QApplication) -> QPixmap:
    picture = QPixmap(400, 200)  # twice as fine as the widget
    picture.fill(Qt.GlobalColor.white)
    return picture


@pytest.fixture
def shade(picture: QPixmap, qtbot: QtBot) -> Shade:
    shade = Shade(picture)
    qtbot.addWidget(shade)
    shade.resize(200, 100)
    shade.show()
    return shade


def drag(shade: Shade, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(shade, LEFT, pos=start)
    QTest.mouseMove(shade, end)
    shade.repaint()
    QTest.mouseRelease(shade, LEFT, pos=end)


@pytest.mark.parametrize("is_backwards", [False, True])
def test_what_is_in_the_rectangle_is_taken(shade: Shade, is_backwards: bool) -> None:
    taken = list[QPixmap]()
    shade.drawn.connect(taken.append)
    start, end = QPoint(20, 10), QPoint(120, 60)
    drag(shade, *((end, start) if is_backwards else (start, end)))
    (part,) = taken
    assert abs(part.width() - 200) <= 4
    assert abs(part.height() - 100) <= 4


def test_a_click_takes_nothing(shade: Shade, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(shade.drawn):
        drag(shade, QPoint(20, 10), QPoint(22, 12))


def test_escape_gives_it_up(shade: Shade, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shade.given_up):
        QTest.keyClick(shade, Qt.Key.Key_Escape)


def test_so_does_another_button(shade: Shade, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shade.given_up):
        QTest.mouseClick(shade, Qt.MouseButton.RightButton)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.mark.parametrize("is_taken", [False, True])
def test_the_window_comes_back(
    window: QWidget, picture: QPixmap, is_taken: bool, qtbot: QtBot
) -> None:
    region = ScreenRegion(window, lambda _: picture)
    region.show_screens()
    assert len(region.shades) == len(QGuiApplication.screens())
    shade = region.shades[0]
    if is_taken:
        with qtbot.waitSignal(region.taken):
            shade.drawn.emit(picture)
    else:
        shade.given_up.emit()
    assert not region.shades
    assert not shade.isVisible()


def test_it_is_asked_once(window: QWidget, picture: QPixmap, qtbot: QtBot) -> None:
    region = ScreenRegion(window, lambda _: picture)
    region.ask()
    region.ask()
    qtbot.waitUntil(lambda: bool(region.shades))
    count = len(region.shades)
    region.ask()
    assert len(region.shades) == count == len(QGuiApplication.screens())
    region.shades[0].given_up.emit()


def test_wayland_shows_no_program_the_screen(
    window: QWidget, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "wayland-egl")
    assert grabbed(QGuiApplication.primaryScreen()).isNull()
    region = ScreenRegion(window)
    with qtbot.waitSignal(region.refused):
        region.show_screens()
    assert not region.shades
