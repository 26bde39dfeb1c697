from __future__ import annotations

from dataclasses import dataclass

import pytest

from inkread.core.geometry import Box
from inkread.core.text_line import TextLine, are_level


@dataclass(frozen=True)
class Item:
    box: Box


ITEMS = tuple(Item(Box(100.0 * i, 0, 50, 100)) for i in range(4))
LINE = TextLine(ITEMS)


def test_a_line_is_a_sequence_of_its_items() -> None:
    assert len(LINE) == 4
    assert list(LINE) == list(ITEMS)
    assert LINE[1] is ITEMS[1]
    assert LINE[1:3] == ITEMS[1:3]


@pytest.mark.parametrize(("x", "place"), [(-60, 0), (60, 1), (125, 2), (330, 4)])
def test_a_box_is_inserted_before_the_first_item_centred_right_of_it(x: float, place: int) -> None:
    assert LINE.place_of(Box(x, 0, 50, 100)) == place


def test_the_gap_to_a_box_is_that_of_the_nearest_item_on_its_level() -> None:
    assert LINE.gap_to(Box(360, 0, 50, 100)) == 10
    assert LINE.gap_to(Box(120, 0, 50, 100)) == 0
    assert LINE.gap_to(Box(360, 90, 50, 100)) is None


@pytest.mark.parametrize(("y", "level"), [(59, True), (60, True), (61, False), (-161, False)])
def test_boxes_are_level_if_they_share_enough_of_the_lower_ones_height(
    y: float, level: bool
) -> None:
    assert are_level(Box(0, 0, 10, 200), Box(50, 100 + y, 10, 100)) is level
    assert are_level(Box(50, 100 + y, 10, 100), Box(0, 0, 10, 200)) is level


def test_a_box_without_height_is_level_with_what_it_crosses_only() -> None:
    assert not are_level(Box(0, 0, 10, 0), Box(0, 0, 10, 10))


def test_a_line_falls_into_runs_at_items_that_start_one() -> None:
    starts = {ITEMS[0]: "a", ITEMS[2]: "b"}
    found = [(start, run.items) for start, run in LINE.runs(starts.get)]
    assert found == [("a", ITEMS[:2]), ("b", ITEMS[2:])]
    assert [(start, run.items) for start, run in LINE.runs(lambda _: None)] == [(None, ITEMS)]
    assert len(list(LINE.runs(dict.fromkeys(ITEMS, 1).get))) == 4
