"""Picture files, arrays and images -> page."""

from __future__ import annotations

import hashlib
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.errors import (
    ArrayUnusable,
    FileUnusable,
    InkreadError,
    PictureDamaged,
    PictureEmpty,
    PictureTooLarge,
)
from inkread.core.picture.transparency import flatten
from inkread.core.reading import Grey

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 64_000_000
"""Maximum; a file that claims more is refused before it is decoded."""

WORKING_PIXELS = 16_000_000
"""Larger pages are reduced to this; bounds memory and time."""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A decoded picture, upright and opaque.

    Attributes
    ----------
    colour : (h, w, 3) array of uint8, RGB, read-only
        To show.
    grey : (h, w) array of uint8, read-only
        To read. Dark on light or light on dark, as in the file.
    scale : float
        Page px for one px of the (upright) file; below 1 if a large file was reduced.
    digest : str
        SHA-256, hexadecimal, of the file's bytes, or of the pixels if there is no file; of a page
        after the first, of that and its number. Empty: not known.
    notes : tuple of str
        What was mended or left out, a sentence each.
    number, count : int
        Which page of the file it is, from 1 on, and how many it has.
    is_upright : bool
        Whether a person turned it, so that it is not turned when it is read.
    """

    colour: NDArray[np.uint8]
    grey: Grey
    scale: float = 1.0
    digest: str = ""
    notes: tuple[str, ...] = ()
    number: int = 1
    count: int = 1
    is_upright: bool = False


class Pages:
    """The pages of a picture file, decoded one by one; close it, or use it with ``with``.

    The content decides the format, not the name. Frames of an animation are pages, too.

    Parameters
    ----------
    data : bytes
        PNG, JPEG, BMP, GIF, TIFF, WebP, AVIF, HEIF, JPEG 2000, PNM or PDF.
    name : str
        What errors call the file.

    Attributes
    ----------
    count : int
        How many pages can be decoded, at least 1 and at most 2,000.
    notes : tuple of str
        Whether there are more.

    Raises
    ------
    InkreadError
        If there are no bytes, or it is an unusable PDF. Of pictures, only `page` tells.
    """

    def __init__(self, data: bytes, name: str) -> None:
        if not data:
            raise PictureEmpty(name=name)
        # Only here: Pillow would delay the window by 40 ms.
        from inkread.core.picture.page_sources import source_of

        self._name, self._digest = name, digest_of(data)
        with _decoding(name):
            self._source = source_of(data, name, MAX_PIXELS, WORKING_PIXELS)
        self.count = self._source.count
        self.notes: tuple[str, ...] = ()
        if self._source.total > self.count:
            total = self._source.total
            self.notes = (f"It has {total} pages; only the first {self.count} can be read.",)

    def page(self, index: int) -> Page:
        """Decode one page; only its pixels stay in memory.

        Parameters
        ----------
        index : int
            From 0 on, less than `count`.

        Raises
        ------
        InkreadError
            As `open_page`.
        """
        with self._of_page(index), _decoding(self._name):
            picture, scale, notes = self._source.decode(index)
            page = _page(picture, scale, page_digest(self._digest, index + 1))
            return replace(page, notes=notes + self.notes, number=index + 1, count=self.count)

    @contextmanager
    def _of_page(self, index: int) -> Iterator[None]:
        """Make errors tell the page, if there are several."""
        try:
            yield
        except InkreadError as error:
            if self.count == 1:
                raise
            name = page_title(self._name, index + 1)
            raise type(error)(**{**error.facts, "name": name}) from error

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def page_title(name: str, number: int, count: int = 2) -> str:
    """What to call a page of a file of `count` pages."""
    return name if count == 1 else f"{name} (page {number})"


def open_page(data: bytes, name: str) -> Page:
    """Decode the bytes of a picture file; of several pages the first, which a note says.

    Decoding 64 megapixels needs 0.3 to 0.5 GB of memory, WebP 1 GB (measured).

    Parameters
    ----------
    data, name
        As of `Pages`.

    Raises
    ------
    PictureEmpty, PictureUnknown, PictureDamaged
        If there are no bytes, or they are no picture, or not all of one.
    PdfLocked, PdfDamaged
        If it is a PDF that is protected by a password, or broken.
    PictureTooLarge, PictureTooComplex
        If the header claims more than `MAX_PIXELS`; if decoding would take many seconds.
    FileUnusable
        If memory is too small for it.
    """
    with Pages(data, name) as pages:
        page = pages.page(0)
    if pages.count == 1:
        return page
    return replace(page, notes=(*page.notes, f"Page 1 of {pages.count} is read."))


def page_of_image(image: Image, name: str) -> Page:
    """The page of a Pillow image, turned upright as its EXIF says.

    Parameters
    ----------
    image : PIL.Image.Image
        Of any mode; it stays as it is, but is loaded.
    name : str
        What errors call it.

    Raises
    ------
    PictureDamaged
        If it cannot be loaded.
    PictureEmpty, PictureTooLarge, FileUnusable
        As `check_size` and `open_page`.
    """
    from inkread.core.picture import decode

    check_size(*image.size, name)
    with _decoding(name):
        return page_of(decode.pixels(image), name)


@contextmanager
def _decoding(name: str) -> Iterator[None]:
    """Turn every failure of decoding into an error with one sentence."""
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except InkreadError:
        raise
    except MemoryError as error:
        raise FileUnusable(name=name, reason="there is not enough memory for it") from error
    except Exception as error:
        # Decoders raise almost anything for damaged files: OSError, SyntaxError, ValueError,
        # struct.error, zlib.error, IndexError, EOFError, OverflowError, ...
        from inkread.core.picture import decode

        raise PictureDamaged(name=name, reason=decode.reason(error)) from error


def check_size(width: int, height: int, name: str) -> None:
    """Refuse a picture that is empty or too large, by its size in px.

    Raises
    ------
    PictureEmpty, PictureTooLarge
        If it has no pixels, or more than `MAX_PIXELS`.
    """
    if width < 1 or height < 1:
        raise PictureEmpty(name=name)
    if width * height > MAX_PIXELS:
        limit = MAX_PIXELS // 1_000_000
        raise PictureTooLarge(name=name, width=width, height=height, limit=limit)


def page_of_array(array: NDArray[Any], name: str) -> Page:
    """The page of an array that somebody else made; it is copied.

    Parameters
    ----------
    array : (h, w), (h, w, 3) or (h, w, 4) array of uint8, float or bool
        Grey, RGB or RGBA; floats from 0 (black) to 1 (white), true is white.
    name : str
        What errors call it.

    Raises
    ------
    ArrayUnusable
        If its shape, its type or its values are others.
    PictureEmpty, PictureTooLarge
        As `check_size`.
    """
    if array.ndim != 2 and (array.ndim != 3 or array.shape[2] not in (3, 4)):
        raise ArrayUnusable(name=name, reason=f"its shape is {array.shape}")
    height, width = array.shape[:2]
    check_size(width, height, name)
    match array.dtype.kind:
        case "f":
            if not (array.min() >= 0 and array.max() <= 1):  # which NaN is neither
                raise ArrayUnusable(name=name, reason="its floats are not all from 0 to 1")
            array = np.rint(array * 255)
        case "b":
            array = np.where(array, 255, 0)
        case _ if array.dtype != np.uint8:
            raise ArrayUnusable(name=name, reason=f"its values are of type {array.dtype}")
    return page_of(np.array(array, np.uint8, order="C"), name)


def page_of(picture: NDArray[np.uint8], name: str) -> Page:
    """The page of pixels without a file, such as those of the clipboard.

    Parameters
    ----------
    picture : (h, w), (h, w, 3) or (h, w, 4) array of uint8
        Grey, RGB or RGBA (straight alpha); reduced to `WORKING_PIXELS` if it has more.
    name : str
        What errors call it.

    Raises
    ------
    PictureEmpty, PictureTooLarge
        As `check_size`.
    """
    height, width = picture.shape[:2]
    check_size(width, height, name)
    digest = digest_of(repr(picture.shape).encode(), np.ascontiguousarray(picture).data)
    factor = min(1.0, math.sqrt(WORKING_PIXELS / (width * height)))
    if factor < 1:
        size = max(1, round(width * factor)), max(1, round(height * factor))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return _page(picture, max(picture.shape[:2]) / max(width, height), digest)


def digest_of(*parts: bytes | memoryview) -> str:
    """SHA-256 of all bytes, in order, hexadecimal: the digest of a page."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def page_digest(digest: str, number: int) -> str:
    """The digest of a page of a file; the first has that of the file."""
    return digest if number == 1 else digest_of(f"{digest} page {number}".encode())


def _page(picture: NDArray[np.uint8], scale: float, digest: str) -> Page:
    """The page of a grey, RGB or RGBA picture."""
    if picture.ndim == 2:
        grey, colour = picture, np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB), np.uint8)
    else:
        colour = flatten(picture) if picture.shape[2] == 4 else picture
        grey = np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.uint8)
    colour.setflags(write=False)
    grey.setflags(write=False)
    return Page(colour, grey, scale, digest)
