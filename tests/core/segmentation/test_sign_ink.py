from __future__ import annotations

import numpy as np
import pytest

from inkread.core.ink import Ink, Stroke
from inkread.core.reading import Cells
from inkread.core.segmentation.decode_line import Budget
from inkread.core.segmentation.grouping import group_sure
from inkread.core.segmentation.ink_primitives import InkPrimitives
from inkread.core.segmentation.sign_ink import Judge, Members, Sign, ink_of_signs
from tests.core.templates import Templates
from tests.written import write

HEIGHT = 90.0


def judge_of(ink: Ink, budget: Budget | None = None) -> Judge:
    templates = Templates()
    primitives = InkPrimitives.of_strokes(ink.strokes)

    def classify(cells: Cells) -> tuple[Cells, Cells]:
        rows = templates.probabilities(cells)
        return rows, np.zeros_like(rows)

    return Judge(primitives, classify, templates.labels, budget or Budget())


def divided(ink: Ink, signs: list[tuple[str, float]], judge: Judge | None = None) -> list[Members]:
    """By signs in canvas px of upright writing."""
    judge = judge or judge_of(ink)
    layout = judge.primitives.layout
    groups = group_sure(layout, judge.primitives.distance)
    taken = {i for group in groups for i in group.members}
    small = [i for i in range(len(layout.boxes)) if i not in taken]
    lean = judge.primitives.slant * HEIGHT / 2
    places = [Sign(label, x + lean) for label, x in signs]
    return ink_of_signs(places, groups, small, HEIGHT, judge)[0]


def middles(ink: Ink) -> list[float]:
    return [stroke.bounds.centre[0] for stroke in ink.strokes]


def test_whole_groups_are_the_ink_of_their_signs() -> None:
    ink = write("378", height=HEIGHT)
    assert divided(ink, list(zip("378", middles(ink), strict=True))) == [(0,), (1,), (2,)]


@pytest.mark.parametrize("seed", range(4))
def test_a_percent_sign_is_its_stroke_and_both_rings(seed: int) -> None:
    ink = write("5%", height=HEIGHT, seed=seed)  # the 5 is of two strokes, the sign of three
    x = ink.strokes[2].bounds.centre[0]
    assert divided(ink, [("5", middles(ink)[0]), ("%", x)]) == [(0, 1), (2, 3, 4)]


@pytest.mark.parametrize("off", [-0.15, 0.15])
def test_places_may_be_off_by_a_step_of_the_network(off: float) -> None:
    ink = write("111", height=HEIGHT)
    signs = [("1", x + off * HEIGHT) for x in middles(ink)]
    assert divided(ink, signs) == [(0,), (1,), (2,)]


def test_the_strokes_of_digits_that_cross_are_divided() -> None:
    ink = write("37", height=HEIGHT)
    three, seven = ink.strokes
    near = Stroke.of(seven.points - [seven.bounds.x - three.bounds.centre[0] - 5, 0], 8)
    ink = Ink((three, near))
    signs = list(zip("37", [three.bounds.centre[0] - 10, near.bounds.centre[0] + 10], strict=True))
    assert divided(ink, signs) == [(0,), (1,)]


def test_a_stroke_of_two_digits_is_cut_between_them() -> None:
    apart = write("37", height=HEIGHT).strokes
    ink = Ink((Stroke.of(np.concatenate([stroke.points for stroke in apart]), 8),))
    judge = judge_of(ink)
    places = [stroke.bounds.centre[0] for stroke in apart]
    three, seven = divided(ink, list(zip("37", places, strict=True)), judge)
    assert not set(three) & set(seven)
    judge.ask([three])
    assert judge.known[three].probabilities.argmax() == 3
    assert judge.group(three).box.likeness(judge.group(seven).box) < 0.3


def test_no_group_is_cut_when_the_budget_is_spent() -> None:
    apart = write("37", height=HEIGHT).strokes
    ink = Ink((Stroke.of(np.concatenate([stroke.points for stroke in apart]), 8),))
    places = [stroke.bounds.centre[0] for stroke in apart]
    found = divided(ink, list(zip("37", places, strict=True)), judge_of(ink, Budget(0)))
    assert found == [(0,), ()]


def test_a_sign_far_from_all_ink_has_none() -> None:
    ink = write("3", height=HEIGHT)
    x = middles(ink)[0]
    assert divided(ink, [("3", x), ("7", x + 3 * HEIGHT)]) == [(0,), ()]


def test_both_dots_of_a_colon_are_its_ink() -> None:
    ink = write("37", height=HEIGHT)
    x = sum(middles(ink)) / 2
    ink = Ink((*ink.strokes, Stroke.of([[x, 30]], 8), Stroke.of([[x + 2, 70]], 8)))
    three, colon, seven = divided(ink, [("3", middles(ink)[0]), (":", x), ("7", middles(ink)[1])])
    assert (three, set(colon), seven) == ((0,), {2, 3}, (1,))


def test_a_stroke_without_a_sign_joins_the_digit_that_reads_better_with_it() -> None:
    ink = write("45", height=HEIGHT)  # both of two strokes
    four, five = divided(ink, [("4", ink.strokes[0].bounds.centre[0]), ("5", middles(ink)[2])])
    assert (set(four), set(five)) == ({0, 1}, {2, 3})


def test_ink_is_given_away_once() -> None:
    ink = write("4537", height=HEIGHT)
    places = [ink.strokes[i].bounds.centre[0] for i in (0, 2, 4, 5)]
    found = divided(ink, list(zip("4537", places, strict=True)))
    given = [i for members in found for i in members]
    assert sorted(given) == list(range(len(ink.strokes)))
