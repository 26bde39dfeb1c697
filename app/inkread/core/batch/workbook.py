"""Readings as a workbook of spreadsheets, XLSX: a sheet for each table."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, cast

from inkread.core.batch.result_formats import Result
from inkread.core.batch.table_csv import WantedTables
from inkread.core.escapes import visible
from inkread.core.reading import Glyph, Reading, cell_text
from inkread.core.table import Table
from inkread.core.tables.cell_map import CellMap, Place
from inkread.core.tables.numbers import decimal_sign_of, decimals_of, number_of
from inkread.core.text_line import TextLine

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Glyphs = Sequence[Glyph]


@dataclass(frozen=True, slots=True)
class Params:
    """What a sheet holds, and how it looks."""

    #: Digits of the longest number; *measured*: spreadsheets keep 15, and change the others.
    max_digits: int = 15
    #: Characters of the longest name of a sheet, and of the longest text of a cell; *measured*:
    #: spreadsheets refuse longer ones.
    max_title: int = 31
    max_text: int = 32_767
    #: Characters, widths of the narrowest and widest column; *chosen*: a number and a short line.
    min_width: int = 6
    max_width: int = 60
    #: Colours of what is doubtful, and of what looks like no digit, RGB; *chosen*: dark text is
    #: easily read on both.
    doubtful: str = "FFEB9C"
    rejected: str = "FFC7CE"


PARAMS = Params()

_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
#: What XML, and so a spreadsheet, cannot hold.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Workbook:
    """Takes in results one by one; openpyxl is imported only now.

    Parameters
    ----------
    is_of_one : bool
        Whether all results are of one file: then sheets need not say of which.
    number : int, optional
        Only the table with this number is wanted, from 1, and nothing beside it.
    """

    def __init__(self, is_of_one: bool = True, number: int | None = None) -> None:
        from openpyxl import Workbook as Book

        self._book = Book()
        while self._book.worksheets:
            self._book.remove(self._book.worksheets[0])
        self._is_of_one = is_of_one
        self._wanted = WantedTables(number)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added that could be read."""
        return not self._book.worksheets

    def add(self, result: Result) -> None:
        """A sheet for each table that is wanted, and one for lines that stand in none.

        Parameters
        ----------
        result : Result
            Of the next file or page; one that is an error is left out.

        Raises
        ------
        TableMissing
            If the one that is wanted is not there.
        """
        indexes = self._wanted.of(result)
        if result.reading is None:
            return
        reading, name = result.reading, result.path
        page = "" if result.pages == 1 else f"Page {result.page} "
        cells = CellMap(reading)
        for table in indexes:
            self._add_table(self._sheet(name, f"{page}Table {table + 1}"), cells, table)
        lines = cells.lines_beside()
        if self._wanted.are_all and (lines or not reading.tables):
            self._add_lines(self._sheet(name, f"{page}Lines"), lines)

    def encoded(self) -> bytes:
        """The content of an XLSX file; of a workbook that is not empty."""
        stream = io.BytesIO()
        self._book.save(stream)
        return stream.getvalue()

    def _sheet(self, name: str, what: str) -> Worksheet:
        known = {sheet.title.lower() for sheet in self._book.worksheets}
        stem = "" if self._is_of_one else _NO_TITLE.sub("_", visible(Path(name).stem)).strip("' ")
        count = 0
        while True:
            count += 1
            end = what if count == 1 else f"{what} ({count})"
            start = stem[: PARAMS.max_title - len(end) - 1].strip()
            title = f"{start} {end}".strip()
            if title.lower() not in known:
                sheet: Worksheet = self._book.create_sheet(title)
                return sheet

    def _add_table(self, sheet: Worksheet, cells: CellMap, index: int) -> None:
        table = cells.reading.tables[index]
        glyphs = [cells.glyphs(Place(index, i)) for i in range(len(table.cells))]
        put = writer_of(glyphs)
        for cell, own in zip(table.cells, glyphs, strict=True):
            put(sheet, cell.row + 1, cell.column + 1, own)
        _merge(sheet, table)
        widen(sheet)

    def _add_lines(self, sheet: Worksheet, lines: Sequence[TextLine[Glyph]]) -> None:
        put = writer_of(lines)
        for row, line in enumerate(lines, start=1):
            put(sheet, row, 1, line)
        widen(sheet)


def workbook_of(name: str, reading: Reading) -> bytes:
    """The content of an XLSX file that holds one reading."""
    book = Workbook()
    book.add(Result(name, reading))
    return book.encoded()


def doubt_of(glyphs: Glyphs) -> str:
    """What the doubtful ones of some glyphs may be instead, a sentence each."""
    return "\n".join(
        (f"{glyph.label} (sign {number}): " if len(glyphs) > 1 else "") + _doubt(glyph)
        for number, glyph in enumerate(glyphs, start=1)
        if glyph.is_doubtful
    )


def _doubt(glyph: Glyph) -> str:
    if glyph.rejected:
        return f"not a digit? would be {glyph.label}, {_percent(glyph.probability)}"
    second = glyph.runner_up
    if second is None:
        return f"{_percent(glyph.probability)} sure"
    words = f"{_percent(glyph.probability)} sure; would be {second.label}"
    return f"{words}, {_percent(second.probability)}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def writer_of(all_glyphs: Sequence[Glyphs]) -> Callable[[Worksheet, int, int, Glyphs], None]:
    """Puts glyphs into a row and column of a sheet: as a number if they are one, or a text."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, PatternFill

    decimal_sign = decimal_sign_of(map(cell_text, all_glyphs))

    def put(sheet: Worksheet, row: int, column: int, glyphs: Glyphs) -> None:
        cell, text = cast("Cell", sheet.cell(row, column)), cell_text(glyphs)
        _set_value(cell, text, decimal_sign)
        if "\n" in text:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if doubt := doubt_of(glyphs):
            colour = PARAMS.rejected if any(g.rejected for g in glyphs) else PARAMS.doubtful
            cell.fill = PatternFill("solid", start_color=colour)
            cell.comment = Comment(_legal(doubt), "Inkread", width=260, height=80)

    return put


def _set_value(cell: Cell, text: str, decimal_sign: str | None) -> None:
    if not text:
        return
    number = number_of(text, decimal_sign)
    if number is not None and len(number.as_tuple().digits) <= PARAMS.max_digits:
        cell.value = number
        cell.number_format = _number_format(text, number, decimal_sign)
    else:
        _set_text(cell, text)


def _set_text(cell: Cell, text: str) -> None:
    cell.value = _legal(text)
    cell.data_type = "s"  # a text that begins with "=" would be a formula
    cell.number_format = "@"
    cell.quotePrefix = True  # and stays a text when somebody edits it


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Put a text, never a number or a formula, into a cell; an empty one leaves it empty."""
    cell = cast("Cell", sheet.cell(row, column))
    if text:
        _set_text(cell, text)
    return cell


def put_value(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Put a number, if the text is plainly one, or else the text into a cell."""
    _set_value(cast("Cell", sheet.cell(row, column)), text, None)


def _number_format(text: str, number: Decimal, decimal_sign: str | None) -> str:
    """With as many decimals as were written, and with groups of thousands if there were any."""
    decimals = decimals_of(text, number, decimal_sign)
    signs = sum(sign in ".,'" for sign in text)
    is_grouped = signs > bool(decimals)
    return ("#,##0" if is_grouped else "0") + ("." + "0" * decimals if decimals else "")


def _legal(text: str) -> str:
    return _NO_TEXT.sub("\ufffd", text)[: PARAMS.max_text]


def _merge(sheet: Worksheet, table: Table) -> None:
    for cell in table.cells:
        if cell.row_span > 1 or cell.column_span > 1:
            sheet.merge_cells(
                start_row=cell.row + 1,
                start_column=cell.column + 1,
                end_row=cell.row + cell.row_span,
                end_column=cell.column + cell.column_span,
            )


def widen(sheet: Worksheet) -> None:
    """As wide as the longest text of each column."""
    from openpyxl.utils import get_column_letter

    for index, column in enumerate(sheet.iter_cols(values_only=True), start=1):
        texts = [line for value in column if value is not None for line in str(value).split("\n")]
        width = max(map(len, texts), default=0) + 2
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = min(max(width, PARAMS.min_width), PARAMS.max_width)
