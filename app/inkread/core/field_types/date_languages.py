"""The languages of dates and times of day."""

from __future__ import annotations

from collections.abc import Iterable

from inkread.core.field_types.automaton import Language, either, maybe, one, then, words
from inkread.core.field_types.number_languages import between, digit

#: Between day, month and year; between month, day and year; between year, month and day.
_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST = "./-", "/-", "-/."
_OF_30, _OF_31 = (4, 6, 9, 11), (1, 3, 5, 7, 8, 10, 12)
#: Years with four digits; chosen: those of people's records.
FIRST_YEAR, LAST_YEAR = 1000, 2999
_LEAP_OF_CENTURY = [f"{year:02}" for year in range(4, 100, 4)]


def _numbers(values: Iterable[int]) -> Language:
    """Each as it is, and with two digits."""
    return words(sorted({text for v in values for text in (str(v), f"{v:02}")}))


_CENTURIES = range(FIRST_YEAR // 100, LAST_YEAR // 100 + 1)
#: Years of four digits, and of two; the same of leap years.
_WHOLE, _SHORT = between(FIRST_YEAR, LAST_YEAR), then(digit, digit)
_WHOLE_LEAP = either(
    words(f"{century}00" for century in _CENTURIES if century % 4 == 0),
    then(words(map(str, _CENTURIES)), words(_LEAP_OF_CENTURY)),
)
_SHORT_LEAP = words(["00", *_LEAP_OF_CENTURY])

#: Days, months and years that go together.
_PARTS = (
    (_numbers(range(1, 29)), _numbers(range(1, 13)), _WHOLE, _SHORT),
    (_numbers((29, 30)), _numbers((*_OF_30, *_OF_31)), _WHOLE, _SHORT),
    (_numbers((31,)), _numbers(_OF_31), _WHOLE, _SHORT),
    (_numbers((29,)), _numbers((2,)), _WHOLE_LEAP, _SHORT_LEAP),
)


def date() -> Language:
    """Day, month and year; month, day and year; or year, with four digits, month and day."""
    parts = []
    for day, month, whole, short in _PARTS:
        year = either(whole, short)
        parts += [_joined(mark, day, month, year) for mark in _DAY_FIRST]
        parts += [_joined(mark, month, day, year) for mark in _MONTH_FIRST]
        parts += [_joined(mark, whole, month, day) for mark in _YEAR_FIRST]
    return either(*parts)


def _joined(mark: str, first: Language, second: Language, third: Language) -> Language:
    return then(first, one(mark), second, one(mark), third)


def time() -> Language:
    """Hours and minutes, perhaps seconds."""
    hours, sixty = _numbers(range(24)), words(f"{value:02}" for value in range(60))
    return either(*(then(hours, one(mark), sixty, maybe(then(one(mark), sixty))) for mark in ":."))
