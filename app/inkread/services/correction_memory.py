"""Remembers the corrections of pictures, off the GUI thread, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.core.correction.edit_json import Draft, draft_of_drawings
from inkread.core.correction.edits import Edit, edited
from inkread.core.ink import Ink
from inkread.services.background.serial_queue import Errands, Told
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
        self._errands = Errands(executor, self)
        self._errands.told.connect(self._on_told)
        #: The newest of each picture; of many in a row only that one is written.
        self._newest: dict[str, Draft] = {}
        self._is_failing = False

    @property
    def is_busy(self) -> bool:
        return self._errands.is_busy

    def load(self, digest: str) -> None:
        """Ask for what was made of a picture."""
        self._errands.do(lambda: ("loaded", (digest, self._folder.get().load(digest))))

    def look_for(self, digests: Iterable[str]) -> None:
        """Ask what was made of some pictures."""
        wanted = tuple(digests)
        self._errands.do(lambda: ("found", self._folder.get().known(wanted)))

    def save(self, digest: str, draft: Draft) -> None:
        """Remember what was made of a picture; of an empty draft, that nothing was."""
        self._newest[digest] = draft
        self._errands.do(lambda: self._save(digest))

    def set_typed(self, digest: str, typed: str | None) -> None:
        """Remember a text typed for a picture that is not open, beside what was made of it."""

        def add() -> Told:
            draft = self._folder.get().load(digest) or Draft()
            self._folder.get().save(digest, replace(draft, typed=typed))
            return "saved", None

        self._errands.do(add)

    def save_ink(
        self,
        digest: str,
        parts: Sequence[Part],
        read: Callable[[Ink], Reading],
    ) -> None:
        """Remember what the drawings of a file say: a text that is known, or ink as `read` and
        corrected; if nobody knows yet whether it was (None), what is remembered. Told as `found`.
        """

        def add() -> Told:
            before = self._folder.get().load(digest) or Draft()
            known = before.drawings if len(before.drawings) == len(parts) else (None,) * len(parts)
            texts = [_text(part, text, read) for part, text in zip(parts, known, strict=True)]
            draft = draft_of_drawings(texts)
            self._folder.get().save(digest, draft)
            return "found", {digest: draft}

        self._errands.do(add)

    def finish(self) -> None:
        """Do what is still to be done, now that no worker runs any more."""
        self._errands.finish()

    def _save(self, digest: str) -> Told:
        draft = self._newest.pop(digest, None)
        if draft is None:
            return None
        self._folder.get().save(digest, draft)
        return "saved", None

    def _on_told(self, what: str, value: object) -> None:
        if what == "loaded":
            assert isinstance(value, tuple)
            self.loaded.emit(*value)
        elif what == "found":
            self.found.emit(value)
        else:
            was_failing, self._is_failing = self._is_failing, what == "failed"
            if self._is_failing and not was_failing:
                self.failed.emit(value)


def _text(part: Part, known: str | None, read: Callable[[Ink], Reading]) -> str:
    if isinstance(part, str):
        return part
    ink, edits = part
    if edits is None and known is not None:
        return known
    return "" if ink.is_empty else edited(read(ink), edits or ()).text
