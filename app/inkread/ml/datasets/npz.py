"""Read NPZ: named arrays in a ZIP file (numpy.lib.format). Headers are checked before data."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from inkread.core.errors import DataDamaged, DataMisshapen, LabelsMissing
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
from inkread.ml.datasets.dataset import Dataset, Loader, Purpose
from inkread.ml.datasets.labels import from_array

#: Names of pictures and labels: of the training part, the test part, and of undivided data.
_TRAINING = (("x_train", "y_train"), ("train_images", "train_labels"))
_EVALUATION = (("x_test", "y_test"), ("test_images", "test_labels"))
_WHOLE = (("images", "labels"), ("x", "y"), ("data", "target"), ("data", "labels"))
_MAX_HEADER_BYTES = 10_000
_NUMBERS, _LABELS = "biuf", "biufUS"


def read_npz(path: Path, purpose: Purpose) -> Loader:
    """Load ``x_train``/``y_train`` (and ``x_test``/``y_test``), ``images``/``labels``, ``x``/``y``.

    Nothing is unpickled. Only the needed members are read, as streams.

    Raises
    ------
    DataDamaged, DataMisshapen, DataTooLarge, LabelsMissing, FileMissing, ...
    """
    name = str(path)
    with open_file(path) as file, decode_errors(name), zipfile.ZipFile(file) as archive:
        members = {
            info.filename.removesuffix(".npy").lower(): info
            for info in archive.infolist()
            if info.filename.endswith(".npy")
        }
        pictures, labels = _chosen(members, purpose, name)
        header = _header(archive, members[pictures], _NUMBERS, name)
        answers = _array(archive, members[labels], _LABELS, name)
        if not header.shape or not answers.ndim or header.shape[0] != len(answers):
            reason = f"pictures of the shape {header.shape}, labels of {answers.shape}"
            raise DataMisshapen(name=name, reason=reason)
        targets, texts = from_array(answers, name)

        def opened() -> Stream:
            return header.skip(archive.open(members[pictures]))

        layout = Layout(name, opened, header.shape, header.dtype, header.columns_first)
        cells = yield from read_cells(layout)
    return Dataset(cells, targets, texts, (path.name,))


def _chosen(members: Mapping[str, object], purpose: Purpose, name: str) -> tuple[str, str]:
    """Select the names of pictures and labels."""
    parts = (*_TRAINING, *_WHOLE, *_EVALUATION)
    if purpose is Purpose.EVALUATION:
        parts = (*_EVALUATION, *_WHOLE, *_TRAINING)
    for pictures, labels in parts:
        if pictures in members and labels in members:
            return pictures, labels
    for pictures, labels in parts:
        if pictures in members:
            raise LabelsMissing(name=name, reason=f"there is {pictures}, but no {labels}")
    found = ", ".join(list(members)[:6])
    raise DataMisshapen(name=name, reason=f"it holds {found or 'no arrays'}, not x and y")


@dataclass(frozen=True, slots=True)
class _Header:
    """Header of an array, and its length in bytes."""

    length: int
    shape: Shape
    dtype: np.dtype[np.generic]
    columns_first: bool

    def skip(self, stream: Stream) -> Stream:
        read_exactly(stream, self.length)
        return stream


def _header(archive: zipfile.ZipFile, member: zipfile.ZipInfo, kinds: str, name: str) -> _Header:
    with archive.open(member) as stream:
        version = npy.read_magic(stream)
        readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
        if version not in readers:
            raise DataDamaged(name=name, reason=f"{member.filename} is of an unknown version")
        with warnings.catch_warnings(action="ignore"):  # of headers that Python 2 wrote
            read = readers[version]
            shape, columns_first, dtype = read(stream, max_header_size=_MAX_HEADER_BYTES)
        length = stream.tell()
    if dtype.kind not in kinds or not dtype.itemsize:
        raise DataMisshapen(name=name, reason=f"{member.filename} holds {dtype}, not numbers")
    check_size(shape, dtype.itemsize, name)
    return _Header(length, shape, dtype, columns_first)


def _array(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, kinds: str, name: str
) -> NDArray[np.generic]:
    header = _header(archive, member, kinds, name)
    size = check_size(header.shape, header.dtype.itemsize, name)
    with archive.open(member) as stream:
        data = read_exactly(header.skip(stream), size)
        expect_end(stream)
    flat: NDArray[np.generic] = np.frombuffer(data, header.dtype)
    return flat.reshape(header.shape, order="F" if header.columns_first else "C")
