"""The output is InkML, and reads back unchanged."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing, is_inkml, read_inkml, write_inkml
from tests.core.inkml.documents import NAMESPACE


def positions() -> st.SearchStrategy[np.ndarray]:
    numbers = st.floats(-1e6, 1e6, width=32)
    shape = st.tuples(st.integers(1, 6), st.just(2))
    return hnp.arrays(np.float32, shape, elements=numbers)


@st.composite
def any_stroke(draw: st.DrawFn) -> Stroke:
    points = draw(positions())
    force = hnp.arrays(np.float32, len(points), elements=st.floats(0, 1, width=32))
    width = draw(st.floats(0.01, 1000))
    return Stroke.of(points, width, draw(st.one_of(st.none(), force)))


def any_drawing() -> st.SearchStrategy[Drawing]:
    texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=9)
    written = texts.map(lambda text: " ".join(text.split()) or "7")
    label = st.one_of(st.none(), written.filter(lambda text: text.isprintable()))
    ink = st.lists(any_stroke(), max_size=4).map(lambda strokes: Ink(tuple(strokes)))
    return st.builds(Drawing, label, ink)


class TestWriting:
    @pytest.mark.slow
    @given(st.lists(any_drawing(), min_size=1, max_size=4))
    def test_what_is_written_is_read_again(self, drawings: list[Drawing]) -> None:
        data = write_inkml(drawings)
        assert is_inkml(data)
        again = read_inkml(data, "a.inkml")
        assert [d.label for d in again] == [d.label for d in drawings]
        for was, now in zip(drawings, again, strict=True):
            for before, after in zip(was.ink.strokes, now.ink.strokes, strict=True):
                np.testing.assert_array_equal(after.points, before.points)
                assert after.width == before.width
                if before.pressures is None:
                    assert after.pressures is None
                else:
                    assert after.pressures is not None
                    np.testing.assert_allclose(after.pressures, before.pressures, atol=1e-6)

    def test_it_is_inkml(self) -> None:
        stroke = Stroke.of([[1e-7, 123456.7], [-2.5, 3]], 5, [0.25, 1])
        data = write_inkml([Drawing("7", Ink((stroke,)))])
        root = ET.fromstring(data)
        assert root.tag == f"{NAMESPACE}ink"
        (trace,) = root.iter(f"{NAMESPACE}trace")
        assert trace.text == "0.0000001 123456.7 0.25, -2.5 3 1"
        names = {e.get("{http://www.w3.org/XML/1998/namespace}id") for e in root.iter()}
        for reference in ("contextRef", "brushRef"):
            assert (trace.get(reference) or "").removeprefix("#") in names
        (group,) = root.iter(f"{NAMESPACE}traceGroup")
        assert [(a.get("type"), a.text) for a in group.iter(f"{NAMESPACE}annotation")] == [
            ("truth", "7")
        ]

    def test_no_drawings(self) -> None:
        (drawing,) = read_inkml(write_inkml([]), "a")
        assert (drawing.label, drawing.ink.strokes) == (None, ())

    def test_labels_that_xml_cannot_hold(self) -> None:
        (drawing,) = read_inkml(write_inkml([Drawing("a\0\x1b\ud800\uffffb<&>", Ink())]), "a")
        assert drawing.label == "ab<&>"
