"""Results as lines, CSV or JSON, written one by one so that memory stays bounded."""

from __future__ import annotations

from inkread.cli.common.streams import report
from inkread.core.batch.result_formats import CSV, JSON, RAW_CSV, Format, Result
from inkread.core.encoding import encoded
from inkread.core.escapes import one_line


def _plain_row(result: Result) -> bytes:
    if result.reading is None:
        return b""
    text = " / ".join(one_line(line) for line in result.reading.text.split("\n"))
    return encoded(f"{one_line(result.path)}\t{text}\n")


def remark(result: Result) -> None:
    """Report the error of a file, or how much of it is doubtful, on standard error."""
    remark_partial(result)
    if (reading := result.reading) is None:
        report(str(result.error))
    elif rejected := len(reading.rejected):
        look = "looks" if rejected == 1 else "look"
        report(f"{result.path}: {rejected} of {len(reading.glyphs)} {look} like no digit.")


def remark_partial(result: Result) -> None:
    """Report on standard error if part of a page was left out."""
    if result.reading is not None and result.reading.is_partial:
        report(
            f"{result.path}: there is more on it than is read at once, so that some was left out; "
            "cut it into parts and read each."
        )


#: ``path<TAB>text``, a line for each file that could be read; `remark` says the rest.
PLAIN = Format(_plain_row)
FORMATS = {"plain": PLAIN, "csv": CSV, "raw csv": RAW_CSV, "json": JSON}
