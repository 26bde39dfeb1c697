"""Results on standard output: lines, tables, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inkread.cli.common.streams import standard_output
from inkread.core.encoding import encoded
from inkread.core.escapes import json_escaped, one_line


def write_lines(lines: Iterable[str]) -> None:
    """Each text on one line, whatever it holds."""
    _write(b"".join(encoded(f"{one_line(line)}\n") for line in lines))


def write_table(rows: Sequence[Sequence[str]]) -> None:
    """Rows with aligned columns."""
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    cells = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    write_lines("  ".join(row).rstrip() for row in cells)


def write_json(value: object) -> None:
    """Indented JSON; everything hidden is an escape of JSON."""
    import json  # only here: every start imports this

    text = json.dumps(value, indent=1, ensure_ascii=False)
    _write("".join(f"{json_escaped(line)}\n" for line in text.split("\n")).encode())


def _write(data: bytes) -> None:
    with standard_output() as stream:
        stream.write(data)
