from __future__ import annotations

from dataclasses import replace

import pytest

from inkread.core.geometry import Box
from inkread.core.reading import Reading
from inkread.core.table import Table, TableCell
from inkread.core.tables.cell_map import CellMap, Place
from tests.table_readings import table_reading, written


@pytest.fixture
def cells() -> CellMap:
    return CellMap(table_reading([["12", "3?"], ["", "4 5"]], (0, 40), before="99"))


def test_glyphs_are_found_by_cell_and_cells_by_glyph(cells: CellMap) -> None:
    assert cells.indexes(Place(0, 0)) == (2, 3)
    assert cells.place_of(4) == Place(0, 1)
    assert cells.place_of(0) is None
    assert cells.text(Place(0, 3)) == "4 5"
    assert [cells.is_doubtful(Place(0, i)) for i in range(4)] == [False, True, False, False]


def test_a_point_is_in_a_cell_or_beside_all(cells: CellMap) -> None:
    assert cells.place_at(5, 75) == Place(0, 2)
    assert cells.place_at(5, 5) is None


def test_rows_have_a_text_for_each_place(cells: CellMap) -> None:
    assert cells.rows(0) == [["12", "3"], ["", "4 5"]]


def test_a_merged_cell_has_its_text_at_its_first_place() -> None:
    around = ((0.0, 0.0), (40.0, 0.0), (40.0, 20.0), (0.0, 20.0))
    head = TableCell(0, 0, around, column_span=2)
    low = [TableCell(1, c, tuple((x / 2 + 20 * c, y + 20) for x, y in around)) for c in (0, 1)]
    table = Table(2, 2, (head, *low))
    glyphs = (written("8", Box(18, 2, 4, 16)), written("1", Box(25, 22, 4, 16), 1))
    cells = CellMap(Reading(glyphs, tables=(table,)))
    assert cells.rows(0) == [["8", ""], ["", "1"]]
    assert cells.place_in(0, 0, 1) == cells.place_in(0, 0, 0) == Place(0, 0)


def test_lines_beside_the_tables_are_known(cells: CellMap) -> None:
    assert [[glyph.label for glyph in line] for line in cells.lines_beside()] == [["9", "9"]]
    whole = CellMap(replace(cells.reading, tables=()))
    assert len(whole.lines_beside()) == 3
    assert not whole.has_tables
