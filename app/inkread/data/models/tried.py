"""Which models need not be tried before they are opened, remembered by their content.

A text file; each line names one model: the version of the rules of the trial, the SHA-256 of its
file, the largest batch that it was tried with, 0 for a model that this program made, and a seal. A
file that is put in the place of another is another model, and is tried.

The seal is made with the id of this computer: a folder that comes from elsewhere may hold bad
models and a record that says they passed, and such a record counts for nothing. It is no secret
from other programs on this computer.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

from inkread.core.errors import InkreadError
from inkread.core.files import MEGABYTE, read_file, write_file

#: Version of the rules; what was tried by others is tried again.
RULES = 3
#: Chosen: more than anybody has; 80 bytes each.
MAX_REMEMBERED = 1000
_MADE_HERE = 0
_LINE = re.compile(rb"(\d{1,4}) (([0-9a-f]{64}) (\d{1,4})) ([0-9a-f]{64})")
#: Ids of this computer; the second on systems without the first.
_ID_FILES = ("/etc/machine-id", "/var/lib/dbus/machine-id")


class TriedModels:
    """The record of the models that were tried.

    Parameters
    ----------
    path : Path
        Its file. What cannot be written is remembered in this process alone.
    shipped : Path
        The bundled model, which is never tried.
    """

    def __init__(self, path: Path, shipped: Path) -> None:
        self._path = path
        self._shipped = shipped
        self._noted: dict[str, int] = {}

    def max_batch(self, data: bytes) -> int | None:
        """The largest batch of a model that was tried.

        Returns
        -------
        int or None
            0 if the program made it or came with it; None if it was not tried.
        """
        if self._is_shipped(data):
            return _MADE_HERE
        digest = _digest(data)
        return self._noted.get(digest, self._read().get(digest))

    def note(self, data: bytes, max_batch: int) -> None:
        """Remember a model that was tried, and how large a batch it takes."""
        self._noted[_digest(data)] = max_batch
        known = {**self._read(), **self._noted}
        newest = list(known.items())[-MAX_REMEMBERED:]
        lines = (_sealed(f"{digest} {batch}") for digest, batch in newest)
        with suppress(InkreadError, OSError):  # then it is tried again next time
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_file(self._path, b"".join(lines), is_own=True)

    def note_made(self, data: bytes) -> None:
        """Remember a model that this program has made."""
        self.note(data, _MADE_HERE)

    def _is_shipped(self, data: bytes) -> bool:
        try:
            same_size = self._shipped.stat().st_size == len(data)
            return same_size and read_file(self._shipped, len(data)) == data
        except (InkreadError, OSError):
            return False

    def _read(self) -> dict[str, int]:
        try:
            lines = read_file(self._path, MEGABYTE).splitlines()
        except InkreadError:
            return {}
        found = filter(None, map(_LINE.fullmatch, lines))
        current = (match for match in found if int(match[1]) == RULES)
        return {m[3].decode(): int(m[4]) for m in current if _seal(m[2]) == m[5]}


def _sealed(entry: str) -> bytes:
    return b"%d %s %s\n" % (RULES, entry.encode(), _seal(entry.encode()))


def _seal(entry: bytes) -> bytes:
    return hmac.new(_computer(), entry, hashlib.sha256).hexdigest().encode()


@cache
def _computer() -> bytes:
    """What tells this computer from others."""
    for path in _ID_FILES:
        with suppress(OSError):
            if found := Path(path).read_bytes().strip():
                return found
    import uuid  # no start on Linux needs it

    return str(uuid.getnode()).encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
