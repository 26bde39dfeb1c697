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


@pytest.mark.parametrize(("more", "is_one"), [(4, True), (6, False)])
def test_rings_are_as_wide_as_one_another(more: int, is_one: bool) -> None:
    """A quarter of them wider on both sides, so that steps and centres stay."""
    wide = [
        (x - more / 2, y, right + more / 2, bottom) if i % 4 == 0 else (x, y, right, bottom)
        for i, (x, y, right, bottom) in enumerate(rings(count=10, step=56))
    ]
    # 20 px: alike are 15.5 to 24.5; the wider ones leave seven, too few.
    assert (len(find_bindings(np.array(wide), PAGE)) == 10) == is_one


@pytest.mark.parametrize(
    ("count", "step", "is_one"), [(8, 52, True), (8, 51, False), (7, 61, False)]
)
def test_a_binding_has_eight_rings(count: int, step: float, is_one: bool) -> None:
    assert bool(find_bindings(np.array(rings(count=count, step=step)), PAGE)) == is_one


@pytest.mark.parametrize(("step", "is_one"), [(32, False), (33, True)])
def test_a_binding_runs_along_three_fifths_of_the_edge(step: float, is_one: bool) -> None:
    # Twelve rings: 11 steps of at least 360 / 11 = 32.7 px.
    assert bool(find_bindings(np.array(rings(step=step)), PAGE)) == is_one


@pytest.mark.parametrize(("y", "is_one"), [(80.0, True), (81.0, False)])
def test_a_binding_lies_within_an_eighth_of_the_page(y: float, is_one: bool) -> None:
    assert bool(find_bindings(np.array(rings(y=y)), PAGE)) == is_one
    flipped = [(x, 800 - b, r, 800 - t) for x, t, r, b in rings(y=y)]
    assert bool(find_bindings(np.array(flipped), PAGE)) == is_one


@pytest.mark.parametrize(("off", "is_one"), [(9, True), (11, False)])
def test_rings_stand_in_even_steps(off: float, is_one: bool) -> None:
    boxes = rings()
    x, y, right, bottom = boxes[5]
    boxes[5] = (x + off, y, right + off, bottom)  # of steps of 48 px
    assert bool(find_bindings(np.array(boxes), PAGE)) == is_one


@pytest.mark.parametrize(("size", "is_one"), [(65.5, True), (66, False)])
def test_rings_that_are_joined_belong_to_a_binding_but_no_digit(size: float, is_one: bool) -> None:
    # 1.6 times 40 px, and 1.5 px.
    boxes = [*rings(), (580.0, 30 - size / 2, 595.0, 30 + size / 2)]
    assert (12 in find_bindings(np.array(boxes), PAGE)) == is_one


def test_exactly_three_fifths_of_the_edge_are_enough() -> None:
    assert len(find_bindings(np.array(rings(count=10, step=40)), PAGE)) == 10
    assert not find_bindings(np.array(rings(count=10, step=39.9)), PAGE)
