"""Undo and redo over immutable ink and readings; each drawing and picture has its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from inkread.core.correction.edits import Edit
from inkread.core.geometry import Box, union
from inkread.core.ink import Ink
from inkread.core.reading import Reading
from inkread.services.corrections import PictureCorrections
from inkread.services.reread import Rereading
from inkread.ui.history.fit_ink import can_be_drawn, fitted
from inkread.ui.history.undo_stack import Step, UndoStack

if TYPE_CHECKING:
    from inkread.core.inkml import Drawing
    from inkread.core.picture.page import Page

Edits = tuple[Edit, ...]


class EditInk(Step):
    """One gesture: the ink before and after it. The stack's first `redo()` does the work."""

    def __init__(self, text: str, before: Ink, after: Ink, show: Callable[[Ink], None]) -> None:
        super().__init__(text)
        self._before = before
        self._after = after
        self._show = show
        self.weight = len(after.strokes)  # those before are in the step before

    def redo(self) -> None:
        self._show(self._after)

    def undo(self) -> None:
        self._show(self._before)


class History:
    """The steps of one drawing or picture, and the edits of its reading."""

    def __init__(self) -> None:
        self.stack = UndoStack()
        self._edits: Edits = ()

    @property
    def edits(self) -> Edits:
        """All edits of the reading that are done."""
        return self._edits

    def correct(self, edits: Edits, _reading: Reading | None) -> None:
        """Replace the edits; the reading with them, if it is known."""
        self._edits = edits

    @property
    def undo_text(self) -> str | None:
        """The step that undo would take back; None: there is none."""
        return self.stack.undo_text if self.stack.can_undo else None

    @property
    def redo_text(self) -> str | None:
        """The step that redo would do again; None: there is none."""
        return self.stack.redo_text if self.stack.can_redo else None

    def undo(self) -> None:
        self.stack.undo()

    def redo(self) -> None:
        self.stack.redo()


class PictureHistory(History):
    """The steps of a picture; the owner of all corrections has its edits, by its digest."""

    def __init__(self, digest: str, corrections: PictureCorrections) -> None:
        super().__init__()
        self.digest = digest
        self._corrections = corrections

    @property
    def edits(self) -> Edits:
        return self._corrections.of(self.digest).made.edits

    @property
    def is_loaded(self) -> bool:
        """Whether the corrections of earlier sessions are known."""
        return self._corrections.of(self.digest).is_loaded

    def correct(self, edits: Edits, reading: Reading | None) -> None:
        said = () if reading is None else (reading.text, len(reading.doubtful))
        self._corrections.edit(self.digest, edits, *said)


class EditReading(Step):
    """Edits made in one step; `show` gets the step and whether it is done now.

    A step that `is_done` before it is pushed shows nothing then.
    """

    def __init__(
        self,
        text: str,
        history: History,
        before: Edits,
        edits: Edits,
        show: Callable[[EditReading, bool], None],
        is_done: bool = False,
    ) -> None:
        super().__init__(text)
        self.history = history
        self.before = before
        self.edits = edits
        self.after = (*before, *edits)
        self._show = show
        self._is_done = is_done
        self.weight = len(self.after)

    def redo(self) -> None:
        if self._is_done:
            self._is_done = False
        else:
            self._show(self, True)

    def undo(self) -> None:
        self._show(self, False)


class Shown(Protocol):
    """A picture or drawing on show, whose parts can be read again."""

    is_firm: bool  # whether its edits hold on other readings, too
    wanted: tuple[str, bool] | None  # the text to correct its digits to, and whether it is new

    @property
    def history(self) -> History: ...
    @property
    def is_loaded(self) -> bool:
        """Whether all its corrections are known."""

    @property
    def ink(self) -> Ink | None:
        """Ink if it is a drawing."""

    def read_box(self, rereading: Rereading, machine: Reading, box: Box) -> bool:
        """Read a drawn box as one glyph; whether that was started."""

    def join(self, rereading: Rereading, machine: Reading, boxes: Sequence[Box]) -> bool:
        """Read glyphs as one; whether that was started."""

    def split(self, rereading: Rereading, machine: Reading, box: Box) -> bool:
        """Read a glyph as two; whether that was started."""

    def take_back(self, edits: Edits) -> None:
        """Undo the last step, if these are all edits with it."""


class Picture:
    """An opened picture; its history outlives it."""

    is_firm = True
    ink = None

    def __init__(self, page: Page, history: PictureHistory) -> None:
        self.page = page
        self.history = history
        self.wanted: tuple[str, bool] | None = None

    @property
    def is_loaded(self) -> bool:
        return self.history.is_loaded

    def read_box(self, rereading: Rereading, machine: Reading, box: Box) -> bool:
        return self.is_loaded and rereading.read_box(self.page, box, machine.seen)

    def join(self, rereading: Rereading, machine: Reading, boxes: Sequence[Box]) -> bool:
        return rereading.read_box(self.page, union(boxes), machine.seen)

    def split(self, rereading: Rereading, machine: Reading, box: Box) -> bool:
        return rereading.split_box(self.page, box, machine.seen)

    def take_back(self, _: Edits) -> None:
        self.history.undo()


class OpenDrawing:
    """A drawing of the canvas, with its history since it was opened or begun."""

    is_firm = False
    is_loaded = True

    def __init__(self, opened: Drawing | None = None) -> None:
        self.history = History()
        self.stack = self.history.stack
        self._opened = opened
        self._first = self.ink = opened.ink if opened else Ink()
        #: The ink that its file holds, if it has one.
        self.filed = self.ink
        self.wanted: tuple[str, bool] | None = None
        self._is_fitted = False

    @classmethod
    def left(cls, drawing: Drawing, has_edits: bool = False) -> OpenDrawing:
        """A drawing that was on the canvas when the last session ended.

        One that no canvas can have held is fitted as if it was opened; its edits are of places.
        """
        left = cls(drawing)
        left._is_fitted = has_edits or can_be_drawn(drawing.ink)
        return left

    def set_filed(self, ink: Ink) -> None:
        """A file holds this ink, which may be as it was before it was fitted into the canvas."""
        is_first = self._opened is not None and ink is self._opened.ink
        self.filed = self._first if is_first else ink

    @property
    def is_edited(self) -> bool:
        """Whether the ink was edited, and that is not undone."""
        return self.ink is not self._first

    @property
    def label(self) -> str | None:
        """Its label in the file; None after edits, as it may not hold any more."""
        return self._opened.label if self._opened and not self.is_edited else None

    @property
    def saved(self) -> Drawing:
        """As it is to be saved; unedited ink as it is in its file."""
        if self._opened and not self.is_edited:
            return self._opened
        from inkread.core.inkml import Drawing

        return Drawing(None, self.ink)

    def fit(self, width: float, height: float) -> None:
        """Scale opened ink into a canvas of that size, before it is first shown."""
        if not self._is_fitted and not self.is_edited:
            self._first = self.ink = self.filed = fitted(self.ink, width, height)
        self._is_fitted = True

    def read_box(self, _rereading: Rereading, _machine: Reading, _box: Box) -> bool:
        return False  # boxes are drawn on pictures

    def join(self, rereading: Rereading, _: Reading, boxes: Sequence[Box]) -> bool:
        return rereading.read_strokes(self.ink, boxes)

    def split(self, rereading: Rereading, _: Reading, box: Box) -> bool:
        return rereading.split_strokes(self.ink, box)

    def take_back(self, edits: Edits) -> None:
        if self.history.edits == edits and self.ink is self.filed:
            self.history.undo()
