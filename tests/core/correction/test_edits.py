from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from inkread.core.correction.edits import Edit, edited, inserted, inside, relabelled
from inkread.core.geometry import Box, mapped
from inkread.core.reading import Glyph, Guess, Reading, Seen


def glyph(label: str, box: Box, line: int = 0, after_space: bool = False) -> Glyph:
    guesses = (Guess(label, 0.6), Guess("x", 0.4))
    cell = np.full((28, 28), ord(label) / 256, np.float32)
    return Glyph(box, line, guesses, cell, (), rejected=True, after_space=after_space)


def reading(text: str, by: float = 0.0) -> Reading:
    """Signs of 10 x 20, 20 px apart, lines 40; all moved by `by` px."""
    glyphs = []
    for row, line in enumerate(text.split("\n")):
        for word_start, column, sign in _signs(line):
            box = Box(20 * column + by, 40 * row + by, 10, 20)
            glyphs.append(glyph(sign, box, row, word_start))
    return Reading(tuple(glyphs))


def _signs(line: str) -> list[tuple[bool, int, str]]:
    return [(i > 0 and line[i - 1] == " ", i, sign) for i, sign in enumerate(line) if sign != " "]


def test_no_edit_no_difference() -> None:
    machine = reading("12")
    assert edited(machine, ()) is machine


def test_a_relabelled_glyph_is_certain_and_stays_in_its_place() -> None:
    machine = reading("12 3\n45")
    changed = edited(machine, [relabelled(machine.glyphs[2], "8")])
    assert changed.text == "12 8\n45"
    assert [g.confirmed for g in changed.glyphs] == [None, None, "8", None, None]
    assert not changed.glyphs[2].is_doubtful
    assert changed.glyphs[2].guesses == machine.glyphs[2].guesses
    assert machine.text == "12 3\n45"


def test_the_last_label_counts() -> None:
    machine = reading("12")
    first = edited(machine, edits := [relabelled(machine.glyphs[0], "7")])
    edits.append(relabelled(first.glyphs[0], "4"))
    assert edited(machine, edits).text == "42"


@pytest.mark.parametrize(
    ("index", "text"),
    [(0, "2 3\n45"), (1, "1 3\n45"), (2, "12\n45"), (3, "12 3\n5"), (4, "12 3\n4")],
)
def test_a_deleted_glyph_is_gone(index: int, text: str) -> None:
    machine = reading("12 3\n45")
    assert edited(machine, [Edit((machine.glyphs[index],))]).text == text


def test_a_space_stays_when_what_comes_after_it_is_deleted() -> None:
    machine = reading("1 23")
    assert edited(machine, [Edit((machine.glyphs[1],))]).text == "1 3"


def test_one_becomes_two_and_two_become_one() -> None:
    machine = reading("1 23 4")
    old = machine.glyphs[1]
    halves = (glyph("7", Box(40, 0, 5, 20)), glyph("8", Box(45, 0, 5, 20)))
    split = Edit((old,), halves)
    assert edited(machine, [split]).text == "1 783 4"
    merged = Edit(halves, (glyph("9", old.box),))
    back = edited(machine, [split, merged])
    assert back.text == "1 93 4"
    assert [g.line for g in back.glyphs] == [0] * 4


def test_new_parts_stand_on_the_line_of_what_they_replace() -> None:
    machine = reading("12\n34")
    halves = (glyph("7", Box(20, 40, 5, 20)), glyph("8", Box(25, 40, 5, 20)))
    changed = edited(machine, [Edit((machine.glyphs[3],), halves)])
    assert changed.text == "12\n378"
    assert [g.line for g in changed.glyphs] == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("box", "text"),
    [
        (Box(-20, 2, 10, 20), "x12\n34"),
        (Box(12, 0, 6, 20), "1x2\n34"),
        (Box(45, -3, 10, 20), "12x\n34"),
        (Box(20, 41, 10, 18), "12\n3x4"),
        (Box(44, 48, 4, 4), "12\n34x"),
        (Box(0, -60, 10, 20), "x\n12\n34"),
        (Box(0, 23, 10, 14), "12\nx\n34"),
        (Box(0, 90, 10, 20), "12\n34\nx"),
    ],
)
def test_a_drawn_glyph_finds_its_place(box: Box, text: str) -> None:
    machine = reading("12\n34")
    if text == "12\n3x4":  # room for it
        moved = replace(machine.glyphs[3], box=Box(40, 40, 10, 20))
        machine = Reading((*machine.glyphs[:3], moved))
    assert edited(machine, [Edit((), (glyph("x", box),))]).text == text


def test_the_first_glyph_of_all_is_line_0() -> None:
    (only,) = inserted((), glyph("7", Box(5, 5, 9, 9), line=4))
    assert only.line == 0


def test_glyphs_put_in_one_by_one_come_to_the_order_of_reading() -> None:
    """Against the order that they were made in."""
    wanted = reading("12345\n678\n90")
    for seed in range(30):
        shuffled = list(wanted.glyphs)
        Random(seed).shuffle(shuffled)
        glyphs: tuple[Glyph, ...] = ()
        for each in shuffled:
            glyphs = inserted(glyphs, each)
        assert Reading(glyphs).text == wanted.text
        assert [g.line for g in glyphs] == [g.line for g in wanted.glyphs]


def test_edits_hold_on_another_reading_of_the_page() -> None:
    machine, other = reading("1234"), reading("5678", by=1)
    edits = [
        relabelled(machine.glyphs[0], "9"),
        Edit((machine.glyphs[2],)),
        Edit((), (glyph("x", Box(78, 0, 10, 20)),), area=Box(78, 0, 10, 20)),
    ]
    assert edited(machine, edits).text == "924x"
    again = edited(other, edits)
    assert again.text == "968x"
    assert again.glyphs[0].guesses == other.glyphs[0].guesses  # the newer model's


def test_a_label_outlives_its_glyph() -> None:
    machine = reading("12")
    edits = [relabelled(machine.glyphs[1], "7")]
    assert edited(Reading(), edits).text == "7"
    assert edited(Reading((machine.glyphs[0],)), edits).text == "17"


WHOLE = Box(0, 0, 50, 20)  # of three signs


@pytest.mark.parametrize(
    "edit",
    [
        relabelled(glyph("8", WHOLE), "4"),
        Edit((glyph("8", WHOLE),)),
        Edit((glyph("8", WHOLE),), (glyph("1", Box(0, 0, 25, 20)), glyph("2", WHOLE))),
    ],
    ids=["label", "delete", "split"],
)
def test_an_edit_of_several_read_as_one_leaves_them_alone(edit: Edit) -> None:
    machine = reading("123")
    assert edited(machine, [edit]) is machine


def test_of_a_wide_digit_and_a_narrow_one_neither_is_both() -> None:
    one, zero = glyph("1", Box(0, 0, 4, 20)), glyph("0", Box(6, 0, 22, 20))
    both = glyph("8", Box(0, 0, 28, 20))
    two = Reading((one, zero))
    assert edited(two, [relabelled(both, "4")]) is two


@pytest.mark.parametrize("index", [0, 1, 2])
def test_an_edit_of_one_leaves_several_read_as_one_alone(index: int) -> None:
    whole = Reading((glyph("8", WHOLE),))
    assert edited(whole, [relabelled(reading("123").glyphs[index], "4")]) is whole
    assert edited(whole, [Edit((reading("123").glyphs[index],))]) is whole


def test_two_joined_rest_where_they_are_one() -> None:
    one, two, _ = reading("123").glyphs
    joined = glyph("8", Box(0, 0, 30, 20))
    machine = Reading((joined,))
    assert edited(machine, [Edit((one, two), (glyph("4", joined.box),))]) is machine


def test_a_digit_that_lost_a_mark_to_another_reading_is_still_the_same() -> None:
    digit, point = glyph("7", Box(0, 0, 10, 20)), glyph(".", Box(11, 17, 2, 3))
    apart = Reading((digit, replace(point, is_mark=True)))
    both = glyph("7", Box(0, 0, 13, 20))
    assert edited(apart, [relabelled(both, "4")]).text == "4."


def test_deleting_a_frame_leaves_what_is_in_it() -> None:
    frame, digit = glyph("0", Box(0, 0, 100, 100)), glyph("7", Box(40, 40, 10, 20))
    assert edited(Reading((frame, digit)), [Edit((frame,))]).text == "7"


def test_what_a_later_reading_finds_in_a_drawn_box_is_not_read_twice() -> None:
    drawn = Edit((), (glyph("x", Box(22, 2, 6, 16)),), area=Box(18, -2, 14, 24))
    assert edited(reading("1"), [drawn]).text == "1x"
    assert edited(reading("12"), [drawn]).text == "1x"


def test_edits_of_ink_hold_only_for_the_very_same_glyphs() -> None:
    machine = reading("12")
    edits = [relabelled(machine.glyphs[1], "7", is_firm=False)]
    assert edited(machine, edits).text == "17"
    assert edited(reading("12"), edits).text == "17"
    assert edited(reading("12", by=1), edits).text == "12"
    crossed = replace(machine.glyphs[1], cell=machine.glyphs[1].cell / np.float32(2))
    assert edited(Reading((machine.glyphs[0], crossed)), edits).text == "12"
    assert edited(reading("1"), edits).text == "1"


def test_what_is_inside_is_there_for_the_most_part() -> None:
    glyphs = reading("123").glyphs
    assert inside(glyphs, Box(5, 0, 40, 20)) == [0, 1, 2]
    assert inside(glyphs, Box(6, 0, 38, 20)) == [1]
    assert inside(glyphs, Box(0, 11, 100, 20)) == []
    assert inside((), Box(0, 0, 9, 9)) == []


def test_an_edit_tells_where_it_is() -> None:
    one, two = reading("12").glyphs
    assert Edit((one,), (two,)).touched == (two.box,)
    assert Edit((one,)).touched == (one.box,)


def test_a_drawn_glyph_takes_or_leaves_a_space() -> None:
    machine = reading("123   45")
    filled = inserted(machine.glyphs, glyph("x", Box(60, 0, 10, 20)))
    assert Reading(filled).text == "123x 45"
    far = inserted(machine.glyphs, glyph("x", Box(220, 0, 10, 20)))
    assert Reading(far).text == "123 45 x"


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("text", ["2\n5\n7", "123   45\n68", "12\n\n\n34"])
def test_a_drawn_glyph_finds_its_place_on_a_page_that_lies(text: str, quarters: int) -> None:
    """One of 2, 5 and 7, a line each, came before the others, or onto a line with them."""
    matrix = np.linalg.matrix_power(np.array([[0, -1, 300], [1, 0, 0], [0, 0, 1]]), quarters)
    upright = reading(text)
    boxes = mapped(matrix.astype(np.float64), [glyph.box for glyph in upright.glyphs])
    glyphs = [replace(g, box=b) for g, b in zip(upright.glyphs, boxes, strict=True)]
    rows = tuple(tuple(map(float, row)) for row in matrix.tolist())
    lying = replace(upright, glyphs=tuple(glyphs), seen=Seen(quarters=quarters, matrix=rows))
    assert lying.text == upright.text
    for gone in glyphs:
        edits = [Edit((gone,)), Edit((), (replace(gone, line=0),), area=gone.box)]
        again = edited(lying, edits)
        assert again.text == lying.text
        assert [glyph.box for glyph in again.glyphs] == boxes
