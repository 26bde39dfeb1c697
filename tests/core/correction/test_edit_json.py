"""Corrections as JSON and back."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from inkread.core.correction.edit_json import (
    Corrections,
    corrections_of_drawings,
    decode_corrections,
    encode_corrections,
)
from inkread.core.correction.edits import Edit, edited, relabelled
from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Reading, StageName
from inkread.core.recognition.recognise import read_ink
from tests.core.templates import Templates
from tests.written import write


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_ink(write("618"), Templates())


def edits_of(reading: Reading) -> tuple[Edit, ...]:
    six, one, eight = reading.glyphs
    joined = Edit((one, eight), (one,))
    return relabelled(six, "4"), joined, Edit((), (eight,), area=Box(1, 2, 3, 4.5))


def same(a: Glyph, b: Glyph) -> bool:
    facts = [(g.box, g.line, g.guesses, g.rejected, g.is_mark, g.after_space) for g in (a, b)]
    return facts[0] == facts[1] and a.confirmed == b.confirmed and bool((a.cell == b.cell).all())


def test_everything_comes_back(reading: Reading) -> None:
    made = Corrections(edits_of(reading), "41", 2, "42")
    back = decode_corrections(encode_corrections(made))
    assert (back.text, back.doubtful, back.typed) == ("41", 2, "42")
    assert len(back.edits) == 3
    for before, after in zip(made.edits, back.edits, strict=True):
        assert (before.label, before.area, before.is_firm) == (
            after.label,
            after.area,
            after.is_firm,
        )
        for old, new in ((before.removed, after.removed), (before.added, after.added)):
            assert len(old) == len(new)
            assert all(map(same, old, new))
    assert [stage.name for stage in back.edits[0].removed[0].stages] == [StageName.CELL]


def test_it_makes_the_same_of_a_reading(reading: Reading) -> None:
    made = Corrections(edits_of(reading)[:2])
    assert edited(reading, made.edits).text == "41"
    assert edited(reading, decode_corrections(encode_corrections(made)).edits).text == "41"


def test_what_was_typed_counts_most() -> None:
    assert Corrections(text="1", doubtful=1).says == "1"
    assert Corrections(text="1", doubtful=1).left == 1
    assert Corrections(text="1", doubtful=1, typed="2").says == "2"
    assert Corrections(text="1", doubtful=1, typed="2").left == 0
    assert Corrections(text="1 2", doubtful=1, typed="12").pending is None
    assert Corrections(text="1", typed="").pending == ""
    assert Corrections(typed="").pending == ""
    assert Corrections(text="", typed="").pending is None
    assert Corrections(text="1").is_empty
    assert not Corrections(typed="").is_empty


def broken(reading: Reading) -> list[bytes]:
    whole = encode_corrections(Corrections(edits_of(reading)))
    content = json.loads(whole)
    wrong = []
    for place, value in (
        (("version",), 2),
        (("edits",), None),
        (("text",), 3),
        (("edits", 0, "removed"), []),
        (("edits", 0, "removed", 0, "cell"), "AAAA"),
        (("edits", 0, "removed", 0, "guesses"), []),
        (("edits", 0, "removed", 0, "line"), float("inf")),
        (("edits", 0, "removed", 0, "guesses", 0, 1), float("nan")),
        (("edits", 0, "removed", 0, "box"), [0, 0, float("nan"), 1]),
        (("edits", 0, "removed", 0, "box"), [0, 0, -1, 1]),
        (("edits", 0, "removed", 0, "box"), [0, 0, 1]),
        (("edits", 0, "removed", 0, "box"), [1e308, 0, 1e308, 1]),
        (("edits", 0, "removed", 0, "box"), [0, 0, 1, 1e8]),
        (("edits", 0, "label"), {}),
    ):
        copy = json.loads(whole)
        at = copy
        for step in place[:-1]:
            at = at[step]
        at[place[-1]] = value
        wrong.append(json.dumps(copy).encode())
    assert content["edits"]
    return [b"", b"[]", b"null", b"\xff", whole[:-1], b"[" * 100_000, *wrong]


def test_anything_else_is_refused(reading: Reading) -> None:
    for data in broken(reading):
        with pytest.raises(ValueError):
            decode_corrections(data)


def test_cells_are_those_of_the_network(reading: Reading) -> None:
    back = (
        decode_corrections(encode_corrections(Corrections(edits_of(reading)))).edits[0].removed[0]
    )
    assert back.cell.dtype == np.float32
    assert back.cell.shape == (28, 28)


def test_a_file_of_ink_says_what_its_drawings_say_until_it_is_typed_as_a_whole() -> None:
    made = decode_corrections(encode_corrections(corrections_of_drawings(["20", "", "3\n1"])))
    assert made.says == "20\n3\n1"
    assert made.drawings == ("20", "", "3\n1")
    assert not made.is_empty
    typed = replace(made, typed="20\n3\n7")
    assert typed.says == "20\n3\n7"
    assert replace(typed, typed=None).says == "20\n3\n1"
