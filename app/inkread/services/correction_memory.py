"""Remembers the corrections of pictures, off the GUI thread, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.core.correction.edit_json import Draft, draft_of_drawings
from inkread.core.correction.edits import Edit, edited
from inkread.core.ink import Ink
from inkread.services.background.serial_queue import SerialQueue
from inkread.services.background.tasks import Executor, Lazy

if TYPE_CHECKING:
    from inkread.core.reading import Reading
    from inkread.data.correction_files import DraftFolder

#: Of a drawing: its text, or its ink and what was corrected in that; None: not known yet.
Part = str | tuple[Ink, tuple[Edit, ...] | None]


class Drafts(QObject):
    """What is asked comes in the order in which it was asked, after what was saved before.

    Signals
    -------
    loaded(str, Draft or None)
        What was made of a picture, by its digest.
    found(dict of str to Draft)
        What was made of some of the pictures that were looked for.
    failed(error)
        A draft could not be saved. Told once until one is saved again.
    """

    loaded = Signal(str, object)
    found = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        open_folder: Callable[[], DraftFolder],
        executor: Executor,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = Lazy(open_folder)
        self._queue = SerialQueue(executor, self._on_failed)
        #: The newest of each picture; of many in a row only that one is written.
        self._newest: dict[str, Draft] = {}
        self._is_failing = False

    @property
    def is_busy(self) -> bool:
        return self._queue.is_busy

    def load(self, digest: str) -> None:
        """Ask for what was made of a picture."""
        self._queue.do(
            lambda: self._folder.get().load(digest), lambda draft: self.loaded.emit(digest, draft)
        )

    def look_for(self, digests: Iterable[str]) -> None:
        """Ask what was made of some pictures."""
        wanted = tuple(digests)
        self._queue.do(lambda: self._folder.get().known(wanted), self.found.emit)

    def save(self, digest: str, draft: Draft) -> None:
        """Remember what was made of a picture; of an empty draft, that nothing was."""
        self._newest[digest] = draft
        self._queue.do(lambda: self._save(digest), self._on_saved)

    def set_typed(self, digest: str, typed: str | None) -> None:
        """Remember a text typed for a picture that is not open, beside what was made of it."""

        def add() -> bool:
            draft = self._folder.get().load(digest) or Draft()
            self._folder.get().save(digest, replace(draft, typed=typed))
            return True

        self._queue.do(add, self._on_saved)

    def save_ink(
        self,
        digest: str,
        parts: Sequence[Part],
        read: Callable[[Ink], Reading],
    ) -> None:
        """Remember what the drawings of a file say: a text that is known, or ink as `read` and
        corrected; if nobody knows yet whether it was (None), what is remembered. Told as `found`.
        """

        def add() -> dict[str, Draft]:
            before = self._folder.get().load(digest) or Draft()
            known = before.drawings if len(before.drawings) == len(parts) else (None,) * len(parts)
            texts = [_text(part, text, read) for part, text in zip(parts, known, strict=True)]
            draft = draft_of_drawings(texts)
            self._folder.get().save(digest, draft)
            return {digest: draft}

        self._queue.do(add, self.found.emit)

    def finish(self) -> None:
        """Do what is still to be done, now that no worker runs any more."""
        self._queue.finish()

    def _save(self, digest: str) -> bool:
        """Whether there was something to save."""
        draft = self._newest.pop(digest, None)
        if draft is not None:
            self._folder.get().save(digest, draft)
        return draft is not None

    def _on_saved(self, is_saved: bool) -> None:
        self._is_failing = self._is_failing and not is_saved

    def _on_failed(self, error: Exception) -> None:
        was_failing, self._is_failing = self._is_failing, True
        if not was_failing:
            self.failed.emit(error)


def _text(part: Part, known: str | None, read: Callable[[Ink], Reading]) -> str:
    if isinstance(part, str):
        return part
    ink, edits = part
    if edits is None and known is not None:
        return known
    return "" if ink.is_empty else edited(read(ink), edits or ()).text
