from __future__ import annotations

import io
import math
import xml.etree.ElementTree as ET

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.ink_export import MARGIN, ink_to_png, ink_to_svg
from inkread.core.reading import Grey

SVG = "{http://www.w3.org/2000/svg}"

_ANGLES = np.linspace(0, 5, 60)
ARC = np.column_stack((30 + 60 * np.cos(_ANGLES), -200 + 60 * np.sin(_ANGLES)))
DRAWING = Ink(
    (
        Stroke.of(ARC, 14),
        Stroke.of([[150, -240], [150, -140]], 8),
        Stroke.of([[190, -150]], 20),
        Stroke.of([[190, -200], [190, -200]], 12, [0.2, 0.9]),
    )
)


def painted(svg: bytes) -> Grey:
    """The picture of Qt's SVG renderer: an oracle that shares no code with ours."""
    renderer = QSvgRenderer(QByteArray(svg))
    assert renderer.isValid()
    size = renderer.viewBoxF().size()
    width, height = math.ceil(size.width()), math.ceil(size.height())
    canvas = QImage(width, height, QImage.Format.Format_Grayscale8)
    canvas.fill(255)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # The middles of our px are at whole numbers, those of Qt's are not.
    renderer.render(painter, QRectF(QPointF(0.5, 0.5), size))
    painter.end()
    rows = np.frombuffer(canvas.constBits(), np.uint8).reshape(height, -1)
    return rows[:, :width].copy()


def test_svg_shows_what_is_drawn() -> None:
    shown, expected = painted(ink_to_svg(DRAWING)), rasterise_page(DRAWING, MARGIN)
    assert shown.shape == expected.shape
    ours, theirs = expected < 128, shown < 128
    assert (ours & theirs).sum() / (ours | theirs).sum() > 0.93


def test_svg_frames_the_ink_with_a_margin() -> None:
    root = ET.fromstring(ink_to_svg(Ink((Stroke.of([[-10, 20], [30, 25]], 6),))))
    assert root.get("viewBox") == "-29 1 78 43"
    assert (root.get("width"), root.get("height")) == ("78", "43")
    (path,) = root.iter(f"{SVG}path")
    assert (path.get("d"), path.get("stroke-width")) == ("M-10 20 L30 25", "6")


def test_svg_curves_through_the_middles() -> None:
    ink = Ink((Stroke.of([[0.0, 0.0], [10.0, 0.0], [10.0, 10.125], [20.0, 10.0]], 2.5),))
    (path,) = ET.fromstring(ink_to_svg(ink)).iter(f"{SVG}path")
    assert path.get("d") == "M0 0 Q10 0 10 5.06 Q10 10.12 15 10.06 L20 10"
    assert path.get("stroke-width") == "2.5"


def test_svg_of_a_dot_is_a_disc() -> None:
    (disc,) = ET.fromstring(ink_to_svg(Ink((Stroke.of([[5, 6]], 8),)))).iter(f"{SVG}circle")
    assert (disc.get("cx"), disc.get("cy"), disc.get("r")) == ("5", "6", "4")


def test_svg_without_ink_is_blank() -> None:
    assert (painted(ink_to_svg(Ink())) == 255).all()


def test_png_is_the_page() -> None:
    picture = Image.open(io.BytesIO(ink_to_png(DRAWING)))
    assert (picture.format, picture.mode) == ("PNG", "L")
    assert (np.asarray(picture) == rasterise_page(DRAWING, MARGIN)).all()


def test_png_shows_the_ink_in_black() -> None:
    page = cv2.imdecode(np.frombuffer(ink_to_png(DRAWING), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert page is not None
    assert (page[:10] == 255).all()
    assert page.min() == 0


def test_png_without_ink_is_blank() -> None:
    page = np.asarray(Image.open(io.BytesIO(ink_to_png(Ink()))))
    assert page.size
    assert (page == 255).all()


NUMBERS = st.floats(-1e4, 1e4, width=32)
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6)


@given(st.lists(st.builds(Stroke.of, POINTS, st.floats(0.01, 200)), max_size=4))
@settings(max_examples=50)
def test_any_ink_is_written(strokes: list[Stroke]) -> None:
    root = ET.fromstring(ink_to_svg(Ink(tuple(strokes))))
    assert len(list(root.iter(f"{SVG}path"))) + len(list(root.iter(f"{SVG}circle"))) == len(strokes)
    x, y, width, height = map(float, (root.get("viewBox") or "").split())
    for stroke in strokes:
        assert x <= stroke.points[:, 0].min() <= stroke.points[:, 0].max() <= x + width
        assert y <= stroke.points[:, 1].min() <= stroke.points[:, 1].max() <= y + height


@pytest.mark.parametrize("size", [1e4, 1e7])
def test_a_png_of_vast_ink_stays_small_enough(size: float) -> None:
    ink = Ink((Stroke.of([[0.0, 0.0], [size, size / 50]], 5),))
    page = Image.open(io.BytesIO(ink_to_png(ink)))
    assert page.width * page.height < 64_000_000
