"""Fetching files from mirrors: kept, checked, and gone on with where a mirror broke off.

pooch knows what is there, checks it and moves it into place; the bytes flow through here, so
that each piece of them is progress and a point where the download can be stopped.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inkread.core.errors import DownloadFailed, SaveFailed
from inkread.ml.datasets.dataset import Loading, Unit

if TYPE_CHECKING:
    import requests

_PIECE = 1 << 16
#: Seconds to wait for a connection, and for the next piece.
_PATIENCE = (10, 20)
_PARTIAL_CONTENT = 206

Steps = Generator[Loading, None, None]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file that mirrors have: its name, bytes, and SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


def fetch(
    files: Sequence[RemoteFile], mirrors: Sequence[str], folder: Path, title: str
) -> Generator[Loading, None, list[Path]]:
    """Have files in a folder: what is there and undamaged is not fetched again.

    Parameters
    ----------
    files : sequence of RemoteFile
        What is wanted.
    mirrors : sequence of str
        Addresses that end in a slash; the next is asked if one fails.
    folder : Path
        Made if it is not there. Other files in it are left alone.
    title : str
        What progress and error sentences call the whole.

    Returns
    -------
    list of Path
        Where the files are, in their order.

    Raises
    ------
    DownloadFailed
        If no mirror gave a file in good order.
    SaveFailed
        If the disk refuses.
    """
    import pooch  # only here: it costs 0.2 s

    pooch.get_logger().setLevel(logging.ERROR)
    total = sum(file.size for file in files)
    done = 0
    for file in files:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / file.name
            if not path.is_file() or pooch.file_hash(str(path)) != file.sha256:
                for step in _fetched(file, mirrors, folder, title):
                    yield Loading(title, done + step.done, total, Unit.BYTES)
        except OSError as error:
            reason = error.strerror or str(error)
            raise SaveFailed(name=str(folder), reason=reason) from error
        done += file.size
        yield Loading(title, done, total, Unit.BYTES)
    return [folder / file.name for file in files]


def _fetched(file: RemoteFile, mirrors: Sequence[str], folder: Path, title: str) -> Steps:
    """Ask one mirror after the other."""
    handle, name = tempfile.mkstemp(prefix=".inkread-", suffix=".part", dir=folder)
    os.close(handle)
    part = Path(name)
    reasons = []
    try:
        for mirror in mirrors:
            try:
                yield from _from_mirror(file, mirror, part, folder)
                return
            except _MirrorFailed as error:
                reasons.append(f"{urlsplit(mirror).hostname}: {error}")
    finally:
        with suppress(OSError):
            part.unlink()
    raise DownloadFailed(name=title, reason="; ".join(reasons) or "there is no mirror")


class _MirrorFailed(Exception):
    """Why a mirror did not give a file."""


def _from_mirror(file: RemoteFile, mirror: str, part: Path, folder: Path) -> Steps:
    """Fill `part` with what is missing and publish it; if it is damaged, once more from scratch."""
    went_on = yield from _stream(file, mirror, part)
    if _published(file, mirror, part, folder):
        return
    if went_on:  # the damage may be another mirror's
        yield from _stream(file, mirror, part)
        if _published(file, mirror, part, folder):
            return
    raise _MirrorFailed("what it sends is damaged")


def _published(file: RemoteFile, mirror: str, part: Path, folder: Path) -> bool:
    """Whether pooch found the part to be the file, and put it into place; else it is emptied."""
    import pooch

    def deliver(_url: str, output: str, _pooch: object) -> None:
        Path(output).write_bytes(part.read_bytes())

    try:
        pooch.retrieve(
            mirror + file.name, f"sha256:{file.sha256}", file.name, folder, downloader=deliver
        )
    except ValueError:  # pooch's word for a checksum that is wrong
        part.write_bytes(b"")
        return False
    return True


def _stream(file: RemoteFile, mirror: str, part: Path) -> Generator[Loading, None, bool]:
    """Append to `part` what it lacks; returns whether it went on with what was there."""
    import requests

    start = part.stat().st_size
    wanted = {"Range": f"bytes={start}-"} if start else {}
    headers = {"Accept-Encoding": "identity"} | wanted
    try:
        with requests.get(
            mirror + file.name, headers=headers, stream=True, timeout=_PATIENCE
        ) as response:
            response.raise_for_status()
            goes_on = response.status_code == _PARTIAL_CONTENT
            with part.open("ab" if goes_on else "wb") as stream:
                for piece in response.iter_content(_PIECE):
                    stream.write(piece)
                    if stream.tell() > file.size:
                        raise _MirrorFailed("it sends too much")
                    yield Loading("", stream.tell(), file.size, Unit.BYTES)
    except requests.RequestException as error:
        raise _MirrorFailed(_reason(error)) from error
    if part.stat().st_size < file.size:
        raise _MirrorFailed("it broke off")
    return goes_on


def _reason(error: requests.RequestException) -> str:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"it answers {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return "it does not answer"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "it broke off"
    if isinstance(error, requests.ConnectionError):
        return "there is no connection to it"
    return type(error).__name__
