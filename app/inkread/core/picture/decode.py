"""Pillow: bytes of a picture file -> upright pixels of a bounded number."""

from __future__ import annotations

import io
import logging
import math

# Each plugin is named, so that Pillow need not load all of its others to find these six.
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

from inkread.core.errors import PictureTooLarge, PictureUnknown
from inkread.core.picture.pixel_formats import Samples, samples, upright

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")

_ORIENTATION = 0x0112

# The limit is held in `_identified`, for every format and with our own sentence.
Image.MAX_IMAGE_PIXELS = None
# What Pillow logs about broken files would otherwise reach standard error.
logging.getLogger("PIL").addHandler(logging.NullHandler())


def decode(data: bytes, name: str, limit: int, working: int) -> tuple[Samples, float]:
    """Decode the first picture in `data`, turned upright as EXIF says.

    Parameters
    ----------
    data : bytes
        A file of one of the `FORMATS`.
    name : str
        What the sentences of the errors call the file.
    limit : int
        If the header claims more pixels than that, nothing is decoded.
    working : int
        If there are more pixels, they are averaged down to that number.

    Returns
    -------
    picture : (h, w), (h, w, 3) or (h, w, 4) array of uint8
        Grey, RGB or RGBA.
    scale : float
        Its px for one px of the file, at most 1.

    Raises
    ------
    PictureUnknown, PictureTooLarge
        If it is no picture at all, or a larger one than `limit`.
    Exception
        Of almost any kind, if the picture is damaged.
    """
    image = _identified(data, name, limit)
    longest = max(image.size)
    if image.width * image.height > working:
        # JPEG halves for nothing while it decodes; half the working size is still plenty.
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
    """What a decoder said, short enough to stand in a sentence."""
    if isinstance(error, UnidentifiedImageError):
        return "its header is broken"
    said = " ".join(str(error).split()).rstrip(".")
    return said[:80] or "it cannot be decoded"


def _identified(data: bytes, name: str, limit: int) -> Image.Image:
    """The picture, its header read and its claimed size checked, nothing decoded."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Exception as error:  # of many kinds, see decode
        if _begins_like_a_picture(data):
            raise
        raise PictureUnknown(name=name) from error
    width, height = image.size
    if width * height > limit:
        raise PictureTooLarge(name=name, width=width, height=height, limit=limit // 1_000_000)
    return image


def _begins_like_a_picture(data: bytes) -> bool:
    return (
        data.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*"))
        or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")
        or (data.startswith(b"BM") and data[6:10] == bytes(4))
    )


def _shrunk(size: tuple[int, int], pixels: int) -> tuple[int, int]:
    """`size`, or the size of the same shape that has about `pixels`, whichever is less."""
    width, height = size
    factor = math.sqrt(pixels / (width * height))
    if factor >= 1:
        return size
    return max(1, round(width * factor)), max(1, round(height * factor))


def _orientation(image: Image.Image) -> int:
    """EXIF's orientation, 1 to 8; 1 if there is none or it cannot be read."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # broken EXIF is no reason to refuse a good picture
        return 1
