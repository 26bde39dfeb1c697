"""Bytes of files from and to the disk: every way it can fail becomes one sentence.

It stands in core because ml, data and the command line all need it and must not import
one another.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.core.errors import (
    FileIsFolder,
    FileMissing,
    FileNotAllowed,
    FileTooLarge,
    FileUnusable,
    InkreadError,
    SaveFailed,
)

MEGABYTE = 1_000_000
#: No picture or ink that can be read is larger, bytes.
LARGEST_FILE = 256 * MEGABYTE


def read_file(path: str | os.PathLike[str], limit: int) -> bytes:
    """The bytes of a file, at most `limit` of them.

    Parameters
    ----------
    path : path
        Whatever can be opened, pipes too.
    limit : int
        Larger files are refused before they fill the memory, bytes.

    Raises
    ------
    FileMissing, FileNotAllowed, FileIsFolder, FileTooLarge, FileUnusable
    """
    name = os.fspath(path)
    if not name:
        raise FileMissing(name=name)
    try:
        with Path(path).open("rb") as file:
            return read_stream(file, name, limit)
    except (OSError, ValueError) as error:
        raise _refusal(path, name, error) from error


def open_file(path: str | os.PathLike[str]) -> BinaryIO:
    """A stream of the file's bytes, for what is too large to be read at once.

    Raises
    ------
    FileMissing, FileNotAllowed, FileIsFolder, FileUnusable
    """
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as error:
        raise _refusal(path, os.fspath(path), error) from error


def read_stream(stream: BinaryIO, name: str, limit: int) -> bytes:
    """All bytes that `stream` still has, at most `limit`.

    Raises
    ------
    FileTooLarge
    OSError
        As the stream raises it.
    """
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise FileTooLarge(name=name, limit=limit // MEGABYTE)
    return data


def _refusal(path: str | os.PathLike[str], name: str, error: Exception) -> InkreadError:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return FileMissing(name=name)
        case PermissionError() if not _is_folder(path):
            return FileNotAllowed(name=name)
        case IsADirectoryError() | PermissionError():  # Windows says the latter of folders
            return FileIsFolder(name=name)
        case OSError(strerror=str(reason)):
            return FileUnusable(name=name, reason=reason)
    return FileMissing(name=name)  # a name that no file can have


def _is_folder(path: str | os.PathLike[str]) -> bool:
    try:
        return Path(path).is_dir()
    except OSError:  # not even that may be asked
        return False


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A stream whose content replaces the file at the end, whole or not at all.

    Parameters
    ----------
    path : path
        The file. A device or pipe is written to directly.

    Raises
    ------
    SaveFailed
        If the disk refuses. Then, and whenever the body raises, the old file stays as it was.
    """
    target = Path(path)
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            with target.open("wb") as stream:
                yield stream
            return
        target = target.resolve()  # a link stays a link
        temporary = target.parent / f".inkread-{secrets.token_hex(8)}.tmp"
        try:
            with temporary.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            temporary.replace(target)
        finally:
            with suppress(OSError):
                temporary.unlink()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SaveFailed(name=os.fspath(path), reason=reason) from error


def write_file(path: str | os.PathLike[str], data: bytes) -> None:
    """Make `data` the content of the file, whole or not at all.

    Raises
    ------
    SaveFailed
        If the disk refuses.
    """
    with replacing(path) as stream:
        stream.write(data)
