"""Ink is on the paper or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from inkread.core.ink import Ink
from inkread.ui.canvas.canvas import Canvas
from inkread.ui.canvas.gestures import Place, clipped
from tests.ui.canvas.canvases import Heard, is_as_afresh
from tests.ui.canvas.pens import Mouse

PAPER = (400.0, 300.0)


def is_on_paper(ink: Ink) -> bool:
    points = np.vstack([stroke.points for stroke in ink.strokes])
    return bool((points >= 0).all() and (points <= PAPER).all())


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((10, 10), (50, 60), ((10, 10), (50, 60))),
        ((350, 100), (450, 100), ((350, 100), (400, 100))),
        ((200, -100), (200, 50), ((200, 0), (200, 50))),
        ((-100, 150), (500, 150), ((0, 150), (400, 150))),
        ((-10, 10), (-10, 90), None),
        ((-10, 10), (10, -20), None),
        ((450, 10), (500, 20), None),
    ],
)
def test_only_what_is_on_the_paper_is_kept(
    start: Place, end: Place, expected: tuple[Place, Place] | None
) -> None:
    assert clipped(start, end, PAPER) == expected


coordinates = st.floats(-1000, 1000)


@given(st.tuples(coordinates, coordinates), st.tuples(coordinates, coordinates))
def test_what_is_kept_is_every_point_that_is_on_the_paper(start: Place, end: Place) -> None:
    kept = clipped(start, end, PAPER)
    way = np.linspace(start, end, 301)
    inside = ((way > 0) & (way < PAPER)).all(axis=1)
    assert kept is not None or not inside.any()
    if kept is not None and inside.any():
        low, high = np.minimum(*kept) - 1e-6, np.maximum(*kept) + 1e-6
        assert ((way[inside] >= low) & (way[inside] <= high)).all()


def test_off_the_paper_nothing_is_drawn(canvas: Canvas, qtbot: QtBot) -> None:
    heard, mouse = Heard(canvas), Mouse(canvas)
    mouse.press((350, 100))
    mouse.move((390, 100), (470, 100), (470, 280), (600, 280))
    assert is_on_paper(heard.changing[-1])
    mouse.release((600, 280))
    (stroke,) = canvas.ink.strokes
    assert is_on_paper(canvas.ink)
    assert stroke.points[-1].tolist() == [400, 100]
    assert is_as_afresh(canvas, qtbot)


def test_a_pen_that_comes_back_draws_on_in_the_same_step(canvas: Canvas, qtbot: QtBot) -> None:
    mouse = Mouse(canvas)
    mouse.drag((350, 100), (450, 100), (450, 200), (350, 200), (300, 210))
    assert is_on_paper(canvas.ink)
    first, second = canvas.ink.strokes
    assert second.points[0].tolist() == [400, 200]
    assert is_as_afresh(canvas, qtbot)
    canvas.undo()
    assert canvas.ink.is_empty
    assert is_as_afresh(canvas, qtbot)
    canvas.redo()
    assert canvas.ink.strokes == (first, second)


def test_a_stroke_that_left_and_came_back_can_be_cancelled(canvas: Canvas, qtbot: QtBot) -> None:
    mouse = Mouse(canvas)
    mouse.press((350, 100))
    mouse.move((450, 100), (450, 200), (350, 200), (300, 210))
    canvas.undo()
    mouse.release((300, 210))
    assert canvas.is_blank
    assert is_as_afresh(canvas, qtbot)
