"""Read CSV with one sample per row, its label first, as on Kaggle; with or without a header."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkread.core.errors import DataEmpty, DataMisshapen, DataTooLarge, LabelsMissing
from inkread.core.files import MEGABYTE
from inkread.core.reading import Grey
from inkread.core.spreadsheets import as_it_was
from inkread.ml.datasets.arrays import (
    MAX_BYTES,
    MAX_SIDE,
    bright_on_dark,
    decode_errors,
    scale_of,
)
from inkread.ml.datasets.dataset import Dataset, Loader, Loading, Skipped, Unit
from inkread.ml.datasets.idx import open_decompressed
from inkread.ml.datasets.labels import clean, fault, from_texts

_ROWS = 1000
#: Maximum length of a row, enough for the largest pictures.
_MAX_ROW_BYTES = MAX_SIDE * MAX_SIDE * 12
_COLUMN_NAMES = ("label", "class", "target", "y", "digit")
Values = NDArray[np.int32] | NDArray[np.float32]


@dataclass
class _Table:
    """Rows that have been read; the first ones that are not blank determine the scale."""

    name: str
    pixels: int
    labels: list[str] = field(default_factory=list)
    chunks: list[NDArray[np.uint8]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    scale: float = 0.0

    def add(self, labels: list[str], values: Values) -> None:
        high = float(values.max())
        if not self.scale and high:
            self.scale = scale_of(0, high, self.name)
        if high * self.scale > 255:
            reason = f"after values from 0 to {255 / self.scale:g} there is one of {high:g}"
            raise DataMisshapen(name=self.name, reason=reason)
        self.chunks.append(np.rint(values * np.float32(self.scale)).astype(np.uint8))
        self.labels += labels
        if len(self.labels) * self.pixels > MAX_BYTES:
            raise DataTooLarge(name=self.name, limit=MAX_BYTES // MEGABYTE)

    def cells(self) -> Grey:
        side = math.isqrt(self.pixels)
        return bright_on_dark(np.concatenate(self.chunks).reshape(-1, side, side))


def read_table(path: Path) -> Loader:
    """Load a CSV file, plain or gzipped, separated by commas, semicolons or tabs.

    Invalid rows are skipped.

    Raises
    ------
    DataEmpty, DataMisshapen, DataTooLarge, LabelsMissing, DataDamaged, FileMissing, ...
    """
    name = str(path)
    with (
        decode_errors(name),
        open_decompressed(path) as stream,
        io.TextIOWrapper(stream, "utf-8-sig", errors="replace") as text,
    ):
        rows = _rows(text, name)
        number, first = next(rows, (0, ""))
        separator = _separator(first)
        fields = [clean(item.strip().strip('"')) for item in first.split(separator)]
        table = _Table(name, _pixels(fields, name))
        rest = rows if _is_header(fields, name) else chain([(number, first)], rows)
        while piece := list(islice(rest, _ROWS)):
            _add_rows(table, piece, separator, path.name)
            yield Loading(name, len(table.labels), 0, Unit.SAMPLES)
        if not table.labels:
            reason = f"{table.skipped[0].name}: {table.skipped[0].reason}" if table.skipped else ""
            raise DataEmpty(name=name, reason=reason or "it has no rows")
        cells = table.cells()
        targets, labels = from_texts(table.labels, name)
    return Dataset(cells, targets, labels, (path.name,), tuple(table.skipped))


def _rows(text: io.TextIOWrapper, name: str) -> Iterator[tuple[int, str]]:
    """Rows that are not empty, with their row numbers from 1."""
    number = 0
    while row := text.readline(_MAX_ROW_BYTES + 1):
        number += 1
        if len(row) > _MAX_ROW_BYTES:
            raise DataMisshapen(name=name, reason=f"row {number} is too long")
        if stripped := row.strip():
            yield number, stripped


def _separator(row: str) -> str:
    return max(",;\t", key=row.count)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_header(fields: list[str], name: str) -> bool:
    """Whether the first row names the columns.

    Raises
    ------
    LabelsMissing
        If it shows that the first column is not the label.
    """
    lower = [text.lower() for text in fields]
    if all(_is_number(text) for text in fields[1:]):
        return lower[0] in _COLUMN_NAMES  # above columns that are named 0, 1, 2, ...
    if lower[0].startswith("pixel") or "label" in lower[1:]:
        raise LabelsMissing(name=name, reason="the first column is not the label")
    return True


def _pixels(fields: list[str], name: str) -> int:
    """Count of pixels in a row.

    Raises
    ------
    LabelsMissing, DataEmpty, DataMisshapen
    """
    if fields == [""]:
        raise DataEmpty(name=name, reason="the file is empty")
    pixels = len(fields) - 1
    side = math.isqrt(pixels)
    if side * side == pixels and 2 <= side <= MAX_SIDE:
        return pixels
    whole = math.isqrt(len(fields))
    if whole * whole == len(fields) and whole >= 2:
        raise LabelsMissing(name=name, reason=f"its rows are just {whole} x {whole} pixels")
    reason = f"{pixels} values after the label are no square of 2 to {MAX_SIDE} pixels a side"
    raise DataMisshapen(name=name, reason=reason)


def _add_rows(table: _Table, rows: list[tuple[int, str]], separator: str, name: str) -> None:
    """Add rows all at once, or one by one if any of them is invalid."""
    try:
        table.add(*_parsed(rows, separator, table.pixels))
    except ValueError as error:
        if len(rows) == 1:
            reason = str(error) if isinstance(error, _BadRow) else "its values are no numbers"
            table.skipped.append(Skipped(f"{name}, row {rows[0][0]}", reason))
            return
        for row in rows:
            _add_rows(table, [row], separator, name)


class _BadRow(ValueError):
    """Why a row is invalid."""


def _parsed(rows: list[tuple[int, str]], separator: str, pixels: int) -> tuple[list[str], Values]:
    """Labels and values of rows.

    Raises
    ------
    ValueError
        If one of the rows is invalid.
    """
    pairs = [row.partition(separator)[::2] for _, row in rows]
    labels = [_label(text) for text, _ in pairs]
    lines = [values for _, values in pairs]
    for line in lines:
        if (count := line.count(separator) + 1) != pixels:
            raise _BadRow(f"it has {count} values, not {pixels}")
    values: Values
    try:
        values = np.loadtxt(lines, np.int32, delimiter=separator, comments=None, ndmin=2)
    except ValueError:
        values = np.loadtxt(lines, np.float32, delimiter=separator, comments=None, ndmin=2)
    if not (values.min() >= 0 and values.max() <= 255):
        raise _BadRow("its values are not from 0 to 255")
    return labels, values


def _label(text: str) -> str:
    label = as_it_was(clean(text.strip().strip('"')))
    if _is_number(label) and float(label).is_integer():
        label = str(int(float(label)))
    if (reason := fault(label)) is not None:
        raise _BadRow(reason)
    return label
