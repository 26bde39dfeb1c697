"""Bytes of files from and to the disk: every way it can fail becomes one sentence.

It stands in core because ml, data and the command line all need it and must not import
one another.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from inkread.core.errors import (
    FileIsFolder,
    FileMissing,
    FileNotAllowed,
    FileNotRegular,
    FileTooLarge,
    FileUnusable,
    InkreadError,
    SaveFailed,
)

MEGABYTE = 1_000_000
#: No picture or ink that can be read is larger, bytes.
LARGEST_FILE = 256 * MEGABYTE
#: What Windows does not know is 0 there.
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def read_file(path: str | os.PathLike[str], limit: int) -> bytes:
    """The bytes of a file, at most `limit` of them.

    Parameters
    ----------
    path : path
        A regular file, or a link to one.
    limit : int
        Larger files are refused before they fill the memory, bytes.

    Raises
    ------
    FileMissing, FileNotAllowed, FileIsFolder, FileNotRegular, FileTooLarge, FileUnusable
    """
    name = os.fspath(path)
    try:
        with open_file(path) as file:
            return read_stream(file, name, limit)
    except (OSError, ValueError) as error:
        raise _refusal(path, name, error) from error


def open_file(path: str | os.PathLike[str]) -> BinaryIO:
    """A stream of the file's bytes, for what is too large to be read at once.

    Raises
    ------
    FileMissing, FileNotAllowed, FileIsFolder, FileNotRegular, FileUnusable
    """
    name = os.fspath(path)
    if not name:
        raise FileMissing(name=name)
    try:
        # Asked before it is opened: that alone waits at a pipe, and may do anything to a device.
        _check_regular(Path(path).stat(), name)
        return _opened(path, name)
    except (OSError, ValueError) as error:
        raise _refusal(path, name, error) from error


def _opened(path: str | os.PathLike[str], name: str) -> BinaryIO:
    """The file; it may have become something else since it was asked about."""
    descriptor = os.open(path, _READING)
    try:
        _check_regular(os.fstat(descriptor), name)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _check_regular(found: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise FileIsFolder(name=name)
    if not stat.S_ISREG(found.st_mode):
        raise FileNotRegular(name=name)


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
