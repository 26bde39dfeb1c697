"""A text typed for a whole picture."""

from __future__ import annotations

import pytest

from inkread.core.correction.edits import edited
from inkread.core.correction.retype import is_same_text, retyped
from inkread.core.reading import Reading
from inkread.core.recognition.recognise import read_ink
from tests.core.templates import Templates
from tests.written import write


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_ink(write("61\n83"), Templates())


@pytest.mark.parametrize("text", ["61\n83", "64\n83", "72\n95", "6 4\n8,"])
def test_as_many_signs_become_labels(reading: Reading, text: str) -> None:
    edits = retyped(reading, text)
    assert edits is not None
    assert edited(reading, edits).text == text.replace(" ", "")


def test_a_letter_and_its_accent_are_one_sign(reading: Reading) -> None:
    edits = retyped(reading, "e\u03011\n83")
    assert edits is not None
    assert [edit.label for edit in edits] == ["é"]
    assert is_same_text("e\u0301 1", "é1")


def test_what_is_right_already_is_left_alone(reading: Reading) -> None:
    edits = retyped(reading, "64\n83")
    assert edits is not None
    assert [(edit.removed[0], edit.label) for edit in edits] == [(reading.glyphs[1], "4")]


@pytest.mark.parametrize("text", ["", "6183", "61", "61\n833", "613\n83", "61\n83\n5"])
def test_other_numbers_of_signs_are_not_guessed_at(reading: Reading, text: str) -> None:
    assert retyped(reading, text) is None
