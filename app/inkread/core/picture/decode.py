"""Pillow: bytes of a picture file -> upright pixels, of bounded size."""

from __future__ import annotations

import logging
import math
import struct

import cv2
import numpy as np

# The plugins are named so that Pillow does not load all the others to find these six.
from PIL import (
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    JpegImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)

from inkread.core.errors import InkreadError, PictureTooComplex, PictureTooLarge, PictureUnknown
from inkread.core.picture import pnm
from inkread.core.picture.containers import (
    BoundedReader,
    gif_extents,
    silence_libtiff,
    tiff_values,
    without_text,
)
from inkread.core.picture.pixel_formats import Samples, samples, upright

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
"""Those that are known from the start; `_format_of` finds the others."""

_ORIENTATION = 0x0112
#: Maximum of scans x pixels in a JPEG; measured: each scan of 16 megapixels takes 10 to 30 ms even
#: if it is empty, and files that programs write have 1 to 20 scans.
_MAX_SCAN_PIXELS = 1_600_000_000
#: Start of a JPEG, of a scan in it, and its end.
_JPEG, _SCAN, _END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"
#: Two ways to go on with a scan, which no picture takes as the same: bits of two patterns.
_GOING_ON = b"", b"\x55\xa3" * 2048
#: JPEG 2000, in its container or as a bare codestream.
_JPEG_2000 = b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51"
#: Brands of the containers of AV1 and HEVC pictures (ISO/IEC 23008-12); "mif1" may hold either.
_AVIF, _HEIF = {b"avif", b"avis"}, {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"}
_EITHER = {b"mif1", b"msf1", b"mif2"}
#: Maximum brands that are looked at.
_MAX_BRANDS = 64
#: Maximum of tiles x layers in JPEG 2000; chosen: OpenJPEG looks at each layer of each tile, even
#: at empty ones, and files that programs write have 1 to 1,000 tiles and 1 to 20 layers.
_MAX_PACKETS = 20_000

NO_END = "The file has no end marker; all of the picture is there."
#: Maximum width and height, px; measured: 64 million rows of one pixel take Pillow 7 s, 64 million
#: columns 1.1 GB. Chosen: ten times what JPEG, GIF and WebP can state.
_MAX_SIDE = 655_350
#: Maximum values of one tag in a TIFF; chosen: a strip for each row of the longest page.
_MAX_TIFF_VALUES = 1_000_000

# `check_claim` checks the limit instead, for every format and with our own sentence.
Image.MAX_IMAGE_PIXELS = None
# Without a handler, Pillow's log about broken files would reach standard error.
logging.getLogger("PIL").addHandler(logging.NullHandler())
silence_libtiff()


def decode(
    data: bytes, name: str, limit: int, working: int
) -> tuple[Samples, float, tuple[str, ...]]:
    """Decode the first picture in `data`, turned upright as EXIF says.

    Parameters
    ----------
    data : bytes
        A file of one of the `FORMATS`, AVIF, HEIF, JPEG 2000 or PNM.
    name : str
        What errors call the file.
    limit : int
        Maximum pixels: if the header claims more, nothing is decoded.
    working : int
        Pixels to keep: a larger picture is averaged down to about this many.

    Returns
    -------
    picture : (h, w), (h, w, 3) or (h, w, 4) array of uint8
        Grey, RGB or RGBA.
    scale : float
        Picture px for one px of the file, at most 1.
    notes : tuple of str
        What was mended.

    Raises
    ------
    PictureUnknown, PictureTooLarge
        If it is no picture, or larger than `limit`.
    PictureTooComplex
        If it has too many parts: decoding would take many seconds.
    Exception
        Of almost any kind, if the picture is damaged.
    """
    if pnm.is_pnm(data):
        return *_pnm(data, name, limit, working), ()
    image = identified(data, name, limit)
    try:
        return *decoded(image, working), ()
    except OSError:
        if not data.startswith(_JPEG) or image.format != "JPEG":
            raise
        mended = _with_end(data, name, limit, working)
        if mended is None:
            raise
        return *mended, (NO_END,)


def decoded(image: Image.Image, working: int) -> tuple[Samples, float]:
    """The pixels of an identified picture, at most about `working`, and their scale."""
    longest = max(image.size)
    if image.width * image.height > working:
        # JPEG decodes at half the size at no cost; half the working size is still enough.
        image.draft(None, _shrunk(image.size, working // 2))
    image.load()
    size = _shrunk(image.size, working)
    return upright(samples(image, size), _orientation(image)), max(size) / longest


def _with_end(data: bytes, name: str, limit: int, working: int) -> tuple[Samples, float] | None:
    """A JPEG whose end marker is missing; None if some of the picture is missing too.

    A decoder that has all of the last scan skips what follows; one that has not takes it for the
    rest of the picture. So the picture is whole if it looks the same with two endings.
    """
    body = data.rstrip(b"\xff")
    first, second = (
        decoded(identified(body + more + _END, name, limit), working) for more in _GOING_ON
    )
    return first if np.array_equal(first[0], second[0]) else None


def _pnm(data: bytes, name: str, limit: int, working: int) -> tuple[Samples, float]:
    check_claim(pnm.size(data), name, limit)
    picture = pnm.decode(data)
    size = _shrunk(picture.shape[1::-1], working)
    scale = max(size) / max(picture.shape[:2])
    if scale < 1:
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return picture, scale


def pixels(image: Image.Image) -> Samples:
    """All pixels of an opened image, 8 bits each, turned upright as EXIF says.

    Raises
    ------
    Exception
        Of almost any kind, if the picture is damaged.
    """
    image.load()
    return upright(samples(image, image.size), _orientation(image))


def reason(error: Exception) -> str:
    """The message of a decoder, short enough for a sentence."""
    if isinstance(error, UnidentifiedImageError):
        return "its header is broken"
    message = " ".join(str(error).split()).rstrip(".")
    return message[:80] or "it cannot be decoded"


def identified(data: bytes, name: str, limit: int, with_frames: bool = False) -> Image.Image:
    """The picture with its header read and its claimed size checked; not decoded.

    Parameters
    ----------
    data, name, limit
        As of `decode`.
    with_frames : bool
        Whether the other pictures of an animated PNG are known, too.
    """
    data = without_text(data, name, with_frames)
    if (count := tiff_values(data)) > _MAX_TIFF_VALUES:
        raise PictureTooComplex(name=name, reason=f"one of its tags has {count} values")
    for extent in gif_extents(data)[:1]:
        check_claim(extent, name, limit)
    file = BoundedReader(data, name)
    kind = _format_of(data)
    try:
        image = Image.open(file, formats=FORMATS if kind is None else (kind,))
    except InkreadError:
        raise
    except Exception as error:  # of many kinds, see decode
        if kind is not None or _begins_like_a_picture(data):
            raise
        raise PictureUnknown(name=name) from error
    check_claim(image.size, name, limit)
    if kind == "JPEG2000":
        _check_packets(data, name)
    if data.startswith(_JPEG):  # Pillow calls one with several pictures "MPO"
        _check_scans(data.count(_SCAN, file.tell()) + 1, image.size, name)
    return image


def check_claim(size: tuple[int, int], name: str, limit: int) -> None:
    """Refuse a picture that claims to be too large.

    Raises
    ------
    PictureTooLarge, PictureTooComplex
        If it has more than `limit` pixels, or is a line of very many.
    """
    width, height = size
    if width * height > limit:
        raise PictureTooLarge(name=name, width=width, height=height, limit=limit // 1_000_000)
    if max(width, height) > _MAX_SIDE:
        raise PictureTooComplex(name=name, reason=f"it is {max(width, height)} pixels long")


def _format_of(data: bytes) -> str | None:
    """A format whose decoder is imported when it is needed; None: it may be one of `FORMATS`."""
    if data.startswith(_JPEG_2000):
        from PIL import Jpeg2KImagePlugin  # noqa: F401

        return "JPEG2000"
    if data[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(data[:4], "big"), 8 + 4 * _MAX_BRANDS)
    brands = {data[place : place + 4] for place in range(8, end, 4)}
    if brands & _AVIF:
        from PIL import AvifImagePlugin  # noqa: F401

        return "AVIF"
    if brands & (_HEIF | _EITHER):
        from pillow_heif import HeifImagePlugin  # noqa: F401

        return "HEIF"
    return None


def _check_packets(data: bytes, name: str) -> None:
    """Refuse JPEG 2000 of very many tiles and layers (ISO/IEC 15444-1, A.5.1 and A.6.1)."""
    start = data.find(_JPEG_2000[1])
    width, height, tile_width, tile_height, tile_left, tile_top = struct.unpack_from(
        ">2L8x4L", data, start + 8
    )
    across = -(-(width - tile_left) // max(tile_width, 1))
    down = -(-(height - tile_top) // max(tile_height, 1))
    layers = 1
    if (style := data.find(b"\xff\x52", start)) >= 0:
        (layers,) = struct.unpack_from(">H", data, style + 6)
    if across * down * layers > _MAX_PACKETS:
        reason = f"it is stored in {across * down} tiles of {layers} layers"
        raise PictureTooComplex(name=name, reason=reason)


def _check_scans(count: int, size: tuple[int, int], name: str) -> None:
    """Refuse a JPEG that libjpeg would pass over too many times.

    `count` may include scans of further pictures in the file. In compressed data the marker cannot
    occur: JPEG writes a zero after each 0xff there (ITU-T T.81, B.1.1.5).
    """
    if count * size[0] * size[1] > _MAX_SCAN_PIXELS:
        raise PictureTooComplex(name=name, reason=f"it is stored in {count} scans")


def _begins_like_a_picture(data: bytes) -> bool:
    return (
        data.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"))
        or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")
        or (data.startswith(b"BM") and data[6:10] == bytes(4))
    )


def _shrunk(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    """`size`, reduced in proportion to about `pixels` if it has more."""
    width, height = size
    factor = math.sqrt(pixels / (width * height))
    if factor >= 1:
        return size
    return max(1, round(width * factor)), max(1, round(height * factor))


def _orientation(image: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 if it is missing or broken."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a picture with broken EXIF is read all the same
        return 1
