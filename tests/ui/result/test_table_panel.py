from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from inkread.core.reading import Reading
from inkread.core.table import Table
from inkread.core.tables.cell_map import CellMap, Place
from inkread.ui.result.table_panel import TablePanel
from tests.table_readings import table_reading

ROWS = [["1", "2?", "4"], ["4", "", "9"], ["1", "1", "2"]]
Key = Qt.Key


@pytest.fixture
def panel(qtbot: QtBot) -> TablePanel:
    panel = TablePanel(lambda sign: sign if sign in "0123456789,-" else "")
    qtbot.addWidget(panel)
    panel.resize(300, 240)
    panel.set_cells(CellMap(table_reading(ROWS)), Place(0, 0))
    panel.view.setFocus()
    qtbot.waitUntil(panel.view.hasFocus)
    return panel


def current(panel: TablePanel) -> tuple[int, int]:
    index = panel.view.currentIndex()
    return index.row(), index.column()


def two_tables() -> Reading:
    reading = table_reading([["1", "2"]])
    (table,) = reading.tables
    below = tuple(
        replace(cell, corners=tuple((x, y + 100) for x, y in cell.corners)) for cell in table.cells
    )
    return replace(reading, tables=(table, Table(1, 2, below)))


def test_without_a_table_it_is_hidden(panel: TablePanel) -> None:
    assert panel.isVisible()
    panel.set_cells(CellMap(Reading()), None)
    assert panel.isHidden()


def test_the_selected_cell_is_shown_without_an_echo(panel: TablePanel) -> None:
    chosen: list[Place] = []
    panel.cell_chosen.connect(chosen.append)
    panel.set_place(Place(0, 5))
    assert (current(panel), chosen) == ((1, 2), [])
    panel.set_place(None)
    assert not panel.view.currentIndex().isValid()


def test_a_cell_that_is_chosen_here_is_told(panel: TablePanel) -> None:
    chosen: list[Place] = []
    panel.cell_chosen.connect(chosen.append)
    QTest.keyClick(panel.view, Key.Key_Right)
    QTest.keyClick(panel.view, Key.Key_Tab)
    assert chosen == [Place(0, 1), Place(0, 2)]


def test_typing_corrects_the_cell_and_return_goes_down(panel: TablePanel, qtbot: QtBot) -> None:
    typed: list[tuple[Place, str]] = []
    panel.cell_typed.connect(lambda *cell: typed.append(cell))
    QTest.keyClick(panel.view, Key.Key_8)
    (editor,) = panel.view.findChildren(QLineEdit)
    QTest.keyClicks(editor, "x,5")
    QTest.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: current(panel) == (1, 0))
    assert typed == [(Place(0, 0), "8,5")]


def test_looking_at_a_text_does_not_confirm_it(panel: TablePanel, qtbot: QtBot) -> None:
    typed: list[object] = []
    panel.cell_typed.connect(lambda *cell: typed.append(cell))
    panel.set_place(Place(0, 1))
    QTest.keyClick(panel.view, Key.Key_F2)
    (editor,) = panel.view.findChildren(QLineEdit)
    assert editor.text() == "2"
    QTest.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: current(panel) == (1, 1))
    assert typed == []


def test_return_confirms_a_doubtful_cell(panel: TablePanel) -> None:
    confirmed: list[Place] = []
    panel.cell_confirmed.connect(confirmed.append)
    QTest.keyClick(panel.view, Key.Key_Return)
    assert (confirmed, current(panel)) == ([], (1, 0))
    panel.set_place(Place(0, 1))
    QTest.keyClick(panel.view, Key.Key_Return)
    assert (confirmed, current(panel)) == ([Place(0, 1)], (1, 1))
    QTest.keyClick(panel.view, Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert current(panel) == (0, 1)


def test_of_several_tables_a_box_chooses_one(panel: TablePanel) -> None:
    chosen: list[Place] = []
    panel.cell_chosen.connect(chosen.append)
    (choice,) = panel.findChildren(QComboBox)
    assert not choice.isVisible()
    panel.set_cells(CellMap(two_tables()), Place(1, 1))
    assert choice.isVisible()
    assert [choice.itemText(i) for i in range(2)] == ["Table 1", "Table 2"]
    assert (choice.currentIndex(), current(panel)) == (1, (0, 1))
    choice.setCurrentIndex(0)
    assert chosen == [Place(0, 0)]


def test_sums_are_checked_only_if_wanted(panel: TablePanel) -> None:
    wrong: list[list[Place]] = []
    panel.wrong_changed.connect(wrong.append)
    assert panel.sums_text == ""
    panel.set_checks_sums(True)
    assert panel.sums_text.splitlines() == [
        "Row 1: the others add up to 3, the last is 4.",
        "Column A: the others add up to 5, the last is 1.",
        "Column C: the others add up to 13, the last is 2.",
    ]
    assert wrong[-1] == [Place(0, 2), Place(0, 6), Place(0, 8)]
    panel.set_checks_sums(False)
    assert (panel.sums_text, wrong[-1]) == ("", [])


def test_sums_are_said_with_the_decimal_sign_of_the_table(panel: TablePanel) -> None:
    panel.set_checks_sums(True)
    panel.set_cells(CellMap(table_reading([["1,5", "2", "4"]])), None)
    assert panel.sums_text == "Row 1: the others add up to 3,5, the last is 4."


def test_puzzles_have_no_sums(panel: TablePanel) -> None:
    panel.set_checks_sums(True)
    panel.set_cells(CellMap(table_reading([["1", "2", "4"]], has_single_signs=True)), None)
    assert panel.sums_text == ""


def test_many_wrong_sums_are_counted(panel: TablePanel) -> None:
    panel.set_checks_sums(True)
    panel.set_cells(CellMap(table_reading([["1", "2", "4"]] * 5)), None)
    assert panel.sums_text.splitlines()[-1] == "Others that do not add up: 5"


def test_a_merged_cell_is_one(panel: TablePanel) -> None:
    reading = table_reading([["1", "2"], ["3", "4"]])
    first, second, *low = reading.tables[0].cells
    corners = (first.corners[0], second.corners[1], second.corners[2], first.corners[3])
    wide = replace(first, corners=corners, column_span=2)
    merged = replace(reading, tables=(Table(2, 2, (wide, *low)),))
    panel.set_cells(CellMap(merged), Place(0, 0))
    assert panel.view.columnSpan(0, 0) == 2
    index = panel.model.index(0, 1)
    flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
    panel.view.selectionModel().setCurrentIndex(index, flag)
    assert panel.model.place(panel.view.currentIndex()) == Place(0, 0)


def test_tab_is_no_trap(panel: TablePanel, qtbot: QtBot) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.setParent(panel)
    other.show()
    panel.set_place(Place(0, 7))
    QTest.keyClick(panel.view, Key.Key_Tab)
    assert (current(panel), panel.view.hasFocus()) == ((2, 2), True)
    QTest.keyClick(panel.view, Key.Key_Tab)
    assert (current(panel), other.hasFocus()) == ((2, 2), True)
    assert panel.view.tabKeyNavigation()
