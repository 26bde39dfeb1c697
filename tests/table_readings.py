"""Readings with tables, made up: nothing is on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from inkread.core.geometry import Box, mapped
from inkread.core.line_labels import SIGNS
from inkread.core.reading import Glyph, Guess, Reading, Seen, Stage, StageName
from inkread.core.table import Table, TableCell

WIDTH, HEIGHT = 200, 30
"""Of a cell, px."""
SIGN = 10
"""Width of a sign and the gap behind it, px."""


def written(label: str, box: Box, line: int = 0, doubtful: bool = False) -> Glyph:
    """A glyph that is read with 99 %, or with 60 %: then a 7 has 40 %."""
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 12:16] = 255
    share = 0.6 if doubtful else 0.99
    guesses = (Guess(label, share), Guess("7", 1 - share))
    stages = (Stage(StageName.CELL, picture),)
    cell = (picture / np.float32(255)).astype(np.float32)
    return Glyph(box, line, guesses, cell, stages, is_mark=label in SIGNS)


def table_reading(
    rows: Sequence[Sequence[str]],
    at: tuple[float, float] = (0, 0),
    *,
    before: str = "",
    **of_table: bool,
) -> Reading:
    """A table of texts, read row by row; a ``?`` behind a sign makes it doubtful.

    Parameters
    ----------
    rows : sequence of sequences of str
        All of the same length.
    at : (float, float)
        Its upper left corner, px.
    before : str
        A line that stands above the table.
    **of_table : bool
        Further attributes of `Table`.
    """
    glyphs = list(_line(before, at[0], at[1] - HEIGHT, 0))
    cells = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            x, y = at[0] + WIDTH * column, at[1] + HEIGHT * row
            corners = ((x, y), (x + WIDTH, y), (x + WIDTH, y + HEIGHT), (x, y + HEIGHT))
            cells.append(TableCell(row, column, corners))
            own = _line(text, x, y, row + bool(before))
            is_first = not glyphs or glyphs[-1].line != row + bool(before)
            if own and not is_first:
                own[0] = replace(own[0], after_space=True)
            glyphs += own
    table = Table(len(rows), len(rows[0]), tuple(cells), **of_table)
    return Reading(tuple(glyphs), tables=(table,), seen=Seen())


def _line(text: str, x: float, y: float, line: int) -> list[Glyph]:
    found: list[Glyph] = []
    place, spaced = x + 4, False
    for i, sign in enumerate(text):
        if sign == "?":
            continue
        if sign == " ":
            place, spaced = place + SIGN, True
            continue
        is_doubtful = text[i + 1 : i + 2] == "?"
        glyph = written(sign, Box(place, y + 6, 8, 18), line, is_doubtful)
        found.append(replace(glyph, after_space=spaced and bool(found)))
        place, spaced = place + SIGN, False
    return found


def lying(reading: Reading, width: float) -> Reading:
    """The same on a page that lies on its side: turned by a quarter when it was read.

    Parameters
    ----------
    reading : Reading
        As it is read, upright.
    width : float
        Width of the file, px.
    """
    matrix = np.array([[0.0, -1.0, width], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])

    def there(x: float, y: float) -> tuple[float, float]:
        return float(width - y), float(x)

    boxes = mapped(matrix, [glyph.box for glyph in reading.glyphs])
    tables = tuple(
        replace(
            table,
            cells=tuple(
                replace(cell, corners=tuple(there(*corner) for corner in cell.corners))
                for cell in table.cells
            ),
        )
        for table in reading.tables
    )
    rows = tuple(tuple(map(float, row)) for row in matrix)
    return replace(
        reading,
        glyphs=tuple(replace(g, box=b) for g, b in zip(reading.glyphs, boxes, strict=True)),
        tables=tables,
        seen=Seen(quarters=1, matrix=rows),
    )
