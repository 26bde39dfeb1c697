from __future__ import annotations

import json
import math
import pickle
from dataclasses import replace

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.reading import SURE, Glyph, Guess, Reading, Seen
from inkread.core.table import Table, TableCell

CELL = np.zeros((28, 28), np.float32)


def glyph(*probabilities: float, rejected: bool = False) -> Glyph:
    guesses = tuple(Guess(str(i), share) for i, share in enumerate(probabilities))
    return Glyph(Box(0, 0, 9, 9), 0, guesses, np.zeros((28, 28), np.float32), (), rejected)


@pytest.mark.parametrize(
    ("probability", "rejected", "doubtful"),
    [
        (1.0, False, False),
        (SURE, False, False),
        (math.nextafter(SURE, 0), False, True),
        (0.2, False, True),
        (1.0, True, True),
        (0.2, True, True),
    ],
)
def test_a_glyph_is_doubtful_below_the_limit_or_if_rejected(
    probability: float, rejected: bool, doubtful: bool
) -> None:
    assert glyph(probability, 1 - probability, rejected=rejected).is_doubtful is doubtful


def test_the_only_class_there_is_can_be_doubtful_too() -> None:
    assert glyph(0.5).is_doubtful
    assert not glyph(1.0).is_doubtful


def test_a_reading_tells_its_doubtful_glyphs_in_order() -> None:
    sure, unsure, none = glyph(0.99), glyph(0.6, 0.4), glyph(0.95, rejected=True)
    assert Reading((none, sure, unsure)).doubtful == (none, unsure)
    assert Reading((sure,)).doubtful == ()
    assert Reading().doubtful == ()


def test_the_least_certain_glyph_is_the_confidence_of_a_reading() -> None:
    assert Reading((glyph(0.9), glyph(0.6), glyph(0.95))).confidence == 0.6
    assert Reading().confidence == 0


def test_a_reading_of_signs_alone_has_the_confidence_of_the_least_certain() -> None:
    sign = replace(glyph(0.97), is_mark=True)
    assert Reading((sign, replace(glyph(0.99), is_mark=True))).confidence == 0.97
    assert Reading((sign, glyph(0.99))).confidence == 0.99


def test_a_sign_is_what_was_read_or_typed_as_one() -> None:
    digit, plus = glyph(0.9), Glyph(Box(0, 0, 9, 9), 0, (Guess("+", 0.9),), CELL, ())
    mark = replace(plus, is_mark=True)
    assert [g.is_sign for g in (digit, plus, mark)] == [False, False, True]
    assert digit.confirmed_as("/").is_sign
    assert not mark.confirmed_as("7").is_sign
    assert mark.confirmed_as("-").is_sign
    assert not plus.confirmed_as("+").is_sign  # a class of its network


def test_what_a_person_confirms_is_certain_whatever_the_network_says() -> None:
    unsure = glyph(0.6, 0.4, rejected=True)
    known = unsure.confirmed_as("1")
    assert (known.label, known.probability) == ("1", 1.0)
    assert not known.is_doubtful and not known.rejected
    assert known.guesses == unsure.guesses
    assert known.lead == pytest.approx(0.2)
    assert Reading((known, glyph(0.95))).text == "10"
    assert Reading((known, glyph(0.95))).confidence == 0.95


def test_a_reading_as_a_dictionary_is_plain_json() -> None:
    first = replace(glyph(0.75, 0.25), after_space=True)
    mark = Glyph(Box(1, 2, 3.456, 4), 1, (Guess(".", 0.7),), CELL, (), is_mark=True)
    reading = Reading((first, mark.confirmed_as(",")), False, Seen(True, True, 3))
    content = reading.to_dict()
    assert json.loads(json.dumps(content)) == content
    assert content == {
        "text": "0\n,",
        "lines": ["0", ","],
        "confidence": 0.75,
        "calibrated": False,
        "tables": [],
        "notes": [],
        "type": None,
        "fits": None,
        "partial": False,
        "glyphs": [
            {
                "label": "0",
                "probability": 0.75,
                "runner_up": {"label": "1", "probability": 0.25},
                "doubtful": True,
                "rejected": False,
                "mark": False,
                "confirmed": False,
                "probabilities": {"0": 0.75, "1": 0.25},
                "after_space": True,
                "box": [0, 0, 9, 9],
                "line": 0,
            },
            {
                "label": ",",
                "probability": 1.0,
                "runner_up": None,
                "doubtful": False,
                "rejected": False,
                "mark": True,
                "confirmed": True,
                "probabilities": {".": 0.7},
                "after_space": False,
                "box": [1, 2, 3.46, 4],
                "line": 1,
            },
        ],
        "seen": {
            "half_size": True,
            "rectified": True,
            "quarters": 3,
            "matrix": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            "tables": [],
        },
    }


def test_a_reading_of_nothing_is_a_dictionary_too() -> None:
    assert Reading().to_dict()["glyphs"] == []
    assert Reading().to_dict()["seen"] is None


def test_a_reading_can_be_pickled() -> None:
    reading = Reading((glyph(0.75, 0.25), glyph(0.9, 0.1)), seen=Seen(quarters=1))
    again = pickle.loads(pickle.dumps(reading))  # noqa: S301
    assert again.to_dict() == reading.to_dict()
    assert again.seen == reading.seen
    assert np.array_equal(again.glyphs[0].cell, reading.glyphs[0].cell)


def test_boxes_of_the_file_are_found_where_they_were_read() -> None:
    """Turned by a quarter and read at half the size."""
    seen = Seen(True, quarters=1, matrix=((0.0, -2.0, 400.0), (2.0, 0.0, 0.0), (0.0, 0.0, 1.0)))
    (box,) = seen.from_file([Box(360, 0, 40, 20)])
    sides = (box.x, box.y, box.width, box.height)
    assert sides == pytest.approx((0, 0, 10, 20))


def test_the_lines_of_a_reading_hold_its_glyphs_in_order() -> None:
    glyphs = tuple(replace(glyph(1.0), line=line) for line in (0, 0, 2))
    lines = Reading(glyphs).lines
    assert [line.items for line in lines] == [glyphs[:2], glyphs[2:]]


def test_a_table_as_a_dictionary_has_its_cells_row_by_row() -> None:
    def cell(row: int, column: int, span: int = 1) -> TableCell:
        left, top, right, bottom = 20 * column, 20 * row, 20 * (column + span), 20 * row + 20
        around = ((left, top), (right, top), (right, bottom), (left, bottom))
        return TableCell(row, column, around, column_span=span)

    table = Table(2, 2, (cell(0, 0, span=2), cell(1, 0), cell(1, 1)))
    glyphs = (
        replace(glyph(0.95), box=Box(1, 2, 10, 16)),
        replace(glyph(0.6), box=Box(14, 2, 10, 16)),
        replace(glyph(0.99), box=Box(24, 22, 10, 16), line=1),
    )
    found = Reading(glyphs, tables=(table,)).to_dict()["tables"]
    head = found[0]["rows"][0][0]
    assert (head["text"], head["probability"], head["doubtful"]) == ("00", 0.6, True)
    assert (head["box"], head["column_span"], head["row_span"]) == ([0, 0, 40, 20], 2, 1)
    assert found[0]["rows"][0][1] is None
    empty, zero = found[0]["rows"][1]
    assert (empty["text"], empty["probability"], empty["doubtful"]) == ("", None, False)
    assert (zero["text"], zero["probability"]) == ("0", 0.99)
