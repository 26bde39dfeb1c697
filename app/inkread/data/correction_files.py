"""Keep the corrections of pictures from one start of the program to the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from inkread.core.correction.edit_json import Corrections, decode_corrections, encode_corrections
from inkread.core.correction.merge import merged
from inkread.core.errors import InkreadError
from inkread.core.files import MEGABYTE, read_file, write_file

#: Maximum number of pictures; those corrected longest ago are forgotten first.
MAX_FILES = 2000
_MAX_SIZE = 16 * MEGABYTE
_SUFFIX = ".json"
#: Beside the folder: held while a file is read and written again.
_LOCK = ".drafts.lock"
#: Maximum wait for another window, s. *Chosen*: saving takes milliseconds.
_LOCK_TIMEOUT = 2.0
_DIGEST = re.compile(r"[0-9a-f]{64}")


class CorrectionFolder:
    """A file for each corrected picture, named by the digest of the picture's content.

    Several windows may save corrections of one picture: those of all are kept.

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
        #: Known corrections of each picture, and the content of its file if that says the same.
        self._known: dict[str, tuple[Corrections, bytes | None]] = {}

    def load(self, digest: str) -> Corrections | None:
        """The corrections of a picture; None if there are none, or they cannot be read."""
        if not _DIGEST.fullmatch(digest):
            return None
        found, data = self._read(digest)
        self._known[digest] = found or Corrections(), data
        return found

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

        What another window added to the file since this one has read or written it stays.

        Raises
        ------
        SaveFailed
            If the disk refuses; then the last one is still there.
        """
        if not _DIGEST.fullmatch(digest):
            return
        with suppress(OSError):  # if it cannot be made, writing says why
            self._folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            kept = self._with_theirs(digest, corrections)
            data = b"" if kept.is_empty else encode_corrections(kept)
            if data:
                write_file(self._path(digest), data, is_own=True)
            else:
                with suppress(OSError):
                    self._path(digest).unlink()
            self._known[digest] = corrections, data if kept is corrections else None
        self._forget_old()

    def _with_theirs(self, digest: str, corrections: Corrections) -> Corrections:
        """The corrections, and what others have saved meanwhile."""
        base, before = self._known.get(digest, (Corrections(), b""))
        theirs, data = self._read(digest)
        return (
            corrections if theirs is None or data == before else merged(base, corrections, theirs)
        )

    def _read(self, digest: str) -> tuple[Corrections | None, bytes]:
        """The corrections in a file, and its content; none if it cannot be read."""
        try:
            data = read_file(self._path(digest), _MAX_SIZE)
            return decode_corrections(data), data
        except (InkreadError, ValueError):
            return None, b""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other window saves meanwhile; where the system has no locks, one may."""
        from inkread.data.file_lock import locked

        with ExitStack() as stack:
            with suppress(OSError):
                stack.enter_context(locked(self._folder.with_name(_LOCK), _LOCK_TIMEOUT))
            yield

    def _path(self, digest: str) -> Path:
        return self._folder / (digest + _SUFFIX)

    def _forget_old(self) -> None:
        with suppress(OSError):  # another window may do the same
            kept = list(self._folder.glob(f"*{_SUFFIX}"))
            if len(kept) <= self._max_count:
                return
            kept.sort(key=self._age)
            for path in kept[: -self._max_count]:
                path.unlink()

    def _age(self, path: Path) -> tuple[bool, int]:
        """For the order of files: where the clock was set back, what is new seems old."""
        return path.stem in self._known, path.stat().st_mtime_ns
