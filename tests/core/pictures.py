"""One drawn figure as a file of every kind that the program opens."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from PIL import Image

from inkread.core.picture.page import Page
from inkread.core.reading import Grey

ORIENTATIONS = range(1, 9)


def figure(width: int = 120, height: int = 160) -> Grey:
    """A seven, 0 on 255: no turn and no reflection leaves it as it is."""
    page = np.full((height, width), 255, np.uint8)
    corners = [[0.25, 0.2], [0.75, 0.2], [0.45, 0.85]]
    points = np.rint(np.array(corners) * [width, height]).astype(np.int32)
    cv2.polylines(page, [points], False, 0, max(1, width // 12), cv2.LINE_AA)
    return page


def encoded(picture: Image.Image, format_name: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, format_name, **options)
    return stream.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, depth: int, colour_type: int, rows: bytes) -> bytes:
    """A PNG from its raw (unfiltered) rows; Pillow cannot write all kinds that it reads."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def claiming(width: int, height: int) -> bytes:
    """A PNG whose header claims a size that its few bytes do not bear out."""
    return png_of(width, height, 8, 0, bytes(100))


def with_orientation(page: Grey, orientation: int, format_name: str = "JPEG") -> bytes:
    """`page` stored turned, with the EXIF orientation that turns it upright again."""
    back = {
        1: page,
        2: page[:, ::-1],
        3: page[::-1, ::-1],
        4: page[::-1],
        5: page.T,
        6: np.rot90(page),
        7: page[::-1, ::-1].T,
        8: np.rot90(page, -1),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = Image.fromarray(np.ascontiguousarray(back[orientation]))
    return encoded(picture, format_name, exif=exif)


def dark_on_clear(page: Grey, ink: int = 0) -> Image.Image:
    """The ink of `page` as level `ink`, the paper transparent."""
    level = np.full_like(page, ink)
    return Image.fromarray(np.dstack((level, level, level, 255 - page)))


def picture_kinds(page: Grey | None = None) -> Iterator[tuple[str, bytes]]:
    """File name and bytes of every kind of picture; each shows `page` upright.

    Lossy kinds and those of few colours differ a little from it; "white" ones have white ink.
    """
    grey = Image.fromarray(figure() if page is None else page)
    yield from _png_kinds(grey)
    yield from _tiff_kinds(grey)
    yield from _animated_kinds(grey)
    colour = grey.convert("RGB")
    yield "grey.jpg", encoded(grey, "JPEG", quality=95)
    yield "colour.jpg", encoded(colour, "JPEG", quality=95)
    yield "progressive.jpg", encoded(colour, "JPEG", quality=95, progressive=True)
    yield "cmyk.jpg", encoded(grey.convert("CMYK"), "JPEG", quality=95)
    for orientation in ORIENTATIONS:
        yield f"turned{orientation}.jpg", with_orientation(np.asarray(grey), orientation)
    yield "grey.bmp", encoded(grey, "BMP")
    yield "colour.bmp", encoded(colour, "BMP")
    yield "one-bit.bmp", encoded(grey.convert("1"), "BMP")
    yield "colour.gif", encoded(grey, "GIF")
    yield "lossless.webp", encoded(colour, "WEBP", lossless=True)
    yield "lossy.webp", encoded(colour, "WEBP", quality=95)
    yield "clear.webp", encoded(dark_on_clear(np.asarray(grey)), "WEBP", lossless=True)
    yield "a-jpeg-renamed.png", encoded(grey, "JPEG", quality=95)
    yield "no-extension", encoded(grey, "PNG")


def _png_kinds(grey: Image.Image) -> Iterator[tuple[str, bytes]]:
    page = np.asarray(grey)
    height, width = page.shape
    deep = page.astype(">u2") * 257
    clear = dark_on_clear(page)
    indexed = grey.convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    yield "grey.png", encoded(grey, "PNG")
    yield "colour.png", encoded(grey.convert("RGB"), "PNG")
    yield "one-bit.png", encoded(grey.convert("1"), "PNG")
    yield "palette.png", encoded(indexed, "PNG")
    brightest = int(np.argmax(np.array(indexed.getpalette()).reshape(-1, 3).sum(axis=1)))
    yield "palette-clear.png", encoded(indexed, "PNG", transparency=brightest)
    yield "grey-clear-level.png", encoded(grey, "PNG", transparency=255)
    yield (
        "colour-clear-level.png",
        encoded(grey.convert("RGB"), "PNG", transparency=(255, 255, 255)),
    )
    yield "black-on-clear.png", encoded(clear, "PNG")
    yield "white-on-clear.png", encoded(dark_on_clear(page, 255), "PNG")
    yield "grey-alpha.png", encoded(clear.convert("LA"), "PNG")
    yield "white-grey-alpha.png", encoded(dark_on_clear(page, 255).convert("LA"), "PNG")
    yield "sixteen-bit.png", encoded(Image.fromarray(page.astype(np.uint16) * 257), "PNG")
    triple = np.repeat(deep, 3, axis=1)
    yield "sixteen-bit-colour.png", png_of(width, height, 16, 2, _raw_rows(triple))
    pair = np.dstack((np.zeros_like(deep), 65535 - deep)).astype(">u2").reshape(height, -1)
    yield "sixteen-bit-grey-alpha.png", png_of(width, height, 16, 4, _raw_rows(pair))


def _raw_rows(values: np.ndarray[Any, Any]) -> bytes:
    return b"".join(b"\0" + row.tobytes() for row in values)


def _tiff_kinds(grey: Image.Image) -> Iterator[tuple[str, bytes]]:
    page = np.asarray(grey)
    deep = Image.fromarray(page.astype(np.uint16) * 257)
    yield "grey.tif", encoded(grey, "TIFF")
    yield "packed.tiff", encoded(grey.convert("RGB"), "TIFF", compression="tiff_lzw")
    yield "jpeg-inside.tiff", encoded(grey.convert("RGB"), "TIFF", compression="jpeg", quality=95)
    yield "fax.tiff", encoded(grey.convert("1"), "TIFF", compression="group4")
    yield "cmyk.tiff", encoded(grey.convert("CMYK"), "TIFF")
    yield "clear.tiff", encoded(dark_on_clear(page), "TIFF")
    yield "sixteen-bit.tiff", encoded(deep, "TIFF")
    yield (
        "sixteen-bit-big-endian.tiff",
        encoded(Image.frombytes("I;16B", grey.size, (page.astype(">u2") * 257).tobytes()), "TIFF"),
    )
    yield "twelve-bit.tiff", encoded(Image.fromarray(page.astype(np.uint16) * 16), "TIFF")
    yield "thirty-two-bit.tiff", encoded(Image.fromarray(page.astype(np.int32) * 257), "TIFF")
    yield "float.tiff", encoded(Image.fromarray((page / 255).astype(np.float32)), "TIFF")
    yield "turned.tiff", with_orientation(page, 6, "TIFF")


def _animated_kinds(grey: Image.Image) -> Iterator[tuple[str, bytes]]:
    more: dict[str, Any]
    first, second = grey.convert("RGB"), Image.new("RGB", grey.size, (90, 90, 200))
    for name in ("GIF", "WEBP", "PNG", "TIFF"):
        more = {"save_all": True, "append_images": [second]}
        if name == "WEBP":
            more["lossless"] = True
        yield f"animated.{name.lower()}", encoded(first, name, **more)
    # What many phones write: a JPEG with further pictures behind the first.
    more = {"save_all": True, "append_images": [second], "quality": 95}
    yield "several.jpg", encoded(first, "MPO", **more)


KINDS = dict(picture_kinds())
FIGURE = figure()


def check_sound(page: Page) -> None:
    assert page.grey.dtype == page.colour.dtype == np.uint8
    assert page.grey.ndim == 2
    assert page.grey.size
    assert page.colour.shape == (*page.grey.shape, 3)
    assert not page.grey.flags.writeable
    assert not page.colour.flags.writeable
    assert 0 < page.scale <= 1
