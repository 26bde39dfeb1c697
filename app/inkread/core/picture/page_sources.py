"""The pages of a file, decoded one by one: those of a PDF or TIFF, the frames of an animation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import takewhile
from typing import Protocol

import numpy as np
from PIL import Image

from inkread.core.picture import decode
from inkread.core.picture.containers import gif_extents, tiff_from, tiff_pages
from inkread.core.picture.pdf import Pdf, is_pdf
from inkread.core.picture.pixel_formats import Samples

#: Maximum pages of a file; chosen: four times a thick book of forms.
MAX_PAGES = 2000
#: Maximum pixels of all frames of an animation; chosen: its frames are decoded in turn, and 2
#: thousand million take about as long as 2,000 pages.
_MAX_FRAME_PIXELS = 2_000_000_000
#: Formats of pictures that move, or hold several.
_MOVING = frozenset({"GIF", "WEBP", "AVIF", "HEIF", "PNG"})
#: Flag in the header of an extended WebP.
_ANIMATED = 2
_GIF, _PNG, _FRAME = b"GIF8", b"\x89PNG\r\n\x1a\n", b"fcTL"

Decoded = tuple[Samples, float, tuple[str, ...]]


class PageSource(Protocol):
    """The pages of one file."""

    @property
    def count(self) -> int:
        """How many there are, at least 1; more than `MAX_PAGES` are not counted."""
        ...

    @property
    def total(self) -> int:
        """How many the file says that it has."""
        ...

    def decode(self, index: int) -> Decoded:
        """Pixels, scale and notes of one page, as of `decode.decode`."""
        ...

    def close(self) -> None: ...


def source_of(data: bytes, name: str, limit: int, working: int) -> PageSource:
    """The pages of a file of any kind.

    Parameters
    ----------
    data, name, limit, working
        As of `decode.decode`.

    Raises
    ------
    InkreadError
        If it is an unusable PDF. Of pictures, only decoding a page tells.
    """
    if is_pdf(data):
        return _PdfPages(data, name, limit, working)

    def first(of: bytes) -> Decoded:
        return decode.decode(of, name, limit, working)

    if len(directories := tiff_pages(data)) > 1:
        return _TiffPages(data, directories, first)
    if _may_move(data) and (total := _count(data, name, limit)) > 1:
        return _Frames(data, name, limit, working, total, first)
    return _Single(data, first)


class _Single:
    """A picture."""

    count = total = 1

    def __init__(self, data: bytes, first: Callable[[bytes], Decoded]) -> None:
        self._data, self._first = data, first

    def decode(self, index: int) -> Decoded:  # noqa: ARG002
        return self._first(self._data)

    def close(self) -> None:
        pass


class _TiffPages:
    """A TIFF of several pages."""

    def __init__(
        self, data: bytes, directories: list[int], first: Callable[[bytes], Decoded]
    ) -> None:
        self._data, self._directories, self._first = data, directories, first
        self.total = len(directories)
        self.count = min(self.total, MAX_PAGES)

    def decode(self, index: int) -> Decoded:
        if index == 0:
            return self._first(self._data)
        return self._first(tiff_from(self._data, self._directories[index]))

    def close(self) -> None:
        pass


class _Frames:
    """An animation, or several pictures; it stays open, as frames build on one another."""

    def __init__(
        self,
        data: bytes,
        name: str,
        limit: int,
        working: int,
        total: int,
        first: Callable[[bytes], Decoded],
    ) -> None:
        self._data, self._first = data, first
        self._name, self._limit = name, limit
        self._open: Callable[[], Image.Image] = partial(
            decode.identified, data, name, limit, with_frames=True
        )
        self._image: Image.Image | None = None
        self._working = working
        self.total = total
        # A frame of a GIF may be larger than the picture; what comes after one that is too large
        # builds on it.
        extents = gif_extents(data) or [self._opened().size]
        sound = list(takewhile(lambda extent: extent[0] * extent[1] <= limit, extents))
        if len(extents) > 1:
            total = min(total, len(sound))
        width, height = np.max([self._opened().size, *sound], axis=0).tolist()
        self.count = max(1, min(total, MAX_PAGES, _MAX_FRAME_PIXELS // (width * height)))

    def _opened(self) -> Image.Image:
        if self._image is None:
            self._image = self._open()
        return self._image

    def decode(self, index: int) -> Decoded:
        if index == 0:  # which may be sound though the animation is not
            return self._first(self._data)
        image = self._opened()
        try:
            image.seek(index)
            decode.check_claim(image.size, self._name, self._limit)
            return *decode.decoded(image, self._working), ()
        except BaseException:
            self.close()  # what is half decoded is no start for another frame
            raise

    def close(self) -> None:
        self._image = None


class _PdfPages:
    """A PDF."""

    def __init__(self, data: bytes, name: str, limit: int, working: int) -> None:
        self._pdf = Pdf(data, name)
        self._pixels = min(limit, working)
        self.total = self._pdf.count
        self.count = min(self.total, MAX_PAGES)

    def decode(self, index: int) -> Decoded:
        return *self._pdf.decode(index, self._pixels), ()

    def close(self) -> None:
        self._pdf.close()


def _may_move(data: bytes) -> bool:
    """Whether a file may hold several pictures: a look that costs nothing."""
    if data.startswith(_PNG):
        return data.count(_FRAME) > 0
    if data.startswith(b"RIFF"):
        return data[12:16] == b"VP8X" and bool(data[20:21] and data[20] & _ANIMATED)
    return data.startswith(_GIF) or data[4:8] == b"ftyp"


def _count(data: bytes, name: str, limit: int) -> int:
    """How many frames a file has; 1 if it cannot be told."""
    if data.startswith(_GIF):
        return len(gif_extents(data))
    try:
        image = decode.identified(data, name, limit, with_frames=True)
        if image.format not in _MOVING:
            return 1
        count = int(getattr(image, "n_frames", 1))
    except Exception:  # of many kinds, see decode; decoding it says what is wrong
        return 1
    if image.format == "PNG":  # which only claims a count; the picture before may be none of them
        count = min(count, data.count(_FRAME) + 1)
    return count
