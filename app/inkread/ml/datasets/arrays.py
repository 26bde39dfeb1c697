"""Convert arrays of pictures of any number type to cells, in chunks to bound the memory."""

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

#: Maximum size of the data that a file declares: 1.3 million cells of 28 x 28.
MAX_BYTES = 1000 * MEGABYTE
MAX_SIDE = 512
#: Bytes that are converted at once.
_CHUNK = 1 << 22

Stream = IO[bytes]
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Layout of pictures in a file; `open()` returns a stream at their first byte."""

    name: str
    open: Callable[[], Stream]
    shape: Shape
    dtype: np.dtype[np.generic]
    columns_first: bool = False


@contextmanager
def decode_errors(name: str) -> Iterator[None]:
    """Turn any error while decoding a file into an error with a sentence.

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
    except Exception as error:  # zipfile, zlib, lzma and numpy raise almost any on damage
        raise DataDamaged(name=name, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "it is cut off"
    if isinstance(error, zlib.error):
        return "its compressed data are broken"
    message = " ".join(str(error).split()).rstrip(".")
    return message[:80] or "it cannot be decoded"


def check_size(shape: Sequence[int], itemsize: int, name: str) -> int:
    """Size in bytes of an array that a header declares.

    Raises
    ------
    DataTooLarge, DataDamaged
        Before any data are read.
    """
    if min(shape, default=0) < 0:
        raise DataDamaged(name=name, reason=f"its header claims the shape {tuple(shape)}")
    size = math.prod(shape) * itemsize
    if size > MAX_BYTES:
        raise DataTooLarge(name=name, limit=MAX_BYTES // MEGABYTE)
    return size


def read_exactly(stream: Stream, count: int) -> bytes:
    """Read `count` bytes; EOFError if there are fewer."""
    data = stream.read(count)
    if len(data) != count:
        raise EOFError
    return data


def expect_end(stream: Stream) -> None:
    """ValueError if there are more data; makes gzip and zipfile verify their checksums."""
    if stream.read(1):
        raise ValueError("it is longer than its header says")


def picture_shape(shape: Shape, name: str) -> tuple[int, int, int]:
    """Count, height and width of the pictures in an array of `shape`.

    (n, h, w), optionally with one channel first or last, or (n, h * h).

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
    """Read the pictures of a file as cells.

    Values are 0 to 1, 0 to 16 (as in scikit-learn's digits) or 0 to 255; the maximum decides.
    Pictures with bright borders are dark on light and are inverted.

    Returns
    -------
    (n, h, w) array of uint8

    Raises
    ------
    DataMisshapen, DataTooLarge
    Exception
        Of almost any kind if the file is damaged; see `decode_errors`.
    """
    count, height, width = picture_shape(layout.shape, layout.name)
    check_size((count, height, width), 1, layout.name)
    check_size(layout.shape, layout.dtype.itemsize, layout.name)
    scale = yield from _scale(layout)
    cells = np.empty((count, height * width), np.uint8)
    start = 0
    for piece in _chunks(layout):
        stop = start + len(piece)
        cells[start:stop] = piece if scale == 1 else np.rint(piece.astype(np.float64) * scale)
        start = stop
        yield Loading(layout.name, stop, count, Unit.SAMPLES)
    return bright_on_dark(cells.reshape(count, height, width))


def bright_on_dark(cells: Grey) -> Grey:
    """Invert cells in place if their borders are bright."""
    edges = (cells[:, 0], cells[:, -1], cells[:, :, 0], cells[:, :, -1])
    if cells.size and np.mean([edge.mean() for edge in edges]) > 127:
        np.subtract(255, cells, out=cells)
    return cells


def scale_of(low: float, high: float, name: str) -> float:
    """Factor that scales values from `low` to `high` to 0 to 255.

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
    for piece in _chunks(layout):
        low = float(np.minimum(low, piece.min()))  # NaN stays NaN
        high = float(np.maximum(high, piece.max()))
        yield Loading(layout.name, 0, layout.shape[0], Unit.SAMPLES)
    return scale_of(low, high, layout.name) if layout.shape[0] else 1.0


def _chunks(layout: Layout) -> Iterator[NDArray[np.generic]]:
    """Yield the pictures as rows, in chunks."""
    count, pixels = layout.shape[0], math.prod(layout.shape[1:])
    rows = max(1, _CHUNK // max(1, pixels * layout.dtype.itemsize))
    with layout.open() as stream:
        if layout.columns_first:
            data = read_exactly(stream, count * pixels * layout.dtype.itemsize)
            expect_end(stream)
            whole = np.frombuffer(data, layout.dtype).reshape(layout.shape, order="F")
            for start in range(0, count, rows):
                yield whole[start : start + rows].reshape(-1, pixels)
            return
        for start in range(0, count, rows):
            length = min(rows, count - start)
            data = read_exactly(stream, length * pixels * layout.dtype.itemsize)
            yield np.frombuffer(data, layout.dtype).reshape(length, pixels)
        expect_end(stream)
