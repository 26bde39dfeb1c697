"""Keep the corrections of pictures from one start of the program to the next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from inkread.core.correction.edit_json import Corrections, decode_corrections, encode_corrections
from inkread.core.errors import InkreadError
from inkread.core.files import MEGABYTE, read_file, write_file

#: Maximum number of pictures; those corrected longest ago are forgotten first.
MAX_FILES = 2000
_MAX_SIZE = 16 * MEGABYTE
_SUFFIX = ".json"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class CorrectionFolder:
    """A file for each corrected picture, named by the digest of the picture's content.

    Parameters
    ----------
    folder : Path
        It need not exist yet.
    max_count : int
        Maximum number of files.
    """

    def __init__(self, folder: Path, max_count: int = MAX_FILES) -> None:
        self._folder = folder
        self._max_count = max_count

    def load(self, digest: str) -> Corrections | None:
        """The corrections of a picture; None if there are none, or they cannot be read."""
        if not _DIGEST.fullmatch(digest):
            return None
        try:
            return decode_corrections(read_file(self._path(digest), _MAX_SIZE))
        except (InkreadError, ValueError):
            return None

    def known(self, digests: Iterable[str]) -> dict[str, Corrections]:
        """The corrections of those pictures that have any, by digest."""
        try:
            names = {path.name for path in self._folder.iterdir()}
        except OSError:
            return {}
        found = {d: self.load(d) for d in digests if d + _SUFFIX in names}
        return {digest: each for digest, each in found.items() if each is not None}

    def save(self, digest: str, corrections: Corrections) -> None:
        """Keep these in place of the last ones of that picture; without any, the file goes.

        Raises
        ------
        SaveFailed
            If the disk refuses; then the last one is still there.
        """
        if not _DIGEST.fullmatch(digest):
            return
        path = self._path(digest)
        if corrections.is_empty:
            with suppress(OSError):
                path.unlink()
            return
        with suppress(OSError):  # if it cannot be made, writing says why
            self._folder.mkdir(parents=True, exist_ok=True)
        write_file(path, encode_corrections(corrections))
        self._forget_old()

    def _path(self, digest: str) -> Path:
        return self._folder / (digest + _SUFFIX)

    def _forget_old(self) -> None:
        with suppress(OSError):  # another window may do the same
            kept = list(self._folder.glob(f"*{_SUFFIX}"))
            if len(kept) <= self._max_count:
                return
            kept.sort(key=lambda path: path.stat().st_mtime_ns)
            for path in kept[: -self._max_count]:
                path.unlink()
