"""Read handwritten amounts on bank cheques, as ORAND-CAR-A labels them.

A folder holds pictures and ``labels.csv`` with the columns ``file``, ``digits`` (from left to
right, without the other signs that the picture shows) and boxes, ``x:y:width:height`` of each
digit, px of the picture, separated by spaces. Diem et al., "ICFHR 2014 competition on handwritten
digit string recognition in challenging datasets".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from inkread.core.errors import DataDamaged, DataEmpty
from inkread.core.files import MEGABYTE, read_file
from inkread.core.geometry import Box
from inkread.core.picture.page import open_page
from inkread.core.reading import Grey
from inkread.ml.datasets.dataset import Loading, Unit

TABLE = "labels.csv"
#: Bytes; chosen: 500,000 cheques.
_MAX_TABLE = 32 * MEGABYTE
#: Bytes of one picture; chosen: a hundred times the largest of ORAND-CAR-A.
_MAX_PICTURE = MEGABYTE
_COLUMNS = 3
_BOX = re.compile(r"(\d{1,5}):(\d{1,5}):([1-9]\d{0,4}):([1-9]\d{0,4})", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_REPORT_INTERVAL = 50


@dataclass(frozen=True, slots=True, eq=False)
class Cheque:
    """The amount on one cheque.

    Attributes
    ----------
    name : str
        Of its file, without a folder.
    image : (h, w) array of uint8, read-only
        Dark ink on a light background.
    digits : str
        From left to right.
    boxes : tuple of Box
        Of each digit, px; a few are loose.
    """

    name: str
    image: Grey
    digits: str
    boxes: tuple[Box, ...]


def read_cheques(folder: Path, test: int = 0) -> Generator[Loading, None, tuple[Cheque, ...]]:
    """Load a folder of cheques, sorted by name.

    Parameters
    ----------
    folder : Path
        With ``labels.csv``.
    test : int
        The last cheques by name, which are not loaded, as they are kept for figures.

    Yields
    ------
    Loading

    Returns
    -------
    tuple of Cheque

    Raises
    ------
    DataDamaged, DataEmpty
        If the table has another structure, or no cheques.
    FileMissing, PictureDamaged, ...
        If a file cannot be read.
    """
    table = folder / TABLE
    rows = sorted(_rows(read_file(table, _MAX_TABLE), str(table)))
    chosen = rows[: max(0, len(rows) - test)]
    if not chosen:
        raise DataEmpty(name=str(table), reason=f"it lists {len(rows)} cheques, {test} are kept")
    cheques = []
    for done, (name, digits, boxes) in enumerate(chosen):
        path = folder / name
        image = open_page(read_file(path, _MAX_PICTURE), str(path)).grey
        cheques.append(Cheque(name, image, digits, boxes))
        if done % _REPORT_INTERVAL == 0:
            yield Loading(str(folder), done, len(chosen), Unit.FILES)
    return tuple(cheques)


_Row = tuple[str, str, tuple[Box, ...]]


def _rows(data: bytes, name: str) -> list[_Row]:
    """Name, digits and boxes of each cheque; the first line holds the columns' names."""
    lines = csv.reader(data.decode("utf-8-sig", "replace").splitlines())
    try:
        return [_row(row) for number, row in enumerate(lines) if number and row]
    except (ValueError, csv.Error) as error:
        reason = f"{TABLE}, line {lines.line_num}: {error}"
        raise DataDamaged(name=name, reason=reason) from None


def _row(row: Sequence[str]) -> _Row:
    if len(row) != _COLUMNS:
        raise ValueError(f"{len(row)} columns, not {_COLUMNS}")
    name, digits, boxes = row
    if not name or Path(name).name != name or "\\" in name:
        raise ValueError(f"{name!r} is no name without a folder")
    if not _DIGITS.fullmatch(digits):
        raise ValueError(f"{digits!r} are no digits")
    found = tuple(_box(text) for text in boxes.split())
    if len(found) != len(digits):
        raise ValueError(f"{len(found)} boxes for {len(digits)} digits")
    return name, digits, found


def _box(text: str) -> Box:
    match = _BOX.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no box x:y:width:height")
    x, y, width, height = (float(group) for group in match.groups())
    return Box(x, y, width, height)
