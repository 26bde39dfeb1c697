"""Keep the corrections of pictures from one start of the program to the next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from inkread.core.correction.edit_json import Draft, decode_draft, encode_draft
from inkread.core.errors import InkreadError
from inkread.core.files import MEGABYTE, read_file, write_file

#: Maximum number of pictures; those corrected longest ago are forgotten first.
MAX_DRAFTS = 2000
_MAX_SIZE = 16 * MEGABYTE
_SUFFIX = ".json"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class DraftFolder:
    """A file for each corrected picture, named by the digest of the picture's content.

    Parameters
    ----------
    folder : Path
        It need not exist yet.
    max_count : int
        Maximum number of files.
    """

    def __init__(self, folder: Path, max_count: int = MAX_DRAFTS) -> None:
        self._folder = folder
        self._max_count = max_count

    def load(self, digest: str) -> Draft | None:
        """The corrections of a picture; None if there are none, or they cannot be read."""
        if not _DIGEST.fullmatch(digest):
            return None
        try:
            return decode_draft(read_file(self._path(digest), _MAX_SIZE))
        except (InkreadError, ValueError):
            return None

    def known(self, digests: Iterable[str]) -> dict[str, Draft]:
        """The corrections of those pictures that have any, by digest."""
        try:
            names = {path.name for path in self._folder.iterdir()}
        except OSError:
            return {}
        drafts = {d: self.load(d) for d in digests if d + _SUFFIX in names}
        return {digest: draft for digest, draft in drafts.items() if draft is not None}

    def save(self, digest: str, draft: Draft) -> None:
        """Keep a draft in place of the last one of that picture; an empty one deletes it.

        Raises
        ------
        SaveFailed
            If the disk refuses; then the last one is still there.
        """
        if not _DIGEST.fullmatch(digest):
            return
        path = self._path(digest)
        if draft.is_empty:
            with suppress(OSError):
                path.unlink()
            return
        with suppress(OSError):  # if it cannot be made, writing says why
            self._folder.mkdir(parents=True, exist_ok=True)
        write_file(path, encode_draft(draft))
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
