"""Undo and redo over immutable ink."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from app.core.ink import Ink


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
