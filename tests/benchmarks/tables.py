"""Cells of synthetic tables, sudokus, comb fields and forms: which are read right.

    python -m tests.benchmarks.tables [--strengths low medium high] [--kinds ...] [--seeds 5]

`tests/synthetic_tables.py` makes the pages. A written cell is right if the reading has a table with
a cell at its place that holds its text; an empty one if no glyph stands there. "Silent" are cells
that are wrong without doubt. For comparison, rows: how many rows of the grids are lines of the
reading, with the tables and, in the same run, with the page read as if it had none.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import cv2
import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.generators import finished
from inkread.core.picture.page import page_of
from inkread.core.reading import Glyph, Reading, cell_text
from inkread.core.recognition.read_page import read_page, reading_without_tables
from inkread.data.paths import bundled
from tests.benchmarks.corpus import argument_parser, reader_of
from tests.synthetic_tables import KINDS, STRENGTHS, WITHOUT, TrueCell, TrueGrid, make_page


@dataclass
class Score:
    """Counts of cells and rows."""

    written: int = 0
    right: int = 0
    empty: int = 0
    blank: int = 0
    silent: int = 0
    rows: int = 0
    rows_right: int = 0
    rows_before: int = 0

    def add(self, other: Score) -> None:
        for counted, value in zip(fields(self), astuple(other), strict=True):
            setattr(self, counted.name, getattr(self, counted.name) + value)


def count_cell(score: Score, cell: TrueCell, here: list[Glyph]) -> None:
    """Count a cell by the glyphs that were read in it."""
    text = cell_text(here).replace("\n", " ")
    is_right = text == cell.text
    if cell.text:
        score.written += 1
        score.right += is_right
    else:
        score.empty += 1
        score.blank += not here
    score.silent += not is_right and not any(glyph.is_doubtful for glyph in here)


def glyphs_by_cell(grid: TrueGrid, reading: Reading) -> list[list[Glyph]]:
    """The glyphs whose middles stand in each cell of a grid."""
    outlines = []
    for cell in grid.cells:
        bottom, right = cell.row + cell.row_span, cell.column + cell.column_span
        corners = grid.nodes[
            [cell.row, cell.row, bottom, bottom], [cell.column, right, right, cell.column]
        ]
        outlines.append(np.asarray(corners, np.float32))
    found: list[list[Glyph]] = [[] for _ in grid.cells]
    for glyph in reading.glyphs:
        depths = [cv2.pointPolygonTest(outline, glyph.box.centre, True) for outline in outlines]
        best = int(np.argmax(depths))
        if depths[best] >= 0:
            found[best].append(glyph)
    return found


def rows_of(grid: TrueGrid) -> list[str]:
    """The rows of a grid that hold anything, as lines of a reading."""
    between = "" if grid.has_single_signs else " "
    rows = (between.join(filter(None, row)) for row in grid.rows_of_texts())
    return [row for row in rows if row]


def lines_right(rows: list[str], reading: Reading) -> int:
    """How many rows are lines of a reading."""
    lines = reading.text.split("\n")
    count = 0
    for row in rows:
        if row in lines:
            lines.remove(row)
            count += 1
    return count


def measure(kind: str, strength: str, seed: int, classifier: Classifier) -> tuple[Score, float]:
    """Counts of one page, and the seconds that reading it took."""
    made = make_page(kind, strength, seed)
    page = page_of(made.colour, kind)
    start = time.perf_counter()
    reading = read_page(page, classifier, with_stages=False)
    seconds = time.perf_counter() - start
    before = finished(reading_without_tables(page, classifier))
    score = Score()
    rows = list[str]()
    for grid in made.grids:
        for cell, here in zip(grid.cells, glyphs_by_cell(grid, reading), strict=True):
            count_cell(score, cell, here)
        rows += rows_of(grid)
    score.rows, score.rows_right = len(rows), lines_right(rows, reading)
    score.rows_before = lines_right(rows, before)
    return score, seconds


def report(name: str, score: Score, seconds: list[float]) -> None:
    cells, empty = max(1, score.written), max(1, score.empty)
    print(
        f"{name:18} cells {score.right / cells:7.2%} of {score.written:4}, "
        f"empty {score.blank / empty:7.2%} of {score.empty:4}, silent {score.silent:3}, "
        f"rows {score.rows_right:3} (before {score.rows_before:3}) of {score.rows:3}, "
        f"{1000 * np.mean(seconds):5.0f} ms, at most {1000 * max(seconds):5.0f}",
        flush=True,
    )


def main() -> None:
    parser: argparse.ArgumentParser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--strengths", nargs="+", choices=STRENGTHS, default=["medium"])
    parser.add_argument("--kinds", nargs="+", choices=[*KINDS, *WITHOUT], default=list(KINDS))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    args = parser.parse_args()
    classifier = reader_of(args)
    for strength in args.strengths:
        total, times = Score(), list[float]()
        for kind in args.kinds:
            own, seconds = Score(), list[float]()
            for seed in range(args.first, args.first + args.seeds):
                score, taken = measure(kind, strength, seed, classifier)
                own.add(score)
                seconds.append(taken)
            report(f"{strength} {kind}", own, seconds)
            total.add(own)
            times += seconds
        report(f"{strength} all", total, times)


if __name__ == "__main__":
    main()
