from __future__ import annotations

from dataclasses import replace

import pytest

from inkread.core.reading import Reading
from inkread.core.table import Table
from inkread.core.tables.cell_map import CellMap, Place
from inkread.ui.glyphs.selection import NONE, Direction
from inkread.ui.page.cell_moves import beyond, doubtful, neighbour, next_doubtful, step
from tests.table_readings import table_reading

ROWS = [["1", "2?", ""], ["", "4", "5?6?"]]


def moved(shift: int, by_table: Table) -> Table:
    cells = tuple(
        replace(cell, corners=tuple((x, y + shift) for x, y in cell.corners))
        for cell in by_table.cells
    )
    return replace(by_table, cells=cells)


@pytest.fixture
def cells() -> CellMap:
    return CellMap(table_reading(ROWS, (0, 40), before="8?9"))


@pytest.mark.parametrize(
    ("way", "to"),
    [
        (Direction.LEFT, 3),
        (Direction.RIGHT, 5),
        (Direction.UP, 1),
        (Direction.DOWN, 4),
        (Direction.FIRST, 3),
        (Direction.LAST, 5),
    ],
)
def test_keys_go_to_the_cell_beside(cells: CellMap, way: Direction, to: int) -> None:
    assert neighbour(cells, Place(0, 4), way) == Place(0, to)


def test_a_merged_cell_is_left_behind_its_last_column() -> None:
    reading = table_reading([["1", "2", "3"]])
    first, second, third = reading.tables[0].cells
    corners = (first.corners[0], second.corners[1], second.corners[2], first.corners[3])
    wide = replace(first, corners=corners, column_span=2)
    cells = CellMap(replace(reading, tables=(Table(1, 3, (wide, third)),)))
    assert neighbour(cells, Place(0, 0), Direction.RIGHT) == Place(0, 1)
    assert neighbour(cells, Place(0, 1), Direction.LEFT) == Place(0, 0)


def test_up_and_down_go_on_in_another_table() -> None:
    reading = table_reading([["1", "2"]])
    (table,) = reading.tables
    cells = CellMap(replace(reading, tables=(table, moved(100, table))))
    assert neighbour(cells, Place(0, 1), Direction.DOWN) == Place(1, 1)
    assert neighbour(cells, Place(1, 1), Direction.UP) == Place(0, 1)
    assert neighbour(cells, Place(0, 1), Direction.RIGHT) == Place(0, 1)
    assert step(cells, Place(0, 1), 1) == Place(1, 0)
    assert step(cells, Place(1, 1), 1) is None
    assert step(cells, Place(0, 0), -1) is None


def test_a_line_above_the_table_is_reached_by_up(cells: CellMap) -> None:
    assert beyond(cells, Place(0, 0), Direction.UP) in (0, 1)
    assert beyond(cells, Place(0, 4), Direction.DOWN) == NONE


def test_doubtful_cells_are_gone_through_in_reading_order(cells: CellMap) -> None:
    assert doubtful(cells) == [0, Place(0, 1), Place(0, 5)]
    assert next_doubtful(cells, None, 1) == 0
    assert next_doubtful(cells, 0, 1) == Place(0, 1)
    assert next_doubtful(cells, Place(0, 1), 1) == Place(0, 5)
    assert next_doubtful(cells, Place(0, 5), 1) == 0
    assert next_doubtful(cells, None, -1) == Place(0, 5)
    assert next_doubtful(cells, 0, -1) == Place(0, 5)


@pytest.mark.parametrize(("empty", "behind", "before"), [(2, 5, 1), (3, 5, 1)])
def test_from_an_empty_cell_the_next_is_behind_it(
    cells: CellMap, empty: int, behind: int, before: int
) -> None:
    assert next_doubtful(cells, Place(0, empty), 1) == Place(0, behind)
    assert next_doubtful(cells, Place(0, empty), -1) == Place(0, before)


def test_without_doubt_there_is_nothing_to_go_to() -> None:
    assert next_doubtful(CellMap(table_reading([["1"]])), Place(0, 0), 1) is None
    assert next_doubtful(CellMap(Reading()), None, 1) is None
