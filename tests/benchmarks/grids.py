"""How many grids are found, of synthetic pages and of photos of sudokus.

    python -m tests.benchmarks.grids [--strengths low medium high] [--kinds ...] [--seeds 10]
    python -m tests.benchmarks.grids --sudokus FOLDER

A grid counts as found if its rows, columns and cells are as they are, and each node lies within a
fifth of a cell's height of its place. A photo of a sudoku counts if there is a grid of 9 x 9 cells.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

from inkread.core.tables.find_grids import find_grids
from inkread.core.tables.grid import Grid
from tests.synthetic_tables import KINDS, STRENGTHS, WITHOUT, TrueGrid, make_page


def is_same(found: Grid, true: TrueGrid) -> bool:
    """Whether a grid is found with all its cells, and where they are."""
    if found.nodes.shape != true.nodes.shape:
        return False
    cells = {(c.row, c.column, c.row_span, c.column_span) for c in true.cells}
    if cells != {(c.row, c.column, c.row_span, c.column_span) for c in found.cells}:
        return False
    height = float(np.median(np.linalg.norm(np.diff(true.nodes, axis=0), axis=-1)))
    off = np.linalg.norm(found.nodes - true.nodes, axis=-1)
    # Where a side has no line, cells end somewhere near.
    inner = off[1:-1, 1:-1] if min(off.shape) > 2 else off
    return bool(inner.max() <= 0.2 * height and np.median(off) <= 0.2 * height)


def score(kind: str, strength: str, seed: int) -> tuple[int, int, int, float]:
    """Grids of a page, those found, those that are none of them, and seconds."""
    page = make_page(kind, strength, seed)
    start = time.perf_counter()
    found = find_grids(page.grey)
    seconds = time.perf_counter() - start
    right = sum(any(is_same(grid, true) for grid in found) for true in page.grids)
    return len(page.grids), right, max(0, len(found) - right), seconds


def synthetic(args: argparse.Namespace) -> None:
    for strength in args.strengths:
        total = np.zeros(3, int)
        for kind in args.kinds:
            scores = [score(kind, strength, args.first + seed) for seed in range(args.seeds)]
            grids, right, wrong = (sum(s[i] for s in scores) for i in range(3))
            total += (grids, right, wrong)
            bad = [args.first + i for i, s in enumerate(scores) if s[1] < s[0] or s[2]]
            slow = max(s[3] for s in scores)
            print(
                f"{strength:7} {kind:10} {right:4} of {grids:4} found, {wrong:3} others, "
                f"at most {1000 * slow:4.0f} ms, seeds with faults {bad}",
                flush=True,
            )
        print(f"{strength:7} {'all':10} {total[1]:4} of {total[0]:4} found, {total[2]:3} others")


def sudokus(folder: Path) -> None:
    paths = sorted(folder.glob("*.jpg"))
    found, slow = 0, 0.0
    for path in paths:
        grey = np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8)
        start = time.perf_counter()
        shapes = [(g.rows, g.columns, len(g.cells)) for g in find_grids(grey)]
        slow = max(slow, time.perf_counter() - start)
        found += (9, 9, 81) in shapes
        if (9, 9, 81) not in shapes:
            print(path.name, shapes)
    print(f"{found} of {len(paths)} sudokus found, at most {1000 * slow:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strengths", nargs="+", choices=STRENGTHS, default=list(STRENGTHS))
    kinds = [*KINDS, *WITHOUT]
    parser.add_argument("--kinds", nargs="+", choices=kinds, default=kinds)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--sudokus", type=Path, help="a folder of photos, one sudoku on each")
    args = parser.parse_args()
    if args.sudokus:
        sudokus(args.sudokus)
    else:
        synthetic(args)


if __name__ == "__main__":
    main()
