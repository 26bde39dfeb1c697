from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.tables.columns import find_columns


def number(text: str, x: float, y: float, rng: np.random.Generator, align: str) -> list[Box]:
    """Glyphs 20 px wide and 40 px high, gaps of 6 px, more or less."""
    widths = [float(rng.uniform(16, 23)) for _ in text]
    gaps = [float(rng.uniform(3, 9)) for _ in text]
    boxes = []
    at = x - sum(widths) - sum(gaps[1:]) if align == "right" else x
    for width, gap in zip(widths, gaps, strict=True):
        boxes.append(Box(at, y + float(rng.uniform(-2, 2)), width, 40.0))
        at += width + gap
    return boxes


def table(
    rows: Sequence[Sequence[str]], seed: int, step: float = 110, align: str = "right"
) -> list[list[Box]]:
    rng = np.random.default_rng(seed)
    return [
        [b for i, t in enumerate(row) for b in number(t, step * (i + 1), 70.0 * r, rng, align)]
        for r, row in enumerate(rows)
    ]


ROWS = [
    ["10", "9", "7", "10", "36"],
    ["8", "6", "10", "5", "29"],
    ["10", "10", "10", "10", "40"],
    ["4", "7", "3", "8", "22"],
]


@pytest.mark.parametrize("align", ["left", "right"])
@pytest.mark.parametrize("seed", range(5))
def test_numbers_below_one_another_are_columns(seed: int, align: str) -> None:
    grid = find_columns(table(ROWS, seed, step=80, align=align))
    assert grid is not None
    assert (grid.rows, grid.columns) == (4, 5)
    assert not grid.is_ruled
    assert grid.to_table(np.eye(3)).cell_at(3, 4).box.encloses(table(ROWS, seed, 80, align)[3][-1])


def test_an_empty_cell_leaves_the_columns_as_they_are() -> None:
    rows = [list(row) for row in ROWS]
    rows[1][2] = rows[3][0] = ""
    grid = find_columns(table(rows, 1))
    assert grid is not None
    assert (grid.rows, grid.columns) == (4, 5)


def test_columns_may_lean_and_lines_slope() -> None:
    lines = [
        [Box(b.x + 0.08 * b.y, b.y + 0.03 * b.x, b.width, b.height) for b in line]
        for line in table(ROWS, 2)
    ]
    grid = find_columns(lines)
    assert grid is not None
    assert (grid.rows, grid.columns) == (4, 5)
    found = grid.to_table(np.eye(3)).by_cell([b for line in lines for b in line])
    assert [len(cell) for cell in found] == [len(t) for row in ROWS for t in row]


@pytest.mark.parametrize("seed", range(40))
def test_lines_of_numbers_with_spaces_anywhere_are_no_columns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = []
    for row in range(int(rng.integers(3, 9))):
        x, line = float(rng.uniform(0, 30)), list[Box]()
        for _ in range(int(rng.integers(2, 5))):
            part = number("0" * int(rng.integers(1, 7)), x, 70.0 * row, rng, "left")
            line += part
            x = part[-1].right + float(rng.uniform(30, 50))
        lines.append(line)
    assert find_columns(lines) is None


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_lines_are_no_columns(count: int) -> None:
    assert find_columns(table(ROWS[:count], 0)) is None


def test_long_numbers_are_no_columns() -> None:
    rng = np.random.default_rng(0)
    lines = [number("0123456789", 0.0, 70.0 * r, rng, "left") for r in range(6)]
    assert find_columns(lines) is None
