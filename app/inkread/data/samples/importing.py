"""Import labelled samples: pictures, InkML, and folders of them by class."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from inkread.core.errors import DataEmpty, FileUnusable, InkreadError, LabelsMissing
from inkread.core.files import MAX_FILE_BYTES, open_file, read_file
from inkread.core.folder_names import label_of, read_note
from inkread.core.inkml import Drawing, is_inkml, read_inkml
from inkread.core.picture.page import open_page
from inkread.core.reading import Grey
from inkread.data.samples.png_note import extract_sample
from inkread.data.samples.sample import Sample, sample_from_cell, sample_from_ink, sample_from_page

_HEAD = 16_384
_INKML = ".inkml"
#: Folders with these prefixes are parts of a data set, not classes.
_PARTS = ("train", "test", "val")


class ImportProgress(NamedTuple):
    """Count of files that have been read, and of all."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class ImportResult:
    """Result of an import.

    Attributes
    ----------
    samples : tuple of Sample
        The labelled samples.
    errors : tuple of InkreadError
        Items that could not be used.
    """

    samples: tuple[Sample, ...]
    errors: tuple[InkreadError, ...] = ()


def read_sample_file(path: str | os.PathLike[str], label: str | None = None) -> ImportResult:
    """Read the samples of a picture of one glyph, or of InkML with one glyph per drawing.

    A picture written by `inkread.data.samples.export` restores the sample that is embedded in it.

    Parameters
    ----------
    path : path
        The file.
    label : str, optional
        Of everything in the file; the default is the labels of InkML.

    Raises
    ------
    LabelsMissing
        If there is no label.
    SampleBlank, LabelUnusable
        If it is a blank picture, or the label is invalid.
    FileMissing, PictureUnknown, InkDamaged, ...
        If it cannot be opened.
    """
    name = os.fspath(path)
    data = read_file(path, MAX_FILE_BYTES)
    if is_inkml(data):
        return _of_drawings(read_inkml(data, name), name, label)
    if label is None:
        raise LabelsMissing(name=name, reason="--label says what a picture shows")
    page = open_page(data, name)
    return ImportResult(
        (extract_sample(data, page, label) or sample_from_page(label, page, Path(name).name),)
    )


def _of_drawings(drawings: Sequence[Drawing], name: str, label: str | None) -> ImportResult:
    if label is None and all(drawing.label is None for drawing in drawings):
        raise LabelsMissing(name=name, reason="none of its drawings is annotated")
    samples: list[Sample] = []
    errors: list[InkreadError] = []
    for number, drawing in enumerate(drawings, 1):
        text = drawing.label if label is None else label
        try:
            if text is None:
                raise LabelsMissing(name=f"{name}, drawing {number}", reason="it is not annotated")
            samples.append(sample_from_ink(text, drawing.ink, Path(name).name))
        except InkreadError as error:
            errors.append(error)
    if not samples and len(errors) == 1:
        raise errors[0]
    return ImportResult(tuple(samples), tuple(errors))


def can_read(path: str | os.PathLike[str]) -> bool:
    """Whether `read_samples` accepts it: InkML, a folder of InkML, or a folder per class.

    Raises
    ------
    FileMissing, FileUnusable, ...
    """
    if not Path(path).is_dir():
        with open_file(path) as stream:
            return is_inkml(stream.read(_HEAD))
    inside = _entries(Path(path))
    if any(one.suffix.lower() == _INKML for one in inside):
        return True
    classes = [one for one in inside if one.is_dir()]
    return bool(classes) and not any(one.name.lower().startswith(_PARTS) for one in classes)


def read_samples(path: str | os.PathLike[str]) -> Generator[ImportProgress, None, ImportResult]:
    """Read sources that `can_read` accepts, file by file.

    The name of a folder is the label of its samples, as `inkread.core.folder_names`
    says. Faulty files are skipped.

    Raises
    ------
    DataEmpty
        If there are no samples.
    LabelsMissing, FileUnusable, ...
    """
    if not Path(path).is_dir():
        yield ImportProgress(0, 1)
        return read_sample_file(path)
    tasks = _tasks(Path(path))
    samples: list[Sample] = []
    errors: list[InkreadError] = []
    for done, (file, label) in enumerate(tasks):
        yield ImportProgress(done, len(tasks))
        try:
            found = read_sample_file(file, label)
            samples += found.samples
            errors += found.errors
        except InkreadError as error:
            errors.append(error)
    if not samples:
        reason = str(errors[0]).rstrip(".") if errors else "there are no files"
        raise DataEmpty(name=os.fspath(path), reason=reason)
    return ImportResult(tuple(samples), tuple(errors))


def _tasks(folder: Path) -> list[tuple[Path, str | None]]:
    """All files, each with the label of its folder."""
    inside = _entries(folder)
    ink = [(one, None) for one in inside if one.suffix.lower() == _INKML and one.is_file()]
    classes = [one for one in inside if one.is_dir()]
    noted = read_note(folder)
    named = ((label_of(one.name, noted), one) for one in classes)
    return [*ink, *((file, label) for label, one in named for file in _entries(one))]


def samples_from_cells(cells: Iterable[Grey], labels: Iterable[str], source: str) -> ImportResult:
    """Make samples from cells of a data set; blank ones are left out.

    Parameters
    ----------
    cells : iterable of (h, w) arrays of uint8
        0 (background) to 255 (ink).
    labels : iterable of str
        Of the same length.
    source : str
        Name of their source.
    """
    samples: list[Sample] = []
    errors: list[InkreadError] = []
    for number, (cell, label) in enumerate(zip(cells, labels, strict=True), 1):
        try:
            samples.append(sample_from_cell(label, cell, source))
        except InkreadError as error:
            error.facts["name"] = f"{source}, sample {number}"
            errors.append(error)
    return ImportResult(tuple(samples), tuple(errors))


def _entries(folder: Path) -> list[Path]:
    """Entries of a folder, sorted by name, without hidden ones."""
    try:
        return sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    except OSError as error:
        raise FileUnusable(name=str(folder), reason=error.strerror or "no folder") from error
