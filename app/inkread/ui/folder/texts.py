"""Texts of a folder's table: the steps in which they are typed, and how they are sorted."""

from __future__ import annotations

from collections.abc import Callable

from inkread.core.correction.retype import is_same_text
from inkread.ui.history.undo_stack import Step

Key = tuple[float, float, str]
Correct = Callable[[str, str | None], None]


class TypeText(Step):
    """One text typed over another; the stack's first `redo()` does the work."""

    def __init__(
        self, name: str, correct: Correct, digest: str, before: str | None, after: str | None
    ) -> None:
        super().__init__(name)
        self._correct = correct
        self.digest, self._before, self._after = digest, before, after

    def redo(self) -> None:
        self._correct(self.digest, self._after)

    def undo(self) -> None:
        self._correct(self.digest, self._before)


class OverruleText(TypeText):
    """The window overruled a typed text, before this step is pushed; undo types it again.

    Further corrections in the window belong to the same step.
    """

    def __init__(self, name: str, correct: Correct, digest: str, before: str, now: str) -> None:
        super().__init__(name, correct, digest, before, None)
        self._typed, self._now = before, now
        self._is_done = True

    def redo(self) -> None:
        if self._is_done:
            self._is_done = False
        else:
            super().redo()

    def merge(self, later: Step) -> bool:
        if not isinstance(later, OverruleText) or later.digest != self.digest:
            return False
        self.is_obsolete = is_same_text(self._typed, later._now)
        return True


def text_key(text: str) -> Key:
    """The sort key of a text: numbers by value, before other texts."""
    if not text:
        return 2, 0, ""
    try:
        return 0, float(text.replace(" ", "").replace(",", ".")), text
    except ValueError:
        return 1, 0, text
