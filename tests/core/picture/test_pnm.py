"""PNM of all six kinds and any depth."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from inkread.core.errors import PictureDamaged, PictureUnknown
from inkread.core.picture.page import open_page
from inkread.core.picture.pnm import is_pnm
from tests.core.pictures import FIGURE, encoded

GREY = np.array([[0, 128, 255], [255, 64, 0]], np.uint8)


def text(values: object) -> bytes:
    return " ".join(map(str, np.ravel(np.asarray(values)))).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"P2 3 2 255\n" + text(GREY),
        b"P2\n# drawn\n3 # wide\n2\n255\n" + text(GREY[0]) + b" # a row\n" + text(GREY[1]),
        b"P3 3 2 255\n" + text(np.repeat(GREY[..., None], 3, axis=2)),
        b"P5 3 2 255\n" + GREY.tobytes(),
        b"P5 3 2 65535\n" + (GREY.astype(">u2") * 257).tobytes(),
        b"P6 3 2 255\n" + np.repeat(GREY[..., None], 3, axis=2).tobytes(),
    ],
    ids=["P2", "comments", "P3", "P5", "P5 deep", "P6"],
)
def test_maps(data: bytes) -> None:
    assert np.array_equal(open_page(data, "a").grey, GREY)


@pytest.mark.parametrize(
    "data", [b"P1 3 2\n101\n0 1 0", b"P1 3 2 #\n1 0 1 0 1 0", b"P4 3 2\n\xa0\x40"]
)
def test_bitmaps(data: bytes) -> None:
    assert open_page(data, "a").grey.tolist() == [[0, 255, 0], [255, 0, 255]]


@pytest.mark.parametrize("white", [1, 15, 200, 4095])
def test_white_is_what_the_header_says(white: int) -> None:
    values = np.array([[0, white]])
    binary = values.astype(">u2" if white > 255 else np.uint8).tobytes()
    for data in (b"P2 2 1 %d\n" % white + text(values), b"P5 2 1 %d\n" % white + binary):
        assert open_page(data, "a").grey.tolist() == [[0, 255]]


def test_as_pillow_writes_them() -> None:
    for mode in ("1", "L", "RGB"):
        picture = Image.fromarray(np.where(FIGURE < 128, np.uint8(0), np.uint8(255))).convert(mode)
        page = open_page(encoded(picture, "PPM"), "a")
        assert ((page.grey < 128) == (FIGURE < 128)).all()


@pytest.mark.parametrize(
    "data",
    [
        b"P5 3 2 255\n" + bytes(5),
        b"P2 3 2 255\n1 2 3",
        b"P2 3 1 255\n1 2 x",
        b"P2 3 1 255\n1 -2 3",
        b"P2 3 1 7\n1 2 8",
        b"P5 3 1 7\n" + bytes([1, 2, 8]),
        b"P5 3 1 0\n" + bytes(3),
        b"P5 3 1 65536\n" + bytes(6),
        b"P1 3 1\n102",
        b"P1 3 1\n10",
        b"P4 3 2\n\xa0",
    ],
    ids=repr,
)
def test_damaged(data: bytes) -> None:
    assert is_pnm(data)
    with pytest.raises(PictureDamaged, match=r"^a: the picture is damaged"):
        open_page(data, "a")


@pytest.mark.parametrize(
    "data", [b"P5", b"P9 1 1 255 \0", b"P5 wide", b"P5 1 1 255", b"P5x1 1 255 \0"]
)
def test_no_header(data: bytes) -> None:
    with pytest.raises(PictureUnknown):
        open_page(data, "a")


def test_a_header_of_comments_takes_no_time() -> None:
    assert not is_pnm(b"P5" + b"#\n" * 5_000_000)
    assert not is_pnm(b"P5" + b" " * 5_000_000)
