"""Samples out of the store, in forms that other programs read."""

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
from inkread.data.samples.png_note import noted
from inkread.data.samples.sample import StoredSample

#: What some system cannot have in the name of a folder, or what this module writes in its place;
#: and names of devices, or of what looks like a part of a data set.
_UNUSABLE = re.compile(r'[\x00-\x1f<>:"/\\|?*%]|^[. ]|[. ]$')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)|train|test|val", re.IGNORECASE)


class Form(StrEnum):
    """What samples can be exported as."""

    FOLDER = "folder"
    NPZ = "npz"
    INKML = "inkml"


@dataclass(frozen=True, slots=True)
class Exported:
    """How many samples were written, and how many that form cannot hold."""

    count: int
    left_out: int = 0


def form_of(path: str | os.PathLike[str]) -> Form:
    """What a name asks for: ``.npz``, ``.inkml``, and without an ending a folder.

    Raises
    ------
    FormUnknown
        If it has another ending.
    """
    suffix = Path(path).suffix.lower().removeprefix(".")
    if not suffix:
        return Form.FOLDER
    if suffix not in (Form.NPZ, Form.INKML):
        raise FormUnknown(name=os.fspath(path))
    return Form(suffix)


def export(
    samples: Sequence[StoredSample], path: str | os.PathLike[str], form: Form | None = None
) -> Exported:
    """Write samples, whole or not at all.

    Parameters
    ----------
    samples : sequence of StoredSample
        At least one.
    path : path
        A file, which is replaced, or a folder, which must not be there or be empty.
    form : Form, optional
        ``folder``: a folder of PNG pictures for each label, ink drawn with its pens; the
        samples themselves are noted in them (`inkread.data.samples.png_note`).
        ``npz``: ``images``, (n, 28, 28) uint8, and ``labels``, texts.
        ``inkml``: one labelled drawing for each; samples without ink are left out.
        Without it the ending tells.

    Raises
    ------
    FormUnknown, DataEmpty, SaveFailed
    """
    form = form_of(path) if form is None else form
    chosen = [s for s in samples if s.ink is not None] if form is Form.INKML else list(samples)
    if not chosen:
        reason = "none of them is ink" if samples else "nothing was taught yet"
        raise DataEmpty(name=os.fspath(path), reason=reason)
    match form:
        case Form.NPZ:
            _write_npz(chosen, path)
        case Form.INKML:
            drawings = (Drawing(s.label, s.ink) for s in chosen if s.ink is not None)
            write_file(path, write_inkml(drawings))
        case Form.FOLDER:
            _write_folder(chosen, Path(path))
    return Exported(len(chosen), len(samples) - len(chosen))


def picture_of(sample: StoredSample) -> bytes:
    """What a sample looks like on paper, as a grey PNG: its picture, ink, or cell."""
    if sample.picture is not None:
        return sample.picture
    if sample.ink is not None:
        return ink_to_png(sample.ink)
    _, data = cv2.imencode(".png", 255 - sample.cell)
    return data.tobytes()


def folder_names(labels: Iterable[str]) -> dict[str, str]:
    """A name for the folder of each label, which every system can have.

    What cannot be in a name is written as ``%`` and its two hexadecimal digits, as in web
    addresses; so is the beginning of a label that differs from another one only in its case.
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


def _escaped(sign: str) -> str:
    return "".join(f"%{byte:02X}" for byte in sign.encode())


def _write_npz(samples: Sequence[StoredSample], path: str | os.PathLike[str]) -> None:
    images = np.stack([sample.cell for sample in samples])
    labels = np.array([sample.label for sample in samples])
    with replacing(path) as stream:
        np.savez_compressed(stream, images=images, labels=labels)


def _write_folder(samples: Sequence[StoredSample], folder: Path) -> None:
    made = folder.absolute().parent / f".inkread-{secrets.token_hex(8)}.tmp"
    try:
        if folder.is_dir():
            if any(folder.iterdir()):
                raise SaveFailed(name=str(folder), reason="there is something in this folder")
            folder.rmdir()
        try:
            names = folder_names(sample.label for sample in samples)
            made.mkdir()
            for name in names.values():
                (made / name).mkdir()
            for sample in samples:
                _write_picture(sample, made / names[sample.label] / f"{sample.id:06}.png")
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SaveFailed(name=str(folder), reason=reason) from error


def _write_picture(sample: StoredSample, path: Path) -> None:
    png = picture_of(sample)
    path.write_bytes(noted(png, open_page(png, path.name), sample))
