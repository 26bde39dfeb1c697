"""Thumbnails of stages."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from inkread.ui.result.stage_view import Thumbnail


@pytest.fixture
def thumbnail(qtbot: QtBot) -> Thumbnail:
    thumbnail = Thumbnail(112)
    qtbot.addWidget(thumbnail)
    thumbnail.resize(112, 112)
    return thumbnail


def levels(image: QImage, y: int) -> set[int]:
    return {image.pixelColor(x, y).lightness() for x in range(2, image.width() - 2)}


def test_a_picture_is_smooth_unless_its_very_pixels_are_wanted(thumbnail: Thumbnail) -> None:
    halves = np.zeros((28, 28), np.uint8)
    halves[:, 14:] = 255
    thumbnail.set_picture(halves, is_smooth=False)
    assert levels(thumbnail.grab().toImage(), 50) == {0, 255}
    thumbnail.set_picture(halves)
    assert len(levels(thumbnail.grab().toImage(), 50)) > 2


def test_a_wide_picture_keeps_its_shape_and_stands_in_the_middle(thumbnail: Thumbnail) -> None:
    wide = np.full((20, 80), 200, np.uint8)
    wide[0, 0] = 40  # around the picture it is as in its corner
    thumbnail.set_picture(wide, is_smooth=False)
    shown = thumbnail.grab().toImage()
    column = [shown.pixelColor(60, y).lightness() for y in range(2, 110)]
    assert column.count(200) == 28
    assert column[:30] == [40] * 30 and column[-30:] == [40] * 30


def test_a_page_has_its_own_shape(qtbot: QtBot) -> None:
    thumbnail = Thumbnail(112, is_square=False)
    qtbot.addWidget(thumbnail)
    assert (thumbnail.sizeHint().width(), thumbnail.sizeHint().height()) == (112, 112)
    wide = np.full((20, 80), 200, np.uint8)
    wide[0, 0] = 40
    thumbnail.set_picture(wide, is_smooth=False)
    assert (thumbnail.sizeHint().width(), thumbnail.sizeHint().height()) == (112, 28)
    thumbnail.resize(thumbnail.sizeHint())
    shown = thumbnail.grab().toImage()
    column = [shown.pixelColor(60, y).lightness() for y in range(2, 26)]
    assert column == [200] * 24


def test_without_a_picture_it_is_plain(thumbnail: Thumbnail) -> None:
    thumbnail.set_picture(np.zeros((9, 9), np.uint8))
    thumbnail.set_picture(None)
    assert len(levels(thumbnail.grab().toImage(), 50)) == 1
