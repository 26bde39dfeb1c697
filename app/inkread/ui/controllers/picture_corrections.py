"""Brings back what was corrected in pictures seen before, and shares it with the folder's table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.core.correction.edit_json import Draft
from inkread.services.correction_memory import Drafts
from inkread.ui.history.undo import History
from inkread.ui.widgets.messages import reason

if TYPE_CHECKING:
    from inkread.core.correction.edits import Edit
    from inkread.ui.window.main_window import MainWindow


class DraftNotes(QObject):
    """Between the corrections of the window and the service that remembers them.

    Signals
    -------
    text_changed(str, Draft)
        What a file, by its digest, says as corrected in the window; if it is empty: as read.
    typed_for_other(str, str or None)
        A text was typed in the table for something that is no picture that was opened.
    """

    text_changed = Signal(str, object)
    typed_for_other = Signal(str, object)

    def __init__(self, window: MainWindow, drafts: Drafts) -> None:
        super().__init__(window)
        self._window = window
        self._drafts = drafts
        self._workspace = window.workspace
        self._pictures = self._workspace.pictures
        self._corrections = self._workspace.corrections
        #: Texts typed in the table that the window has not made its own yet, and those that it
        #: has: all corrections with that, and what had been made of the picture before.
        self._typed: dict[str, str] = {}
        self._adopted: dict[str, tuple[tuple[Edit, ...], Draft]] = {}
        self._said = ""  # the banner's words on what the table says
        self._pictures.first_shown.connect(self._on_first_shown)
        self._pictures.shown_again.connect(self._on_shown_again)
        self._corrections.edits_changed.connect(self._on_edits_changed)
        self._workspace.changed.connect(self._adopt)
        drafts.loaded.connect(self._on_loaded)
        drafts.found.connect(self._on_found)
        drafts.failed.connect(self._on_failed)

    def set_typed(self, digest: str, text: str | None) -> None:
        """A text was typed in the table for a picture; None: it was taken back."""
        history = self._pictures.known(digest)
        self._typed.pop(digest, None)
        if history is None or history.is_awaited:
            self._remember(digest, text)
            self._drafts.set_typed(digest, text)
            self.typed_for_other.emit(digest, text)
            return
        edits, before = self._adopted.pop(digest, (None, history.draft))
        if edits == history.edits:
            history.undo()
            history.draft = before
            self.text_changed.emit(digest, before)
        self._remember(digest, text)  # not earlier: a step that is undone adopts it, too
        self._save(history, replace(history.draft, typed=text))
        self._adopt()

    def _remember(self, digest: str, text: str | None) -> None:
        if text is not None:
            self._typed[digest] = text

    def tell_typed(self, text: str) -> None:
        """The table says something that cannot be shown digit by digit."""
        words = self.tr("In the folder's table this was corrected: {text}")
        shown = text.replace("\n", " / ") or self.tr("(nothing)")
        self._said = words.format(text=shown)
        self._workspace.banner.show_text(self._said)

    def look_for(self, digests: Iterable[str]) -> None:
        """Ask for the texts of some pictures, told as `text_changed` where they were corrected."""
        unknown = []
        for digest in filter(None, digests):
            history = self._pictures.known(digest)
            if history is None or history.draft.is_empty:
                unknown.append(digest)
            else:
                self.text_changed.emit(digest, history.draft)
        if unknown:
            self._drafts.look_for(unknown)

    def _on_first_shown(self, history: History) -> None:
        history.is_awaited = True
        self._drafts.load(history.digest)

    def _on_shown_again(self, history: History) -> None:
        if history.draft.typed is not None:  # it is told again
            self._typed.setdefault(history.digest, history.draft.typed)

    def _on_loaded(self, digest: str, draft: Draft | None) -> None:
        history = self._pictures.known(digest)
        if history is None or not history.is_awaited:
            return
        history.draft = draft or Draft()
        if history.draft.typed is not None:
            self._typed.setdefault(digest, history.draft.typed)
        self._corrections.restore(history, history.draft.edits)
        self._adopt()

    def _on_edits_changed(self, history: History) -> None:
        if self._said and self._workspace.banner.text == self._said:
            self._workspace.banner.dismiss()
        if not history.digest:
            return
        self._typed.pop(history.digest, None)  # the table's text is older
        reading = self._corrections.reading
        if history.edits:
            self._save(history, Draft(history.edits, reading.text, len(reading.doubtful)))
        else:
            self._save(history, Draft())
        self.text_changed.emit(history.digest, history.draft)

    def _save(self, history: History, draft: Draft) -> None:
        history.draft = draft
        self._drafts.save(history.digest, draft)

    def _adopt(self) -> None:
        """What the table says of the picture on show becomes a correction of its digits."""
        history = self._workspace.history
        text = self._typed.get(history.digest)
        if text is None or not self._corrections.is_read:
            return
        del self._typed[history.digest]
        edits, before = history.edits, history.draft
        if not self._corrections.retype(text):
            self.tell_typed(text)
        elif history.edits != edits:
            self._adopted[history.digest] = history.edits, replace(before, typed=None)

    def _on_found(self, drafts: dict[str, Draft]) -> None:
        for digest, draft in drafts.items():
            self.text_changed.emit(digest, draft)

    def _on_failed(self, error: BaseException) -> None:
        words = self.tr("Corrections cannot be remembered for the next start ({reason}).")
        self._workspace.banner.show_text(words.format(reason=reason(error)))
