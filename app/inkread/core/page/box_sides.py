"""Separates the long sides of form boxes from ruling lines: sides end where they are joined."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from inkread.core.page.straight_lines import StraightLine
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the box sides; lengths are px of the page on which ruling lines are sought."""

    # Lines; chosen: a page with more is ruled, and few forms have more.
    max_lines: int = 10
    # px; chosen: longer gaps separate two boxes side by side.
    max_gap: int = 24
    # Share of the marked px along the line; chosen: the rest is dirt and neighbours.
    mostly: float = 0.9
    # px; chosen: ends of two sides differ by this where a photo is in perspective.
    near: int = 5
    # Share of the distance; chosen: a printed side has small gaps where it is faint.
    joined: float = 0.85


PARAMS = Params()


def without_sides(level: list[StraightLine], marked: Grey) -> list[StraightLine]:
    """Level lines without those that are sides of boxes.

    Parameters
    ----------
    level : list of StraightLine
        Px of `marked`.
    marked : (h, w) array of uint8
        Not 0 where there may be a line.
    """
    if not 2 <= len(level) <= PARAMS.max_lines:
        return level
    ends = [_ends(line, marked) for line in level]
    sides = set[int]()
    for one, other in combinations(range(len(level)), 2):
        a, b = ends[one], ends[other]
        if a and b and max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= PARAMS.near:
            middle = [(first + last) // 2 for first, last in zip(a, b, strict=True)]
            if all(_are_joined(level[one], level[other], x, marked) for x in middle):
                sides |= {one, other}
    return [line for index, line in enumerate(level) if index not in sides]


def _ends(line: StraightLine, marked: Grey) -> tuple[int, int] | None:
    """Where a line begins and ends; None if it is no single stretch."""
    height, width = marked.shape
    x, y = np.arange(width), np.clip(line.rows(width), 1, height - 2)
    on = np.flatnonzero(marked[y, x] | marked[y - 1, x] | marked[y + 1, x])
    if on.size == 0:
        return None
    stretches = np.split(on, np.flatnonzero(np.diff(on) > PARAMS.max_gap) + 1)
    longest = max(stretches, key=len)
    is_single = len(longest) >= PARAMS.mostly * on.size
    return (int(longest[0]), int(longest[-1])) if is_single else None


def _are_joined(one: StraightLine, other: StraightLine, x: int, marked: Grey) -> bool:
    """Whether an upright line leads from one level line to the other near a column."""
    top, bottom = sorted(round(line.at(x)) for line in (one, other))
    near = PARAMS.near
    window = marked[max(0, top) : bottom + 1, max(0, x - near) : x + near + 1]
    return window.size > 0 and float(window.any(axis=1).mean()) >= PARAMS.joined
