"""Files of labelled samples into the store: pictures, InkML, and folders of them by class."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from inkread.core.errors import DataEmpty, FileUnusable, InkreadError, LabelsMissing
from inkread.core.files import MAX_FILE_BYTES, open_file, read_file
from inkread.core.inkml import Drawing, is_inkml, read_inkml
from inkread.core.picture.page import open_page
from inkread.core.reading import Grey
from inkread.data.samples.png_note import sample_in
from inkread.data.samples.sample import Sample, of_cell, of_ink, of_page

_HEAD = 16_384
_INKML = ".inkml"
#: Folders that begin so are parts of a data set, not classes.
_PARTS = ("train", "test", "val")


class Step(NamedTuple):
    """How many of the files are read."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What was found.

    Attributes
    ----------
    samples : tuple of Sample
        Each with its label.
    errors : tuple of InkreadError
        What could not be used, and why.
    """

    samples: tuple[Sample, ...]
    errors: tuple[InkreadError, ...] = ()


def samples_of_file(path: str | os.PathLike[str], label: str | None = None) -> Found:
    """The samples of a picture of one sign, or of InkML whose drawings are one sign each.

    A picture that `inkread.data.samples.export` wrote gives back the sample that it was made of.

    Parameters
    ----------
    path : path
        The file.
    label : str, optional
        What all of it is; without it InkML tells that itself.

    Raises
    ------
    LabelsMissing
        If nobody says what it is.
    SampleBlank, LabelUnusable
        If it is a picture and nothing is written, or the label cannot be one.
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
    return Found((sample_in(data, page, label) or of_page(label, page, Path(name).name),))


def _of_drawings(drawings: Sequence[Drawing], name: str, label: str | None) -> Found:
    if label is None and all(drawing.label is None for drawing in drawings):
        raise LabelsMissing(name=name, reason="none of its drawings is annotated")
    samples: list[Sample] = []
    errors: list[InkreadError] = []
    for number, drawing in enumerate(drawings, 1):
        said = drawing.label if label is None else label
        try:
            if said is None:
                raise LabelsMissing(name=f"{name}, drawing {number}", reason="it is not annotated")
            samples.append(of_ink(said, drawing.ink, Path(name).name))
        except InkreadError as error:
            errors.append(error)
    if not samples and len(errors) == 1:
        raise errors[0]
    return Found(tuple(samples), tuple(errors))


def can_read(path: str | os.PathLike[str]) -> bool:
    """Whether `reading` takes it: InkML, or a folder of InkML or of a folder for each class.

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


def reading(path: str | os.PathLike[str]) -> Generator[Step, None, Found]:
    """Read what `can_read` says yes to, file by file.

    The folders of a class are named after it; ``%2F`` and the like in their names are as
    `inkread.data.samples.export` writes them. One bad file does not stop the others.

    Raises
    ------
    DataEmpty
        If there is not one sample.
    LabelsMissing, FileUnusable, ...
    """
    if not Path(path).is_dir():
        yield Step(0, 1)
        return samples_of_file(path)
    tasks = _tasks(Path(path))
    samples: list[Sample] = []
    errors: list[InkreadError] = []
    for done, (file, label) in enumerate(tasks):
        yield Step(done, len(tasks))
        try:
            found = samples_of_file(file, label)
            samples += found.samples
            errors += found.errors
        except InkreadError as error:
            errors.append(error)
    if not samples:
        reason = str(errors[0]).rstrip(".") if errors else "there are no files"
        raise DataEmpty(name=os.fspath(path), reason=reason)
    return Found(tuple(samples), tuple(errors))


def _tasks(folder: Path) -> list[tuple[Path, str | None]]:
    """All files, and the label that their folder gives them."""
    inside = _entries(folder)
    ink = [(one, None) for one in inside if one.suffix.lower() == _INKML and one.is_file()]
    classes = [one for one in inside if one.is_dir()]
    return [*ink, *((file, unquote(one.name)) for one in classes for file in _entries(one))]


def of_cells(cells: Iterable[Grey], labels: Iterable[str], source: str) -> Found:
    """Samples of bare cells, as data sets hold them; blank ones are left out.

    Parameters
    ----------
    cells : iterable of (h, w) arrays of uint8
        0 (paper) to 255 (ink).
    labels : iterable of str
        As many.
    source : str
        What they come from.
    """
    samples: list[Sample] = []
    errors: list[InkreadError] = []
    for number, (cell, label) in enumerate(zip(cells, labels, strict=True), 1):
        try:
            samples.append(of_cell(label, cell, source))
        except InkreadError as error:
            error.facts["name"] = f"{source}, sample {number}"
            errors.append(error)
    return Found(tuple(samples), tuple(errors))


def _entries(folder: Path) -> list[Path]:
    """What is in a folder, sorted by name, hidden things left out."""
    try:
        return sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    except OSError as error:
        raise FileUnusable(name=str(folder), reason=error.strerror or "no folder") from error
