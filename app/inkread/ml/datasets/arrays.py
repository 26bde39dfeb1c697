"""Arrays of pictures, of whatever numbers, -> cells; piece by piece, so that memory is bounded."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import numpy as np
from numpy.typing import NDArray

from inkread.core.errors import (
    DataDamaged,
    DataMisshapen,
    DataTooLarge,
    FileUnusable,
    InkreadError,
)
from inkread.core.files import MEGABYTE
from inkread.core.reading import Grey
from inkread.ml.datasets.dataset import Loading, Unit

#: What a file claims to hold is refused beyond this: 1.3 million cells of 28 x 28.
LIMIT = 1000 * MEGABYTE
MAX_SIDE = 512
#: Bytes that are converted at a time.
_PIECE = 1 << 22

Stream = IO[bytes]
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How pictures lie in a file: `open()` gives a stream at their first byte."""

    name: str
    open: Callable[[], Stream]
    shape: Shape
    dtype: np.dtype[np.generic]
    columns_first: bool = False


@contextmanager
def damage_told(name: str) -> Iterator[None]:
    """Whatever goes wrong inside, while a file is decoded, becomes a sentence.

    Raises
    ------
    DataDamaged, FileUnusable
    """
    try:
        yield
    except InkreadError:
        raise
    except MemoryError as error:
        raise FileUnusable(name=name, reason="there is not enough memory for it") from error
    except Exception as error:  # zipfile, zlib, lzma and numpy meet damage with almost any
        raise DataDamaged(name=name, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it is cut off"
    if isinstance(error, zlib.error):
        return "its compressed data are broken"
    said = " ".join(str(error).split()).rstrip(".")
    return said[:80] or "it cannot be decoded"


def size_checked(shape: Sequence[int], itemsize: int, name: str) -> int:
    """Bytes of an array that a header claims.

    Raises
    ------
    DataTooLarge, DataDamaged
        Before anything of it is read.
    """
    if min(shape, default=0) < 0:
        raise DataDamaged(name=name, reason=f"its header claims the shape {tuple(shape)}")
    size = math.prod(shape) * itemsize
    if size > LIMIT:
        raise DataTooLarge(name=name, limit=LIMIT // MEGABYTE)
    return size


def read_exactly(stream: Stream, count: int) -> bytes:
    """`count` bytes; EOFError if there are not so many."""
    data = stream.read(count)
    if len(data) != count:
        raise EOFError
    return data


def expect_end(stream: Stream) -> None:
    """ValueError if there is more; makes gzip and zipfile compare their checksums."""
    if stream.read(1):
        raise ValueError("it is longer than its header says")


def picture_shape(shape: Shape, name: str) -> tuple[int, int, int]:
    """Number, height and width of pictures in an array of `shape`.

    (n, h, w), with one channel before or behind, or (n, h * h).

    Raises
    ------
    DataMisshapen
    """
    match shape:
        case (count, 1, height, width) | (count, height, width, 1) | (count, height, width):
            pass
        case (count, pixels) if math.isqrt(pixels) ** 2 == pixels:
            height = width = math.isqrt(pixels)
        case _:
            raise DataMisshapen(name=name, reason=f"the pictures have the shape {shape}")
    if not (2 <= height <= MAX_SIDE and 2 <= width <= MAX_SIDE):
        raise DataMisshapen(name=name, reason=f"they are {width} x {height} pixels")
    return count, height, width


def read_cells(layout: Layout) -> Generator[Loading, None, Grey]:
    """The pictures of a file as cells.

    Values are 0 to 1, 0 to 16 (as in scikit-learn's digits) or 0 to 255; the largest one tells.
    Pictures that are bright at their borders are dark on light and are inverted.

    Returns
    -------
    (n, h, w) array of uint8

    Raises
    ------
    DataMisshapen, DataTooLarge
    Exception
        Of almost any kind if the file is damaged; see `damage_told`.
    """
    count, height, width = picture_shape(layout.shape, layout.name)
    size_checked((count, height, width), 1, layout.name)
    size_checked(layout.shape, layout.dtype.itemsize, layout.name)
    scale = yield from _scale(layout)
    cells = np.empty((count, height * width), np.uint8)
    start = 0
    for piece in _pieces(layout):
        stop = start + len(piece)
        cells[start:stop] = piece if scale == 1 else np.rint(piece.astype(np.float64) * scale)
        start = stop
        yield Loading(layout.name, stop, count, Unit.SAMPLES)
    return bright_on_dark(cells.reshape(count, height, width))


def bright_on_dark(cells: Grey) -> Grey:
    """Cells, inverted in place if they are bright at their borders."""
    edges = (cells[:, 0], cells[:, -1], cells[:, :, 0], cells[:, :, -1])
    if cells.size and np.mean([edge.mean() for edge in edges]) > 127:
        np.subtract(255, cells, out=cells)
    return cells


def scale_of(low: float, high: float, name: str) -> float:
    """What values from `low` to `high` are multiplied by, to be 0 to 255.

    Raises
    ------
    DataMisshapen
    """
    if not (low >= 0 and high <= 255):  # NaN too
        reason = f"their values go from {low:g} to {high:g}, not from 0 to 1 or 255"
        raise DataMisshapen(name=name, reason=reason)
    return 255.0 if high <= 1 else 255 / 16 if high <= 16 else 1.0


def _scale(layout: Layout) -> Generator[Loading, None, float]:
    low, high = math.inf, -math.inf
    for piece in _pieces(layout):
        low = float(np.minimum(low, piece.min()))  # NaN stays NaN
        high = float(np.maximum(high, piece.max()))
        yield Loading(layout.name, 0, layout.shape[0], Unit.SAMPLES)
    return scale_of(low, high, layout.name) if layout.shape[0] else 1.0


def _pieces(layout: Layout) -> Iterator[NDArray[np.generic]]:
    """The pictures as rows, some at a time."""
    count, pixels = layout.shape[0], math.prod(layout.shape[1:])
    rows = max(1, _PIECE // max(1, pixels * layout.dtype.itemsize))
    with layout.open() as stream:
        if layout.columns_first:
            data = read_exactly(stream, count * pixels * layout.dtype.itemsize)
            expect_end(stream)
            whole = np.frombuffer(data, layout.dtype).reshape(layout.shape, order="F")
            for start in range(0, count, rows):
                yield whole[start : start + rows].reshape(-1, pixels)
            return
        for start in range(0, count, rows):
            some = min(rows, count - start)
            data = read_exactly(stream, some * pixels * layout.dtype.itemsize)
            yield np.frombuffer(data, layout.dtype).reshape(some, pixels)
        expect_end(stream)
