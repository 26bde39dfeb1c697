from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.segmentation.lattice import Candidate, best_path, candidates
from inkread.core.segmentation.primitives import Group
from tests.core.segmentation.test_grouping import apart


def test_candidates_cover_the_line_and_gaps_cost() -> None:
    boxes = [Box(0, 0, 40, 100), Box(45, 0, 30, 100), Box(160, 0, 40, 100)]
    line = [Group.of([i], boxes) for i in range(3)]
    found = {(c.start, c.stop): c for c in candidates(line, apart(boxes), 100)}
    assert {(0, 1), (1, 2), (2, 3), (0, 2), (1, 3)} <= set(found)
    assert found[0, 2].price < found[1, 3].price
    assert found[0, 2].group == Group.of([0, 1], boxes)


@pytest.mark.parametrize("seed", range(8))
def test_the_best_path_is_the_cheapest_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = 6
    choices = [
        Candidate(i, j, Group(tuple(range(i, j)), Box(i, 0, j - i, 1)), 0.0)
        for i in range(count)
        for j in range(i + 1, min(i + 3, count) + 1)
    ]
    costs = rng.uniform(0, 5, len(choices)).tolist()
    by_span = {(c.start, c.stop): cost for c, cost in zip(choices, costs, strict=True)}
    every = []
    for size in range(count):
        for cuts in combinations(range(1, count), size):
            ends = [0, *cuts, count]
            spans = list(pairwise(ends))
            if all(span in by_span for span in spans):
                every.append(sum(by_span[span] for span in spans))
    chosen = best_path(choices, costs)
    assert sum(costs[i] for i in chosen) == pytest.approx(min(every))
    assert [choices[i].start for i in chosen[1:]] == [choices[i].stop for i in chosen[:-1]]


def test_the_price_of_a_candidate_is_its_shape_its_gaps_and_its_seam() -> None:
    boxes = [Box(0, 0, 40, 100), Box(50, 0, 30, 50), Box(80, 0, 40, 100)]
    line = [Group.of([i], boxes) for i in range(3)]
    found = {(c.start, c.stop): c.price for c in candidates(line, apart(boxes), 100)}
    assert found == {
        (0, 1): 0,
        (0, 2): pytest.approx(12 * 0.1 - 1 + 1.5),
        (1, 2): pytest.approx(3 * (1 - 50 / 70) + 1.5),
        (0, 3): pytest.approx(12 * 0.1 - 1 - 1 + 2.5 * 0.05),
        (1, 3): pytest.approx(-1),
        (2, 3): 0,
    }


@pytest.mark.parametrize(("width", "stops"), [(70, {1, 2}), (71, {1})])
def test_no_glyph_of_several_groups_is_very_wide(width: float, stops: set[int]) -> None:
    boxes = [Box(0, 0, 80, 100), Box(90, 0, width, 100)]
    line = [Group.of([i], boxes) for i in range(2)]
    assert {c.stop for c in candidates(line, apart(boxes), 100) if c.start == 0} == stops


def test_no_glyph_has_more_than_three_groups() -> None:
    boxes = [Box(10.0 * i, 0, 9, 100) for i in range(6)]
    line = [Group.of([i], boxes) for i in range(6)]
    assert max(c.stop - c.start for c in candidates(line, apart(boxes), 100)) == 3


@pytest.mark.parametrize(("height", "is_alike"), [(30, True), (37, True), (40, False), (21, False)])
def test_low_groups_as_high_as_one_another_cost_nothing_for_it(height: int, is_alike: bool) -> None:
    boxes = [Box(0, 0, 40, 100), Box(60, 70, 20, 30), Box(100, 60, 20, height)]
    line = [Group.of([i], boxes) for i in range(3)]
    found = {(c.start, c.stop): c.price for c in candidates(line, apart(boxes), 100)}
    assert found[1, 2] == pytest.approx(0 if is_alike else 3 * (1 - 30 / 70))
