from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from inkread.core.reading import Reading
from inkread.core.tables.cell_map import CellMap, Place
from inkread.core.tables.sums import wrong_sums
from inkread.ui.result.table_model import TableModel, column_name
from inkread.ui.widgets.theme import palette
from tests.table_readings import table_reading

Role = Qt.ItemDataRole


@pytest.fixture
def model(qapp: QGuiApplication) -> TableModel:
    model = TableModel(qapp)
    model.set_colours(palette(dark=False))
    model.set_cells(CellMap(table_reading([["1", "2?3", "5"], ["", "4", "9"]])), 0)
    return model


def test_it_shows_the_texts_and_marks_doubtful_ones(model: TableModel) -> None:
    shown = [[model.index(r, c).data() for c in range(3)] for r in range(2)]
    assert shown == [["1", "23?", "5"], ["", "4", "9"]]
    assert model.index(0, 1).data(Role.EditRole) == "23"
    assert model.index(0, 1).data(Role.BackgroundRole).isValid()
    assert model.index(0, 0).data(Role.BackgroundRole) is None


def test_a_tool_tip_says_the_runner_up(model: TableModel) -> None:
    assert model.index(0, 1).data(Role.ToolTipRole) == "2: would be 7, 40.0 %"
    reading = table_reading([["3?"]])
    rejected = replace(reading, glyphs=(replace(reading.glyphs[0], rejected=True),))
    model.set_cells(CellMap(rejected), 0)
    words = "3: not a digit? Would be 3, 60.0 %"
    assert model.index(0, 0).data(Role.ToolTipRole) == words


def test_what_is_typed_is_emitted(model: TableModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.cell_typed) as typed:
        assert model.setData(model.index(1, 0), "12")
    assert typed.args == [Place(0, 3), "12"]
    assert model.index(1, 0).data() == ""


def test_rows_and_columns_that_do_not_add_up_are_marked(model: TableModel) -> None:
    texts = [["1", "2", "3"], ["4", "5", "8"]]
    model.set_cells(CellMap(table_reading(texts)), 0)
    model.set_wrong(wrong_sums(texts))
    assert model.headerData(0, Qt.Orientation.Vertical) == "1"
    assert model.headerData(1, Qt.Orientation.Vertical) == "2 ≠"
    assert model.index(1, 2).data(Role.ForegroundRole).isValid()
    assert model.index(1, 1).data(Role.ForegroundRole) is None


def test_a_reading_of_the_same_shape_resets_nothing(model: TableModel, qtbot: QtBot) -> None:
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))
    model.set_cells(CellMap(table_reading([["9", "", ""], ["", "", ""]])), 0)
    assert (resets, model.index(0, 0).data()) == ([], "9")
    model.set_cells(CellMap(table_reading([["9", "8"]])), 0)
    assert len(resets) == 1
    model.set_cells(CellMap(Reading()), 0)
    assert (model.rowCount(), model.columnCount()) == (0, 0)


def test_columns_are_called_as_in_spreadsheets() -> None:
    names = [column_name(i) for i in (0, 25, 26, 51, 52, 701, 702)]
    assert names == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_a_parent_is_no_index_of_the_table(model: TableModel) -> None:
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0
