from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import pytest
from openpyxl import Workbook as Book
from openpyxl import load_workbook

from inkread.core.batch.result_formats import Result
from inkread.core.batch.workbook import PARAMS, Workbook, doubt_of, workbook_of
from inkread.core.errors import FileMissing, TableMissing
from inkread.core.reading import Reading
from inkread.core.table import Table, TableCell
from tests.table_readings import table_reading


def book_of(*results: Result, is_of_one: bool = True, number: int | None = None) -> Book:
    book = Workbook(is_of_one, number)
    for result in results:
        book.add(result)
    return load_workbook(io.BytesIO(book.encoded()))


def book_of_rows(rows: Sequence[Sequence[str]]) -> Book:
    return load_workbook(io.BytesIO(workbook_of("a.png", table_reading(rows))))


def test_a_table_is_a_sheet_of_numbers_and_texts() -> None:
    book = book_of_rows([["12", "1,5", "007"], ["", "3/4", "-6"]])
    assert book.sheetnames == ["Table 1"]
    rows = [list(row) for row in book["Table 1"].iter_rows(values_only=True)]
    assert rows == [[12, 1.5, "007"], [None, "3/4", -6]]


def test_decimals_and_groups_stay_as_they_were_written() -> None:
    sheet = book_of_rows([["1.234,50", "1'234", "12,0", "7"]])["Table 1"]
    cells = list(sheet[1])
    assert [cell.value for cell in cells] == [1234.5, 1234, 12, 7]
    assert [cell.number_format for cell in cells] == ["#,##0.00", "#,##0", "0.0", "0"]


def test_what_is_ambiguous_stays_a_text() -> None:
    assert book_of_rows([["1.234", "5"]])["Table 1"]["A1"].value == "1.234"
    assert book_of_rows([["1.234", "0,5"]])["Table 1"]["A1"].value == 1234
    assert book_of_rows([["1.234", "0.5"]])["Table 1"]["A1"].value == 1.234


def test_a_number_with_too_many_digits_stays_a_text() -> None:
    sheet = book_of_rows([["123456789012345", "1234567890123456"]])["Table 1"]
    assert sheet["A1"].value == 123456789012345
    assert sheet["B1"].value == "1234567890123456"


def test_a_text_is_never_a_formula() -> None:
    sheet = book_of_rows([["=1+1", "+2-1", "-3"]])["Table 1"]
    assert [sheet.cell(1, i).data_type for i in (1, 2, 3)] == ["s", "s", "n"]
    assert sheet["A1"].value == "=1+1"
    assert sheet["A1"].quotePrefix
    assert sheet["B1"].quotePrefix


def test_a_doubtful_cell_is_coloured_and_says_the_runner_up() -> None:
    sheet = book_of_rows([["3?", "4", "12?"]])["Table 1"]
    assert sheet["A1"].fill.start_color.rgb == f"00{PARAMS.doubtful}"
    assert sheet["A1"].comment.text == "60 % sure; would be 7, 40 %"
    assert sheet["C1"].comment.text == "2 (sign 2): 60 % sure; would be 7, 40 %"
    assert sheet["B1"].comment is None
    assert sheet["B1"].fill.fill_type is None


def test_what_looks_like_no_digit_has_a_colour_of_its_own() -> None:
    reading = table_reading([["3?"]])
    glyph = replace(reading.glyphs[0], rejected=True)
    assert doubt_of([glyph]) == "not a digit? would be 3, 60 %"
    book = book_of(Result("a.png", replace(reading, glyphs=(glyph,))))
    assert book["Table 1"]["A1"].fill.start_color.rgb == f"00{PARAMS.rejected}"


def test_a_mark_without_another_guess_says_how_sure_it_is() -> None:
    glyph = table_reading([["3?"]]).glyphs[0]
    assert doubt_of([replace(glyph, guesses=glyph.guesses[:1])]) == "60 % sure"
    assert doubt_of([glyph.confirmed_as("3")]) == ""


def test_a_merged_cell_stays_one() -> None:
    reading = table_reading([["1", "2"], ["3", "4"]])
    low = reading.tables[0].cells[2:]
    wide = TableCell(0, 0, ((0, 0), (400, 0), (400, 30), (0, 30)), column_span=2)
    merged = replace(reading, tables=(Table(2, 2, (wide, *low)),))
    sheet = book_of(Result("a.png", merged))["Table 1"]
    assert [str(each) for each in sheet.merged_cells.ranges] == ["A1:B1"]
    assert sheet["A1"].value in (12, "1 2")
    assert sheet["B2"].value == 4


def test_a_picture_without_a_table_gives_its_lines() -> None:
    lines = replace(table_reading([["12", "3"], ["1.234,5", ""]]), tables=())
    book = book_of(Result("a.png", lines))
    assert book.sheetnames == ["Lines"]
    assert [row[0].value for row in book["Lines"].rows] == ["12 3", 1234.5]


def test_lines_beside_a_table_have_a_sheet_of_their_own() -> None:
    book = book_of(Result("a.png", table_reading([["1"]], (0, 40), before="2026")))
    assert book.sheetnames == ["Table 1", "Lines"]
    assert book["Lines"]["A1"].value == 2026


def test_a_blank_picture_is_an_empty_sheet() -> None:
    assert book_of(Result("a.png", Reading())).sheetnames == ["Lines"]


def test_one_table_alone_is_written_if_it_is_there() -> None:
    two = table_reading([["1"]], before="5")
    both = replace(two, tables=two.tables * 2)
    assert book_of(Result("a.png", both), number=2).sheetnames == ["Table 2"]
    with pytest.raises(TableMissing, match=r"a\.png: there is no table 3 in it; tables found: 2"):
        Workbook(number=3).add(Result("a.png", both))


def test_sheets_of_several_files_are_told_apart() -> None:
    reading = table_reading([["1"]])
    names = ["a/one.png", "b/ONE.png", "[x]*:?.png", f"{'long' * 20}.png"]
    book = book_of(*(Result(name, reading) for name in names), is_of_one=False)
    assert book.sheetnames == [
        "one Table 1",
        "ONE Table 1 (2)",
        "_x____ Table 1",
        "longlonglonglonglonglon Table 1",
    ]


def test_sheets_of_several_pages_say_which() -> None:
    reading = table_reading([["1"]])
    results = [Result("a.pdf", reading, page=p, pages=2, is_last=p == 2) for p in (1, 2)]
    assert book_of(*results).sheetnames == ["Page 1 Table 1", "Page 2 Table 1"]
    assert book_of(*results, number=2).sheetnames == ["Page 2 Table 1"]


def test_an_error_has_no_sheet() -> None:
    book = Workbook()
    book.add(Result("no.png", error=FileMissing(name="no.png")))
    assert book.is_empty


def test_what_xml_cannot_hold_is_replaced() -> None:
    reading = table_reading([["3"]])
    glyph = reading.glyphs[0].confirmed_as("a\x00b")
    book = book_of(Result("a.png", replace(reading, glyphs=(glyph,))))
    assert book["Table 1"]["A1"].value == "a\ufffdb"


def test_openpyxl_is_imported_only_when_a_workbook_is_made() -> None:
    code = "import sys, inkread.core.batch.workbook; print('openpyxl' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
