"""Read IDX, the format of MNIST (LeCun, Cortes and Burges), plain or gzipped.

A file of pictures begins with 00 00 08 03 and three lengths, big-endian; one of labels with
00 00 08 01 and one length. The file names pair labels with pictures.
"""

from __future__ import annotations

import gzip
import re
import struct
from pathlib import Path
from typing import cast

import numpy as np

from inkread.core.errors import DataDamaged, DataEmpty, DataMisshapen, LabelsMissing
from inkread.core.files import open_file
from inkread.ml.datasets.arrays import (
    Layout,
    Shape,
    Stream,
    check_size,
    decode_errors,
    expect_end,
    read_cells,
    read_exactly,
)
from inkread.ml.datasets.dataset import Dataset, Loader, Purpose, Targets
from inkread.ml.datasets.labels import from_array

PICTURE_MAGIC, LABEL_MAGIC = b"\0\0\x08\x03", b"\0\0\x08\x01"
GZIP = b"\x1f\x8b"
_BYTE = np.dtype(np.uint8)
_TEST = re.compile(r"t10k|test", re.IGNORECASE)


def open_decompressed(path: Path) -> Stream:
    """Open a file, decompressed if it is gzipped."""
    stream = open_file(path)
    if stream.read(2) == GZIP:
        stream.seek(0)
        return cast(Stream, _Gzip(stream))
    stream.seek(0)
    return stream


class _Gzip(gzip.GzipFile):
    """Closes the underlying file too."""

    def __init__(self, below: Stream) -> None:
        super().__init__(fileobj=below)
        self._below = below

    def close(self) -> None:
        super().close()
        self._below.close()


def is_pictures(path: Path) -> bool:
    """Whether a file is an IDX file of pictures, by its name."""
    return "idx3" in path.name.lower()


def files_for(paths: list[Path], purpose: Purpose) -> list[Path]:
    """Select the files of pictures for a purpose (t10k and test for evaluation)."""
    test = [path for path in paths if _TEST.search(path.name)]
    rest = [path for path in paths if path not in test]
    return (test or rest) if purpose is Purpose.EVALUATION else (rest or test)


def read_idx(path: Path) -> Loader:
    """Load a file of pictures and its file of labels in the same folder.

    Raises
    ------
    DataDamaged, DataMisshapen, DataTooLarge, LabelsMissing, FileMissing, ...
    """
    name = str(path)
    with decode_errors(name):
        (count, height, width), start = _shape(path, PICTURE_MAGIC)
        targets, labels = _labels(path, count)

        def skipped() -> Stream:
            stream = open_decompressed(path)
            read_exactly(stream, start)
            return stream

        layout = Layout(name, skipped, (count, height, width), _BYTE)
        cells = yield from read_cells(layout)
    return Dataset(cells, targets, labels, (path.name,))


def _labels(path: Path, count: int) -> tuple[Targets, tuple[str, ...]]:
    labels = _sibling(path, (("idx3", "idx1"), ("images", "labels")))
    if labels is None:
        raise LabelsMissing(name=str(path), reason="there is no file of labels beside it")
    (length,), start = _shape(labels, LABEL_MAGIC)
    if length != count:
        reason = f"{count} pictures, {length} labels"
        raise DataMisshapen(name=str(path), reason=reason)
    with decode_errors(str(labels)), open_decompressed(labels) as stream:
        read_exactly(stream, start)
        values = np.frombuffer(read_exactly(stream, count), np.uint8)
        expect_end(stream)
    return from_array(values, str(labels))


def pictures_of(path: Path) -> Path:
    """Find the file of pictures for a file of labels.

    Raises
    ------
    DataEmpty
        If there is none.
    """
    pictures = _sibling(path, (("idx1", "idx3"), ("labels", "images")))
    if pictures is None:
        raise DataEmpty(name=str(path), reason="there is no file of pictures beside the labels")
    return pictures


def _sibling(path: Path, changes: tuple[tuple[str, str], ...]) -> Path | None:
    """Find the file whose name is that of `path` with substitutions, gzipped or not."""
    name = path.name.removesuffix(".gz")
    for old, new in changes:
        name = re.sub(old, new, name, flags=re.IGNORECASE)
    candidates = (path.with_name(name), path.with_name(f"{name}.gz"))
    return next((found for found in candidates if found != path and found.is_file()), None)


def _shape(path: Path, magic: bytes) -> tuple[Shape, int]:
    """Dimensions in the header, and the length of the header."""
    name = str(path)
    with decode_errors(name), open_decompressed(path) as stream:
        if read_exactly(stream, 4) != magic:
            kind = "pictures" if magic == PICTURE_MAGIC else "labels"
            raise DataDamaged(name=name, reason=f"it is no IDX file of {kind} in bytes")
        lengths = struct.unpack(f">{magic[3]}I", read_exactly(stream, 4 * magic[3]))
    check_size(lengths, 1, name)
    return lengths, 4 + 4 * magic[3]
