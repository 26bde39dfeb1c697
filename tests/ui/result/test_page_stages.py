"""The stages of a page as thumbnails."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from inkread.core.page.pipeline import STAGES
from inkread.core.page.trace import TraceStep
from inkread.ui.result.page_stages import PageStages


def step(name: str, level: int) -> TraceStep:
    return TraceStep(name, np.full((30, 60), level, np.uint8), f"It became {level}.")


@pytest.fixture
def stages(qtbot: QtBot) -> PageStages:
    stages = PageStages()
    qtbot.addWidget(stages)
    stages.resize(300, 160)
    stages.show()
    return stages


def test_what_changes_the_picture_is_shown_with_what_it_did(stages: PageStages) -> None:
    trace = [step("rectify sheet", 9), step("denoise", 9), step("threshold", 7)]
    stages.set_steps(trace)
    QApplication.processEvents()
    views = stages.views()
    assert [view.accessibleName() for view in views] == ["Sheet", "Threshold"]
    assert [view.toolTip() for view in views] == ["It became 9.", "It became 7."]
    assert [view.arrow.isVisible() for view in views] == [False, True]
    shades = [view.thumbnail.grab().toImage().pixelColor(20, 20).red() for view in views]
    assert shades == [9, 7]


def test_the_next_page_replaces_them(stages: PageStages) -> None:
    stages.set_steps([step("rectify sheet", 9), step("threshold", 7)])
    assert stages.has_steps
    stages.set_steps([])
    assert not stages.has_steps
    assert not [label for label in stages.findChildren(QLabel) if label.isVisible()]


def test_many_are_scrolled(stages: PageStages, qtbot: QtBot) -> None:
    stages.set_steps([step("threshold", level) for level in range(8)])
    bar = stages.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    room = stages.height() - bar.height()
    assert all(view.geometry().bottom() <= room for view in stages.views())


def test_the_height_is_the_same_with_and_without_a_scroll_bar(stages: PageStages) -> None:
    stages.set_steps([step("threshold", 1)])
    before = stages.sizeHint().height()
    stages.set_steps([step("threshold", level) for level in range(8)])
    assert stages.sizeHint().height() == before


@pytest.mark.parametrize("shape", [(60, 60), (30, 60), (60, 30)])
def test_the_height_is_that_of_a_square_page(stages: PageStages, shape: tuple[int, int]) -> None:
    empty = stages.sizeHint().height()
    stages.set_steps([TraceStep("threshold", np.full(shape, 7, np.uint8), "")])
    QApplication.processEvents()
    assert stages.sizeHint().height() == empty
    assert stages.views()[0].sizeHint().height() <= stages.viewport().height()


def test_every_stage_has_a_caption_of_its_own(stages: PageStages) -> None:
    names = [stage.__name__.replace("_", " ") for stage in STAGES]
    stages.set_steps([step(name, level) for level, name in enumerate(names)])
    captions = [view.accessibleName() for view in stages.views()]
    assert len(captions) == len(names)
    assert not set(captions) & set(names) - {"threshold"}
