"""What a text that stands in a field may mean, and whether that is in a range."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from inkread.core.line_labels import OTHER

#: What is compared: a number, or the parts of a date or time, the largest first.
Value = Decimal | tuple[int, ...]
ValuesOf = Callable[[str], Iterator[Value]]

_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}([',.])\d{3}(\1\d{3})*(?!\d)")
#: Two-digit years up to this one are of this century; chosen: as POSIX has it.
_LAST_OF_20 = 68


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends belong to it; None: there is no such end."""

    low: Value | None
    high: Value | None

    def holds(self, value: Value) -> bool:
        # Of a date that is given to the year or month, all days count.
        is_high = self.low is None or _cut(value, self.low) >= self.low  # type: ignore[operator]
        is_low = self.high is None or _cut(value, self.high) <= self.high  # type: ignore[operator]
        return is_high and is_low


def _cut(value: Value, end: Value) -> Value:
    return value[: len(end)] if isinstance(value, tuple) and isinstance(end, tuple) else value


def numbers(text: str) -> Iterator[Value]:
    """The numbers that a text may mean: of "1.234", 1234 and 1.234."""
    text = text.replace(OTHER, "")
    if match := _GROUPS.match(text):
        mark = match[1]
        yield _number(text.replace(mark, ""))
        if mark == "'" or text.count(mark) > 1 or text[match.end() :]:
            return
    if "'" not in text:
        yield _number(text)


def _number(text: str) -> Decimal:
    whole, *rest = re.split("[.,]", text)
    decimals = "".join(rest).strip("-")
    return Decimal(f"{whole if whole.strip('+-') else whole + '0'}.{decimals or 0}")


def times(text: str) -> Iterator[Value]:
    """Hour, minute and second."""
    parts = [int(part) for part in re.split("[:.]", text)]
    yield (*parts, 0)[:3]


def dates(text: str) -> Iterator[Value]:
    """Year, month and day, in each order that the text may have."""
    first, second, third = re.split("[./-]", text)
    if len(first) == 4:
        yield int(first), int(second), int(third)
        return
    year = int(third)
    if len(third) == 2:
        year += 2000 if year <= _LAST_OF_20 else 1900
    if int(second) <= 12:
        yield year, int(second), int(first)
    if int(first) <= 12 and "." not in text:
        yield year, int(first), int(second)
