"""Results as lines, CSV or JSON, written one by one so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterable

from tqdm import tqdm

from inkread.cli.common.progress_bars import bar
from inkread.cli.common.streams import report
from inkread.core.batch.result_formats import CSV, JSON, RAW_CSV, Format, Result
from inkread.core.batch.workbook import Workbook
from inkread.core.encoding import encoded
from inkread.core.escapes import one_line
from inkread.core.tables.cell_map import CellMap


def _plain_row(result: Result) -> bytes:
    if result.reading is None:
        return b""
    text = " / ".join(one_line(line) for line in result.reading.text.split("\n"))
    return encoded(f"{one_line(result.title)}\t{text}\n")


def remark(result: Result) -> None:
    """Report the error of a file, or how much of it is doubtful, on standard error."""
    remark_notes(result)
    if (reading := result.reading) is None:
        report(str(result.error))
    elif rejected := len(reading.rejected):
        look = "looks" if rejected == 1 else "look"
        report(f"{result.title}: {rejected} of {len(reading.glyphs)} {look} like no digit.")


def remark_notes(result: Result) -> None:
    """Report on standard error what was left out, turned or mended, on one line."""
    if result.reading is not None and result.reading.notes:
        report(f"{result.title}: {' '.join(result.reading.notes)}")


def remark_lines_beside(result: Result) -> None:
    """Report on standard error how many lines stand in no table, and so are left out."""
    if result.reading is None or not result.reading.tables:
        return
    if count := len(CellMap(result.reading).lines_beside()):
        lines = "1 line stands" if count == 1 else f"{count} lines stand"
        report(f"{result.title}: {lines} in no table, left out here; --json has all.")


def fill(book: Workbook, results: Iterable[Result], count: int) -> int:
    """Add results to a workbook as they come, and report what is wrong with them.

    Parameters
    ----------
    book : Workbook
        Which is written when all are in it.
    results : iterable of Result
        They are `count` at most.
    count : int
        For the progress bar.

    Returns
    -------
    int
        How many files could not be read.
    """
    failed = 0
    with bar(count, unit=" files") as shown:
        for result in results:
            book.add(result)
            with tqdm.external_write_mode():
                remark(result)
            failed += result.error is not None
            shown.update(result.is_last)
    return failed


#: ``path<TAB>text``, a line for each file that could be read; `remark` says the rest.
PLAIN = Format(_plain_row)
FORMATS = {"plain": PLAIN, "csv": CSV, "raw csv": RAW_CSV, "json": JSON}
