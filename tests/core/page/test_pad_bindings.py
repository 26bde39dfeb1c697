from __future__ import annotations

import numpy as np
import pytest

from inkread.core.page.pad_bindings import Places, find_bindings

PAGE = (800, 600)
DIGITS = [(150.0, 300.0, 190.0, 370.0), (210.0, 302.0, 240.0, 371.0)]


def rings(count: int = 12, step: float = 48.0, y: float = 10.0) -> list[tuple[float, ...]]:
    return [(10 + step * i, y, 30 + step * i, y + 40) for i in range(count)]


def places(boxes: list[tuple[float, ...]], turns: int) -> tuple[Places, tuple[int, int]]:
    """The boxes on the page, turned by quarters."""
    place, (height, width) = np.array(boxes), PAGE
    for _ in range(turns):
        x, y, right, bottom = place.T
        place = np.stack([height - bottom, x, height - y, right], axis=1)
        height, width = width, height
    return place, (height, width)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_rings_along_any_edge_are_found_and_digits_are_not(turns: int) -> None:
    place, page = places([*rings(), *DIGITS], turns)
    assert find_bindings(place, page) == frozenset(range(12))


def test_a_missing_ring_does_no_harm_and_a_cut_one_belongs_to_them() -> None:
    boxes = rings()
    del boxes[4]
    boxes[-1] = (*boxes[-1][:3], boxes[-1][3] - 16)
    assert find_bindings(*places(boxes, 0)) == frozenset(range(11))


@pytest.mark.parametrize(
    "boxes",
    [
        rings(count=7, step=80),
        rings(y=300),
        rings(step=30),
        [(x + 9 * (i % 3), y, r + 9 * (i % 3), b) for i, (x, y, r, b) in enumerate(rings())],
        [(x, y, r - 7 * (i % 3), b - 9 * (i % 2)) for i, (x, y, r, b) in enumerate(rings())],
        [],
    ],
    ids=["few", "in the middle", "along half an edge", "unsteady", "unlike", "nothing"],
)
def test_a_row_of_signs_is_no_binding(boxes: list[tuple[float, ...]]) -> None:
    assert find_bindings(np.array(boxes).reshape(-1, 4), PAGE) == frozenset()
