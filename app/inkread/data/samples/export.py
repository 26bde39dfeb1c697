"""Export samples to formats of other programs."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np

from inkread.core.errors import DataEmpty, FormUnknown, InkreadError, SaveFailed
from inkread.core.files import replacing, write_file
from inkread.core.folder_names import NOTE, folder_names, note_of, short_name
from inkread.core.ink_export import ink_to_png
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.picture.page import open_page
from inkread.data.samples.png_note import embed_sample
from inkread.data.samples.sample import StoredSample


class ExportFormat(StrEnum):
    """Formats for export."""

    FOLDER = "folder"
    NPZ = "npz"
    INKML = "inkml"


@dataclass(frozen=True, slots=True)
class ExportResult:
    """Count of written samples, and of those that the format cannot represent."""

    count: int
    omitted: int = 0


def format_of(path: str | os.PathLike[str]) -> ExportFormat:
    """Format for a file name: ``.npz``, ``.inkml``, or a folder if it has no suffix.

    Raises
    ------
    FormUnknown
        If it has another suffix.
    """
    suffix = Path(path).suffix.lower().removeprefix(".")
    if not suffix:
        return ExportFormat.FOLDER
    if suffix not in (ExportFormat.NPZ, ExportFormat.INKML):
        raise FormUnknown(name=os.fspath(path))
    return ExportFormat(suffix)


def export(
    samples: Sequence[StoredSample], path: str | os.PathLike[str], form: ExportFormat | None = None
) -> ExportResult:
    """Write samples, completely or not at all.

    Parameters
    ----------
    samples : sequence of StoredSample
        At least one.
    path : path
        A file, which is replaced, or a folder, which must be missing or empty.
    form : Form, optional
        ``folder``: a folder of PNG pictures for each label, ink drawn with its pens; the
        samples are embedded in them (`inkread.data.samples.png_note`).
        ``npz``: ``images``, (n, 28, 28) uint8, and ``labels``, texts.
        ``inkml``: one labelled drawing for each; samples without ink are left out.
        The default depends on the suffix.

    Raises
    ------
    FormUnknown, DataEmpty, SaveFailed
    """
    form = format_of(path) if form is None else form
    chosen = (
        [s for s in samples if s.ink is not None] if form is ExportFormat.INKML else list(samples)
    )
    if not chosen:
        reason = "none of them is ink" if samples else "nothing was taught yet"
        raise DataEmpty(name=os.fspath(path), reason=reason)
    match form:
        case ExportFormat.NPZ:
            _write_npz(chosen, path)
        case ExportFormat.INKML:
            drawings = (Drawing(s.label, s.ink) for s in chosen if s.ink is not None)
            write_file(path, write_inkml(drawings))
        case ExportFormat.FOLDER:
            _write_folder(chosen, Path(path))
    return ExportResult(len(chosen), len(samples) - len(chosen))


def sample_png(sample: StoredSample) -> bytes:
    """A grey PNG of a sample: its picture, its ink, or its cell."""
    if sample.picture is not None:
        return sample.picture
    if sample.ink is not None:
        return ink_to_png(sample.ink)
    _, data = cv2.imencode(".png", 255 - sample.cell)
    return data.tobytes()


def _write_npz(samples: Sequence[StoredSample], path: str | os.PathLike[str]) -> None:
    images = np.stack([sample.cell for sample in samples])
    labels = np.array([sample.label for sample in samples])
    with replacing(path) as stream:
        np.savez_compressed(stream, images=images, labels=labels)


def _write_folder(samples: Sequence[StoredSample], folder: Path) -> None:
    temporary = folder.absolute().parent / f".inkread-{secrets.token_hex(8)}.tmp"
    try:
        if folder.is_dir():
            if any(folder.iterdir()):
                raise SaveFailed(name=str(folder), reason="there is something in this folder")
            folder.rmdir()
        try:
            temporary.mkdir()
            names = _make_folders(temporary, samples)
            if (note := note_of(names)) is not None:
                (temporary / NOTE).write_bytes(note)
            for sample in samples:
                _write_picture(sample, temporary / names[sample.label] / f"{sample.id:06}.png")
            temporary.rename(folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SaveFailed(name=str(folder), reason=reason) from error


def _make_folders(parent: Path, samples: Sequence[StoredSample]) -> dict[str, str]:
    """Make a folder for each label; returns their names."""
    names = folder_names(sample.label for sample in samples)
    for label, name in names.items():
        try:
            (parent / name).mkdir()
        except (OSError, ValueError):  # this file system takes fewer names
            names[label] = short_name(label)
            (parent / names[label]).mkdir()
    return names


def _write_picture(sample: StoredSample, path: Path) -> None:
    try:
        png = sample_png(sample)
        page = open_page(png, path.name)
    except InkreadError:  # a picture that is damaged is left out; the cell is there
        sample = replace(sample, picture=None, ink=None)
        png = sample_png(sample)
        page = open_page(png, path.name)
    path.write_bytes(embed_sample(png, page, sample))
