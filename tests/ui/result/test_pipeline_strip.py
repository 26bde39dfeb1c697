"""The strip below canvas or picture: the stages of a digit, or of the page."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from inkread.core.page.trace import TraceStep
from inkread.core.reading import StageName
from inkread.ui.result.pipeline_strip import PipelineStrip
from tests.ui.readings import glyph


@pytest.fixture
def strip(qtbot: QtBot) -> PipelineStrip:
    strip = PipelineStrip()
    qtbot.addWidget(strip)
    strip.resize(1000, 150)
    strip.show()
    return strip


def test_the_pipeline_shows_each_stage_with_its_caption(strip: PipelineStrip) -> None:
    strip.set_glyph(glyph("1"))
    assert strip.stage_names == (StageName.INK, StageName.CENTRE, StageName.CELL)
    strip.set_glyph(glyph("1", stages=tuple(StageName)))
    assert strip.stage_names == tuple(StageName)
    visible = [child for child in strip.findChildren(QLabel) if child.isVisible()]
    captions = {child.text() for child in visible}
    assert {"Ink", "Threshold", "Inverted", "Cropped", "28 × 28 cell"} <= captions


def test_the_cell_is_shown_in_its_very_pixels_and_larger_than_the_rest(
    strip: PipelineStrip,
) -> None:
    strip.set_glyph(glyph("1"))
    sizes = {view.accessibleName(): view.thumbnail for view in strip.views()}
    cell, ink = sizes["28 × 28 cell"], sizes["Ink"]
    assert cell.width() > ink.width()
    image: QImage = cell.grab().toImage()
    step = image.width() / 28
    inside, outside = (image.pixelColor(round(x * step), image.height() // 2) for x in (14, 4))
    assert inside.lightness() == 255 and outside.lightness() == 0
    greys = {image.pixelColor(x, image.height() // 2).lightness() for x in range(2, 110)}
    assert greys == {0, 255}


def test_the_pipeline_is_empty_without_a_glyph(strip: PipelineStrip) -> None:
    strip.set_glyph(glyph("1"))
    full = strip.grab().toImage()
    strip.set_glyph(None)
    assert strip.grab().toImage() != full
    assert strip.size() != QSize(0, 0)


STEP = TraceStep("threshold", np.zeros((20, 40), np.uint8), "So many levels.")


def test_the_button_for_the_page_is_there_with_a_picture_only(strip: PipelineStrip) -> None:
    assert not strip.page_button.isVisible()
    strip.set_is_picture(True)
    assert strip.page_button.isVisible()
    strip.set_is_picture(False)
    assert not strip.page_button.isVisible()


def test_the_stages_of_the_page_take_the_place_of_those_of_the_digit(
    strip: PipelineStrip,
) -> None:
    strip.set_glyph(glyph("1"))
    strip.set_is_picture(True)
    asked: list[bool] = []
    strip.trace_wanted.connect(lambda: asked.append(True))
    strip.page_button.click()
    strip.set_trace([STEP])
    assert asked == [True]
    assert strip.page_stages.isVisible()
    assert not any(view.isVisible() for view in strip.views())
    strip.set_glyph(glyph("2"))
    assert not any(view.isVisible() for view in strip.views())
    strip.page_button.click()
    strip.page_button.click()
    assert asked == [True]  # they are known
    strip.set_is_picture(False)
    assert not strip.page_stages.isVisible()
    assert all(view.isVisible() for view in strip.views())


def test_another_page_has_other_stages_if_they_are_shown(strip: PipelineStrip) -> None:
    strip.set_is_picture(True)
    asked: list[bool] = []
    strip.trace_wanted.connect(lambda: asked.append(True))
    strip.want_trace()
    assert asked == []
    strip.page_button.click()
    strip.set_trace([STEP])
    strip.want_trace()
    assert asked == [True, True]
    assert strip.page_stages.views() == ()


def test_the_stages_of_a_page_that_is_left_are_freed(strip: PipelineStrip) -> None:
    strip.set_is_picture(True)
    strip.set_trace([STEP])
    strip.set_is_picture(False)
    assert not strip.page_stages.has_steps
