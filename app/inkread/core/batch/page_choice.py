"""Which pages of a file are read: ``2-5``, ``1,3``, ``4-``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inkread.core.errors import PageMissing, PagesUnknown

_PART = re.compile(r"(\d{1,6})(-(\d{0,6}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageChoice:
    """Some pages.

    Attributes
    ----------
    text : str
        As it was written.
    ranges : tuple of (int, int or None)
        First and last page of each part, from 1 on; None: to the end.
    """

    text: str
    ranges: tuple[tuple[int, int | None], ...]

    @classmethod
    def of(cls, text: str) -> PageChoice:
        """The pages that `text` names.

        Raises
        ------
        PagesUnknown
            If it is no list of pages.
        """
        ranges = tuple(map(_range, text.split(",")))
        if any(part is None for part in ranges):
            raise PagesUnknown(name=text)
        return cls(text, tuple(part for part in ranges if part is not None))

    def indices(self, count: int, name: str) -> list[int]:
        """Those of `count` pages that are chosen, from 0 on, in their order.

        Raises
        ------
        PageMissing
            If the file, `name`, has none of them.
        """
        chosen = {
            index
            for first, last in self.ranges
            for index in range(first - 1, count if last is None else min(last, count))
        }
        if not chosen:
            raise PageMissing(name=name, pages=self.text, count=count)
        return sorted(chosen)

    def note(self, count: int) -> str | None:
        """A sentence if pages are named that the file has not."""
        named = max(first if last is None else last for first, last in self.ranges)
        if named <= count:
            return None
        return f"It has {count} {'page' if count == 1 else 'pages'}; those after are not there."


def _range(part: str) -> tuple[int, int | None] | None:
    """First and last page of one part; None if it is none."""
    match = _PART.fullmatch(part.strip())
    if match is None:
        return None
    first = int(match[1])
    last = first if match[2] is None else int(match[3]) if match[3] else None
    if first < 1 or (last is not None and last < first):
        return None
    return first, last
