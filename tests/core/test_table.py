from __future__ import annotations

import pytest

from inkread.core.geometry import Box
from inkread.core.table import Table, TableCell


def corners(
    left: float, top: float, right: float, bottom: float
) -> tuple[tuple[float, float], ...]:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


@pytest.fixture
def merged() -> Table:
    """Two rows and columns; the upper row is one cell."""
    head = TableCell(0, 0, corners(0, 0, 20, 10), column_span=2)
    low = (TableCell(1, c, corners(10 * c, 10, 10 * c + 10, 20)) for c in (0, 1))
    return Table(2, 2, (head, *low))


def test_a_merged_cell_covers_each_of_its_places(merged: Table) -> None:
    assert merged.cell_at(0, 1) is merged.cells[0]
    assert merged.cell_at(1, 1) is merged.cells[2]
    with pytest.raises(IndexError):
        merged.cell_at(2, 0)


def test_a_box_is_in_the_cell_in_which_its_middle_stands(merged: Table) -> None:
    boxes = [Box(12, 8, 4, 10), Box(1, 1, 2, 2), Box(30, 5, 4, 4), Box(2, 1, 30, 4)]
    assert merged.by_cell(boxes) == ((1, 3), (), (0,))


def test_a_leaning_cell_is_no_upright_box() -> None:
    cell = TableCell(0, 0, ((10, 0), (20, 10), (10, 20), (0, 10)))
    table = Table(1, 1, (cell,))
    assert cell.box == Box(0, 0, 20, 20)
    assert table.cell_index_of(Box(9, 9, 2, 2)) == 0
    assert table.cell_index_of(Box(0, 0, 4, 4)) is None
