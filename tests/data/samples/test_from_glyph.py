"""From read glyphs to samples."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.core.ink import Ink, Stroke
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.samples.from_glyph import sample_from_glyph
from inkread.data.samples.sample import Kind, Origin
from tests.core.templates import Templates
from tests.data.stores import decoded, picture
from tests.written import write


class TestGlyphs:
    def test_of_a_number_each_has_its_own_strokes(self) -> None:
        ink = write("4715")
        glyphs = read_ink(ink, Templates()).glyphs
        assert len(glyphs) == 4
        made = [sample_from_glyph("4", glyph, ink, model="m") for glyph in glyphs]
        strokes = [stroke for one in made if one.ink for stroke in one.ink.strokes]
        assert strokes == list(ink.strokes)
        for glyph, one in zip(glyphs, made, strict=True):
            np.testing.assert_array_equal(one.cell, np.rint(glyph.cell * 255))
            assert (one.kind, one.model, one.guess) == (Kind.INK, "m", glyph.guesses[0].label)
            assert one.probability == pytest.approx(glyph.guesses[0].probability)

    def test_right_or_wrong_is_distinguished(self) -> None:
        ink = write("4")
        (glyph,) = read_ink(ink, Templates()).glyphs
        assert sample_from_glyph("4", glyph, ink).origin is Origin.CONFIRMED
        assert sample_from_glyph("9", glyph, ink).origin is Origin.CORRECTED
        assert sample_from_glyph("9", glyph.confirmed_as("9"), ink).origin is Origin.CORRECTED

    def test_of_a_stroke_that_was_cut_there_is_the_cell_alone(self) -> None:
        left, right = write("1").strokes[0], write("1").strokes[0]
        far = right.points + np.array([300, 0], np.float32)
        joined = Ink((Stroke.of(np.concatenate([left.points, far])),))
        (glyph,) = read_ink(Ink((left,)), Templates()).glyphs
        made = sample_from_glyph("1", glyph, joined)
        assert made.ink is None
        assert made.cell.any()

    def test_of_a_picture_there_is_the_crop(self) -> None:
        (first, second) = read_page(picture("42"), Templates()).glyphs
        made = [sample_from_glyph("4", glyph, source="a.png") for glyph in (first, second)]
        assert [one.kind for one in made] == [Kind.PAGE] * 2
        for glyph, one in zip((first, second), made, strict=True):
            assert one.ink is None
            assert decoded(one.picture).shape[1] == pytest.approx(glyph.box.width, abs=40)
