"""The plan of a lesson: which class is asked for next, and which are done."""

from __future__ import annotations

from collections.abc import Sequence


class Lesson:
    """Asks for several samples of each class, in turn; the last one can be taken back."""

    def __init__(self, labels: Sequence[str], each: int) -> None:
        """`each` is how often each label is asked for."""
        self._asked = tuple(labels) * each
        self._done: list[int] = []

    @property
    def total(self) -> int:
        return len(self._asked)

    @property
    def count(self) -> int:
        """How many are done."""
        return len(self._done)

    @property
    def index(self) -> int:
        """Index of the first that is not done; `total` if all are."""
        return next((i for i in range(self.total) if i not in self._done), self.total)

    @property
    def is_complete(self) -> bool:
        return self.count == self.total

    def label(self, index: int) -> str:
        """The label asked for at an index."""
        return self._asked[index]

    def do(self) -> int:
        """Mark the current one as done; returns its index."""
        self._done.append(self.index)
        return self._done[-1]

    def take_back(self) -> int | None:
        """Ask for the last one again; returns its index, None if there is none."""
        return self._done.pop() if self._done else None

    def fail(self, index: int) -> None:
        """Ask again for one that could not be kept."""
        if index in self._done:
            self._done.remove(index)
