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
