"""Files of ink in any unit are read; drawings that were saved as SVG, too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inkread.core.batch.read_files import open_bytes, read_content
from inkread.core.ink import Ink, Stroke
from inkread.core.ink_export import ink_to_svg
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.inkml.ink_files import at_reading_size, is_ink, read_ink_file
from inkread.core.recognition.notes import TOO_SMALL
from inkread.core.recognition.recognise import read_ink
from tests.core.templates import Templates
from tests.written import write

NUMBER = write("407")


def inkml(factor: float, unit: str = "", brush: str = "", kind: str = "decimal") -> bytes:
    """The number in another unit, of `factor` to a px."""
    channels = "".join(f'<channel name="{c}" type="{kind}" {unit}/>' for c in "XY")
    traces = "".join(
        f"<trace>{', '.join(f'{x:.6f} {y:.6f}' for x, y in stroke.points * factor)}</trace>"
        for stroke in NUMBER.strokes
    )
    head = f"<context><traceFormat>{channels}</traceFormat>{brush}</context>"
    return f'<ink xmlns="http://www.w3.org/2003/InkML">{head}{traces}</ink>'.encode()


@pytest.mark.parametrize(
    ("factor", "unit"),
    [
        (1 / 300, ""),
        (1e-6, ""),
        (1.0, ""),
        (1e5, ""),
        (0.05, 'units="mm"'),
        (0.005, 'units="cm"'),
        (0.0001, 'units="m"'),
        (2.0, 'units="in"'),
        (5.0, 'units="himetric"'),
        (0.02, 'units="dev"'),
    ],
)
@pytest.mark.parametrize("width", ["", "0.7", "53", "1e9"])
def test_any_unit_is_read_alike(factor: float, unit: str, width: str) -> None:
    brush = f'<brush><brushProperty name="width" value="{width}"/></brush>' if width else ""
    reading = read_content(open_bytes(inkml(factor, unit, brush), "a"), Templates())
    assert reading.text == "407"
    assert reading.notes == ()


def test_its_shape_stays() -> None:
    (small,) = read_ink_file(inkml(0.001), "a")
    for one, other in zip(small.ink.strokes, NUMBER.strokes, strict=True):
        scale = one.bounds.longest_side / other.bounds.longest_side
        np.testing.assert_allclose(
            np.ptp(one.points, axis=0), scale * np.ptp(other.points, axis=0), rtol=1e-2
        )


def test_what_says_that_it_is_in_px_stays_as_it_is() -> None:
    strokes = tuple(Stroke.of(s.points / 100, s.width / 100) for s in NUMBER.strokes)
    (back,) = read_ink_file(write_inkml([Drawing(None, Ink(strokes))]), "a")
    assert all(
        np.array_equal(one.points, other.points)
        for one, other in zip(back.ink.strokes, strokes, strict=True)
    )


def test_large_writing_stays_as_it_is() -> None:
    drawings = (Drawing(None, NUMBER),)
    assert at_reading_size(drawings) is drawings
    assert at_reading_size((Drawing(None, Ink()),))[0].ink.is_empty


def test_drawings_of_one_file_keep_their_sizes_relative_to_one_another() -> None:
    one = Ink((Stroke.of([[0, 0], [0, 1]]),))
    other = Ink((Stroke.of([[3, 0], [3, 2]]),))
    first, second = at_reading_size((Drawing("1", one), Drawing("1", other)))
    assert second.ink.bounds.height == pytest.approx(2 * first.ink.bounds.height)
    assert (first.label, second.label) == ("1", "1")


def test_one_long_line_bounds_how_much_is_enlarged() -> None:
    strokes = [Stroke.of([[float(k), 0.0], [float(k), 0.001]]) for k in range(5)]
    strokes.append(Stroke.of([[0.0, 0.0], [1e6, 0.0]]))
    (drawing,) = at_reading_size((Drawing(None, Ink(tuple(strokes))),))
    assert drawing.ink.bounds.longest_side <= 1.01e6


def test_what_is_too_small_on_the_canvas_is_said() -> None:
    dot = Ink((Stroke.of([[5, 5], [6, 6]]),))
    assert read_ink(dot, Templates()).notes == (TOO_SMALL,)
    assert read_ink(Ink(), Templates()).notes == ()


def test_a_drawing_saved_as_svg_is_ink(tmp_path: Path) -> None:
    data = ink_to_svg(NUMBER)
    assert is_ink(data)
    assert read_content(open_bytes(data, "a.svg"), Templates()).text == "407"
