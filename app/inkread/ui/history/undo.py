"""Undo and redo over immutable ink and readings; each drawing and picture has its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand, QUndoStack

from inkread.core.correction.edit_json import Draft
from inkread.core.correction.edits import Edit
from inkread.core.ink import Ink
from inkread.ui.history.fit_ink import fitted

if TYPE_CHECKING:
    from inkread.core.inkml import Drawing
    from inkread.core.picture.page import Page


class EditInk(QUndoCommand):
    """One gesture: the ink before and after it. The stack's first `redo()` does the work."""

    def __init__(self, text: str, before: Ink, after: Ink, show: Callable[[Ink], None]) -> None:
        super().__init__(text)
        self._before = before
        self._after = after
        self._show = show

    def redo(self) -> None:
        self._show(self._after)

    def undo(self) -> None:
        self._show(self._before)


class History:
    """The steps of one drawing or picture, and what was corrected in what was read of it."""

    def __init__(self, digest: str = "") -> None:
        self.stack = QUndoStack()
        self.edits: tuple[Edit, ...] = ()
        #: Of the picture that it is of; empty: none that would be known again.
        self.digest = digest
        #: What was made of the picture, as it is remembered.
        self.draft = Draft()
        #: Whether what was made of the picture earlier is still to come.
        self.is_awaited = False

    @property
    def undo_text(self) -> str | None:
        """The step that undo would take back; None: there is none."""
        return self.stack.undoText() if self.stack.canUndo() else None

    @property
    def redo_text(self) -> str | None:
        """The step that redo would do again; None: there is none."""
        return self.stack.redoText() if self.stack.canRedo() else None

    def undo(self) -> None:
        self.stack.undo()

    def redo(self) -> None:
        self.stack.redo()


class EditReading(QUndoCommand):
    """One correction of what was read; `show` is told of what, which, and whether it is done."""

    def __init__(
        self, text: str, history: History, edit: Edit, show: Callable[[History, Edit, bool], None]
    ) -> None:
        super().__init__(text)
        self._history = history
        self._before = history.edits
        self._edit = edit
        self._show = show

    def redo(self) -> None:
        self._history.edits = (*self._before, self._edit)
        self._show(self._history, self._edit, True)

    def undo(self) -> None:
        self._history.edits = self._before
        self._show(self._history, self._edit, False)


class Picture:
    """An opened picture; its history outlives it."""

    def __init__(self, page: Page, history: History) -> None:
        self.page = page
        self.history = history


class Sheet:
    """One drawing and what was done to it since it was opened or begun."""

    def __init__(self, opened: Drawing | None = None) -> None:
        self.history = History()
        self.stack = self.history.stack
        self._opened = opened
        self._first = self.ink = opened.ink if opened else Ink()
        #: What is in a file of it, if it has one.
        self.filed = self.ink
        self._is_fitted = False

    @classmethod
    def left(cls, drawing: Drawing) -> Sheet:
        """A drawing as it was on the canvas when the program ended."""
        sheet = cls(drawing)
        sheet._is_fitted = True
        return sheet

    @property
    def is_edited(self) -> bool:
        """Not if every edit was undone."""
        return self.ink is not self._first

    @property
    def label(self) -> str | None:
        """What the file says that it is: that need not hold of edited ink."""
        return self._opened.label if self._opened and not self.is_edited else None

    @property
    def drawing(self) -> Drawing:
        """As it is to be saved; what was not edited is as it was in its file."""
        if self._opened and not self.is_edited:
            return self._opened
        from inkread.core.inkml import Drawing

        return Drawing(None, self.ink)

    def fit(self, width: float, height: float) -> None:
        """Bring opened ink into sight of a canvas of that size, before it is first shown."""
        if not self._is_fitted and not self.is_edited:
            self._first = self.ink = self.filed = fitted(self.ink, width, height)
        self._is_fitted = True
