"""Two windows correct one picture: what both did is kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkread.core.correction.edit_json import (
    Corrections,
    decode_corrections,
    encode_corrections,
)
from inkread.core.correction.edits import Edit, relabelled
from inkread.core.correction.merge import merged
from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Guess


def glyph(place: int, box: Box | None = None) -> Glyph:
    cell = np.full((28, 28), place / 10, np.float32)
    return Glyph(box or Box(30.0 * place, 0, 20, 30), 0, (Guess("1", 0.5),), cell, ())


def label(place: int, text: str) -> Edit:
    return relabelled(glyph(place), text)


def of(*edits: Edit, typed: str | None = None, drawings: Sequence[str] = ()) -> Corrections:
    return Corrections(edits, "own", 1, typed, tuple(drawings))


def from_file(made: Corrections) -> Corrections:
    return decode_corrections(encode_corrections(made))


def labels(made: Corrections) -> list[str | None]:
    return [edit.label for edit in made.edits]


def test_edits_of_different_digits_are_all_kept() -> None:
    base = of(label(0, "7"))
    own = of(*base.edits, label(1, "8"))
    theirs = from_file(of(*base.edits, label(2, "9")))
    assert labels(merged(base, own, theirs)) == ["7", "8", "9"]


def test_of_the_same_digit_the_own_correction_holds() -> None:
    theirs = from_file(of(label(1, "9"), label(2, "6")))
    assert labels(merged(of(), of(label(1, "8")), theirs)) == ["8", "6"]
    drawn = Edit((), (glyph(1, Box(35.0, 5, 10, 10)),))
    assert len(merged(of(), of(label(1, "8")), of(drawn)).edits) == 1


def test_an_own_correction_that_was_undone_stays_undone() -> None:
    base = of(label(0, "7"), label(1, "8"))
    assert labels(merged(base, of(label(0, "7")), from_file(base))) == ["7"]


def test_a_text_typed_elsewhere_stays_unless_another_was_typed_here() -> None:
    assert merged(of(), of(label(1, "8")), of(typed="12")).typed == "12"
    assert merged(of(), of(typed="34"), of(typed="12")).typed == "34"
    assert merged(of(typed="34"), of(typed="34"), of()).typed == "34"


def test_of_drawings_each_keeps_its_newer_text() -> None:
    base = of(drawings=["1", "2", "3"])
    own, theirs = of(drawings=["1", "5", "3"]), of(drawings=["1", "6", "7"])
    assert merged(base, own, theirs).drawings == ("1", "5", "7")
    assert merged(of(), of(), theirs).drawings == ("1", "6", "7")
    assert merged(of(), of(drawings=["1"]), theirs).drawings == ("1",)
