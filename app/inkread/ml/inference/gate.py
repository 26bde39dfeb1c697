"""The one way in for models that this program did not make."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

from inkread.core.errors import ModelUnusable, TrialUndecided
from inkread.core.generators import finished
from inkread.ml.inference.model_file import check_size, read_model

if TYPE_CHECKING:
    from inkread.ml.inference.classifier import OnnxClassifier
    from inkread.ml.inference.metadata import ModelInfo

#: Stands for the largest batch of a model that the program made or came with.
TRUSTED = 0


class Tried(Protocol):
    """Remembers by their content which models were tried."""

    def max_batch(self, data: bytes) -> int | None:
        """The largest batch of a model that was tried, `TRUSTED`, or None: try it."""
        ...

    def note(self, data: bytes, max_batch: int) -> None: ...


class Gate:
    """Opens models; a foreign one only after a trial in a process of its own.

    Parameters
    ----------
    tried : Tried, optional
        What need not be tried again.
    opened_within : callable, optional
        Makes a context in which a model is opened in this process, after its trial. That takes
        seconds at most, in which Python sees no signal.
    """

    def __init__(
        self,
        tried: Tried | None = None,
        opened_within: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._tried = tried
        self._opened_within = opened_within
        #: Why models were refused: nobody waits twice for the same answer.
        self._refused: dict[bytes, str] = {}

    def open(self, data: bytes, name: str) -> OnnxClassifier:
        """Open a model from the bytes of its file; `name` is what errors call it.

        Raises
        ------
        ModelUnusable
        """
        return finished(self.opening(data, name))

    def open_file(self, path: str | os.PathLike[str]) -> OnnxClassifier:
        """Open a model file.

        Raises
        ------
        ModelUnusable, FileMissing, FileNotAllowed, FileIsFolder, FileUnusable
        """
        return self.open(read_model(path), os.fspath(path))

    def describe(self, data: bytes, name: str) -> ModelInfo:
        """Open a model on trial; returns its metadata.

        Raises
        ------
        ModelUnusable
        """
        return self.open(data, name).info

    def opening(self, data: bytes, name: str) -> Generator[None, None, OnnxClassifier]:
        """As `open`, in steps; it can be given up at each of them."""
        max_batch = yield from self._max_batch(data, name)
        # Imported here: every start of the command line imports this module.
        from inkread.ml.inference.classifier import OnnxClassifier

        with self._opened_within():
            return OnnxClassifier(data, name, max_batch=max_batch or None)

    def _max_batch(self, data: bytes, name: str) -> Generator[None, None, int]:
        check_size(data, name)
        known = None if self._tried is None else self._tried.max_batch(data)
        if known is not None:
            return known
        digest = hashlib.sha256(data).digest()
        if digest in self._refused:
            raise ModelUnusable(name=name, reason=self._refused[digest])
        from inkread.ml.inference.trial import trying  # no start needs it

        try:
            found = yield from trying(data, name)
        except TrialUndecided:
            raise
        except ModelUnusable as error:
            self._refused[digest] = str(error.facts["reason"])
            raise
        if self._tried is not None:
            self._tried.note(data, found)
        return found
