"""Small pages with a table: written digits in a ruled grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkread.core.ink import Stroke, draw_strokes
from inkread.core.reading import Grey
from inkread.core.tables.grid import Grid, GridCell
from tests.written import write

#: Height of the digits over that of a row.
_DIGIT = 0.55


def drawn_table(
    rows: Sequence[Sequence[str]],
    width: float = 80,
    height: float = 60,
    margin: float = 40,
    line: float = 2,
) -> tuple[Grey, Grid]:
    """A page with a table, dark on light, and its grid; each text stands in the middle."""
    count, columns = len(rows), len(rows[0])
    x = margin + width * np.arange(columns + 1)
    y = margin + height * np.arange(count + 1)
    size = round(y[-1] + margin), round(x[-1] + margin)
    ends = [((a, y[0]), (a, y[-1])) for a in x] + [((x[0], b), (x[-1], b)) for b in y]
    paths = [np.array(each, np.float32) for each in ends]
    widths = [line] * len(paths)
    page = np.asarray(255 - draw_strokes(size, paths, widths), np.uint8)
    for r, texts in enumerate(rows):
        for c, text in enumerate(texts):
            write_on(page, text, (x[c] + width / 2, y[r] + height / 2), _DIGIT * height)
    return page, grid_of(x, y, line)


def write_on(page: Grey, text: str, middle: tuple[float, float], height: float) -> None:
    """Write a text around a place of a page."""
    if not text:
        return
    paths = placed(write(text, height=height, width=4).strokes, middle)
    ink = draw_strokes((page.shape[0], page.shape[1]), paths, [4.0] * len(paths))
    np.minimum(page, 255 - ink, out=page)


def placed(
    strokes: Sequence[Stroke], middle: tuple[float, float]
) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    """The points of strokes moved so that their middle is at a place."""
    points = np.concatenate([stroke.points for stroke in strokes])
    shift = np.array(middle, np.float32) - (points.min(axis=0) + points.max(axis=0)) / 2
    return [np.asarray(stroke.points + shift, np.float32) for stroke in strokes]


def grid_of(x: np.ndarray, y: np.ndarray, line: float = 2) -> Grid:
    """An upright grid with a line between all nodes."""
    nodes = np.stack(np.meshgrid(x, y), axis=-1).astype(np.float32)
    rows, columns = len(y) - 1, len(x) - 1
    cells = tuple(GridCell(r, c) for r in range(rows) for c in range(columns))
    level, upright = np.ones((rows + 1, columns), np.bool_), np.ones((rows, columns + 1), np.bool_)
    return Grid(nodes, cells, line, level, upright)
