from __future__ import annotations

import io

from openpyxl import load_workbook

from inkread.core.batch.form_results import FormResult
from inkread.core.batch.form_workbook import form_workbook
from inkread.core.errors import FileMissing
from tests.core.batch.test_form_results import reading, small_template


def test_a_row_is_a_file_and_numbers_are_numbers() -> None:
    results = [
        FormResult("a.png", reading(), page=1),
        FormResult("=b.png", error=FileMissing(name="=b.png")),
    ]
    data = form_workbook(results, small_template())
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("file", "page", "number", "total", "doubtful", "notes", "error", "fit")
    assert rows[1][:5] == ("a.png", 1, 42, 7, "total")
    assert rows[2][0] == "=b.png"
    assert rows[2][2] is None
    assert "no such file" in str(rows[2][6])
    assert sheet["A3"].data_type == "s"


def test_doubt_is_coloured_with_the_runner_up_in_a_comment() -> None:
    data = form_workbook([FormResult("a.png", reading(), page=1)], small_template())
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet["C2"].comment is None
    assert sheet["D2"].fill.start_color.rgb.endswith("FFEB9C")
    assert "would be 0, 40 %" in sheet["D2"].comment.text
