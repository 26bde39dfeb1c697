"""Words stay whole, however large the font is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from inkread.core.reading import Reading
from inkread.services.settings import Settings
from inkread.ui.result.reading_view import ReadingView
from inkread.ui.widgets.by_font import enlarge, resize_by_font
from inkread.ui.window.preferences_dialog import PreferencesDialog
from tests.ui.readings import reading

Fonts = Callable[[float], None]


@pytest.fixture
def use_font(qapp: QApplication) -> Iterator[Fonts]:
    """Makes the program's font that large, in points."""
    before = qapp.font()

    def use(points: float) -> None:
        font = QFont(before)
        font.setPointSizeF(points)
        qapp.setFont(font)

    yield use
    qapp.setFont(before)


def test_a_window_grows_with_the_font_as_far_as_the_screen_lets_it(
    qtbot: QtBot, use_font: Fonts
) -> None:
    sizes = []
    for points in (6, 14, 500):
        use_font(points)
        window = QDialog()
        qtbot.addWidget(window)
        resize_by_font(window, 300, 200)
        sizes.append(window.size())
    small, large, largest = sizes
    assert small == QSize(300, 200)
    assert large.width() > 300 and large.height() > 200
    assert largest == window.screen().availableSize()


@pytest.mark.parametrize("points", [9, 18])
def test_what_is_said_in_the_place_of_the_text_is_not_cut_off(
    qtbot: QtBot, use_font: Fonts, points: float
) -> None:
    use_font(points)
    view = ReadingView()
    qtbot.addWidget(view)
    view.resize(220, 500)
    view.show()
    text = view.findChild(QLabel, "reading")
    area = view.findChild(QScrollArea)
    assert text is not None and area is not None

    def is_whole() -> bool:
        is_wide_enough = text.width() <= area.viewport().width()
        return is_wide_enough and text.heightForWidth(text.width()) <= area.viewport().height()

    view.set_reading(Reading())
    qtbot.waitUntil(is_whole)
    view.set_waiting()
    qtbot.waitUntil(is_whole)
    view.set_unread("x")
    qtbot.waitUntil(is_whole)
    view.set_reading(reading("12345678901234567890"))
    assert not text.wordWrap()


@pytest.mark.parametrize("points", [9, 18])
def test_the_preferences_are_not_cut_off(
    use_font: Fonts, qtbot: QtBot, tmp_path: Path, points: float
) -> None:
    use_font(points)
    dialog = PreferencesDialog(Settings(tmp_path / "settings.ini"), [])
    qtbot.addWidget(dialog)
    dialog.show()
    box = dialog.keeps_samples
    assert box.width() >= box.sizeHint().width()
    right = box.mapTo(dialog, QPoint(box.sizeHint().width(), 0)).x()
    assert right <= dialog.width()
    dialog.close()


def test_enlarged_type_is_larger_by_the_factor(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = label.font().pointSizeF()
    enlarge(label, 1.5)
    assert label.font().pointSizeF() == pytest.approx(1.5 * before)
    assert label.font().bold()
