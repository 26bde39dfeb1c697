"""Download files from mirrors, with cache, checksums, and resumption of partial downloads.

pooch looks up and verifies files and moves them into place. The bytes are streamed here, so that
each chunk reports progress and the download can be stopped there.
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

_CHUNK = 1 << 16
#: Timeouts for the connection and for the next chunk, s.
_TIMEOUT = (10, 20)
_PARTIAL_CONTENT = 206

Steps = Generator[Loading, None, None]


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file on mirrors: name, size in bytes, and SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


def fetch(
    files: Sequence[RemoteFile], mirrors: Sequence[str], folder: Path, title: str
) -> Generator[Loading, None, list[Path]]:
    """Download files into a folder; undamaged ones that are there already are kept.

    Parameters
    ----------
    files : sequence of RemoteFile
        The files.
    mirrors : sequence of str
        Addresses with a final slash, tried in this order.
    folder : Path
        Created if missing. Other files in it are not touched.
    title : str
        Name of the whole in progress reports and error messages.

    Returns
    -------
    list of Path
        Paths of the files, in their order.

    Raises
    ------
    DownloadFailed
        If no mirror delivered an undamaged file.
    SaveFailed
        If the folder cannot be written.
    """
    import pooch  # imported here: takes 0.2 s

    pooch.get_logger().setLevel(logging.ERROR)
    total = sum(file.size for file in files)
    done = 0
    for file in files:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / file.name
            if not path.is_file() or pooch.file_hash(str(path)) != file.sha256:
                for step in _fetch(file, mirrors, folder, title):
                    yield Loading(title, done + step.done, total, Unit.BYTES)
        except OSError as error:
            reason = error.strerror or str(error)
            raise SaveFailed(name=str(folder), reason=reason) from error
        done += file.size
        yield Loading(title, done, total, Unit.BYTES)
    return [folder / file.name for file in files]


def _fetch(file: RemoteFile, mirrors: Sequence[str], folder: Path, title: str) -> Steps:
    """Try one mirror after the other."""
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
    """Why a mirror did not deliver a file."""


def _from_mirror(file: RemoteFile, mirror: str, part: Path, folder: Path) -> Steps:
    """Complete `part` and publish it; if it is damaged, download it once more from the start."""
    is_resumed = yield from _stream(file, mirror, part)
    if _publish(file, mirror, part, folder):
        return
    if is_resumed:  # the damaged bytes may stem from another mirror
        yield from _stream(file, mirror, part)
        if _publish(file, mirror, part, folder):
            return
    raise _MirrorFailed("what it sends is damaged")


def _publish(file: RemoteFile, mirror: str, part: Path, folder: Path) -> bool:
    """Have pooch verify the part and move it into place; empty it if the checksum is wrong."""
    import pooch

    def deliver(_url: str, output: str, _pooch: object) -> None:
        Path(output).write_bytes(part.read_bytes())

    try:
        pooch.retrieve(
            mirror + file.name, f"sha256:{file.sha256}", file.name, folder, downloader=deliver
        )
    except ValueError:  # raised by pooch for a wrong checksum
        part.write_bytes(b"")
        return False
    return True


def _stream(file: RemoteFile, mirror: str, part: Path) -> Generator[Loading, None, bool]:
    """Append the missing bytes to `part`; returns whether the download was resumed."""
    import requests

    start = part.stat().st_size
    range_header = {"Range": f"bytes={start}-"} if start else {}
    headers = {"Accept-Encoding": "identity"} | range_header
    try:
        with requests.get(
            mirror + file.name, headers=headers, stream=True, timeout=_TIMEOUT
        ) as response:
            response.raise_for_status()
            is_resumed = response.status_code == _PARTIAL_CONTENT
            with part.open("ab" if is_resumed else "wb") as stream:
                for piece in response.iter_content(_CHUNK):
                    stream.write(piece)
                    if stream.tell() > file.size:
                        raise _MirrorFailed("it sends too much")
                    yield Loading("", stream.tell(), file.size, Unit.BYTES)
    except requests.RequestException as error:
        raise _MirrorFailed(_reason(error)) from error
    if part.stat().st_size < file.size:
        raise _MirrorFailed("it broke off")
    return is_resumed


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
