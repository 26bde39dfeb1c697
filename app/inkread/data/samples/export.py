"""Export samples to formats of other programs."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np

from inkread.core.errors import DataEmpty, FormUnknown, SaveFailed
from inkread.core.files import replacing, write_file
from inkread.core.ink_export import ink_to_png
from inkread.core.inkml import Drawing, write_inkml
from inkread.core.picture.page import open_page
from inkread.data.samples.png_note import embed_sample
from inkread.data.samples.sample import StoredSample

#: Characters that some system forbids in folder names, and the escape character of this module.
#: Reserved: names of devices, and of parts of a data set.
_UNUSABLE = re.compile(r'[\x00-\x1f<>:"/\\|?*%]|^[. ]|[. ]$')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)|train|test|val", re.IGNORECASE)


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


def folder_names(labels: Iterable[str]) -> dict[str, str]:
    """Folder name for each label, valid on every system.

    Forbidden characters are percent-encoded as in web addresses, and so is the first character of
    a label that differs from another one only in case.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for label in sorted(set(labels)):
        name = _UNUSABLE.sub(lambda found: _escaped(found[0]), label)
        if _RESERVED.match(name) or name.casefold() in taken:
            name = _escaped(label[0]) + _UNUSABLE.sub(lambda found: _escaped(found[0]), label[1:])
        names[label] = name
        taken.add(name.casefold())
    return names


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


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
            names = folder_names(sample.label for sample in samples)
            temporary.mkdir()
            for name in names.values():
                (temporary / name).mkdir()
            for sample in samples:
                _write_picture(sample, temporary / names[sample.label] / f"{sample.id:06}.png")
            temporary.rename(folder)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SaveFailed(name=str(folder), reason=reason) from error


def _write_picture(sample: StoredSample, path: Path) -> None:
    png = sample_png(sample)
    path.write_bytes(embed_sample(png, open_page(png, path.name), sample))
