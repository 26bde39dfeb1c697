"""Results as CSV or JSON, row by row so that memory stays bounded."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from inkread.core.encoding import decoded, encoded
from inkread.core.errors import InkreadError
from inkread.core.escapes import json_escaped
from inkread.core.picture.page import page_title
from inkread.core.reading import Reading, rounded
from inkread.core.spreadsheets import inert

#: Three count glyphs: those that look like no digit, all, and the doubtful ones.
CSV_COLUMNS = ("file", "text", "confidence", "error", "rejected", "glyphs", "doubtful", "page")

#: The keys of a glyph in `Reading.to_dict` that JSON output has too.
GLYPH_KEYS = (
    "label",
    "probability",
    "rejected",
    "mark",
    "confirmed",
    "probabilities",
    "box",
    "line",
)


@dataclass(frozen=True, slots=True)
class Result:
    """The result for one page of a file, or for a file.

    Attributes
    ----------
    path : str
        The file.
    reading : Reading or None
        None if there is an error.
    error : InkreadError or None
        Why there is no reading.
    page : int or None
        Which page, from 1 on; None: the file could not be opened.
    pages : int
        How many the file has.
    is_last : bool
        Whether it is the last result for the file.
    """

    path: str
    reading: Reading | None = None
    error: InkreadError | None = None
    page: int | None = None
    pages: int = 1
    is_last: bool = True

    @property
    def title(self) -> str:
        """The path, with the page if there are several."""
        return self.path if self.page is None else page_title(self.path, self.page, self.pages)


@dataclass(frozen=True, slots=True)
class Format:
    """A form of results: what stands before, between and behind their rows, and each row.

    `has_tables_alone`: of a reading with tables, what stands in none is left out.
    """

    row: Callable[[Result], bytes]
    head: bytes = b""
    separator: bytes = b""
    tail: bytes = b""
    has_tables_alone: bool = False


def csv_line(*values: object, raw: bool = False) -> bytes:
    """One row, quoted as in RFC 4180; no text of it is a formula, unless `raw`."""
    cells = (inert(v) if isinstance(v, str) and not raw else v for v in values)
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return encoded(line.getvalue())


def csv_row(result: Result, raw: bool = False) -> bytes:
    """The row of a file, as `CSV_COLUMNS`."""
    error = "" if result.error is None else str(result.error)
    reading = result.reading or Reading()
    counts = len(reading.rejected), len(reading.glyphs), len(reading.doubtful)
    facts = rounded(reading.confidence), error, *counts, result.page or ""
    return csv_line(result.path, reading.text, *facts, raw=raw)


def _json_row(result: Result) -> bytes:
    content = (result.reading or Reading()).to_dict()
    row = {
        "file": decoded(result.path),
        "page": result.page,
        "text": content["text"],
        "confidence": content["confidence"],
        "tables": content["tables"],
        "notes": content["notes"],
        "type": content["type"],
        "fits": content["fits"],
        "partial": content["partial"],
        "error": None if result.error is None else decoded(str(result.error)),
        "glyphs": [{key: glyph[key] for key in GLYPH_KEYS} for glyph in content["glyphs"]],
    }
    return b"\n" + json_escaped(json.dumps(row, ensure_ascii=False)).encode()


#: A row for each file, as `CSV_COLUMNS`.
CSV = Format(csv_row, csv_line(*CSV_COLUMNS))
#: The same for programs: texts that a spreadsheet would take for formulas are left as they are.
RAW_CSV = Format(partial(csv_row, raw=True), CSV.head)
#: One list, an object on a line for each file.
JSON = Format(_json_row, b"[", b",", b"\n]\n")


def as_file(name: str, reading: Reading, format_name: str, page: int = 1) -> bytes:
    """The content of a file that holds one reading.

    Parameters
    ----------
    name : str
        What was read.
    reading : Reading
        The reading.
    format_name : str
        ``txt``: the text alone; ``csv`` and ``json``: as the command line writes them.
    page : int
        Which page it was, from 1 on.
    """
    if format_name == "txt":
        return encoded(f"{reading.text}\n")
    form = CSV if format_name == "csv" else JSON
    return form.head + form.row(Result(name, reading, page=page)) + form.tail
