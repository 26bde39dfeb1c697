"""PNM (P1 to P6: PBM, PGM and PPM, as text or not) -> pixels.

Pillow reads plain files, and binary ones of other depths than 8 and 16 bits, value by value in
Python: a picture of 12 megapixels takes 10 s.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from inkread.core.picture.pixel_formats import Samples

#: Blanks and comments between the numbers of a header, of bounded length.
_BLANK = rb"(?:[ \t\r\n\v\f]|#[^\r\n]*[\r\n])"
_NUMBER = _BLANK + rb"{1,10000}+(\d{1,9})"
_BITMAP = re.compile(rb"P([14])" + 2 * _NUMBER + _BLANK)
_MAP = re.compile(rb"P([2356])" + 3 * _NUMBER + _BLANK)
_COMMENT = re.compile(rb"#[^\r\n]*")
_SPACES = b" \t\r\n\v\f"
#: Bytes of one value in a plain file with the blanks around it; bounds the memory. Chosen: 65535
#: and the end of a line take 7.
_MAX_VALUE_LENGTH = 12
#: Bytes of a header; chosen: programs write some comments in it.
_HEAD = 100_000


def is_pnm(data: bytes) -> bool:
    """Whether the bytes begin like a PNM."""
    return _header(data) is not None


def size(data: bytes) -> tuple[int, int]:
    """Width and height that the header claims, px."""
    header = _header(data)
    assert header is not None, "it is a PNM"
    return int(header[2]), int(header[3])


def decode(data: bytes) -> Samples:
    """All pixels of a PNM: (h, w) grey or (h, w, 3) RGB, 8 bits.

    Raises
    ------
    ValueError
        If it is damaged or cut off.
    """
    header = _header(data)
    assert header is not None, "it is a PNM"
    kind, width, height = header[1], int(header[2]), int(header[3])
    body = data[header.end() :]
    shape = (height, width, 3) if kind in b"36" else (height, width)
    if kind in b"14":
        return np.where(_bits(body, height, width, kind == b"1"), np.uint8(0), np.uint8(255))
    white = int(header[4])
    if not 0 < white < 65536:
        raise ValueError("its white is no number from 1 to 65535")
    count = int(np.prod(shape))
    values = _plain(body, count) if kind in b"23" else _binary(body, count, white)
    if values.max(initial=0) > white:
        raise ValueError("a value is brighter than white")
    if white == 255:
        return values.astype(np.uint8).reshape(shape)
    table = np.rint(np.arange(white + 1) * (255 / white)).astype(np.uint8)
    return np.asarray(table[values], np.uint8).reshape(shape)


def _header(data: bytes) -> re.Match[bytes] | None:
    head = data[:_HEAD]
    return _BITMAP.match(head) or _MAP.match(head)


def _bits(body: bytes, height: int, width: int, is_plain: bool) -> NDArray[np.uint8]:
    """1 where it is black."""
    if is_plain:
        digits = _COMMENT.sub(b"", body).translate(None, _SPACES)[: height * width]
        bits = np.frombuffer(digits, np.uint8) - np.uint8(ord("0"))
        if bits.size < height * width or bits.max(initial=0) > 1:
            raise ValueError("its rows are cut off or hold other signs than 0 and 1")
        return bits.reshape(height, width)
    row = (width + 7) // 8
    if len(body) < row * height:
        raise ValueError("its rows are cut off")
    packed = np.frombuffer(body, np.uint8, row * height).reshape(height, row)
    return np.unpackbits(packed, axis=1)[:, :width]


def _plain(body: bytes, count: int) -> NDArray[np.int64]:
    text = _COMMENT.sub(b"", body)[: _MAX_VALUE_LENGTH * count]
    values = np.fromstring(text, np.int64, sep=" ")[:count]
    if values.size < count or values.min(initial=0) < 0:
        raise ValueError("its rows are cut off or hold other signs than digits")
    return values


def _binary(body: bytes, count: int, white: int) -> NDArray[np.uint8] | NDArray[np.uint16]:
    wide = white > 255
    if len(body) < count * (1 + wide):
        raise ValueError("its rows are cut off")
    if wide:
        return np.frombuffer(body, ">u2", count).astype(np.uint16)
    return np.frombuffer(body, np.uint8, count)
