"""A text line: items side by side on a page, from left to right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, overload

from inkread.core.geometry import Box


class HasBox(Protocol):
    """Anything that stands somewhere: a glyph, or a group of primitives."""

    @property
    def box(self) -> Box: ...


Item = TypeVar("Item", bound=HasBox)
Start = TypeVar("Start")


@dataclass(frozen=True, slots=True)
class Params:
    """How far two boxes of one line may be apart in height."""

    #: Share of the lower box's height that both have in common; chosen: neighbours on a line that
    #: climbs share more, lines below one another share nothing.
    level: float = 0.4


PARAMS = Params()


@dataclass(frozen=True, slots=True)
class TextLine(Sequence[Item], Generic[Item]):
    """The items of a line, left to right; it never changes.

    Attributes
    ----------
    items : tuple
        At least one.
    """

    items: tuple[Item, ...]

    @overload
    def __getitem__(self, index: int) -> Item: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, index: int | slice) -> Item | tuple[Item, ...]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)

    def place_of(self, box: Box) -> int:
        """Index at which a box would be inserted: before the first item centred right of it."""
        x = box.centre[0]
        return next((i for i, item in enumerate(self) if item.box.centre[0] > x), len(self))

    def gap_to(self, box: Box) -> float | None:
        """Gap along x to the nearest item that shares the box's level, px; None: none does."""
        gaps = (max(0.0, -i.box.overlap_x(box)) for i in self if are_level(i.box, box))
        return min(gaps, default=None)

    def runs(
        self, start: Callable[[Item], Start | None]
    ) -> Iterator[tuple[Start | None, TextLine[Item]]]:
        """The line in runs of items, each with what `start` says of its first one.

        A run begins at the first item of the line, and at every other one for which `start` is
        not None.
        """
        starts = [start(item) for item in self]
        begins = [i for i in range(len(self)) if i == 0 or starts[i] is not None]
        for begin, end in zip(begins, [*begins[1:], len(self)], strict=True):
            yield starts[begin], TextLine(self.items[begin:end])


def are_level(a: Box, b: Box) -> bool:
    """Whether two boxes share enough of the lower one's height to stand on one line."""
    return a.overlap_y(b) >= PARAMS.level * max(min(a.height, b.height), 1e-9)
