"""What the files of a folder say: as read, as corrected in the window, as typed in the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QUndoCommand

from inkread.core.batch.folder_table import Row
from inkread.core.correction.edit_json import Draft

Key = tuple[float, float, str]


class FolderTexts:
    """Rows as they were read, and what a person made of their texts.

    What was typed in the table stands over what was corrected in the window, until something is
    corrected there again.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._typed: dict[str, str] = {}
        self._adopted: set[str] = set()
        self._corrected: dict[str, Draft] = {}
        self._numbers: dict[str, list[int]] = {}

    def add(self, rows: Sequence[Row]) -> None:
        for number, row in enumerate(rows, start=len(self.rows)):
            self._numbers.setdefault(row.digest, []).append(number)
        self.rows += rows

    def numbers(self, digest: str) -> Sequence[int]:
        """Of the rows of the same content, under whatever names."""
        return self._numbers.get(digest, ())

    def set_typed(self, digest: str, text: str | None) -> None:
        """Put a text in the place of what is read; None: there is none."""
        self._adopted.discard(digest)
        self._typed.pop(digest, None)
        draft = self._corrected.get(digest)
        if text is not None and draft is not None and is_same(draft.says or "", text):
            self._adopted.add(digest)  # the window says so already
        elif text is not None:
            self._typed[digest] = text

    def was_typed(self, digest: str) -> bool:
        """Whether a text was typed and not taken back, be it overruled in the window since."""
        return digest in self._typed or digest in self._adopted

    def set_corrected(self, digest: str, draft: Draft) -> None:
        """What a picture says in the window."""
        if draft.is_empty:
            self._corrected.pop(digest, None)
        else:
            self._corrected[digest] = draft
        if self._typed.pop(digest, None) is not None:
            self._adopted.add(digest)

    def typed(self, number: int) -> str | None:
        return self._typed.get(self.rows[number].digest)

    def correction(self, number: int) -> str | None:
        """The text that a person put in the place of what was read; None: nobody did."""
        digest = self.rows[number].digest
        draft = self._corrected.get(digest)
        return self._typed.get(digest, draft.says if draft else None)

    def said(self, number: int) -> str:
        """What a row says, but for what was typed in the table."""
        draft = self._corrected.get(self.rows[number].digest)
        text = draft.says if draft else None
        return self.rows[number].text if text is None else text

    def shown(self, number: int) -> str:
        return self._typed.get(self.rows[number].digest, self.said(number))

    def doubtful(self, number: int) -> int:
        """How many of its digits are still to be looked at."""
        row = self.rows[number]
        if row.digest in self._typed:
            return 0
        draft = self._corrected.get(row.digest)
        return row.doubtful if draft is None else draft.left


class TypeText(QUndoCommand):
    """One text typed in the place of another; the stack's first `redo()` does the work."""

    def __init__(
        self,
        name: str,
        correct: Callable[[str, str | None], None],
        digest: str,
        before: str | None,
        after: str | None,
    ) -> None:
        super().__init__(name)
        self._correct = correct
        self.digest, self._before, self._after = digest, before, after

    def redo(self) -> None:
        self._correct(self.digest, self._after)

    def undo(self) -> None:
        self._correct(self.digest, self._before)


class OverruleText(TypeText):
    """A typed text was overruled in the window, which is done already; undo types it again.

    However often the window is corrected, that is one step.
    """

    _ID = 1

    def __init__(
        self,
        name: str,
        correct: Callable[[str, str | None], None],
        digest: str,
        before: str,
        now: str,
    ) -> None:
        super().__init__(name, correct, digest, before, None)
        self._typed, self._now = before, now
        self._is_done = True

    def redo(self) -> None:
        if self._is_done:
            self._is_done = False
        else:
            super().redo()

    def id(self) -> int:
        return self._ID

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, OverruleText) or other.digest != self.digest:
            return False
        self.setObsolete(is_same(self._typed, other._now))
        return True


def is_same(text: str, other: str) -> bool:
    """Whether two texts have the same signs on the same lines."""
    return text.replace(" ", "") == other.replace(" ", "")


def text_key(text: str) -> Key:
    """What a text is sorted by: numbers by their size, before other texts."""
    if not text:
        return 2, 0, ""
    try:
        return 0, float(text.replace(" ", "").replace(",", ".")), text
    except ValueError:
        return 1, 0, text
