"""Paths of files and folders -> the files to read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from inkread.core.errors import FileNotAllowed, FileUnusable, FolderEmpty, InkreadError

STANDARD_INPUT = "-"
#: Only these files of a folder are read; a file that is named itself is always tried.
PICTURE_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".avif", ".heic", ".heif"),
    *(".jp2", ".j2k", ".pbm", ".pgm", ".ppm", ".pnm", ".pdf"),
)
SUFFIXES = frozenset({*PICTURE_SUFFIXES, ".inkml"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file or standard input to read, or the error of a folder."""

    name: str
    error: InkreadError | None = None


def expand(
    paths: Iterable[str | os.PathLike[str] | Source], recursive: bool = False
) -> list[Source]:
    """All files at `paths`, in their order; those of a folder by name."""
    return [source for path in paths for source in _expand(path, recursive)]


def _expand(path: str | os.PathLike[str] | Source, recursive: bool) -> Iterator[Source]:
    if isinstance(path, Source):
        yield path
        return
    path = os.fsdecode(path)
    if path == STANDARD_INPUT or not os.path.isdir(path):  # noqa: PTH112 - bad names are False
        yield Source(path)
        return
    yield from list(_in_folder(path, recursive)) or [Source(path, FolderEmpty(name=path))]


def _in_folder(folder: str, recursive: bool) -> Iterator[Source]:
    errors: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=errors.append):
        # os.walk goes on with the folders that are left here, in this order.
        folders[:] = sorted(name for name in folders if name[0] != ".") if recursive else []
        paths = (Path(parent) / name for name in sorted(files))
        yield from (Source(os.fspath(path)) for path in paths if _is_picture(path))
    for error in errors:
        yield Source(str(error.filename), _refusal(error))


def _is_picture(path: Path) -> bool:
    if path.name.startswith(".") or path.suffix.lower() not in SUFFIXES:
        return False
    return path.is_file() or path.is_symlink()  # a broken link is reported; a pipe would block


def _refusal(error: OSError) -> InkreadError:
    if isinstance(error, PermissionError):
        return FileNotAllowed(name=error.filename)
    return FileUnusable(name=error.filename, reason=error.strerror)
