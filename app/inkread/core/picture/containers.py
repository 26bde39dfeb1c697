"""Bound what surrounds the pixels in a picture file, before Pillow takes it apart.

Pillow reads the parts of a file (chunks, segments, tags) in loops of Python. A file of 20 MB can
have millions of parts, and a text of 1 kB can expand to megabytes.
"""

from __future__ import annotations

import ctypes
import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from inkread.core.errors import PictureTooComplex

#: Maximum reads of a file; measured: a million take Pillow 1 to 2 s. Chosen: twice what a PNG of
#: 256 MB in chunks of 8 kB needs.
_MAX_READS = 300_000
#: The same for BMP: run-length encoded rows are read byte by byte; measured: a million runs take
#: 1 to 2 s.
_MAX_BMP_READS = 2_000_000
#: Maximum parts of a PNG or JPEG; chosen: three times as many as 256 MB in chunks of 8 kB have.
_MAX_CHUNKS = 100_000

_PNG = b"\x89PNG\r\n\x1a\n"
#: Chunks that pixels depend on.
_PIXEL_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
#: Chunks of the other pictures of an animation.
_FRAME_CHUNKS = frozenset({b"acTL", b"fcTL", b"fdAT"})
#: Text that may hold the orientation.
_ORIENTATION_TEXT = (b"XML:com.adobe.xmp\0", b"Raw profile type exif\0")
#: Maximum size of a chunk that may hold the orientation, bytes; chosen: EXIF of cameras has 64 kB.
_MAX_ORIENTATION = 1 << 16
#: The same, expanded; chosen: four times that, a quarter of what Pillow refuses the file for.
_MAX_EXPANDED = 1 << 18

_JPEG = b"\xff\xd8"
_APP1, _SCAN, _FILL = 0xE1, 0xDA, 0xFF
#: Segments of programs and comments in a JPEG, but for JFIF and what Adobe says of its colours.
_TEXT_SEGMENTS = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
#: Markers alone, a byte that fills, and what is no marker.
_WITHOUT_LENGTH = frozenset({*range(0xC0), *range(0xD0, 0xDA), _FILL})
#: Those that may hold the orientation: EXIF and XMP. Chosen: cameras write one of each, long ones
#: in several parts.
_MAX_APP1 = 16

_GIF, _GIF_HEADER, _GIF_IMAGE, _GIF_EXTENSION = b"GIF8", 13, 0x2C, 0x21
#: Maximum parts of a GIF that are looked at; measured: they take 0.2 s. Chosen: those of 256 MB.
_MAX_GIF_PARTS = 1_000_000

#: Types of the tags of a TIFF whose values are unpacked one by one.
_TIFF_NUMBERS = frozenset({3, 4, 5, 8, 9, 10, 11, 12, 13, 16, 17, 18})
_CLASSIC, _BIG, _LONG = 42, 43, 4
#: Maximum directories of a TIFF that are looked at; chosen: ten times the pages that are read.
_MAX_DIRECTORIES = 20_000
#: Tags that tell small copies of a picture and masks from pages, old and new, and their values.
_OLD_KIND, _KIND = 255, 254
_OLD_COPY, _COPY, _MASK = 2, 1, 4


class BoundedReader(io.BytesIO):
    """A file in memory that refuses to be read in too many pieces.

    Parameters
    ----------
    data : bytes
    name : str
        What the error calls it.

    Raises
    ------
    PictureTooComplex
        By `read`, if it is called more than 300,000 times (BMP: 2 million times).
    """

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self._name = name
        self._left = _MAX_BMP_READS if data.startswith(b"BM") else _MAX_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise PictureTooComplex(name=self._name, reason="it has too many parts")
        return super().read(size)


def without_text(data: bytes, name: str, with_frames: bool = False) -> bytes:
    """A PNG or JPEG without text, colour profiles and all else that no pixel depends on.

    Parameters
    ----------
    data : bytes
        Any file; what is neither comes back as it is.
    name : str
        What the error calls it.
    with_frames : bool
        Whether the other pictures of an animated PNG stay.

    Raises
    ------
    PictureTooComplex
        If it has more than 100,000 chunks.
    """
    if data.startswith(_PNG):
        parts = _chunks(data, _PIXEL_CHUNKS | _FRAME_CHUNKS if with_frames else _PIXEL_CHUNKS)
    elif data.startswith(_JPEG):
        parts = _segments(data)
    else:
        return data
    view, pieces, start = memoryview(data), list[memoryview](), 0
    for count, (begin, end, is_kept) in enumerate(parts):
        if count >= _MAX_CHUNKS:
            raise PictureTooComplex(name=name, reason="it has too many parts")
        if not is_kept:
            pieces.append(view[start:begin])
            start = end
    return b"".join((*pieces, view[start:])) if pieces else data


def tiff_values(data: bytes) -> int:
    """How many numbers the longest tag of a TIFF's first picture claims; 0 if it is no TIFF."""
    with suppress(struct.error):
        if (form := _TiffForm.of(data)) is not None:
            start = form.first(data)
            return _longest(data, start + form.count.size, form.entries(data, start), form.entry)
    return 0


def tiff_pages(data: bytes) -> list[int]:
    """Where the directories of a TIFF's pages stand, at most 20,000 directories being looked at.

    Small copies of pages and masks are left out, but for the first picture. A chain of directories
    that leads back ends there, as one that leads out of the file does. Empty if it is no TIFF.
    """
    pages, seen = list[int](), set[int]()
    with suppress(struct.error):
        form = _TiffForm.of(data)
        start = 0 if form is None else form.first(data)
        while form is not None and start and start not in seen and len(seen) < _MAX_DIRECTORIES:
            count = form.entries(data, start)
            seen.add(start)
            entries = start + form.count.size
            if not pages or _is_page(data, entries, count, form):
                pages.append(start)
            (start,) = form.offset.unpack_from(data, entries + count * form.entry.size)
    return pages


def tiff_from(data: bytes, directory: int) -> bytes:
    """A TIFF that begins with the picture of another of its directories."""
    form = _TiffForm.of(data)
    assert form is not None, "it is a TIFF"
    start, end = form.header, form.header + form.offset.size
    return b"".join((data[:start], form.offset.pack(directory), memoryview(data)[end:]))


@dataclass(frozen=True, slots=True)
class _TiffForm:
    """How a TIFF or BigTIFF is written."""

    header: int  # where the place of the first directory stands
    offset: struct.Struct
    count: struct.Struct  # of the entries in a directory
    entry: struct.Struct  # tag, type, count of values; their place is left out
    value: struct.Struct  # short and long value in an entry of one value

    @classmethod
    def of(cls, data: bytes) -> _TiffForm | None:
        order = {b"II": "<", b"MM": ">"}.get(data[:2])
        if order is None:
            return None
        (version,) = struct.unpack_from(f"{order}H", data, 2)
        if version == _CLASSIC:
            forms, header = ("L", "H", "HHL4x"), 4
        elif version == _BIG:
            forms, header = ("Q", "Q", "HHQ8x"), 8
        else:
            return None
        offset, count, entry = (struct.Struct(order + form) for form in forms)
        return cls(header, offset, count, entry, struct.Struct(f"{order}H"))

    def first(self, data: bytes) -> int:
        """Where the first directory stands."""
        return int(self.offset.unpack_from(data, self.header)[0])

    def entries(self, data: bytes, start: int) -> int:
        """How many entries a directory claims."""
        return int(self.count.unpack_from(data, start)[0])


def gif_extents(data: bytes) -> list[tuple[int, int]]:
    """How far each frame of a GIF reaches to the right and down, px; empty if it is no GIF.

    Pillow takes a frame that reaches out of the picture for a larger picture, and makes room for it
    before it can be asked how large that is. What is cut off, and what follows a million parts, is
    left out.
    """
    found, parts = list[tuple[int, int]](), 0
    with suppress(IndexError, struct.error):
        at = _GIF_HEADER + _colours(data[10]) if data.startswith(_GIF) else len(data)
        while (kind := data[at]) in (_GIF_IMAGE, _GIF_EXTENSION):
            if kind == _GIF_IMAGE:
                left, top, width, height, flags = struct.unpack_from("<4HB", data, at + 1)
                found.append((left + width, top + height))
                at += 11 + _colours(flags)
            else:
                at += 2
            while length := data[at]:
                at += 1 + length
                parts += 1
            at += 1
            if parts > _MAX_GIF_PARTS:
                break
    return found


def _colours(flags: int) -> int:
    """Bytes of the table of colours that these flags announce."""
    return 3 << (flags % 8 + 1) if flags & 0x80 else 0


def silence_libtiff() -> None:
    """Keep libtiff's own messages about broken files off the terminal.

    Pillow has no switch for it. Where libtiff is part of Pillow's own library, as on Windows, its
    functions cannot be reached and nothing is changed.
    """
    from PIL import _imaging

    with suppress(OSError, AttributeError):
        # A symbol is looked for in the library and in those that it is linked to.
        library = ctypes.CDLL(_imaging.__file__)
        for set_handler in (library.TIFFSetErrorHandler, library.TIFFSetWarningHandler):
            set_handler.argtypes, set_handler.restype = [ctypes.c_void_p], ctypes.c_void_p
            set_handler(None)


def _chunks(data: bytes, kept: frozenset[bytes]) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether it is kept, of each chunk of a PNG; the last may be cut off."""
    begin = len(_PNG)
    while begin < len(data):
        length = int.from_bytes(data[begin : begin + 4], "big")
        end = min(begin + 12 + length, len(data))
        yield begin, end, _is_kept(data, begin, end, kept)
        begin = end


def _is_kept(data: bytes, begin: int, end: int, kept: frozenset[bytes]) -> bool:
    kind, length = data[begin + 4 : begin + 8], end - begin - 12
    if kind in kept or length < 0:
        return True
    if length > _MAX_ORIENTATION:
        return False
    text = data[begin + 8 : begin + 40]
    if kind == b"eXIf":
        return True
    if kind not in (b"tEXt", b"zTXt", b"iTXt") or not text.startswith(_ORIENTATION_TEXT):
        return False
    return _is_small(kind, data[begin + 8 : end - 4].partition(b"\0")[2])


def _is_small(kind: bytes, text: bytes) -> bool:
    """Whether a text, without its keyword, is sound and no longer than allowed once expanded."""
    if kind == b"zTXt":
        compressed = text[1:]
    elif kind == b"iTXt" and text[:1] == b"\1":
        compressed = text[2:].partition(b"\0")[2].partition(b"\0")[2]
    else:
        return True
    expander = zlib.decompressobj()
    with suppress(zlib.error):
        expander.decompress(compressed, _MAX_EXPANDED)
    return expander.eof


def _segments(data: bytes) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether it is kept, of each part of a JPEG before its first scan.

    Bytes between the segments, which decoders pass over one by one, are not kept.
    """
    end, orientations = len(_JPEG), 0
    while (begin := data.find(b"\xff", end)) >= 0 and begin + 4 <= len(data):
        if begin > end:
            yield end, begin, False
        kind = data[begin + 1]
        if kind == _SCAN:
            return
        end, is_kept = begin + 1, kind != _FILL
        if kind not in _WITHOUT_LENGTH:
            end = begin + 2 + max(2, int.from_bytes(data[begin + 2 : begin + 4], "big"))
            orientations += kind == _APP1
            is_kept = orientations <= _MAX_APP1 if kind == _APP1 else kind not in _TEXT_SEGMENTS
        yield begin, end, is_kept


def _is_page(data: bytes, start: int, count: int, form: _TiffForm) -> bool:
    """Whether a directory is that of a page, by the first of its entries, which are sorted."""
    for index in range(min(count, 4)):
        at = start + index * form.entry.size
        tag, _, _ = form.entry.unpack_from(data, at)
        # One value of 2 or 4 bytes stands in the entry itself; of 4 the low half counts.
        low = 2 * (form.value.format.startswith(">") and data[at + 3] == _LONG)
        place = at + form.entry.size - (form.offset.size - low)
        (value,) = form.value.unpack_from(data, place)
        if (tag == _KIND and value & (_COPY | _MASK)) or (tag == _OLD_KIND and value == _OLD_COPY):
            return False
    return True


def _longest(data: bytes, start: int, count: int, entry: struct.Struct) -> int:
    """The highest count in `count` entries of a directory, as far as there are any."""
    end = min(start + count * entry.size, len(data) - (len(data) - start) % entry.size)
    entries = entry.iter_unpack(memoryview(data)[start:end]) if start < end else ()
    return max((values for _, kind, values in entries if kind in _TIFF_NUMBERS), default=0)
