"""Pillow: bytes of a picture file -> upright pixels, of bounded size."""

from __future__ import annotations

import logging
import math

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
from inkread.core.picture.containers import (
    BoundedReader,
    silence_libtiff,
    tiff_values,
    without_text,
)
from inkread.core.picture.pixel_formats import Samples, samples, upright

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")

_ORIENTATION = 0x0112
#: Maximum of scans x pixels in a JPEG; measured: each scan of 16 megapixels takes 10 to 30 ms even
#: if it is empty, and files that programs write have 1 to 20 scans.
_MAX_SCAN_PIXELS = 1_600_000_000
#: Start of a JPEG, and of a scan in it.
_JPEG, _SCAN = b"\xff\xd8", b"\xff\xda"
#: Maximum width and height, px; measured: 64 million rows of one pixel take Pillow 7 s, 64 million
#: columns 1.1 GB. Chosen: ten times what JPEG, GIF and WebP can state.
_MAX_SIDE = 655_350
#: Maximum values of one tag in a TIFF; chosen: a strip for each row of the longest page.
_MAX_TIFF_VALUES = 1_000_000

# `_identified` checks the limit instead, for every format and with our own sentence.
Image.MAX_IMAGE_PIXELS = None
# Without a handler, Pillow's log about broken files would reach standard error.
logging.getLogger("PIL").addHandler(logging.NullHandler())
silence_libtiff()


def decode(data: bytes, name: str, limit: int, working: int) -> tuple[Samples, float]:
    """Decode the first picture in `data`, turned upright as EXIF says.

    Parameters
    ----------
    data : bytes
        A file of one of the `FORMATS`.
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

    Raises
    ------
    PictureUnknown, PictureTooLarge
        If it is no picture, or larger than `limit`.
    PictureTooComplex
        If it has too many parts: decoding would take many seconds.
    Exception
        Of almost any kind, if the picture is damaged.
    """
    image = _identified(data, name, limit)
    longest = max(image.size)
    if image.width * image.height > working:
        # JPEG decodes at half the size at no cost; half the working size is still enough.
        image.draft(None, _shrunk(image.size, working // 2))
    image.load()
    size = _shrunk(image.size, working)
    return upright(samples(image, size), _orientation(image)), max(size) / longest


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


def _identified(data: bytes, name: str, limit: int) -> Image.Image:
    """The picture with its header read and its claimed size checked; not decoded."""
    data = without_text(data, name)
    if (count := tiff_values(data)) > _MAX_TIFF_VALUES:
        raise PictureTooComplex(name=name, reason=f"one of its tags has {count} values")
    file = BoundedReader(data, name)
    try:
        image = Image.open(file, formats=FORMATS)
    except InkreadError:
        raise
    except Exception as error:  # of many kinds, see decode
        if _begins_like_a_picture(data):
            raise
        raise PictureUnknown(name=name) from error
    width, height = image.size
    if width * height > limit:
        raise PictureTooLarge(name=name, width=width, height=height, limit=limit // 1_000_000)
    if max(width, height) > _MAX_SIDE:
        raise PictureTooComplex(name=name, reason=f"it is {max(width, height)} pixels long")
    if data.startswith(_JPEG):  # Pillow calls one with several pictures "MPO"
        _check_scans(data.count(_SCAN, file.tell()) + 1, image.size, name)
    return image


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
