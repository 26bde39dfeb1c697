"""Drawings that were saved as SVG come back; other SVGs are refused."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.core.errors import SvgUnusable
from inkread.core.ink import Ink, Stroke
from inkread.core.ink_export import ink_to_svg
from inkread.core.svg_ink import is_svg, read_svg
from tests.written import write

SAVED = ink_to_svg(write("47"))


def test_a_drawing_comes_back_to_a_hundredth_of_a_pixel() -> None:
    ink = write("4072\n913")
    back = read_svg(ink_to_svg(ink), "a.svg")
    assert len(back.strokes) == len(ink.strokes)
    for one, other in zip(back.strokes, ink.strokes, strict=True):
        np.testing.assert_allclose(one.points, other.points, atol=0.0051)
        assert one.width == pytest.approx(other.width, abs=0.0051)


@pytest.mark.parametrize("points", [[[5, 6]], [[5, 6], [5, 6]], [[-5, 6], [7.25, -8]], []])
def test_short_strokes(points: list[list[float]]) -> None:
    ink = Ink((Stroke.of(points, 7.0),) if points else ())
    back = read_svg(ink_to_svg(ink), "a.svg")
    assert [stroke.width for stroke in back.strokes] == [7.0] * len(ink.strokes)
    for one, other in zip(back.strokes, ink.strokes, strict=True):
        np.testing.assert_allclose(np.ptp(one.points, axis=0), np.ptp(other.points, axis=0))
        np.testing.assert_allclose(one.points[0], other.points[0])


@pytest.mark.parametrize(
    "start", [b"", b"\xef\xbb\xbf", b'<?xml version="1.0"?>\n<!-- a -->', b"<!DOCTYPE svg>"]
)
def test_what_begins_like_svg(start: bytes) -> None:
    assert is_svg(start + SAVED)
    assert not is_svg(start + SAVED.replace(b"<svg ", b"<svgx "))
    assert not is_svg(b"x" + start + SAVED)


BOMB = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "data",
    [
        BOMB + SAVED,
        OUTSIDE + SAVED.replace(b"<g ", b"&a;<g "),
        SAVED[:-20],
        SAVED.replace(b"<path", b"<image", 1),
        SAVED.replace(b"</g>", b'<use href="#a"/></g>'),
        SAVED.replace(b"</svg>", b"<text>1</text></svg>"),
        SAVED.replace(b"<g ", b'<g transform="scale(9)" '),
        SAVED.replace(b"<path ", b'<path transform="scale(9)" '),
        SAVED.replace(b" Q", b" C", 1),
        SAVED.replace(b'd="M', b'd="m', 1),
        SAVED.replace(b'd="M', b'd="M1e999 ', 1),
        SAVED.replace(b'width="12', b'width="-12'),
        SAVED.replace(b'stroke-width="', b'stroke-width="nan'),
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<svg><g fill="none"/></svg>',
        SAVED + b"<" * 400_001,
    ],
)
def test_others_are_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(SvgUnusable, match=r"^a\.svg: of SVGs only drawings .* save it as PNG\.$"):
        read_svg(data, "a.svg")
