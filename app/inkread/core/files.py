"""Read and write files; every failure becomes an error with one sentence.

In core, because ml, data and the command line need it and must not import one another.
"""

from __future__ import annotations

import errno
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
#: Maximum size of a picture or ink file, bytes.
MAX_FILE_BYTES = 256 * MEGABYTE
#: O_BINARY exists on Windows only, O_NONBLOCK elsewhere only.
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def read_file(path: str | os.PathLike[str], limit: int) -> bytes:
    """The bytes of a file, at most `limit` of them.

    Parameters
    ----------
    path : path
        A regular file, or a link to one.
    limit : int
        Maximum size, bytes; larger files are refused before they fill the memory.

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
    """A stream of the file's bytes, for files too large to read at once.

    Raises
    ------
    FileMissing, FileNotAllowed, FileIsFolder, FileNotRegular, FileUnusable
    """
    name = os.fspath(path)
    if not name:
        raise FileMissing(name=name)
    try:
        # Checked before opening: opening blocks at a pipe and may have any effect on a device.
        _check_regular(Path(path).stat(), name)
        return _opened(path, name)
    except (OSError, ValueError) as error:
        raise _refusal(path, name, error) from error


def _opened(path: str | os.PathLike[str], name: str) -> BinaryIO:
    """The file, checked again: it may have been replaced since."""
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
    """The remaining bytes of `stream`, at most `limit`.

    Raises
    ------
    FileTooLarge
    OSError
        From the stream.
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
        case IsADirectoryError() | PermissionError():  # Windows raises the latter for folders
            return FileIsFolder(name=name)
        case OSError(strerror=str(reason)):
            return FileUnusable(name=name, reason=reason)
    return FileMissing(name=name)  # an impossible name


def _is_folder(path: str | os.PathLike[str]) -> bool:
    try:
        return Path(path).is_dir()
    except OSError:  # permission denied
        return False


def _linked(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError as error:  # a link that leads back to itself, until Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


@contextmanager
def replacing(path: str | os.PathLike[str], is_own: bool = False) -> Iterator[BinaryIO]:
    """A stream whose content replaces the file in the end, atomically.

    Parameters
    ----------
    path : path
        The file. A device or pipe is written to directly.
    is_own : bool
        Whether it is one of the program's own files: then a device or pipe in its place, which may
        keep a writer waiting for ever, is replaced, too.

    Raises
    ------
    SaveFailed
        If writing fails. Then, and if the body raises, the old file stays.
    """
    target = Path(path)
    try:
        is_special = target.exists() and not target.is_file() and not target.is_dir()
        if is_special and not is_own:
            with target.open("wb") as stream:
                yield stream
            return
        if not is_special:
            target = _linked(target)  # a link stays a link
        temporary = target.parent / f".inkread-{secrets.token_hex(8)}.tmp"
        try:
            with temporary.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            if target.exists() and not is_special:
                shutil.copymode(target, temporary)
            temporary.replace(target)
        finally:
            with suppress(OSError):
                temporary.unlink()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SaveFailed(name=os.fspath(path), reason=reason) from error


def write_file(path: str | os.PathLike[str], data: bytes, is_own: bool = False) -> None:
    """Replace the content of the file by `data`, atomically; `is_own` as for `replacing`.

    Raises
    ------
    SaveFailed
        If writing fails.
    """
    with replacing(path, is_own) as stream:
        stream.write(data)
