from __future__ import annotations

from itertools import pairwise

import pytest

from inkread.core.correction.edit_json import edit_from_json, edit_to_json
from inkread.core.correction.edits import Edit, edited
from inkread.core.correction.retype_cell import retyped_cell
from inkread.core.reading import Reading
from inkread.core.tables.cell_map import CellMap, Place
from tests.table_readings import lying, table_reading

TEXTS = [["12", "3?4", ""], ["5", "", "-6,7"]]


def typed(reading: Reading, place: Place, text: str) -> tuple[Edit, ...]:
    cells = CellMap(reading)
    return retyped_cell(reading, cells.cell(place), cells.glyphs(place), text)


@pytest.fixture(params=["upright", "lying"])
def reading(request: pytest.FixtureRequest) -> Reading:
    upright = table_reading(TEXTS, (50, 50))
    return upright if request.param == "upright" else lying(upright, 300)


@pytest.mark.parametrize("cell", range(6))
@pytest.mark.parametrize("text", ["", "8", "12", "123", "-1,5", "1 2", "99 9", "-6,77", "6,7"])
def test_a_cell_says_what_was_typed_and_no_other_cell_changes(
    reading: Reading, cell: int, text: str
) -> None:
    after = CellMap(edited(reading, typed(reading, Place(0, cell), text)))
    expected = [text.replace("?", "") for row in TEXTS for text in row]
    expected[cell] = text
    assert [after.text(Place(0, i)) for i in range(6)] == expected
    assert not after.is_doubtful(Place(0, cell))


@pytest.mark.parametrize("cell", range(6))
def test_rows_stay_rows(reading: Reading, cell: int) -> None:
    after = edited(reading, typed(reading, Place(0, cell), "888"))
    rows = [["12", "34", ""], ["5", "", "-6,7"]]
    rows[cell // 3][cell % 3] = "888"
    assert after.text == "\n".join(" ".join(filter(None, row)) for row in rows)


def test_as_many_signs_are_labels_of_the_glyphs_that_are_there() -> None:
    reading = table_reading(TEXTS)
    edits = typed(reading, Place(0, 1), "94")
    assert [(edit.removed[0].label, edit.label) for edit in edits] == [("3", "9"), ("4", "4")]


def test_the_text_that_a_cell_has_confirms_it() -> None:
    reading = table_reading(TEXTS)
    once = edited(reading, typed(reading, Place(0, 1), "34"))
    assert [glyph.confirmed for glyph in CellMap(once).glyphs(Place(0, 1))] == ["3", "4"]
    assert typed(once, Place(0, 1), "34") == ()
    assert typed(once, Place(0, 2), "  ") == ()


def test_glyphs_that_stay_keep_their_places() -> None:
    reading = table_reading([["12 5", ""]])
    before = CellMap(reading).glyphs(Place(0, 0))
    after = CellMap(edited(reading, typed(reading, Place(0, 0), "1245")))
    found = after.glyphs(Place(0, 0))
    assert [g.box for g in (*found[:2], found[3])] == [g.box for g in before]
    assert before[1].box.right <= found[2].box.x < found[2].box.right <= before[2].box.x
    assert after.text(Place(0, 0)) == "1245"


def test_signs_without_room_between_others_are_put_side_by_side_anew() -> None:
    reading = table_reading([["135", ""]])
    after = CellMap(edited(reading, typed(reading, Place(0, 0), "12345")))
    boxes = [glyph.box for glyph in after.glyphs(Place(0, 0))]
    assert after.text(Place(0, 0)) == "12345"
    assert all(a.right <= b.x for a, b in pairwise(boxes))
    assert min(box.width for box in boxes) > 2


def test_a_typed_sign_is_a_sign_and_no_sample() -> None:
    reading = table_reading([["", "1"]])
    edits = typed(reading, Place(0, 0), "-5")
    assert [edit.label for edit in edits] == [None]
    minus, five = edits[0].added
    assert (minus.is_sign, five.is_sign) == (True, False)


@pytest.mark.parametrize("text", ["", "5", "12345", "34"])
def test_it_holds_on_another_reading_of_the_page(text: str) -> None:
    """Another model reads other glyphs in the cell, or none."""
    edits = typed(table_reading(TEXTS), Place(0, 1), text)
    again = [edit_from_json(edit_to_json(edit)) for edit in edits]
    other = table_reading([["12", "34" if text == "34" else "88", ""], ["5", "", "-6,7"]])
    after = CellMap(edited(other, again))
    assert after.text(Place(0, 1)) == text
    assert after.text(Place(0, 0)) == "12"


def test_where_another_reading_finds_nothing_typed_signs_are_put_in() -> None:
    edits = typed(table_reading(TEXTS), Place(0, 1), "1 23")
    after = CellMap(edited(table_reading([["12", "", ""], ["5", "", "-6,7"]]), edits))
    assert after.text(Place(0, 1)) == "1 23"


def test_lines_in_a_cell_are_words_of_one() -> None:
    reading = table_reading([["1 2", "3"]])
    edits = typed(reading, Place(0, 0), "1 9")
    assert [edit.label for edit in edits] == ["1", "9"]
