""""""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from inkread.core.errors import InkreadError
from inkread.core.picture.page import open_page, page_of
from tests.core.pictures import FIGURE, KINDS, ORIENTATIONS, check_sound, encoded, with_orientation


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_shows_the_figure(name: str) -> None:
    page = open_page(KINDS[name], name)
    check_sound(page)
    expected = 255 - FIGURE if name.startswith("white") else FIGURE
    assert page.grey.shape == expected.shape
    assert cv2.absdiff(page.grey, expected).mean() < 1.5
    assert page.scale == 1


def test_colours_stay() -> None:
    colours = np.array([[[250, 3, 7], [9, 240, 30], [12, 14, 235]]], np.uint8)
    page = open_page(encoded(Image.fromarray(colours), "PNG"), "a")
    assert (page.colour == colours).all()
    assert page.grey.tolist() == [[77, 147, 39]]  # 0.299 R + 0.587 G + 0.114 B


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_exif_turns_it_upright(orientation: int, format_name: str) -> None:
    page = open_page(with_orientation(FIGURE, orientation, format_name), "a")
    assert page.grey.shape == FIGURE.shape
    assert cv2.absdiff(page.grey, FIGURE).mean() < 2


@pytest.mark.parametrize("value", [0, 9, 77])
def test_an_orientation_that_does_not_exist_is_none(value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    data = encoded(Image.fromarray(FIGURE), "PNG", exif=exif)
    assert (open_page(data, "a").grey == FIGURE).all()


def test_broken_exif_does_not_matter() -> None:
    data = encoded(Image.fromarray(FIGURE), "PNG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01")
    assert (open_page(data, "a").grey == FIGURE).all()


@pytest.mark.parametrize("size", [(1, 1), (20_000, 20), (20, 20_000), (1, 5000)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    page = open_page(encoded(Image.new("L", size, 255), "PNG"), "a")
    check_sound(page)
    assert page.grey.shape == size[::-1]
    assert (page.grey == 255).all()


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        check_sound(open_page(data, "a.png"))
    except InkreadError as error:
        assert str(error).startswith(("a.png: ", "a.png (page 1): "))


@st.composite
def spoilt_pictures(draw: st.DrawFn) -> bytes:
    """A real picture with some bytes changed, taken out or put in; often near the start."""
    data = bytearray(KINDS[draw(st.sampled_from(sorted(KINDS)))])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.one_of(st.integers(0, 60), st.integers(0, len(data))))
        gone = draw(st.sampled_from([0, 1, 1, 1, 4, 100_000]))
        data[at : at + gone] = draw(st.binary(max_size=4))
    return bytes(data)


@pytest.mark.slow
@given(spoilt_pictures())
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_spoilt_pictures_are_read_or_refused(data: bytes) -> None:
    try:
        check_sound(open_page(data, "a.png"))
    except InkreadError as error:
        assert str(error).startswith(("a.png: ", "a.png (page 1): "))


def test_the_same_content_has_the_same_digest() -> None:
    data = encoded(Image.fromarray(FIGURE), "PNG")
    assert open_page(data, "a").digest == hashlib.sha256(data).hexdigest()
    assert open_page(data, "b").digest == open_page(data, "a").digest
    pixels = page_of(FIGURE, "clipboard").digest
    assert pixels == page_of(FIGURE.copy(), "another").digest
    assert pixels not in (page_of(255 - FIGURE, "clipboard").digest, "")
