"""Read folders: one of pictures for each class, or text bitmaps with the class in their names."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from inkread.core.errors import (
    DataBlank,
    DataEmpty,
    DataTooLarge,
    FileUnusable,
    InkreadError,
    LabelsMissing,
)
from inkread.core.files import MEGABYTE, read_file
from inkread.core.folder_names import label_of, read_note
from inkread.core.inkml import is_inkml, read_inkml
from inkread.core.inkml.reader import MAX_BYTES as MAX_INK_BYTES
from inkread.core.picture.page import open_page
from inkread.core.reading import Grey
from inkread.core.recognition.single_glyph import cell_of_ink, cell_of_page
from inkread.ml.datasets.arrays import MAX_BYTES
from inkread.ml.datasets.dataset import Dataset, Loader, Loading, Skipped, Unit
from inkread.ml.datasets.labels import clean, fault, from_texts

BLANK = "nothing is written on it"
_MAX_FILE_BYTES = 64 * MEGABYTE
_SIDE = 32
_BITMAP = re.compile(r"(.+)_\d+\.txt", re.IGNORECASE)


def entries(folder: Path) -> list[Path]:
    """Entries of a folder, sorted by name, without hidden ones.

    Raises
    ------
    FileUnusable
    """
    try:
        found = [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise FileUnusable(name=str(folder), reason=error.strerror or "no folder") from error
    return sorted(found)


def is_bitmap(path: Path) -> bool:
    """Whether a file is named ``label_number.txt``."""
    return _BITMAP.fullmatch(path.name) is not None


def read_pictures(folder: Path) -> Loader:
    """Load a folder that holds a folder of pictures (or InkML) for each class.

    Each file shows one glyph, which is preprocessed as for recognition. The name of a folder is the
    label of what is in it, as `inkread.core.folder_names` says.

    Raises
    ------
    DataEmpty, DataBlank, DataTooLarge, FileUnusable
        If no file can be used, or there are too many. A class may have no samples.
    """
    inside = [path for path in entries(folder) if path.is_dir()]
    noted = read_note(folder)
    classes = [(clean(label_of(path.name, noted)), path) for path in inside]
    tasks = [(label, path) for label, found in classes for path in entries(found)]
    known = tuple(label for label, _ in classes)
    return (yield from _read_files(folder, tasks, known, _picture_cell))


def read_bitmaps(folder: Path) -> Loader:
    """Load files ``label_number.txt`` with 32 rows of 32 digits 0 or 1, as in kNN tutorials.

    Raises
    ------
    DataEmpty, DataBlank, DataTooLarge, FileUnusable
        As for `read_pictures`.
    """
    tasks = [(clean(path.name.rpartition("_")[0]) or "?", path) for path in entries(folder)]
    return (yield from _read_files(folder, tasks, (), _bitmap_cell))


def _read_files(
    folder: Path,
    tasks: Sequence[tuple[str, Path]],
    classes: tuple[str, ...],
    read: Callable[[Path, str], Grey],
) -> Loader:
    """Read one cell from each file; failures are skipped."""
    cells: list[Grey] = []
    texts: list[str] = []
    skipped: list[Skipped] = []
    for done, (label, path) in enumerate(tasks, 1):
        name = str(path.relative_to(folder))
        try:
            if (reason := fault(label)) is not None:
                raise _Unusable(reason)
            cells.append(read(path, name))
            texts.append(label)
        except _Unusable as error:
            skipped.append(Skipped(name, str(error)))
        except InkreadError as error:
            skipped.append(Skipped(name, _reason_of(error, name)))
        if cells and len(cells) * cells[0].size > MAX_BYTES:
            raise DataTooLarge(name=str(folder), limit=MAX_BYTES // MEGABYTE)
        yield Loading(str(folder), done, len(tasks), Unit.FILES)
    return build_dataset(folder, cells, texts, skipped, classes)


def read_drawings(path: Path) -> Loader:
    """Load the labelled drawings of an InkML file; those without a label are skipped.

    Raises
    ------
    LabelsMissing
        If none has a label.
    InkDamaged, DataEmpty, DataBlank, FileMissing, ...
    """
    drawings = read_inkml(read_file(path, MAX_INK_BYTES), str(path))
    if all(drawing.label is None for drawing in drawings):
        raise LabelsMissing(name=str(path), reason="none of its drawings is annotated")
    cells: list[Grey] = []
    texts: list[str] = []
    skipped: list[Skipped] = []
    for number, drawing in enumerate(drawings, 1):
        label = clean(drawing.label or "")
        cell = cell_of_ink(drawing.ink)
        reason = BLANK if cell is None else fault(label)
        if cell is None or reason is not None:
            skipped.append(Skipped(f"{path.name}, drawing {number}", reason or ""))
        else:
            cells.append(cell)
            texts.append(label)
        yield Loading(str(path), number, len(drawings), Unit.SAMPLES)
    return build_dataset(path, cells, texts, skipped)


def build_dataset(
    path: Path,
    cells: Sequence[Grey],
    texts: Sequence[str],
    skipped: Sequence[Skipped],
    classes: tuple[str, ...] = (),
) -> Dataset:
    """Build a data set from single cells.

    Parameters
    ----------
    path : Path
        Their source.
    cells, texts : sequence
        Of equal length; all cells of one size.
    skipped : sequence of Skipped
        Items that could not be used.
    classes : tuple of str
        Further labels, possibly without samples.

    Raises
    ------
    DataBlank, DataEmpty
        If there are no cells.
    """
    if not cells:
        if skipped and all(one.reason == BLANK for one in skipped):
            raise DataBlank(name=str(path))
        reason = f"{skipped[0].name}: {skipped[0].reason}" if skipped else "there are no files"
        raise DataEmpty(name=str(path), reason=reason)
    known = [label for label in classes if fault(label) is None]
    targets, labels = from_texts((*texts, *known), str(path))
    return Dataset(np.stack(cells), targets[: len(cells)], labels, (path.name,), tuple(skipped))


class _Unusable(Exception):
    """Why a file cannot be used."""


def _reason_of(error: InkreadError, name: str) -> str:
    """The message without the file name in front."""
    return str(error).removeprefix(f"{name}: ").rstrip(".")


def _data(path: Path) -> bytes:
    if not path.is_file():
        raise _Unusable("it is no file")
    try:
        return read_file(path, _MAX_FILE_BYTES)
    except InkreadError as error:
        raise _Unusable(_reason_of(error, str(path))) from error


def _picture_cell(path: Path, name: str) -> Grey:
    data = _data(path)
    cell = _ink_cell(data, name) if is_inkml(data) else cell_of_page(open_page(data, name))
    if cell is None:
        raise _Unusable(BLANK)
    return cell


def _ink_cell(data: bytes, name: str) -> Grey | None:
    drawings = read_inkml(data, name)
    if len(drawings) > 1:
        raise _Unusable("it holds several drawings")
    return cell_of_ink(drawings[0].ink)


def _bitmap_cell(path: Path, _name: str) -> Grey:
    if not is_bitmap(path):
        raise _Unusable("it is not named label_number.txt")
    lines = _data(path).split()
    bits = b"".join(lines)
    if [len(line) for line in lines] != [_SIDE] * _SIDE or set(bits) - set(b"01"):
        raise _Unusable(f"it has not {_SIDE} lines of {_SIDE} times 0 or 1")
    cell = (np.frombuffer(bits, np.uint8).reshape(_SIDE, _SIDE) - ord("0")) * np.uint8(255)
    if not cell.any():
        raise _Unusable(BLANK)
    return cell
