"""A canvas, its mouse, and what it emits."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from inkread.ui.canvas.canvas import Canvas
from tests.ui.canvas.canvases import Heard, new_canvas
from tests.ui.canvas.pens import Mouse


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    return new_canvas(qtbot)


@pytest.fixture
def mouse(canvas: Canvas) -> Mouse:
    return Mouse(canvas)


@pytest.fixture
def heard(canvas: Canvas) -> Heard:
    return Heard(canvas)
