"""The languages of numbers: whole ones, decimals, money."""

from __future__ import annotations

from inkread.core.field_types.automaton import (
    Language,
    either,
    many,
    maybe,
    one,
    then,
    times,
    word,
)
from inkread.core.line_labels import OTHER

DIGITS = "0123456789"
#: Between groups of thousands, and before decimals.
_GROUPS, _POINTS = "'.,", ".,"
#: Signs of a currency beside an amount, at most; chosen: those of CHF and EUR.
MAX_CURRENCY = 3

digit = one(DIGITS)
digits = then(digit, many(digit))


def _grouped(mark: str) -> Language:
    """At least one group of thousands."""
    group = then(one(mark), times(digit, 3))
    first = then(one("123456789"), maybe(digit), maybe(digit))
    return then(first, group, many(group))


def integer() -> Language:
    """Digits, or groups of thousands, perhaps with a sign."""
    return then(maybe(one("+-")), either(digits, *map(_grouped, _GROUPS)))


def decimal() -> Language:
    """An integer, perhaps with decimals."""
    return then(maybe(one("+-")), either(*_with(digits)))


def money() -> Language:
    """An amount, perhaps with two decimals or a dash for them; signs of a currency beside it."""
    cents = either(times(digit, 2), one("-"), word("--"))
    currency = times(maybe(one(OTHER)), MAX_CURRENCY)
    sign = maybe(one("+-"))
    before = either(then(currency, sign), then(sign, currency))
    return then(before, either(*_with(cents)), currency)


def _with(decimals: Language) -> list[Language]:
    """Whole numbers, and those with the decimals; groups and decimals have different marks."""
    plain = then(maybe(digits), one(_POINTS), decimals)
    grouped = [
        then(_grouped(mark), maybe(then(one(_POINTS.replace(mark, "")), decimals)))
        for mark in _GROUPS
    ]
    return [digits, plain, *grouped]


def between(low: int, high: int) -> Language:
    """The whole numbers of a range, as they are or filled up with zeros; 0 <= low <= high."""
    width = len(str(high))
    parts = [_of_width(str(low).zfill(width), str(high))]
    for count in range(len(str(low)), width):
        first, last = max(low, 10 ** (count - 1) if count > 1 else 0), 10**count - 1
        parts.append(_of_width(str(first).zfill(count), str(last)))
    return either(*parts)


def _of_width(low: str, high: str) -> Language:
    """The numbers of a range, all as long as its ends."""
    if len(low) == 1:
        return one(DIGITS[int(low) : int(high) + 1])
    if low[0] == high[0]:
        return then(one(low[0]), _of_width(low[1:], high[1:]))
    rest = len(low) - 1
    parts = [
        then(one(low[0]), _of_width(low[1:], "9" * rest)),
        then(one(high[0]), _of_width("0" * rest, high[1:])),
    ]
    if inner := DIGITS[int(low[0]) + 1 : int(high[0])]:
        parts.append(then(one(inner), times(digit, rest)))
    return either(*parts)
