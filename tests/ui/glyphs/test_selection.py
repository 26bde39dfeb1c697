"""Where arrow keys lead, and how a selection survives a new reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inkread.core.geometry import Box
from inkread.core.reading import Reading
from inkread.ui.glyphs.selection import NONE, Direction, doubtful, follow, neighbour
from tests.ui.readings import glyph, reading

LEFT, RIGHT, UP, DOWN = Direction.LEFT, Direction.RIGHT, Direction.UP, Direction.DOWN
THREE_LINES = reading("123\n45\n6789")  # 20 px apart: columns stand under one another


@pytest.mark.parametrize(
    ("index", "direction", "target"),
    [
        (0, RIGHT, 1),
        (1, LEFT, 0),
        (2, RIGHT, 3),  # on to the next line
        (3, LEFT, 2),
        (0, LEFT, 0),  # no way out
        (8, RIGHT, 8),
        (1, UP, 1),
        (7, DOWN, 7),
        (1, DOWN, 4),
        (2, DOWN, 4),  # nothing right below: the nearest
        (4, DOWN, 6),
        (8, UP, 4),
        (3, UP, 0),
        (NONE, RIGHT, 0),
        (NONE, DOWN, 0),
        (NONE, LEFT, 8),
        (NONE, UP, 8),
        (99, RIGHT, 0),
    ],
)
def test_neighbour(index: int, direction: Direction, target: int) -> None:
    assert neighbour(THREE_LINES, index, direction) == target


@pytest.mark.parametrize("direction", list(Direction))
def test_an_empty_reading_has_no_neighbour(direction: Direction) -> None:
    assert neighbour(Reading(), NONE, direction) == NONE


def test_line_numbers_may_have_gaps() -> None:
    glyphs = reading("1\n2").glyphs
    apart = Reading((glyphs[0], replace(glyphs[1], line=7)))
    assert neighbour(apart, 0, DOWN) == 1
    assert neighbour(apart, 1, UP) == 0


def test_selection_follows_its_glyph_when_another_comes_before_it() -> None:
    before = Reading((glyph("7", at=(50, 0)),))
    after = Reading((glyph("1", at=(10, 0)), glyph("7", at=(48, 2))))
    assert follow(before, 0, after) == 1


def test_selection_goes_to_the_larger_share_when_a_glyph_falls_apart() -> None:
    before = Reading((replace(glyph("8"), box=Box(0, 0, 40, 20)),))
    left = replace(glyph("1"), box=Box(0, 0, 8, 20))
    right = replace(glyph("0"), box=Box(12, 0, 28, 20))
    assert follow(before, 0, Reading((left, right))) == 1


def test_selection_ends_with_its_glyph() -> None:
    before, elsewhere = reading("12"), Reading((glyph("2", at=(300, 0)),))
    assert follow(before, 0, elsewhere) == NONE
    assert follow(before, 0, Reading()) == NONE
    assert follow(before, NONE, before) == NONE
    assert follow(Reading(), 0, before) == NONE


def test_selection_of_a_hair_line_is_followed() -> None:
    line = Reading((replace(glyph("1"), box=Box(30, 0, 0, 40)),))
    assert follow(line, 0, line) == 0


def with_doubts(*doubtful: bool) -> Reading:
    glyphs = [glyph("5", 0.6 if each else 0.99) for each in doubtful]
    return Reading(tuple(glyphs))


@pytest.mark.parametrize(
    ("index", "step", "target"),
    [
        (NONE, 1, 1),
        (NONE, -1, 3),
        (0, 1, 1),
        (1, 1, 3),
        (2, 1, 3),
        (3, 1, 1),
        (3, -1, 1),
        (1, -1, 3),
        (4, -1, 3),
        (99, 1, 1),
    ],
)
def test_doubtful_glyphs_are_gone_through_and_round(index: int, step: int, target: int) -> None:
    assert doubtful(with_doubts(False, True, False, True, False), index, step) == target


@pytest.mark.parametrize("step", [1, -1])
def test_the_only_doubtful_glyph_comes_again_and_none_is_none(step: int) -> None:
    assert doubtful(with_doubts(False, True), 1, step) == 1
    assert doubtful(with_doubts(False, False), 0, step) == NONE
    assert doubtful(Reading(), NONE, step) == NONE
