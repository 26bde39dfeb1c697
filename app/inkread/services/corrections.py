"""The corrections of each picture and file of ink: one owner for window and table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.core.correction.edit_json import Corrections, corrections_of_drawings
from inkread.core.correction.edits import Edit, edited
from inkread.core.correction.retype import is_same_text
from inkread.core.ink import Ink
from inkread.services.background.failure_report import FailureReport
from inkread.services.background.serial_queue import SerialQueue
from inkread.services.background.tasks import Executor, Lazy

if TYPE_CHECKING:
    from inkread.core.reading import Reading
    from inkread.data.correction_files import CorrectionFolder

#: Of a drawing: its text, or its ink and the edits of it; None: not known yet.
Part = str | tuple[Ink, tuple[Edit, ...] | None]
_EMPTY = Corrections()


@dataclass(frozen=True, slots=True, eq=False)
class Adopted:
    """Edits that the window made so that its digits say a text typed in the table."""

    text: str
    edits: tuple[Edit, ...]  # all, with them
    before: Corrections  # without them
    undo: tuple[Callable[[], None], ...]  # steps the window back


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """The corrections of one content."""

    made: Corrections = _EMPTY
    revision: int = 0  # counts the corrections of this session
    is_loaded: bool = False  # whether those of earlier sessions are part of it
    adopted: Adopted | None = None  # how the window shows what was typed

    def corrected(self, made: Corrections, revision: int) -> Entry:
        """With corrections of the window; a typed text stays if it is newer or the same."""
        typed = self.made.typed
        if self.revision == revision:
            typed = self.adopted.text if typed is None and self.adopted else typed
            if typed is None or made.text is None or not is_same_text(typed, made.text):
                typed = None
        return replace(self, made=replace(made, typed=typed), is_loaded=True)


class PictureCorrections(QObject):
    """Knows pictures and files of ink by the digest of their content, whatever files hold it.

    Everything is asked and changed in the GUI thread. A worker loads and saves in order; of many
    changes in a row only the last is saved. Keys that are no digests live as long as the program.

    Signals
    -------
    changed(digest, Entry)
        There is another entry, or it is loaded; the entry before.
    overruled(digest, Corrections)
        Corrections of the window replaced a typed text or brought it back; the corrections before.
    failed(error)
        Saving failed; not repeated until it succeeds again.
    """

    changed = Signal(str, object)
    overruled = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self,
        open_folder: Callable[[], CorrectionFolder],
        executor: Executor,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = Lazy(open_folder)
        self._failures = FailureReport(self.failed.emit)
        self._queue = SerialQueue(executor, self._failures.fail)
        #: Entries are frozen: the worker reads them too.
        self._entries: dict[str, Entry] = {}
        #: By digest, the revision of the newest corrections of ink.
        self._ink_revisions: dict[str, int] = {}
        #: Corrections that a worker has read and saved, by digest and revision, until the GUI
        #: thread has them: at the end of the program it never gets them.
        self._undelivered: dict[tuple[str, int], Corrections] = {}

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be loaded or saved."""
        return self._queue.is_busy

    def of(self, digest: str) -> Entry:
        """The corrections of a content."""
        return self._entries.get(digest) or Entry()

    def load(self, digests: Iterable[str]) -> None:
        """Load earlier sessions, unless that is done."""
        missing = tuple(digest for digest in digests if not self.of(digest).is_loaded)
        if missing:
            found = self._folder
            self._queue.do(lambda: found.get().known(missing), partial(self._on_loaded, missing))

    def edit(
        self, digest: str, edits: tuple[Edit, ...], text: str | None = None, doubtful: int = 0
    ) -> None:
        """Replace the edits of a picture; its text and count of doubtful glyphs with them."""
        if edits != self.of(digest).made.edits:
            made = Corrections(edits, text, doubtful) if edits else _EMPTY
            self._correct(digest, made, self._advance(digest))
            self._save(digest)

    def edit_ink(self, digest: str, parts: Sequence[Part], read: Callable[[Ink], Reading]) -> None:
        """Replace the texts of the drawings of a file, one part each; none: nothing is corrected.

        A worker reads ink by `read`.
        """
        revision = self._ink_revisions[digest] = self._advance(digest)
        if parts:
            self._queue.do(
                lambda: self._read_ink(digest, revision, parts, read),
                partial(self._on_ink_read, digest, revision),
            )
        else:
            self._correct(digest, _EMPTY, revision)
            self._save(digest)

    def type_text(self, digest: str, text: str | None) -> None:
        """Put a text over everything that was corrected; None takes the last one back."""
        before = self.of(digest)
        adopted, made = before.adopted, before.made
        if adopted and made.typed is not None and made.edits == adopted.edits:
            self._entries[digest] = replace(before, made=adopted.before, adopted=None)
            for undo in adopted.undo:
                undo()
        self._advance(digest)
        now = self.of(digest)
        made = replace(now.made, typed=text)
        self._entries[digest] = replace(now, made=made, adopted=None)
        self._save(digest)  # before anybody makes edits of it
        self.changed.emit(digest, before)

    def adopt(self, digest: str, before: Corrections, undo: Callable[[], None]) -> None:
        """The window's last edits say what was typed; `before` is without them.

        `undo` steps the window back, if it still shows them.
        """
        entry, text = self.of(digest), before.typed
        assert text is not None
        known = entry.adopted or Adopted(text, (), replace(before, typed=None), ())
        adopted = replace(known, edits=entry.made.edits, undo=(*known.undo, undo))
        self._entries[digest] = replace(entry, adopted=adopted)

    def forget_steps(self, digest: str) -> None:
        """The window cannot step back any more."""
        self._entries[digest] = replace(self.of(digest), adopted=None)

    def finish(self) -> None:
        """Load and save what is left, when no worker runs any more."""
        self._queue.finish()

    def _advance(self, digest: str) -> int:
        entry = self.of(digest)
        self._entries[digest] = replace(entry, revision=entry.revision + 1)
        return entry.revision + 1

    def _put(self, digest: str, entry: Entry, before: Entry) -> None:
        self._entries[digest] = entry
        self.changed.emit(digest, before)

    def _correct(self, digest: str, made: Corrections, revision: int) -> None:
        before = self.of(digest)
        after = before.corrected(made, revision)
        self._put(digest, after, before)
        if (before.made.typed is None) != (after.made.typed is None):
            self.overruled.emit(digest, before.made)

    def _save(self, digest: str) -> None:
        revision = self.of(digest).revision
        self._queue.do(lambda: self._write(digest, revision), self._on_saved)

    def _write(self, digest: str, revision: int) -> bool:
        """Whether it was saved: in the worker, unless a later job will save more."""
        read = self._ink_revisions.get(digest, 0)
        texts = self._undelivered.get((digest, read))
        entry = self._entries[digest]
        if entry.revision == revision:
            known = entry if texts is None else entry.corrected(texts, read)
            made = replace(self._loaded(digest, known), typed=entry.made.typed)
            self._folder.get().save(digest, made)
        return entry.revision == revision

    def _loaded(self, digest: str, entry: Entry) -> Corrections:
        """The corrections of an entry with earlier sessions: in the worker."""
        return entry.made if entry.is_loaded else self._folder.get().load(digest) or _EMPTY

    def _read_ink(
        self, digest: str, revision: int, parts: Sequence[Part], read: Callable[[Ink], Reading]
    ) -> Corrections:
        """Read and save what the drawings of a file say: in the worker."""
        entry = self._entries[digest]
        known = self._loaded(digest, entry).drawings
        texts = known if len(known) == len(parts) else (None,) * len(parts)
        made = corrections_of_drawings(
            [_text(*each, read) for each in zip(parts, texts, strict=True)]
        )
        self._folder.get().save(digest, entry.corrected(made, revision).made)
        self._undelivered[digest, revision] = made
        return made

    def _on_ink_read(self, digest: str, revision: int, made: Corrections) -> None:
        self._failures.succeed()
        self._undelivered.pop((digest, revision), None)
        if self._ink_revisions[digest] != revision:  # newer ones are there, or on their way
            return
        self._correct(digest, made, revision)
        if self.of(digest).revision != revision:  # a text typed meanwhile was saved without it
            self._save(digest)

    def _on_loaded(self, digests: Iterable[str], found: dict[str, Corrections]) -> None:
        for digest in digests:
            before = self.of(digest)
            if not before.is_loaded:
                made = found.get(digest, _EMPTY)
                if before.revision:  # what was typed meanwhile is newer
                    made = replace(made, typed=before.made.typed)
                self._put(digest, replace(before, made=made, is_loaded=True), before)

    def _on_saved(self, is_saved: bool) -> None:
        if is_saved:
            self._failures.succeed()


def _text(part: Part, known: str | None, read: Callable[[Ink], Reading]) -> str:
    if isinstance(part, str):
        return part
    ink, edits = part
    if edits is None and known is not None:
        return known
    return "" if ink.is_empty else edited(read(ink), edits or ()).text
