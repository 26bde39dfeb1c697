"""The tables of one picture as CSV: its own rows and columns."""

from __future__ import annotations

from collections.abc import Iterable

from inkread.core.batch.result_formats import CSV, Format, Result, csv_line, csv_row
from inkread.core.errors import TableMissing
from inkread.core.reading import Reading
from inkread.core.tables.cell_map import CellMap
from inkread.core.tables.texts import stacked

_NEW_LINE = b"\r\n"


class WantedTables:
    """Which tables of each page are wanted: all, or the one with a number.

    Parameters
    ----------
    number : int or None
        From 1, counted through all pages of the file; None: all are.
    """

    def __init__(self, number: int | None = None) -> None:
        self._number, self._before = number, 0

    @property
    def are_all(self) -> bool:
        return self._number is None

    def of(self, result: Result) -> list[int]:
        """Indexes of those of the next page.

        Raises
        ------
        TableMissing
            If the last page was read, and there is no such table.
        """
        count = 0 if result.reading is None else len(result.reading.tables)
        if self._number is None:
            return list(range(count))
        first, self._before = self._before, self._before + count
        index = self._number - 1 - first
        if result.is_last and result.error is None and self._number > self._before:
            raise TableMissing(name=result.path, number=self._number, count=self._before)
        return [index] if 0 <= index < count else []


def table_csv(reading: Reading, indexes: Iterable[int] | None = None, raw: bool = False) -> bytes:
    """Tables as rows and columns, one below another with an empty line between.

    Parameters
    ----------
    reading : Reading
        With tables.
    indexes : iterable of int, optional
        Of those that are wanted; all of them otherwise.
    raw : bool
        Whether texts that a spreadsheet would take for formulas are left as they are.
    """
    cells = CellMap(reading)
    wanted = range(len(reading.tables)) if indexes is None else indexes
    rows = stacked([cells.rows(index) for index in wanted])
    return b"".join(csv_line(*row, raw=raw) for row in rows)


def csv_of_one(number: int | None = None, raw: bool = False) -> Format:
    """Of one file: the tables of its pages, and of pages without one the row of a folder.

    An empty line stands between tables, and between them and rows.

    Parameters
    ----------
    number : int, optional
        Only this table, from 1.
    raw : bool
        As for `table_csv`.
    """
    wanted, last = WantedTables(number), ""

    def block(kind: str, content: bytes) -> bytes:
        nonlocal last
        is_more, before = kind == last == "rows", last
        last = kind
        head = CSV.head if kind == "rows" and not is_more else b""
        return (_NEW_LINE if before and not is_more else b"") + head + content

    def row(result: Result) -> bytes:
        indexes = wanted.of(result)
        if indexes and result.reading is not None:
            return block("table", table_csv(result.reading, indexes, raw))
        return block("rows", csv_row(result, raw)) if wanted.are_all or result.error else b""

    return Format(row, has_tables_alone=True)
