"""Which cheques `tests.benchmarks.cheques` measures on."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

from tests.benchmarks.cheques import HELD_OUT, KEPT, TEST, of_purpose

TOP = Path(__file__).parents[1]
ALL = range(480)


def test_the_last_200_are_for_the_figure() -> None:
    assert of_purpose(ALL, "test") == list(range(280, 480))


def test_each_cheque_is_kept_for_one_purpose() -> None:
    found = {kept: set(of_purpose(ALL, kept)) for kept in KEPT}
    counts = {kept: len(own) for kept, own in found.items()}
    assert counts == {"test": 200, "validation": 100, "training": 180}
    assert set[int]().union(*found.values()) == set(ALL)


def test_those_for_choosing_are_spread_evenly_over_the_others() -> None:
    chosen = of_purpose(ALL, "validation")
    assert chosen[0] == 0
    assert {after - before for before, after in pairwise(chosen)} == {2, 3}


def test_the_recipe_of_lines_keeps_the_same_cheques() -> None:
    recipe = tomllib.loads((TOP / "models" / "lines.toml").read_text("utf-8"))
    assert (recipe["cheques"]["test"], recipe["cheques"]["held_out"]) == (TEST, HELD_OUT)
