"""Shares what was corrected in ink of a file with the folder's table, and with later starts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inkread.core.correction.edit_json import Draft
from inkread.core.layout import Layout
from inkread.services.correction_memory import Drafts, Part
from inkread.services.reader import Reader
from inkread.services.settings import Settings
from inkread.ui.canvas.documents import Document
from inkread.ui.controllers.picture_corrections import DraftNotes
from inkread.ui.history.undo import History, Sheet

if TYPE_CHECKING:
    from inkread.core.correction.edits import Edit
    from inkread.ui.window.main_window import MainWindow


class InkNotes(QObject):
    """What `DraftNotes` does for pictures. Of ink only texts are remembered, drawing by drawing:
    it is read anew at another place of the canvas, and labels are all that can be found again.
    """

    def __init__(
        self,
        window: MainWindow,
        drafts: Drafts,
        notes: DraftNotes,
        reader: Reader,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._drafts = drafts
        self._notes = notes
        self._reader = reader
        self._settings = settings
        self._workspace = window.workspace
        self._documents = window.workspace.documents
        self._corrections = window.workspace.corrections
        #: What the drawings of the document on the canvas are to say, by their numbers, and
        #: whether that is new; all their corrections when that was done.
        self._wanted: dict[int, tuple[str, bool]] = {}
        self._adopted: dict[int, tuple[Edit, ...]] = {}
        self._document: Document | None = None
        #: Whether what was made of the file earlier is still to come.
        self._is_awaited = False
        self._corrections.edits_changed.connect(self._on_edits_changed)
        self._workspace.changed.connect(self._adopt)
        drafts.loaded.connect(self._on_loaded)
        notes.typed_for_other.connect(self._on_typed)

    def look_for(self, _drawings: object, digest: str) -> None:
        """A file of ink was opened: ask what was made of it."""
        self._begin()
        self._is_awaited = True
        self._drafts.load(digest)

    def save(self, document: Document) -> None:
        """Remember what is corrected in ink that is in a file."""
        is_known = document is self._document
        wanted = self._wanted if is_known else {}
        is_awaited = is_known and self._is_awaited
        if wanted or is_awaited or any(sheet.history.edits for sheet in document.sheets):
            parts = [
                wanted[number][0] if number in wanted else _part(sheet, is_awaited)
                for number, sheet in enumerate(document.sheets)
            ]
            read = partial(self._reader.read_ink, layout=Layout(self._settings.layout))
            self._drafts.save_ink(document.digest, parts, read)
        else:
            self._drafts.save(document.digest, Draft())
            self._notes.text_changed.emit(document.digest, Draft())

    def _begin(self) -> None:
        self._document = self._documents.current
        self._is_awaited = False
        self._wanted.clear()
        self._adopted.clear()

    def _on_edits_changed(self, history: History) -> None:
        document = self._documents.current
        if history is document.sheet.history and document.is_filed:
            self.save(document)

    def _on_loaded(self, digest: str, draft: Draft | None) -> None:
        document = self._document
        if document is None or digest != document.digest or not self._is_awaited:
            return
        self._is_awaited = False
        if draft is not None and draft.typed is not None:
            self._want(draft.typed)
        elif draft is not None and len(draft.drawings) == len(document.sheets):
            self._wanted = {number: (text, False) for number, text in enumerate(draft.drawings)}
        for number, sheet in enumerate(document.sheets):
            if sheet.history.edits:  # what was corrected meanwhile is newer
                self._wanted.pop(number, None)
        self._adopt()

    def _on_typed(self, digest: str, text: str | None) -> None:
        """In the table, for something that is no picture that was opened; None: taken back."""
        if not digest or digest != self._documents.current.digest:
            return
        if self._document is not self._documents.current:
            self._begin()
        self._wanted.clear()
        adopted, self._adopted = self._adopted, {}
        for number, edits in adopted.items():
            history = self._documents.current.sheets[number].history
            if history.edits == edits:
                history.undo()
        if text is not None:
            self._want(text)
            self._adopt()

    def _want(self, text: str) -> None:
        """A text of the whole file: a line for each drawing, or all of it for the only one."""
        assert self._document is not None
        sheets = self._document.sheets
        written = [number for number, sheet in enumerate(sheets) if not sheet.ink.is_empty]
        lines = [text] if len(written) == 1 else text.split("\n")
        if len(lines) == len(written):
            self._wanted = {n: (line, True) for n, line in zip(written, lines, strict=True)}
        else:
            self._notes.tell_typed(text)

    def _adopt(self) -> None:
        """What the drawing on the canvas is to say becomes a correction of its digits."""
        document = self._documents.current
        is_shown = self._workspace.is_drawing and self._corrections.is_read
        if document is not self._document or not is_shown or not document.is_filed:
            return
        text, is_new = self._wanted.pop(document.current, (None, False))
        if text is None:
            return
        history = document.sheet.history
        before = history.edits
        if not self._corrections.retype(text, is_new):
            self._notes.tell_typed(text)
        elif history.edits != before:
            self._adopted[document.current] = history.edits


def _part(sheet: Sheet, is_awaited: bool) -> Part:
    """What is known of a drawing; of one that was not corrected, perhaps not yet whether it was."""
    edits = sheet.history.edits
    return sheet.ink, None if is_awaited and not edits else edits
