"""What the files of a folder say: as read, as corrected in the window, as typed in the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QUndoCommand

from app.core.drafts import Draft
from app.core.folder import Row

Key = tuple[float, float, str]


class FolderTexts:
    """Rows as they were read, and what a person made of their texts.

    What was typed in the table stands over what was corrected in the window, until something is
    corrected there again.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._typed: dict[int, str] = {}
        self._corrected: dict[str, Draft] = {}
        self._numbers: dict[str, list[int]] = {}

    def add(self, rows: Sequence[Row]) -> None:
        for number, row in enumerate(rows, start=len(self.rows)):
            if row.digest:
                self._numbers.setdefault(row.digest, []).append(number)
        self.rows += rows

    def set_typed(self, number: int, text: str | None) -> None:
        """Put a text in the place of what is read; None: there is none."""
        if text is None:
            self._typed.pop(number, None)
        else:
            self._typed[number] = text

    def set_corrected(self, digest: str, draft: Draft) -> list[int]:
        """What a picture says in the window; returns the numbers of the rows that are of it."""
        if draft.is_empty:
            self._corrected.pop(digest, None)
        else:
            self._corrected[digest] = draft
        numbers = self._numbers.get(digest, [])
        for number in numbers:
            self._typed.pop(number, None)
        return numbers

    def typed(self, number: int) -> str | None:
        return self._typed.get(number)

    def correction(self, number: int) -> str | None:
        """The text that a person put in the place of what was read; None: nobody did."""
        draft = self._corrected.get(self.rows[number].digest)
        return self._typed.get(number, draft.says if draft else None)

    def said(self, number: int) -> str:
        """What a row says, but for what was typed in the table."""
        draft = self._corrected.get(self.rows[number].digest)
        text = draft.says if draft else None
        return self.rows[number].text if text is None else text

    def shown(self, number: int) -> str:
        return self._typed.get(number, self.said(number))

    def doubtful(self, number: int) -> int:
        """How many of its digits are still to be looked at."""
        if number in self._typed:
            return 0
        row = self.rows[number]
        draft = self._corrected.get(row.digest)
        return row.doubtful if draft is None else draft.left


class TypeText(QUndoCommand):
    """One text typed in the place of another; the stack's first `redo()` does the work."""

    def __init__(
        self,
        name: str,
        correct: Callable[[int, str | None], None],
        number: int,
        before: str | None,
        after: str | None,
    ) -> None:
        super().__init__(name)
        self._correct = correct
        self._number, self._before, self._after = number, before, after

    def redo(self) -> None:
        self._correct(self._number, self._after)

    def undo(self) -> None:
        self._correct(self._number, self._before)


def text_key(text: str) -> Key:
    """What a text is sorted by: numbers by their size, before other texts."""
    if not text:
        return 2, 0, ""
    try:
        return 0, float(text.replace(" ", "").replace(",", ".")), text
    except ValueError:
        return 1, 0, text
