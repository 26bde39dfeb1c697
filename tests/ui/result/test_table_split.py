from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inkread.core.tables.cell_map import CellMap
from inkread.ui.result.table_panel import TablePanel
from inkread.ui.result.table_split import TableSplit, table_side
from tests.table_readings import table_reading

BESIDE, BELOW = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


@pytest.mark.parametrize(
    ("picture", "table", "expected"),
    [
        ((300, 400), (200, 200), (BESIDE, 200)),
        ((400, 100), (500, 120), (BELOW, 120)),
        ((400, 400), (900, 900), (BESIDE, 315)),
        ((900, 100), (100, 900), (BELOW, 180)),
    ],
)
def test_the_table_is_where_the_picture_is_larger(
    picture: tuple[int, int], table: tuple[int, int], expected: tuple[Qt.Orientation, int]
) -> None:
    assert table_side(QSize(700, 400), QSize(*picture), QSize(*table)) == expected


def test_the_place_is_shared(qtbot: QtBot) -> None:
    panel = TablePanel(str)
    split = TableSplit(QWidget(), panel)
    qtbot.addWidget(split)
    split.resize(700, 400)
    split.show()
    panel.set_cells(CellMap(table_reading([["1", "2", "3"]])), None)
    split.arrange(QSize(300, 400))
    assert split.orientation() == BESIDE
    narrow = split.sizes()[1]
    assert panel.wanted_size().width() <= narrow < 200
    assert panel.view.horizontalScrollBar().maximum() == 0
