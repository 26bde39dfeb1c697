"""Detect the format of a file or folder from its content, and load it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from inkread.core.errors import DataEmpty, DataUnknown, InkreadError
from inkread.core.inkml import is_inkml
from inkread.ml.datasets import idx
from inkread.ml.datasets.arrays import decode_errors
from inkread.ml.datasets.combine import combined
from inkread.ml.datasets.dataset import Dataset, Loader, Purpose, Skipped
from inkread.ml.datasets.folders import (
    entries,
    is_bitmap,
    read_bitmaps,
    read_drawings,
    read_pictures,
)
from inkread.ml.datasets.npz import read_npz
from inkread.ml.datasets.table import read_table

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HEAD = 4096
_TRAINING_FOLDER = re.compile(r"train", re.IGNORECASE)
_TEST_FOLDER = re.compile(r"test|t10k", re.IGNORECASE)
_OTHER_FOLDER = re.compile(r"val", re.IGNORECASE)


def read_path(path: Path, purpose: Purpose) -> Loader:
    """Load a file or folder of any known format.

    Raises
    ------
    DataUnknown
        If it is not a data set.
    InkreadError
        If it cannot be used for another reason.
    """
    is_folder = os.path.isdir(path)  # noqa: PTH112 - False for invalid names
    return (yield from (_folder(path, purpose) if is_folder else _file(path, purpose)))


def _file(path: Path, purpose: Purpose) -> Loader:
    with decode_errors(str(path)), idx.open_decompressed(path) as stream:
        head = stream.read(_HEAD)
    if not head:
        raise DataEmpty(name=str(path), reason="the file is empty")
    if head.startswith(_ZIP):
        return (yield from read_npz(path, purpose))
    if head.startswith(idx.PICTURE_MAGIC):
        return (yield from idx.read_idx(path))
    if head.startswith(idx.LABEL_MAGIC):
        return (yield from idx.read_idx(idx.pictures_of(path)))
    if is_inkml(head):
        return (yield from read_drawings(path))
    lines = head.strip().splitlines()
    if b"\0" in head or not lines or not any(sign in lines[0] for sign in b",;\t"):
        raise DataUnknown(name=str(path))
    return (yield from read_table(path))


def _folder(folder: Path, purpose: Purpose) -> Loader:
    found = entries(folder)
    inside = [path for path in found if path.is_dir()]
    files = [path for path in found if path.is_file()]
    training = [path for path in inside if _TRAINING_FOLDER.match(path.name)]
    test = [path for path in inside if _TEST_FOLDER.match(path.name)]
    other = [path for path in inside if _OTHER_FOLDER.match(path.name)]
    if training and len(training) + len(test) + len(other) == len(inside):
        chosen = training if purpose is Purpose.TRAINING or not test else test
        return (yield from _all(_folder(path, purpose) for path in chosen))
    pictures = [path for path in files if idx.is_pictures(path)]
    if pictures:
        return (yield from _all(idx.read_idx(path) for path in idx.files_for(pictures, purpose)))
    if any(is_bitmap(path) for path in files):
        return (yield from read_bitmaps(folder))
    ink = [path for path in files if path.suffix.lower() == ".inkml"]
    if ink:
        return (yield from _drawings(folder, ink))
    if not inside:
        raise DataUnknown(name=str(folder))
    return (yield from read_pictures(folder))


def _all(loaders: Iterable[Loader]) -> Loader:
    parts: list[Dataset] = []
    for loader in loaders:
        part = yield from loader
        parts.append(part)
    return combined(parts)


def _drawings(folder: Path, paths: Sequence[Path]) -> Loader:
    """Load InkML files; a faulty one is skipped."""
    parts: list[Dataset] = []
    skipped: list[Skipped] = []
    for path in paths:
        try:
            part = yield from read_drawings(path)
            parts.append(part)
        except InkreadError as error:
            reason = str(error).removeprefix(f"{path}: ").rstrip(".")
            skipped.append(Skipped(path.name, reason))
    if not parts:
        raise DataEmpty(name=str(folder), reason=f"{skipped[0].name}: {skipped[0].reason}")
    found = combined(parts)
    return replace(found, skipped=(*found.skipped, *skipped))
