"""A picture with a table in the window: looked through, corrected, copied, saved."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

import cv2
import numpy as np
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from inkread.core.reading import Reading
from inkread.core.tables.cell_map import Place
from inkread.services.reader import Reader
from inkread.ui.glyphs.glyph_boxes import CONFIRMED
from inkread.ui.result.table_panel import TablePanel
from inkread.ui.window.file_dialogs import SaveTableDialog
from tests.table_readings import table_reading
from tests.ui.window_driver import Window

pytestmark = pytest.mark.slow  # each test goes through the whole window

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ROWS = [["12", "3?4", "46"], ["5", "", "5?"]]


@pytest.fixture(autouse=True)
def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    """What is read of every picture."""
    reading = table_reading(ROWS, (0, 40), before="99")

    def reading_page(*_: object) -> Generator[None, None, Reading]:
        yield
        return reading

    monkeypatch.setattr(Reader, "reading_page", reading_page)
    return reading


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    cv2.imwrite(str(path), np.full((120, 610), 230, np.uint8))
    return path


def open_picture(window: Window, picture: Path, qtbot: QtBot) -> Window:
    window.open(picture)
    qtbot.waitUntil(lambda: window.main.workspace.has_tables)
    window.page_view.setFocus()
    qtbot.waitUntil(window.page_view.hasFocus)
    return window


@pytest.fixture
def opened(window: Window, picture: Path, qtbot: QtBot) -> Window:
    return open_picture(window, picture, qtbot)


def rows(window: Window) -> list[list[str]]:
    """The table beside the picture."""
    model = window.find(TablePanel, "table_panel").model
    count = model.columnCount()
    return [[model.index(r, c).data() for c in range(count)] for r in range(model.rowCount())]


def type_cell(window: Window, text: str, end: Key = Key.Key_Return) -> None:
    QTest.keyClicks(window.page_view, text[0])
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, text[1:])
    QTest.keyClick(editor, end)


def test_the_table_stands_beside_the_picture_as_long_as_it_is_shown(opened: Window) -> None:
    assert rows(opened) == [["12", "34?", "46"], ["5", "", "5?"]]
    assert opened.find(TablePanel, "table_panel").isVisible()
    opened.press(Key.Key_Escape)
    assert not opened.find(TablePanel, "table_panel").isVisible()


def test_a_cell_is_corrected_and_undo_takes_it_back(opened: Window) -> None:
    opened.page_view.set_place(Place(0, 1))
    type_cell(opened, "1,5")
    assert rows(opened)[0] == ["12", "1,5", "46"]
    assert opened.page_view.place == Place(0, 4)
    assert opened.reading == "99\n12 1,5 46\n5 5"
    opened.press(Key.Key_Z, CONTROL)
    assert rows(opened)[0] == ["12", "34?", "46"]
    assert opened.page_view.place == Place(0, 1)
    opened.press(Key.Key_Z, CONTROL | SHIFT)
    assert rows(opened)[0] == ["12", "1,5", "46"]


def test_an_empty_cell_gets_a_text_and_delete_empties_it(opened: Window) -> None:
    opened.page_view.set_place(Place(0, 4))
    type_cell(opened, "7", Key.Key_Tab)
    assert rows(opened)[1] == ["5", "7", "5?"]
    assert opened.page_view.place == Place(0, 5)
    assert opened.commands.reading.delete.text().replace("&", "") == "Empty cell"
    opened.press(Key.Key_Delete)
    assert rows(opened)[1] == ["5", "7", ""]
    assert opened.page_view.place == Place(0, 5)
    opened.press(Key.Key_Z, CONTROL)
    assert rows(opened)[1] == ["5", "7", "5?"]


def test_typed_signs_are_no_samples_even_when_they_are_typed_anew(opened: Window) -> None:
    """Nobody knows where their ink is."""
    samples: list[str] = []
    opened.main.workspace.editor.glyph_corrected.connect(
        lambda _g, label, _i: samples.append(label)
    )
    opened.page_view.set_place(Place(0, 0))
    type_cell(opened, "345")
    opened.page_view.set_place(Place(0, 0))
    type_cell(opened, "678")
    assert rows(opened)[0][0] == "678"
    assert samples == []
    opened.page_view.set_place(Place(0, 2))
    type_cell(opened, "47")
    assert samples == ["4", "7"]


def test_escape_in_a_cell_changes_nothing_and_stays_at_the_picture(opened: Window) -> None:
    opened.page_view.set_place(Place(0, 1))
    type_cell(opened, "88", Key.Key_Escape)
    assert rows(opened)[0] == ["12", "34?", "46"]
    assert not opened.main.workspace.is_drawing


def test_f8_walks_the_doubtful_cells_and_return_confirms(opened: Window) -> None:
    opened.press(Key.Key_F8)
    assert opened.page_view.place == Place(0, 1)
    message = opened.main.statusBar().currentMessage()
    assert message == "Doubtful cell 1 of 2: type it, or Return if right"
    opened.press(Key.Key_Return)
    assert rows(opened)[0][1] == "34"
    labels = [box.label for box in opened.page_view.boxes() if box.label.endswith(CONFIRMED)]
    assert labels == ["3" + CONFIRMED, "4" + CONFIRMED]
    opened.press(Key.Key_F8)
    assert opened.page_view.place == Place(0, 5)
    opened.press(Key.Key_Return, CONTROL)
    opened.press(Key.Key_F8)
    assert opened.main.statusBar().currentMessage() == "No cell is doubtful"


def test_corrections_of_cells_are_there_when_the_picture_is_opened_again(
    start: Callable[[], Window], picture: Path, qtbot: QtBot
) -> None:
    first = open_picture(start(), picture, qtbot)
    for cell, text in ((1, "1,5"), (4, "-70"), (5, "8")):
        first.page_view.set_place(Place(0, cell))
        type_cell(first, text)
    expected = [["12", "1,5", "46"], ["5", "-70", "8"]]
    assert rows(first) == expected
    first.close()
    second = open_picture(start(), picture, qtbot)
    qtbot.waitUntil(lambda: rows(second) == expected)
    second.press(Key.Key_Z, CONTROL)
    assert rows(second) == [["12", "1,5", "46"], ["5", "-70", "5?"]]


def test_picture_and_table_select_the_same_cell(opened: Window) -> None:
    panel = opened.find(TablePanel, "table_panel")
    opened.page_view.set_place(Place(0, 5))
    index = panel.view.currentIndex()
    assert (index.row(), index.column()) == (1, 2)
    panel.view.setFocus()
    QTest.keyClick(panel.view, Key.Key_Up)
    assert opened.page_view.place == Place(0, 2)
    assert opened.prediction == "4"


def test_the_table_corrects_too(opened: Window, qtbot: QtBot) -> None:
    view = opened.find(TablePanel, "table_panel").view
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    opened.page_view.set_place(Place(0, 1))
    QTest.keyClick(view, Key.Key_8)
    (editor,) = view.findChildren(QLineEdit)
    QTest.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: opened.page_view.place == Place(0, 4))
    assert rows(opened)[0] == ["12", "8", "46"]
    assert view.hasFocus()


def test_copy_gives_rows_for_a_spreadsheet_and_says_what_is_left_out(opened: Window) -> None:
    opened.press(Key.Key_C, CONTROL)
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "12\t34\t46\n5\t\t5"
    assert "<tr><td>12</td><td>34</td><td>46</td></tr>" in mime.html()
    assert opened.main.statusBar().currentMessage() == (
        "Copied as a table, to be pasted into a spreadsheet · "
        "Lines that stand in no table, left out: 1"
    )


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_the_table_is_saved_as_corrected(
    opened: Window, tmp_path: Path, qtbot: QtBot, suffix: str
) -> None:
    opened.page_view.set_place(Place(0, 4))
    type_cell(opened, "7")
    opened.commands.reading.save_table.trigger()
    dialog = opened.find(SaveTableDialog, "save_table")
    path = tmp_path / f"out{suffix}"
    dialog.chosen.emit(path)
    dialog.close()
    qtbot.waitUntil(path.exists)
    if suffix == ".csv":
        assert path.read_bytes() == b"12,34,46\r\n5,7,5\r\n"
    else:
        sheet = load_workbook(path)["Table 1"]
        assert [list(row) for row in sheet.values] == [[12, 34, 46], [5, 7, 5]]


def test_sums_are_checked_if_wanted_at_the_next_start_too(
    start: Callable[[], Window], picture: Path, qtbot: QtBot
) -> None:
    first = open_picture(start(), picture, qtbot)
    first.page_view.set_place(Place(0, 4))
    type_cell(first, "1")
    panel = first.find(TablePanel, "table_panel")
    assert panel.sums_text == ""
    first.commands.reading.check_sums.trigger()
    assert panel.sums_text == "Row 2: the others add up to 6, the last is 5."
    first.page_view.set_place(Place(0, 5))
    type_cell(first, "6")
    assert panel.sums_text == ""
    first.close()
    second = start()
    assert second.commands.reading.check_sums.isChecked()


def test_without_a_table_there_is_nothing_to_save(window: Window) -> None:
    assert not window.commands.reading.save_table.isEnabled()
