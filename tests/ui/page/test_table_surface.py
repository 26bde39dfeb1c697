from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from inkread.core.geometry import Box
from inkread.core.picture.page import Page
from inkread.core.reading import Reading
from inkread.core.tables.cell_map import Place
from inkread.ui.page.page_view import PageView
from tests.table_readings import table_reading
from tests.ui.window_driver import LEFT

Key = Qt.Key
ROWS = [["12", ""], ["3?4?", "5"], ["", "67"]]
NO, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(qtbot: QtBot) -> PageView:
    """A page of 400 x 300 px is shown in its size, 12 px from the edges."""
    view = PageView()
    qtbot.addWidget(view)
    view.resize(424, 324)
    view.set_labels("0123456789,-b")
    colour = np.full((300, 400, 3), 240, np.uint8)
    view.set_page(Page(colour, colour[..., 0], 1.0))
    view.set_reading(table_reading(ROWS, (0, 40), before="8"))
    view.show()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return view


def editor(view: PageView) -> QLineEdit:
    found = view.findChild(QLineEdit, "cell_editor")
    assert isinstance(found, QLineEdit)
    return found


def typed(view: PageView) -> list[tuple[Place, str]]:
    found: list[tuple[Place, str]] = []
    view.cell_typed.connect(lambda *cell: found.append(cell))
    return found


def test_the_cell_of_a_selected_glyph_is_selected(view: PageView) -> None:
    view.set_selected(1)
    assert view.place == Place(0, 0)
    view.set_selected(0)
    assert view.place is None


def test_a_cell_selects_its_first_doubtful_glyph(view: PageView) -> None:
    view.set_place(Place(0, 2))
    assert view.selected == 3
    view.set_place(Place(0, 5))
    assert view.selected == 6
    view.set_place(Place(0, 1))
    assert (view.selected, view.has_selection) == (-1, True)


def test_keys_go_through_empty_cells_too(view: PageView) -> None:
    view.set_place(Place(0, 0))
    ways = [
        (Key.Key_Right, NO, 1),
        (Key.Key_Down, NO, 3),
        (Key.Key_Down, NO, 5),
        (Key.Key_Left, NO, 4),
        (Key.Key_Backtab, SHIFT, 3),
        (Key.Key_Tab, NO, 4),
        (Key.Key_Up, NO, 2),
        (Key.Key_End, NO, 3),
        (Key.Key_Return, NO, 5),
        (Key.Key_Return, SHIFT, 3),
        (Key.Key_Home, NO, 2),
    ]
    for key, modifier, cell in ways:
        QTest.keyClick(view, key, modifier)
        assert view.place == Place(0, cell), key


def test_up_leads_out_to_a_line_above_and_down_back(view: PageView) -> None:
    view.set_place(Place(0, 0))
    QTest.keyClick(view, Key.Key_Up)
    assert (view.selected, view.place) == (0, None)
    QTest.keyClick(view, Key.Key_Down)
    assert view.place == Place(0, 0)


def test_tab_begins_with_the_first_cell_and_leaves_behind_the_last(view: PageView) -> None:
    view.set_selected(0)
    QTest.keyClick(view, Key.Key_Tab)
    assert view.place == Place(0, 0)
    view.set_place(Place(0, 5))
    QTest.keyClick(view, Key.Key_Tab)
    assert view.place == Place(0, 5)


def test_what_is_typed_is_the_text_of_the_cell(view: PageView) -> None:
    found = typed(view)
    view.set_place(Place(0, 2))
    QTest.keyClick(view, Key.Key_9)
    QTest.keyClicks(editor(view), "-1")
    assert found == []
    QTest.keyClick(editor(view), Key.Key_Tab)
    assert found == [(Place(0, 2), "9-1")]
    assert view.place == Place(0, 3)
    assert view.findChild(QLineEdit, "cell_editor") is None or not editor(view).isVisible()
    assert view.hasFocus()


def test_escape_keeps_the_cell_as_it_is(view: PageView) -> None:
    found = typed(view)
    view.set_place(Place(0, 2))
    QTest.keyClick(view, Key.Key_9)
    QTest.keyClick(editor(view), Key.Key_Escape)
    assert (found, view.place) == ([], Place(0, 2))
    assert view.hasFocus()


def test_a_cell_of_one_sign_is_typed_at_once(view: PageView) -> None:
    view.set_reading(table_reading([["1", ""]], (0, 40), has_single_signs=True))
    found = typed(view)
    view.set_place(Place(0, 1))
    QTest.keyClick(view, Key.Key_9)
    assert found == [(Place(0, 1), "9")]
    assert view.findChild(QLineEdit, "cell_editor") is None


def test_f2_and_a_double_click_show_the_text_to_be_changed(view: PageView) -> None:
    view.set_place(Place(0, 2))
    QTest.keyClick(view, Key.Key_F2)
    assert editor(view).text() == "34"
    QTest.keyClick(editor(view), Key.Key_Escape)
    QTest.mouseDClick(view, LEFT, NO, QPoint(12 + 300, 12 + 120))
    opened = [e for e in view.findChildren(QLineEdit) if e.isVisible()]
    assert [each.text() for each in opened] == ["67"]


def test_return_confirms_a_doubtful_cell_and_no_other(view: PageView) -> None:
    found: list[Place] = []
    view.cell_confirmed.connect(found.append)
    view.set_place(Place(0, 0))
    QTest.keyClick(view, Key.Key_Return)
    assert found == []
    QTest.keyClick(view, Key.Key_Return)
    assert found == [Place(0, 2)]
    assert view.place == Place(0, 4)


def test_a_click_selects_an_empty_cell(view: PageView) -> None:
    QTest.mouseClick(view, LEFT, NO, QPoint(12 + 300, 12 + 55))
    assert (view.place, view.selected) == (Place(0, 1), -1)
    QTest.mouseClick(view, LEFT, NO, QPoint(12 + 300, 12 + 200))
    assert view.place is None


def test_an_edited_reading_keeps_the_cell(view: PageView) -> None:
    view.set_place(Place(0, 2))
    before = view.reading
    view.set_reading(replace(before, glyphs=(*before.glyphs[:3], *before.glyphs[5:])))
    assert (view.place, view.selected) == (Place(0, 2), -1)
    view.set_reading(before)
    assert (view.place, view.selected) == (Place(0, 2), 3)
    view.set_reading(Reading())
    assert (view.place, view.selected) == (None, -1)


def test_what_stands_at_a_place_is_selected_or_else_its_cell(view: PageView) -> None:
    view.select_near(Box(204, 46, 8, 18))
    assert (view.place, view.selected) == (Place(0, 1), -1)
    view.select_near(Box(14, 76, 8, 18))
    assert (view.place, view.selected) == (Place(0, 2), 4)


def test_a_page_without_glyphs_begins_with_its_first_cell(view: PageView) -> None:
    view.set_reading(Reading())
    view.set_reading(table_reading([["", ""]], (0, 40)))
    view.select_first()
    assert view.place == Place(0, 0)


def test_another_page_ends_typing(view: PageView) -> None:
    found = typed(view)
    view.set_place(Place(0, 2))
    QTest.keyClick(view, Key.Key_9)
    assert view.page is not None
    view.set_page(view.page)
    assert (found, view.place) == ([], None)


def test_the_grid_is_painted_below_the_boxes(view: PageView) -> None:
    with_grid = view.grab().toImage()
    view.set_reading(replace(view.reading, tables=()))
    without = view.grab().toImage()
    at = 12 + 200, 12 + 55  # between two cells
    assert with_grid.pixelColor(*at) != without.pixelColor(*at)
    assert with_grid.pixelColor(12 + 300, 12 + 55) == without.pixelColor(12 + 300, 12 + 55)
