"""Results as CSV or JSON, written one by one so that memory stays bounded."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from inkread.core.encoding import decoded, encoded
from inkread.core.errors import InkreadError
from inkread.core.reading import Reading, rounded

#: The last three count glyphs: those that look like no digit, all, and the doubtful ones.
CSV_COLUMNS = ("file", "text", "confidence", "error", "rejected", "glyphs", "doubtful")

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
    """The result for one file.

    Attributes
    ----------
    path : str
        The file.
    reading : Reading or None
        None if there is an error.
    error : InkreadError or None
        Why there is no reading.
    """

    path: str
    reading: Reading | None = None
    error: InkreadError | None = None


class Writer(Protocol):
    """Takes results one by one."""

    def begin(self) -> None: ...

    def write(self, result: Result) -> None: ...

    def end(self) -> None: ...


def csv_line(*values: object) -> bytes:
    """One row, quoted as in RFC 4180."""
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return encoded(line.getvalue())


class CsvWriter:
    """A row for each file, as `CSV_COLUMNS`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def begin(self) -> None:
        self._row(*CSV_COLUMNS)

    def write(self, result: Result) -> None:
        error = "" if result.error is None else str(result.error)
        reading = result.reading or Reading()
        counts = len(reading.rejected), len(reading.glyphs), len(reading.doubtful)
        self._row(result.path, reading.text, rounded(reading.confidence), error, *counts)

    def end(self) -> None:
        pass

    def _row(self, *values: object) -> None:
        self._stream.write(csv_line(*values))
        self._stream.flush()


class JsonWriter:
    """One list, an object on a line for each file."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._separator = b"\n"

    def begin(self) -> None:
        self._stream.write(b"[")

    def write(self, result: Result) -> None:
        line = json.dumps(_as_json(result), ensure_ascii=False)
        # A byte of a file name that is no UTF-8 is a lone surrogate here; its escape is JSON.
        self._stream.write(self._separator + line.encode(errors="backslashreplace"))
        self._stream.flush()
        self._separator = b",\n"

    def end(self) -> None:
        self._stream.write(b"\n]\n")
        self._stream.flush()


def as_file(name: str, reading: Reading, format_name: str) -> bytes:
    """The content of a file that holds one reading.

    Parameters
    ----------
    name : str
        What was read.
    reading : Reading
        The reading.
    format_name : str
        ``txt``: the text alone; ``csv`` and ``json``: as the command line writes them.
    """
    if format_name == "txt":
        return encoded(f"{reading.text}\n")
    stream = io.BytesIO()
    writer = CsvWriter(stream) if format_name == "csv" else JsonWriter(stream)
    writer.begin()
    writer.write(Result(name, reading))
    writer.end()
    return stream.getvalue()


def _as_json(result: Result) -> dict[str, object]:
    content = (result.reading or Reading()).to_dict()
    return {
        "file": decoded(result.path),
        "text": content["text"],
        "confidence": content["confidence"],
        "error": None if result.error is None else decoded(str(result.error)),
        "glyphs": [{key: glyph[key] for key in GLYPH_KEYS} for glyph in content["glyphs"]],
    }
