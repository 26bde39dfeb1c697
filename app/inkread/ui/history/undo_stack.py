"""A stack of steps that can be undone and redone, as Qt's, whose steps are Python objects.

Qt's own stack deletes its commands, and so does Python. When the cyclic garbage collector finds
both at once, with PySide 6.11 the process ended in `QUndoStack::clear` (seen in tests only).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

#: Maximum number of steps; the oldest are dropped first. Chosen: more than anybody takes back one
#: by one.
MAX_STEPS = 1000
#: Maximum weight of all steps together, strokes that they list. Chosen: 16 MB; in a drawing of
#: 10,000 strokes, 200 steps.
MAX_WEIGHT = 2_000_000


class Step:
    """One step; the stack's first `redo` does its work.

    Attributes
    ----------
    text : str
        What menus call it.
    is_obsolete : bool
        Whether it changes nothing any more: the stack drops it.
    weight : int
        How many things it lists that are not its own, such as the strokes of a drawing.
    """

    weight = 0

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
    """Steps in the order in which they were done; of too many, the oldest stay done.

    Signals
    -------
    index_changed()
        A step was pushed, undone or redone, or all were dropped.
    """

    index_changed = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        max_steps: int = MAX_STEPS,
        max_weight: int = MAX_WEIGHT,
    ) -> None:
        super().__init__(parent)
        self._max_steps, self._max_weight = max_steps, max_weight
        self._steps: list[Step] = []
        self._dropped = 0
        self._index = 0  # of those that are left
        self._clean: int | None = 0

    @property
    def count(self) -> int:
        """Steps that can be undone or redone."""
        return len(self._steps)

    @property
    def index(self) -> int:
        """Steps that are done, with those that cannot be undone any more."""
        return self._dropped + self._index

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
        return self.index == self._clean

    def set_clean(self) -> None:
        self._clean = self.index

    def push(self, step: Step) -> None:
        """Do a step. Those that were undone are dropped."""
        step.redo()
        del self._steps[self._index :]
        if self._clean is not None and self._clean > self.index:
            self._clean = None
        last = self._steps[-1] if self._steps and not self.is_clean else None
        if last is not None and last.merge(step):
            if last.is_obsolete:
                self._steps.pop()
                self._index -= 1
        else:
            self._steps.append(step)
            self._index += 1
            self._drop_oldest()
        self.index_changed.emit()

    def _drop_oldest(self) -> None:
        """Drop what is too much, but never the last step."""
        weight = 0
        for left, step in enumerate(reversed(self._steps)):
            weight += step.weight
            if left and (left == self._max_steps or weight > self._max_weight):
                gone = len(self._steps) - left
                del self._steps[:gone]
                self._dropped += gone
                self._index -= gone
                return

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
        self._index = self._dropped = self._clean = 0
        self.index_changed.emit()
