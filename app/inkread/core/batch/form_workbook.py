"""The forms of many files as one sheet of a workbook, XLSX."""

from __future__ import annotations

import io

from inkread.core.batch.form_results import FormResult, columns_of
from inkread.core.batch.workbook import PARAMS as LOOK
from inkread.core.batch.workbook import put_text, put_value, widen, writer_of
from inkread.core.forms.template import Template

#: Rows of headings.
_HEAD = 1


def form_workbook(results: list[FormResult], template: Template) -> bytes:
    """The content of an XLSX file: a row for each result, numbers as numbers, doubt in colour.

    Parameters
    ----------
    results : list of FormResult
        In the order of the rows.
    template : Template
        Whose fields are the columns.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Forms"
    for column, heading in enumerate(columns_of(template), start=1):
        put_text(sheet, 1, column, heading).font = Font(bold=True)
    sheet.freeze_panes = "B2"
    for index in range(len(template.fields)):
        found = [r.reading.fields[index] if r.reading else None for r in results]
        put = writer_of([each.glyphs for each in found if each])
        for row, each in enumerate(found, start=_HEAD + 1):
            if each is not None:
                if each.typed is None:
                    put(sheet, row, 3 + index, each.glyphs)
                else:
                    put_value(sheet, row, 3 + index, each.typed)
                if each.is_doubtful and each.notes:
                    cell = sheet.cell(row, 3 + index)
                    cell.fill = PatternFill("solid", start_color=LOOK.doubtful)
    last = 3 + len(template.fields)
    for row, result in enumerate(results, start=_HEAD + 1):
        put_text(sheet, row, 1, result.path)
        if result.page is not None:
            sheet.cell(row, 2).value = result.page
        doubtful = result.reading.doubtful if result.reading else ()
        put_text(sheet, row, last, "; ".join(field.name for field in doubtful))
        put_text(sheet, row, last + 1, " ".join(result.notes))
        put_text(sheet, row, last + 2, "" if result.error is None else str(result.error))
        if result.reading is not None:
            sheet.cell(row, last + 3).value = round(result.reading.fit, 3)
    widen(sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
