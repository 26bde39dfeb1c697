from __future__ import annotations

import numpy as np
import pytest

from inkread.core.ink import MAX_COORDINATE
from inkread.core.inkml import Drawing, read_inkml, write_inkml
from tests.core.inkml.documents import ink_xml, only_strokes

HIMETRIC = """<traceFormat><channel name="X" units="himetric"/>
<channel name="Y" units="himetric"/></traceFormat>"""


@pytest.mark.parametrize("unit", [1e6, 1e12, 1e25])
def test_a_file_in_a_small_unit_keeps_its_shape(unit: float) -> None:
    body = f"<trace>{3 * unit} 0, 0 {4 * unit}</trace><trace>0 0, {1 * unit} {1 * unit}</trace>"
    first, second = only_strokes(body)
    assert first.bounds.width / first.bounds.height == pytest.approx(0.75, rel=1e-5)
    assert second.bounds.width / first.bounds.width == pytest.approx(1 / 3, rel=1e-5)
    assert max(first.bounds.right, first.bounds.bottom) <= MAX_COORDINATE
    assert first.width == pytest.approx(0.08 * (first.bounds.height + second.bounds.height) / 2)


def test_a_file_in_himetric_of_ten_million_is_read_in_px() -> None:
    (stroke,) = only_strokes(HIMETRIC + "<trace>10000000 0, 20000000 0</trace>")
    assert stroke.bounds.width == pytest.approx(1e7 * 96 / 2540, rel=1e-6)


def test_all_drawings_of_a_file_are_reduced_alike() -> None:
    group = '<traceGroup><annotation type="truth">1</annotation><trace>{}</trace></traceGroup>'
    body = group.format("0 0, 0 1e12") + group.format("0 0, 0 2e12")
    first, second = read_inkml(ink_xml(body), "a.inkml")
    assert second.ink.bounds.height == pytest.approx(2 * first.ink.bounds.height, rel=1e-6)


def test_what_was_reduced_is_written_and_read_again_as_it_is() -> None:
    (drawing,) = read_inkml(ink_xml("<trace>0 0, 5e20 1e20, 7 1e-9</trace>"), "a.inkml")
    (again,) = read_inkml(write_inkml([Drawing(None, drawing.ink)]), "a.inkml")
    assert np.array_equal(again.ink.strokes[0].points, drawing.ink.strokes[0].points)
    assert again.ink.strokes[0].width == drawing.ink.strokes[0].width


@pytest.mark.parametrize("extent", ["1e-320", "1e-45"])
def test_writing_of_hardly_any_extent_has_a_pen(extent: str) -> None:
    assert only_strokes(f"<trace>0 0, {extent} 0</trace>")[0].width > 0
