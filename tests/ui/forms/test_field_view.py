from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inkread.core.geometry import Box
from inkread.core.picture.page import page_of
from inkread.ui.forms.field_view import FieldView

LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier
FIELDS = (("a", Box(100, 50, 200, 100)), ("b", Box(150, 80, 40, 40)))


@pytest.fixture
def view(qtbot: QtBot) -> FieldView:
    view = FieldView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.set_page(page_of(np.full((300, 400), 240, np.uint8), "form"))
    view.show()
    return view


def centre(view: FieldView, box: Box) -> QPoint:
    return view.field_frame(box).center().toPoint()


def test_the_mouse_draws_a_field_in_px_of_the_file(view: FieldView, qtbot: QtBot) -> None:
    frame = view.field_frame(Box(40, 60, 120, 50))
    with qtbot.waitSignal(view.box_drawn) as drawn:
        QTest.mousePress(view, LEFT, NO_KEY, frame.topLeft().toPoint())
        QTest.mouseMove(view, frame.bottomRight().toPoint())
        QTest.mouseRelease(view, LEFT, NO_KEY, frame.bottomRight().toPoint())
    assert drawn.args is not None
    assert drawn.args[0].likeness(Box(40, 60, 120, 50)) > 0.95


def test_a_click_selects_the_smallest_field_below(view: FieldView, qtbot: QtBot) -> None:
    view.set_fields(FIELDS, -1)
    for box, wanted in ((FIELDS[1][1], 1), (Box(280, 130, 10, 10), 0), (Box(5, 5, 10, 10), -1)):
        with qtbot.waitSignal(view.field_clicked) as clicked:
            QTest.mouseClick(view, LEFT, NO_KEY, centre(view, box))
        assert clicked.args == [wanted]


def test_the_chosen_field_looks_different(view: FieldView) -> None:
    view.set_fields(FIELDS, -1)
    before = view.grab().toImage()
    view.set_fields(FIELDS, 0)
    assert view.grab().toImage() != before


def test_on_trial_writing_is_not_covered(view: FieldView) -> None:
    view.set_fields((), -1)
    inside = view.field_frame(FIELDS[0][1]).adjusted(6, 6, -6, -6).toRect()
    bare = view.grab(inside).toImage()
    view.set_fields(FIELDS[:1], 0)
    assert view.grab(inside).toImage() != bare
    view.set_fields(FIELDS[:1], 0, is_trial=True)
    assert view.grab(inside).toImage() == bare
