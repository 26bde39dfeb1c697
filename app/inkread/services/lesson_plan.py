"""A set that is taught: which class is asked for when, and what is done of it."""

from __future__ import annotations

from collections.abc import Sequence


class Lesson:
    """So many of each class, one of each in turn; what is done can be taken back."""

    def __init__(self, labels: Sequence[str], each: int) -> None:
        """Ask for `each` of the labels, of which there is at least one."""
        self._asked = tuple(labels) * each
        self._done: list[int] = []

    @property
    def total(self) -> int:
        return len(self._asked)

    @property
    def count(self) -> int:
        """So many are done."""
        return len(self._done)

    @property
    def place(self) -> int:
        """The first that is not done; `total` if all are."""
        return next((i for i in range(self.total) if i not in self._done), self.total)

    @property
    def is_complete(self) -> bool:
        return self.count == self.total

    def label(self, place: int) -> str:
        """What is asked for at a place."""
        return self._asked[place]

    def do(self) -> int:
        """What is asked for is done; returns its place."""
        self._done.append(self.place)
        return self._done[-1]

    def take_back(self) -> int | None:
        """The last one is to be done again; its place, None if there is none."""
        return self._done.pop() if self._done else None

    def fail(self, place: int) -> None:
        """What was done there could not be kept, and is asked for again."""
        if place in self._done:
            self._done.remove(place)
