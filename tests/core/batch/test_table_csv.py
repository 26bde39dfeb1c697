from __future__ import annotations

from dataclasses import replace

import pytest

from inkread.core.batch.result_formats import CSV, Result
from inkread.core.batch.table_csv import csv_of_one, table_csv
from inkread.core.errors import InputEmpty, TableMissing
from inkread.core.reading import Reading
from tests.table_readings import table_reading

TABLE = table_reading([["12", ""], ["=3", "4"]])
LINES = replace(TABLE, tables=())
BOTH = replace(TABLE, tables=TABLE.tables * 2)
ROWS = b"12,\r\n'=3,4\r\n"
GAP = b"\r\n"


def written(*readings: Reading | None, number: int | None = None, raw: bool = False) -> bytes:
    """A file with these pages; None: one that cannot be read."""
    form, count = csv_of_one(number, raw), len(readings)
    error = InputEmpty(name="a.pdf")
    return form.separator.join(
        form.row(Result("a.pdf", r, None if r else error, i, count, i == count))
        for i, r in enumerate(readings, start=1)
    )


def test_tables_stand_one_below_another() -> None:
    assert table_csv(BOTH) == ROWS + GAP + ROWS
    assert table_csv(BOTH, [1]) == ROWS
    assert written(TABLE, raw=True) == b"12,\r\n=3,4\r\n"


def test_tables_of_several_pages_do_too() -> None:
    assert written(TABLE, BOTH) == ROWS + GAP + ROWS + GAP + ROWS


def test_pages_without_a_table_are_rows_below_one_heading() -> None:
    found = written(LINES, LINES)
    assert found.startswith(CSV.head)
    assert found.count(CSV.head) == 1
    assert len(found.splitlines()) == 5  # two lines in each text
    assert GAP + GAP not in found


def test_rows_and_tables_have_an_empty_line_between() -> None:
    found = written(LINES, TABLE, None, LINES)
    assert found.startswith(CSV.head)
    assert GAP + GAP + ROWS + GAP + CSV.head in found
    assert found.count(CSV.head) == 2


def test_a_table_is_counted_through_all_pages() -> None:
    assert written(TABLE, LINES, BOTH, number=3) == ROWS
    assert written(TABLE, LINES, number=1) == ROWS
    with pytest.raises(TableMissing, match=r"a\.pdf: there is no table 4 in it; tables found: 3"):
        written(TABLE, LINES, BOTH, number=4)


def test_an_error_is_a_row_even_if_one_table_is_wanted() -> None:
    assert str(InputEmpty(name="a.pdf")).encode() in written(None, number=1)
