"""The document on the canvas, with its drawings, and the documents before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inkread.ui.canvas.canvas import Canvas
from inkread.ui.canvas.drawings_bar import DrawingsBar
from inkread.ui.history.undo import OpenDrawing

if TYPE_CHECKING:
    from inkread.core.correction.edits import Edit
    from inkread.core.ink import Ink
    from inkread.core.inkml import Drawing

#: Maximum number of documents, the oldest are dropped first. Chosen: nobody goes back further by
#: undo, and each costs a file only its own strokes.
MAX_DOCUMENTS = 200
#: Maximum number of strokes in all documents; beyond it those go that a file holds, too. Chosen:
#: strokes of 20 points take 200 MB.
MAX_STROKES = 500_000

State = tuple[tuple["Ink", tuple["Edit", ...]], ...]


class Document:
    """Drawings that were opened or begun together, one of them on the canvas."""

    def __init__(
        self,
        drawings: Sequence[OpenDrawing],
        step: str = "",
        current: int = 0,
        is_left: bool = False,
    ) -> None:
        self.drawings = tuple(drawings)
        self.current = current
        self.step = step
        #: Whether it was on the canvas when the last session ended.
        self.is_left = is_left
        #: Digest of its file; empty: there is none.
        self.digest = ""
        #: Where it was saved last.
        self.path: Path | None = None
        #: Where the histories of the drawings stood when the next document took its place.
        self.left_at: tuple[int, ...] = ()

    @property
    def drawing(self) -> OpenDrawing:
        return self.drawings[self.current]

    @property
    def is_blank(self) -> bool:
        return len(self.drawings) == 1 and self.drawing.ink.is_empty

    @property
    def is_unsaved(self) -> bool:
        """Whether it has ink that no file holds."""
        if self.is_filed or all(drawing.ink.is_empty for drawing in self.drawings):
            return False
        return self.is_left or any(self.places)

    @property
    def is_filed(self) -> bool:
        """Whether its ink is that of its file, so that corrections are kept for the file."""
        return bool(self.digest) and all(drawing.ink is drawing.filed for drawing in self.drawings)

    @property
    def stroke_count(self) -> int:
        """Count of strokes in all of its drawings."""
        return sum(len(drawing.ink.strokes) for drawing in self.drawings)

    @property
    def state(self) -> State:
        """Ink and corrections of all drawings."""
        return tuple((drawing.ink, drawing.history.edits) for drawing in self.drawings)

    @property
    def places(self) -> tuple[int, ...]:
        """Where the histories of the drawings stand."""
        return tuple(drawing.stack.index for drawing in self.drawings)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A document as it was when it was saved to a path."""

    document: Document
    state: State
    path: Path

    @property
    def state_now(self) -> State:
        """Its ink, with the corrections made of that ink meanwhile."""
        drawings = zip(self.document.drawings, self.state, strict=True)
        return tuple(
            (ink, drawing.history.edits if drawing.ink is ink else edits)
            for drawing, (ink, edits) in drawings
        )


class Documents(QObject):
    """Undo and redo go through the history of the drawing on the canvas.

    When nothing is left of any history of a document, undo goes back to the document before
    it, whole as it was left: ink of two documents never meets.
    """

    def __init__(self, canvas: Canvas, bar: DrawingsBar, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._bar = bar
        self._all = [Document([canvas.drawing])]
        self._index = 0
        canvas.step_made.connect(self._forget_later)
        canvas.history_changed.connect(self._show_edits)
        bar.chosen.connect(self._go_to)

    @property
    def current(self) -> Document:
        return self._all[self._index]

    @property
    def unsaved(self) -> tuple[Document, ...]:
        """Documents that only the program holds, the oldest first, up to the one on the canvas,
        even if that is blank. A stroke that is being drawn counts.

        Of those after it, the ones of the last session come first: to go back past them by undo
        took nothing of them back.
        """
        found = self._left_later + [
            each
            for each in self._all[: self._index + 1]
            if each.is_unsaved or (each is self.current and self._canvas.growing is not None)
        ]
        if found and self.current.is_blank and self.current is not found[-1]:
            found.append(self.current)
        return tuple(found)

    def state_of(self, document: Document) -> State:
        """Ink and corrections of its drawings, with a stroke that is being drawn."""
        growing = self._canvas.growing if document is self.current else None
        state = list(document.state)
        if growing is not None:
            state[document.current] = growing, state[document.current][1]
        return tuple(state)

    @property
    def saved_drawings(self) -> tuple[Drawing, ...]:
        """All drawings of the document, as they are to be saved."""
        return tuple(drawing.saved for drawing in self.current.drawings)

    def snapshot(self, path: Path) -> Snapshot:
        """The document as it is saved to a path."""
        return Snapshot(self.current, self.current.state, path)

    def set_filed(self, saved: Snapshot, digest: str) -> None:
        """A file holds a document as it was; what the file held before is nowhere else now."""
        for document in self._all:
            if document.path == saved.path:
                document.digest, document.path = "", None
        document = saved.document
        document.digest, document.path = digest, saved.path
        for drawing, (ink, _) in zip(document.drawings, saved.state, strict=True):
            drawing.set_filed(ink)

    @property
    def undo_text(self) -> str | None:
        """The step that undo would take back; None: there is none."""
        if self._canvas.can_undo:
            return self._canvas.undo_stack.undo_text
        return self.current.step if self._can_go_back else None

    @property
    def redo_text(self) -> str | None:
        """The step that redo would do again; None: there is none."""
        if self._can_go_on:
            return self._all[self._index + 1].step
        return self._canvas.undo_stack.redo_text if self._canvas.can_redo else None

    def undo(self) -> None:
        if self._canvas.can_undo:
            self._canvas.undo()
        elif self._can_go_back:
            self._index -= 1
            self._show()

    def redo(self) -> None:
        if self._can_go_on:
            self._index += 1
            self._show()
        else:
            self._canvas.redo()

    def open(self, drawings: Sequence[Drawing], digest: str = "") -> None:
        """The drawings of a file take the place of what is on the canvas."""
        document = Document(
            [OpenDrawing(drawing) for drawing in drawings] or [OpenDrawing()], self.tr("Open")
        )
        document.digest = digest
        self._add(document)

    def restore(self, left: Sequence[Document]) -> None:
        """Insert documents of the last session before the present ones; a blank one goes."""
        is_begun = len(self._all) > 1 or not (self.current.is_blank and self._canvas.is_blank)
        begun = self._all if is_begun else []
        if begun:
            begun[0].step = self.tr("New drawing")
        blank = self._all[0] if not begun else Document([OpenDrawing()])
        for document in left:
            document.step = self.tr("New drawing")
            document.left_at = document.places
        self._index = len(left) + (self._index + 1 if begun else 0)
        self._all = [blank, *left, *begun]
        blank.left_at = blank.places
        if not begun:
            self._show()

    def start_anew(self) -> None:
        """An empty drawing, which belongs to no file."""
        self._canvas.cancel_gesture()
        if not self.current.is_blank:
            self._add(Document([OpenDrawing()], self.tr("New drawing")))

    @property
    def _left_later(self) -> list[Document]:
        """Documents of the last session after the one on the canvas."""
        return [each for each in self._all[self._index + 1 :] if each.is_left and each.is_unsaved]

    @property
    def _can_go_back(self) -> bool:
        return self._index > 0 and not any(self.current.places)

    @property
    def _can_go_on(self) -> bool:
        is_last = self._index + 1 == len(self._all)
        return not is_last and self.current.places == self.current.left_at

    def _add(self, document: Document) -> None:
        self._canvas.cancel_gesture()
        self._forget_later()
        self.current.left_at = self.current.places
        self._all.append(document)
        self._index += 1
        self._drop_oldest()
        self._show()

    def _drop_oldest(self) -> None:
        """Drop documents that nobody will go back to, first those that are in files."""
        current, room = self.current, MAX_STROKES
        unsaved = set(map(id, self.unsaved[-MAX_DOCUMENTS:]))
        found = list[Document]()
        for document in reversed(self._all[: self._index + 1]):
            room -= document.stroke_count
            is_near = len(found) < MAX_DOCUMENTS and room >= 0
            if document is current or is_near or id(document) in unsaved:
                found.append(document)
        self._all[: self._index + 1] = reversed(found)
        self._index = len(found) - 1

    def _forget_later(self) -> None:
        """Drop what was undone: a new step follows. Drawings of the last session go behind."""
        left = self._left_later
        del self._all[self._index + 1 :]
        if left:
            self.current.step = self.current.step or self.tr("New drawing")
            self._all[:0] = left
            self._index += len(left)

    def _go_to(self, index: int) -> None:
        self.current.current = index
        self._show()

    def _show(self) -> None:
        self._show_edits()
        self._lay_out()  # the bar may have come, and left the canvas less room
        size = self._canvas.room
        self.current.drawing.fit(size.width(), size.height())
        self._canvas.set_drawing(self.current.drawing)

    def _lay_out(self) -> None:
        window = self._bar.parentWidget()
        layout = window.layout() if window else None
        if layout is not None:
            layout.activate()

    def _show_edits(self) -> None:
        self._bar.show_drawings(self.current.drawings, self.current.current)
