"""Keeps window and table agreeing: earlier corrections come back, typed texts reach the digits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inkread.core.correction.edit_json import Corrections
from inkread.core.escapes import MAX_TEXT
from inkread.core.field_types.field_type import FieldType
from inkread.core.layout import Layout
from inkread.services.corrections import Entry, Part, PictureCorrections
from inkread.services.reader import Reader
from inkread.services.recognition import Recognition
from inkread.services.settings import Settings
from inkread.ui.canvas.documents import Document, Snapshot, State
from inkread.ui.history.undo import History, OpenDrawing
from inkread.ui.widgets.messages import reason
from inkread.ui.widgets.plain_text import shown

if TYPE_CHECKING:
    from inkread.core.correction.edits import Edit
    from inkread.core.ink import Ink
    from inkread.ui.window.main_window import MainWindow


class CorrectionsController(QObject):
    """Connects the window with `PictureCorrections`.

    Of ink only texts are kept, drawing by drawing: it is read anew at another place of the
    canvas, and labels are all that can be found again.
    """

    def __init__(
        self,
        window: MainWindow,
        corrections: PictureCorrections,
        recognition: Recognition,
        reader: Reader,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._corrections = corrections
        self._reader = reader
        self._settings = settings
        self._workspace = window.workspace
        self._editor = window.workspace.editor
        self._documents = window.workspace.documents
        self._said = ""  # the banner's text about the table, if it shows one
        recognition.page_opened.connect(self._on_opened)
        recognition.drawings_opened.connect(self._on_opened)
        self._editor.edits_changed.connect(self._on_edits_changed)
        self._workspace.changed.connect(self._adopt)
        corrections.changed.connect(self._on_changed)
        corrections.failed.connect(self._on_failed)

    def save_ink(self, saved: Snapshot) -> None:
        """Keep what was corrected in ink that a file holds; more may be drawn by now."""
        self._save(saved.document, saved.state_now)

    def _save(self, document: Document, state: State) -> None:
        is_loaded = self._corrections.of(document.digest).is_loaded
        drawings = tuple(zip(document.drawings, state, strict=True))
        parts: list[Part] = []
        if not is_loaded or any(each.wanted or edits for each, (_, edits) in drawings):
            parts = [_part(each, ink, edits, is_loaded) for each, (ink, edits) in drawings]
        text = self._settings.field_type
        read = partial(
            self._reader.read_ink,
            layout=Layout(self._settings.layout),
            field_type=FieldType.parse(text) if text else None,
        )
        self._corrections.edit_ink(document.digest, parts, read)

    def _on_opened(self, *_: object) -> None:
        digest = self._workspace.digest
        if self._corrections.of(digest).is_loaded:
            self._take_over(digest)
        else:
            self._corrections.load([digest])

    def _on_changed(self, digest: str, before: Entry) -> None:
        """The window's own changes come with the revision that they have made."""
        now = self._corrections.of(digest)
        if now.is_loaded != before.is_loaded or now.revision != before.revision:
            self._take_over(digest)

    def _take_over(self, digest: str) -> None:
        """Show what was corrected in earlier sessions or in the table."""
        made, picture, document = (
            self._corrections.of(digest).made,
            self._workspace.picture,
            self._documents.current,
        )
        if picture is not None and picture.history.digest == digest:
            picture.wanted = None if made.pending is None else (made.pending, True)
            if not picture.history.stack.count:
                self._editor.restore(picture.history, (), [(edit,) for edit in made.edits])
        elif digest and digest == document.digest:
            texts = self._texts(document, made)
            is_new = made.pending is not None
            for drawing, text in zip(document.drawings, texts, strict=True):
                is_old = drawing.history.edits and not is_new
                drawing.wanted = None if text is None or is_old else (text, is_new)
        self._adopt()

    def _texts(self, document: Document, made: Corrections) -> Sequence[str | None]:
        """The text of each drawing: a line of the typed text, or all of it for the only one."""
        if made.pending is None:
            is_known = len(made.drawings) == len(document.drawings)
            return made.drawings if is_known else [None] * len(document.drawings)
        is_written = [not drawing.ink.is_empty for drawing in document.drawings]
        lines = [made.pending] if sum(is_written) == 1 else made.pending.split("\n")
        if len(lines) != sum(is_written):
            self._report_typed(made.pending)
            return [None] * len(document.drawings)
        return [lines.pop(0) if each else None for each in is_written]

    def _adopt(self) -> None:
        """Correct the digits on show to the wanted text, if there is one."""
        shown, digest = self._workspace.shown, self._workspace.digest
        if shown.wanted is None or not digest or not self._editor.is_read:
            return
        (text, is_new), shown.wanted = shown.wanted, None
        before, edits = self._corrections.of(digest).made, shown.history.edits
        if not self._editor.retype(text, is_new):
            self._report_typed(text)
        elif is_new and before.typed is not None and shown.history.edits != edits:
            undo = partial(shown.take_back, shown.history.edits)
            self._corrections.adopt(digest, before, undo)

    def _report_typed(self, text: str) -> None:
        """Report a text of the table that cannot be shown digit by digit."""
        words = self.tr("In the folder's table this was corrected: {text}")
        typed = shown(text.replace("\n", " / "), MAX_TEXT) or self.tr("(nothing)")
        self._said = words.format(text=typed)
        self._workspace.banner.show_text(self._said)

    def _on_edits_changed(self, history: History) -> None:
        if self._said and self._workspace.banner.message == self._said:
            self._workspace.banner.dismiss()
        document = self._documents.current
        if history is document.drawing.history and document.is_filed:
            self._save(document, document.state)

    def _on_failed(self, error: BaseException) -> None:
        words = self.tr("Corrections cannot be remembered for the next start ({reason}).")
        self._workspace.banner.show_text(words.format(reason=reason(error)))


def _part(drawing: OpenDrawing, ink: Ink, edits: tuple[Edit, ...], is_loaded: bool) -> Part:
    """What is known of a drawing; before loading, perhaps not whether it is corrected."""
    if drawing.wanted is not None and drawing.ink is ink:
        return drawing.wanted[0]
    return ink, edits or (() if is_loaded else None)
