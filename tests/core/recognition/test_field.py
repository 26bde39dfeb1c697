from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.core.field_types.field_type import FieldType
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.layout import Layout
from inkread.core.line_labels import OTHER
from inkread.core.picture.page import Page
from inkread.core.reading import Cells, Reading
from inkread.core.recognition.field import PARAMS, Field, at_most
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from tests.core.line_readers import WithLines
from tests.core.templates import Templates
from tests.written import write


def both(ink: Ink, kind: str, texts: str, **doubt: dict[int, str]) -> list[Reading]:
    """As strokes and as a picture, where the line network reads the text."""
    asked, grey = FieldType.parse(kind), rasterise_page(ink)
    page = Page(grey[..., None].repeat(3, axis=2), grey, 1.0)
    return [
        read_ink(ink, WithLines(texts, **doubt), field_type=asked),
        read_page(page, WithLines(texts, **doubt), field_type=asked),
    ]


def written(text: str) -> Ink:
    return write(text, height=90, width=8)


def test_what_fits_reads_as_without_a_type() -> None:
    for reading in both(written("4715"), "digits:4", "4715"):
        assert (reading.text, reading.fits, reading.notes) == ("4715", True, ())
        assert not reading.doubtful


def test_a_type_decides_between_two_readings_that_are_as_probable() -> None:
    ink = written("3-5")
    for reading in both(ink, "99", "3-5", doubt={1: ""}):
        assert (reading.text, reading.fits) == ("35", True)
    for reading in both(ink, "9-9", "3-5", doubt={1: ""}):
        assert (reading.text, reading.fits) == ("3-5", True)
        assert not reading.doubtful


@pytest.mark.parametrize("kind", ["date", "digits:6", "999-99", "one of: 12|15"])
def test_what_cannot_be_made_to_fit_is_read_as_it_is_doubtful_and_with_a_note(kind: str) -> None:
    for reading in both(written("4715"), kind, "4715"):
        assert (reading.text, reading.fits) == ("4715", False)
        assert len(reading.doubtful) == 4
        assert reading.notes == (f"4715: this does not fit the type {kind}.",)


def test_what_was_bent_is_doubtful_and_a_note_says_what_it_would_be() -> None:
    ink = written("3-5")
    for reading in both(ink, "99", "3-5"):
        assert reading.doubtful
        assert reading.notes
        assert (reading.text == "35") == bool(reading.fits)


def test_without_a_line_network_a_line_that_does_not_fit_is_doubtful_too() -> None:
    reading = read_ink(written("4715"), Templates(), field_type=FieldType.parse("date"))
    assert (reading.text, reading.fits) == ("4715", False)
    assert len(reading.doubtful) == 4
    assert "date" in reading.notes[0]


def test_each_line_is_a_field_of_its_own() -> None:
    asked = FieldType.parse("digits:2")
    reading = read_ink(written("31\n415"), WithLines("31", "415"), field_type=asked)
    assert (reading.text, reading.fits) == ("31\n415", False)
    assert {glyph.line for glyph in reading.doubtful} == {1}


def test_signs_of_a_currency_are_left_out_with_a_note() -> None:
    reading = read_ink(written("815"), WithLines(f"{OTHER}15"), field_type=FieldType.parse("money"))
    assert (reading.text, reading.fits) == ("15", True)
    assert reading.notes == ("15: a sign beside it, of a currency, was left out.",)


def test_a_page_that_but_does_not_fit_is_not_turned() -> None:
    ink = written("31")
    grey = rasterise_page(ink)
    page = Page(grey[..., None].repeat(3, axis=2), grey, 1.0)
    reading = read_page(page, Templates(), field_type=FieldType.parse("date"))
    assert reading.seen is not None
    assert (reading.text, reading.seen.quarters) == ("31", 0)


def test_a_text_that_does_not_fit_weighs_less_by_a_fixed_factor() -> None:
    field = Field(FieldType.parse("time"))
    assert field.weight("7:30") == 0
    assert field.weight("7:90") == -PARAMS.against
    assert field.weight("7.30") == -PARAMS.rare
    seen = field.tempered({"3": 0.2, "9": 0.7, "5": 0.1}, "7:30", 2)
    assert seen["3"] == pytest.approx(2 * seen["5"])
    assert seen["9"] < seen["5"]
    assert sum(seen.values()) == pytest.approx(1)


def test_a_glyph_keeps_its_label_when_it_becomes_less_probable() -> None:
    (glyph,) = read_ink(written("3"), Templates()).glyphs
    assert glyph.probability > 0.5
    lower = at_most(glyph, 0.5)
    assert (lower.label, lower.probability) == ("3", 0.5)
    assert sum(guess.probability for guess in lower.guesses) == pytest.approx(1, abs=1e-6)
    probabilities = [guess.probability for guess in lower.guesses]
    assert probabilities == sorted(probabilities, reverse=True)
    assert at_most(replace(lower), 0.8).probability == 0.5


def test_signs_alone_are_no_digit_that_was_bent() -> None:
    dash = Stroke.of([[20, 40], [60, 40]], 8)
    ink = Ink((*write("31", height=90, width=8, at=(0, 150)).strokes, dash))
    reading = read_ink(ink, WithLines("-", "31", doubt={0: "1"}), field_type=FieldType.parse("99"))
    untyped = read_ink(ink, WithLines("-", "31", doubt={0: "1"}))
    assert untyped.text == reading.text == "31"
    assert reading.fits


class Torn(Templates):
    """Finds a 7 in all ink, and as second a 1."""

    def __init__(self, seven: float, one: float) -> None:
        super().__init__()
        self._row = np.full(10, (1 - seven - one) / 8, np.float32)
        self._row[[self.labels.index("7"), self.labels.index("1")]] = seven, one

    def probabilities(self, cells: Cells) -> Cells:
        return np.repeat(self._row[np.newaxis], len(cells), axis=0)


@pytest.mark.parametrize(
    ("seven", "one", "text", "is_sure"),
    [(0.5, 0.45, "1", True), (0.95, 0.02, "1", False), (0.9995, 1e-5, "7", False)],
)
@pytest.mark.parametrize("layout", [Layout.AUTO, Layout.DIGIT])
def test_one_cell_is_what_may_stand_there_as_far_as_the_ink_leaves_it_open(
    seven: float, one: float, text: str, is_sure: bool, layout: Layout
) -> None:
    asked = FieldType.parse("one of: 1|2")
    reading = read_ink(written("4"), Torn(seven, one), layout, field_type=asked)
    (glyph,) = reading.glyphs
    assert (reading.text, glyph.is_doubtful) == (text, not is_sure)
    assert bool(reading.notes) == (not is_sure)
    probabilities = [guess.probability for guess in glyph.guesses]
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-5)
