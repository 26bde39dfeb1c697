"""Files of the model library: written atomically, by one process at a time.

====================  =========================================================================
``ID.onnx``           a model; published first
``ID.json``           its card; published second. A model may have none
``current``           JSON: ids of the models used, the one in use last; replaced last
``.lock``             held during changes; readers need no lock
``.inkread-*.tmp``    temporary; leftovers of killed processes are removed on opening
====================  =========================================================================
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from inkread.core.errors import FileMissing, InkreadError, LibraryFailed, SaveFailed
from inkread.core.files import MEGABYTE, read_file, write_file
from inkread.data.models.card import Card

#: Maximum size of a model and of its card, bytes.
MAX_MODEL_BYTES, MAX_CARD_BYTES = 100 * MEGABYTE, MEGABYTE
#: Maximum wait for another process that changes the folder, s.
LOCK_TIMEOUT = 10.0
_MODEL, _CARD, _USES, _LOCK = ".onnx", ".json", "current", ".lock"


class ModelFolder:
    """A folder of models, their cards, and the order in which they were used."""

    def __init__(self, path: Path, timeout: float = LOCK_TIMEOUT) -> None:
        """Open the folder, which may not exist; remove leftovers of killed processes."""
        self.path = path
        self._timeout = timeout
        self._tidy()

    def is_there(self) -> bool:
        """Whether the folder exists and can be listed."""
        try:
            os.scandir(self.path).close()
        except OSError:
            return False
        return True

    def ids(self) -> list[str]:
        """Sorted ids of all models, and of cards without a model."""
        files = [Path(name) for name in self._names()]
        found = {file.stem for file in files if file.suffix == _MODEL}
        orphans = {file.stem for file in files if file.suffix == _CARD} - found
        return sorted(found | {one for one in orphans if self.card(one) is not None})

    def model_path(self, model_id: str) -> Path:
        """Path of a model's ONNX file."""
        return self.path / f"{model_id}{_MODEL}"

    def card(self, model_id: str) -> Card | None:
        """The card of a model; None if it is missing or damaged."""
        try:
            return Card.from_json(read_file(self._card_path(model_id), MAX_CARD_BYTES))
        except (InkreadError, ValueError):
            return None

    def uses(self) -> list[str]:
        """Ids of the models used, the one in use last; empty if there is no file.

        Raises
        ------
        ValueError
            If the file cannot be read; the reason in words.
        """
        try:
            uses = json.loads(read_file(self.path / _USES, MAX_CARD_BYTES))
        except FileMissing:
            return []
        except (InkreadError, ValueError, RecursionError) as error:
            raise ValueError("the file cannot be read") from error
        if not isinstance(uses, list) or not all(map(_is_id, uses)):
            raise ValueError("the file is damaged")
        return uses

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Exclude changes by other processes for the duration of the context.

        Raises
        ------
        LibraryFailed
            If the disk fails, at entry or within the context, or the lock is not released.
        """
        from inkread.data.file_lock import locked  # readers need no lock

        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with locked(self.path / _LOCK, self._timeout):
                yield
        except SaveFailed as error:
            raise LibraryFailed(name=str(self.path), reason=error.facts["reason"]) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise LibraryFailed(name=str(self.path), reason=reason) from error

    def add(self, data: bytes, card: Card) -> str:
        """Publish a model under a new id, both files or neither; returns the id."""
        taken = set(self._names())
        ids = iter(lambda: secrets.token_hex(4), "")
        model_id = next(one for one in ids if not {one + _MODEL, one + _CARD} & taken)
        try:
            self._write(self.model_path(model_id), data)
            self.set_card(model_id, card)
        except BaseException:
            with suppress(OSError):
                self.remove(model_id)
            raise
        return model_id

    def set_card(self, model_id: str, card: Card) -> None:
        self._write(self._card_path(model_id), card.to_json())

    def set_uses(self, uses: Sequence[str]) -> None:
        self._write(self.path / _USES, json.dumps(list(uses)).encode())

    def remove(self, model_id: str) -> None:
        """Remove the model, then its card."""
        self.model_path(model_id).unlink(missing_ok=True)
        self._card_path(model_id).unlink(missing_ok=True)

    def _card_path(self, model_id: str) -> Path:
        return self.path / f"{model_id}{_CARD}"

    def _names(self) -> list[str]:
        """Names of the files that are not hidden; none if the folder cannot be read."""
        try:
            with os.scandir(self.path) as entries:
                return [e.name for e in entries if not e.name.startswith(".") and e.is_file()]
        except OSError:
            return []

    def _write(self, path: Path, data: bytes) -> None:
        write_file(path, data, is_own=True)
        # Keep the order of renames in a power failure; Windows cannot open folders.
        with suppress(OSError):
            descriptor = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _tidy(self) -> None:
        if not self._leftovers():
            return
        from inkread.data.file_lock import locked

        with suppress(OSError), locked(self.path / _LOCK, timeout=0):
            for path in self._leftovers():  # the lock is held: no process is writing them
                path.unlink(missing_ok=True)

    def _leftovers(self) -> list[Path]:
        try:
            names = os.listdir(self.path)  # noqa: PTH208 - one call that fails as a whole
        except OSError:
            return []
        # Names given by inkread.core.files.replacing.
        return [
            self.path / name
            for name in names
            if name.startswith(".inkread-") and name.endswith(".tmp")
        ]


def _is_id(value: object) -> bool:
    return isinstance(value, str) and value != "" and Path(value).name == value
