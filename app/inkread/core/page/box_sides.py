"""Tells the long sides of printed boxes from rules: those end where they are joined."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from inkread.core.reading import Grey

if TYPE_CHECKING:
    from inkread.core.page.ruling_lines import Rule

# Lengths are px of the page on which rules are looked for.
#: A page with more lines than this is ruled, not a form.
_MOST_LINES = 10
#: A side has no gaps longer than this, and nearly all of what is marked along its line.
_GAP = 24
_MOSTLY = 0.9
#: Sides begin and end so near to one another, and are joined there for this part of the way.
_NEAR = 5
_JOINED = 0.85


def without_sides(level: list[Rule], marked: Grey) -> list[Rule]:
    """Level lines without those that are sides of boxes.

    Parameters
    ----------
    level : list of Rule
        Px of `marked`.
    marked : (h, w) array of uint8
        Not 0 where there may be a line.
    """
    if not 2 <= len(level) <= _MOST_LINES:
        return level
    ends = [_ends(rule, marked) for rule in level]
    sides = set[int]()
    for one, other in combinations(range(len(level)), 2):
        a, b = ends[one], ends[other]
        if a and b and max(abs(a[0] - b[0]), abs(a[1] - b[1])) <= _NEAR:
            middle = [(first + last) // 2 for first, last in zip(a, b, strict=True)]
            if all(_are_joined(level[one], level[other], x, marked) for x in middle):
                sides |= {one, other}
    return [rule for number, rule in enumerate(level) if number not in sides]


def _ends(rule: Rule, marked: Grey) -> tuple[int, int] | None:
    """Where a line begins and ends; None if it is no single stretch."""
    height, width = marked.shape
    x = np.arange(width)
    y = np.clip(np.rint(rule.start + rule.slope * x).astype(np.intp), 1, height - 2)
    on = np.flatnonzero(marked[y, x] | marked[y - 1, x] | marked[y + 1, x])
    if on.size == 0:
        return None
    stretches = np.split(on, np.flatnonzero(np.diff(on) > _GAP) + 1)
    longest = max(stretches, key=len)
    return (int(longest[0]), int(longest[-1])) if len(longest) >= _MOSTLY * on.size else None


def _are_joined(one: Rule, other: Rule, x: int, marked: Grey) -> bool:
    """Whether an upright line leads from one level line to the other near a column."""
    top, bottom = sorted(round(rule.at(x)) for rule in (one, other))
    window = marked[max(0, top) : bottom + 1, max(0, x - _NEAR) : x + _NEAR + 1]
    return window.size > 0 and float(window.any(axis=1).mean()) >= _JOINED
