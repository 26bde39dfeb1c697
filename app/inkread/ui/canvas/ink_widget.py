"""Edits the ink of a drawing, with undo; a subclass paints it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from inkread.core.ink import Ink
from inkread.core.reading import Reading
from inkread.ui.canvas.gestures import DrawGesture, EraseGesture
from inkread.ui.glyphs.glyph_widget import GlyphWidget
from inkread.ui.history.undo import EditInk, OpenDrawing
from inkread.ui.history.undo_stack import UndoStack


class InkWidget(GlyphWidget):
    """Edits the ink of one drawing at a time.

    Signals
    -------
    ink_changing(Ink)
        During a gesture: the ink if the pen went up now.
    ink_changed(Ink)
        A gesture is done or cancelled, or the ink was undone, redone, cleared or set.
    history_changed()
        Undo, redo or clear may be possible now, or not any more.
    step_made()
        A new step is done, which drops what could be redone.
    """

    ink_changing = Signal(object)
    ink_changed = Signal(object)
    history_changed = Signal()
    step_made = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gesture: DrawGesture | EraseGesture | None = None
        self.drawing = OpenDrawing()
        self.undo_stack.index_changed.connect(self.history_changed)

    @property
    def ink(self) -> Ink:
        """The ink, without the current gesture."""
        return self.drawing.ink

    @property
    def is_blank(self) -> bool:
        """Whether there is no ink, not even of the current gesture."""
        return self.ink.is_empty and self._gesture is None

    @property
    def growing(self) -> Ink | None:
        """The ink with the stroke that is being drawn; None: none is.

        What an eraser touches is gone only when it is lifted: Escape brings it back.
        """
        return self._gesture.ink if isinstance(self._gesture, DrawGesture) else None

    @property
    def undo_stack(self) -> UndoStack:
        """The history of the drawing."""
        return self.drawing.stack

    @property
    def can_undo(self) -> bool:
        return self._gesture is not None or self.undo_stack.can_undo

    @property
    def can_redo(self) -> bool:
        return self._gesture is None and self.undo_stack.can_redo

    def set_drawing(self, drawing: OpenDrawing) -> None:
        """Show another drawing, with its own history."""
        self.cancel_gesture()
        self.undo_stack.index_changed.disconnect(self.history_changed)
        self.drawing = drawing
        self._show_ink(drawing.ink)
        self.undo_stack.index_changed.connect(self.history_changed)
        self.history_changed.emit()

    def undo(self) -> None:
        """Cancel the current gesture; without one, undo the last step."""
        if self._gesture is not None:
            self.cancel_gesture()
        else:
            self.undo_stack.undo()

    def redo(self) -> None:
        if self._gesture is None:
            self.undo_stack.redo()

    def clear(self) -> None:
        """Remove all ink, if there is any."""
        self.cancel_gesture()
        if not self.ink.is_empty:
            self.do(self.tr("Clear"), Ink())

    def cancel_gesture(self) -> None:
        """Cancel the current gesture."""
        if self._gesture is not None:
            self._show_ink(self.ink)
            self.history_changed.emit()

    def do(self, text: str, ink: Ink) -> None:
        """Replace the ink in one step."""
        self.step_made.emit()
        self.undo_stack.push(EditInk(text, self.ink, ink, self._show_ink))

    def show_ink(self, ink: Ink) -> None:
        """Paint this ink and nothing else."""
        raise NotImplementedError

    def _show_ink(self, ink: Ink) -> None:
        self._gesture = None
        self.show_ink(ink)
        self.drawing.ink = ink
        if ink.is_empty:
            self.set_reading(Reading())
        self.ink_changed.emit(ink)
