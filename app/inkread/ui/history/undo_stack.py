"""A stack of steps that can be undone and redone, as Qt's, whose steps are Python objects.

Qt's own stack deletes its commands, and so does Python. When the cyclic garbage collector finds
both at once, with PySide 6.11 the process ended in `QUndoStack::clear` (seen in tests only).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Step:
    """One step; the stack's first `redo` does its work.

    Attributes
    ----------
    text : str
        What menus call it.
    is_obsolete : bool
        Whether it changes nothing any more: the stack drops it.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_obsolete = False

    def redo(self) -> None:
        raise NotImplementedError

    def undo(self) -> None:
        raise NotImplementedError

    def merge(self, _later: Step) -> bool:
        """Take in the step that follows and was just done; whether it did."""
        return False


class UndoStack(QObject):
    """Steps in the order in which they were done.

    Signals
    -------
    index_changed()
        A step was pushed, undone or redone, or all were dropped.
    """

    index_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: list[Step] = []
        self._index = 0
        self._clean: int | None = 0

    @property
    def count(self) -> int:
        """Steps that are done or can be redone."""
        return len(self._steps)

    @property
    def index(self) -> int:
        """Steps that are done."""
        return self._index

    @property
    def can_undo(self) -> bool:
        return self._index > 0

    @property
    def can_redo(self) -> bool:
        return self._index < len(self._steps)

    @property
    def undo_text(self) -> str:
        """The step that undo would take back; empty: there is none."""
        return self._steps[self._index - 1].text if self.can_undo else ""

    @property
    def redo_text(self) -> str:
        """The step that redo would do again; empty: there is none."""
        return self._steps[self._index].text if self.can_redo else ""

    @property
    def is_clean(self) -> bool:
        """Whether all is as it was at the last `set_clean`, or at the beginning."""
        return self._index == self._clean

    def set_clean(self) -> None:
        self._clean = self._index

    def push(self, step: Step) -> None:
        """Do a step. Those that were undone are dropped."""
        step.redo()
        del self._steps[self._index :]
        if self._clean is not None and self._clean > self._index:
            self._clean = None
        last = self._steps[-1] if self._steps and not self.is_clean else None
        if last is not None and last.merge(step):
            if last.is_obsolete:
                self._steps.pop()
                self._index -= 1
        else:
            self._steps.append(step)
            self._index += 1
        self.index_changed.emit()

    def undo(self) -> None:
        """Take the last step back, if there is one."""
        if self.can_undo:
            self._steps[self._index - 1].undo()
            self._index -= 1
            self.index_changed.emit()

    def redo(self) -> None:
        """Do the step again that was undone last, if there is one."""
        if self.can_redo:
            self._steps[self._index].redo()
            self._index += 1
            self.index_changed.emit()

    def clear(self) -> None:
        """Drop all steps, as they are."""
        self._steps.clear()
        self._index = self._clean = 0
        self.index_changed.emit()
