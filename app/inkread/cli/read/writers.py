"""Results as lines, CSV or JSON, written one by one so that memory stays bounded."""

from __future__ import annotations

from typing import BinaryIO

from inkread.cli.common.streams import printable, report
from inkread.core.batch.result_formats import CsvWriter, JsonWriter, Result, Writer
from inkread.core.encoding import encoded


def writer(format_name: str, stream: BinaryIO) -> Writer:
    """The writer of ``plain``, ``csv`` or ``json`` to `stream`."""
    makers: dict[str, type[PlainWriter] | type[CsvWriter] | type[JsonWriter]] = {
        "plain": PlainWriter,
        "csv": CsvWriter,
        "json": JsonWriter,
    }
    return makers[format_name](stream)


class PlainWriter:
    """``path<TAB>text``, a line for each file; errors and doubts go to standard error."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def begin(self) -> None:
        pass

    def write(self, result: Result) -> None:
        if (reading := result.reading) is None:
            report(str(result.error))
            return
        text = " / ".join(printable(line) for line in reading.text.split("\n"))
        self._stream.write(encoded(f"{printable(result.path)}\t{text}\n"))
        self._stream.flush()
        if rejected := len(reading.rejected):
            look = "looks" if rejected == 1 else "look"
            report(f"{result.path}: {rejected} of {len(reading.glyphs)} {look} like no digit.")

    def end(self) -> None:
        pass
