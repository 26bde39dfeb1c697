"""What may stand in a field: a name, a pattern or a list, perhaps with a range.

``integer``, ``decimal``, ``money``, ``date``, ``time``, ``digits``; ``digits:6``; a pattern such as
``999-99`` or ``AA-9999``; ``one of: 12|15|20``. A range stands behind a name: ``integer 1..31``,
``money 0..500``, ``time 8:00..17:30``, ``date 2020..``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from inkread.core.errors import FieldTypeUnknown, LettersUnread
from inkread.core.field_types import date_languages, number_languages, values
from inkread.core.field_types.automaton import Automaton, Language, determined, one, then, words
from inkread.core.field_types.number_languages import DIGITS, between, digits
from inkread.core.field_types.values import Range, Value, ValuesOf
from inkread.core.line_labels import OTHER, SIGNS

#: Digits of ``digits:n``, characters of a pattern, and texts of a list, at most; chosen: bounds
#: the work, a field holds fewer.
MAX_LENGTH, MAX_CHOICES = 40, 1000
#: High end of a range of whole numbers up to which the automaton knows it; chosen: such numbers
#: have no groups. Larger ranges are checked on whole texts.
_MAX_PLAIN = 999

_LANGUAGES: dict[str, Callable[[], Language]] = {
    "integer": number_languages.integer,
    "decimal": number_languages.decimal,
    "money": number_languages.money,
    "date": date_languages.date,
    "time": date_languages.time,
    "digits": lambda: digits,
}
#: What a text of each may mean, and a range of it.
_VALUES: dict[str, ValuesOf] = {
    "integer": values.numbers,
    "decimal": values.numbers,
    "money": values.numbers,
    "digits": values.numbers,
    "date": values.dates,
    "time": values.times,
}
NAMES = tuple(_LANGUAGES)
#: Forms that people seldom use: points in times of day, years of other centuries than these two.
_RARE = {
    "time": re.compile(r"\."),
    "date": re.compile(r"(?<!\d)(?!19|20)\d{4}(?!\d)"),
}

_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_ONE_OF = re.compile(r"one of\s*:(.*)", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_TIME = re.compile(r"(\d\d?):(\d\d)(?::(\d\d))?")
_DATE = re.compile(r"(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?")
_RANGED = re.compile(rf"({'|'.join(_LANGUAGES)})\s+(\S*?)\s*\.\.\s*(\S*)", re.IGNORECASE)
_COUNTED = re.compile(r"digits\s*:\s*(\d{1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FieldType:
    """What may stand in a field; made by `parse`.

    Attributes
    ----------
    text : str
        The name, pattern or list, as `parse` takes it.
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> FieldType:
        """Make one of a name, a pattern or a list; see the module.

        Parameters
        ----------
        text : str
            In a pattern 9 is a digit, A a letter, and each sign that is read itself.

        Raises
        ------
        FieldTypeUnknown
            If it is none of them.
        """
        text = " ".join(text.split())
        _compiled(text)
        return cls(text)

    @property
    def automaton(self) -> Automaton:
        """Accepts what may stand in the field, but for what is out of its range."""
        return _compiled(self.text).automaton

    @property
    def has_letters(self) -> bool:
        """Whether a letter has to stand in it."""
        return bool(_compiled(self.text).automaton.characters & _LETTERS)

    def accepts(self, text: str) -> bool:
        """Whether a text may stand in the field; spaces do not count."""
        text = "".join(text.split())
        return self.automaton.accepts(text) and self.in_range(text)

    def in_range(self, text: str) -> bool:
        """Whether a text that the automaton accepts is in the range, in one of its meanings."""
        compiled = _compiled(self.text)
        if compiled.range is None or compiled.values is None:
            return True
        return any(compiled.range.holds(value) for value in compiled.values(text))

    def is_rare(self, text: str) -> bool:
        """Whether a text that it accepts is written in a form that people seldom use."""
        rare = _RARE.get(self.text.lower().split()[0])
        return rare is not None and rare.search(text) is not None

    def check_readable(self, labels: Sequence[str]) -> None:
        """Check that all that has to stand in it can be read.

        Parameters
        ----------
        labels : sequence of str
            What the reader tells apart.

        Raises
        ------
        LettersUnread
            If letters have to stand in it, and the labels have none.
        """
        if self.has_letters and not _LETTERS & set(labels):
            raise LettersUnread(name=self.text)

    def is_currency(self, sign: str) -> bool:
        """Whether a sign without a label belongs to the field but not to its text."""
        return sign == OTHER and OTHER in self.automaton.characters

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, eq=False)
class _Compiled:
    automaton: Automaton
    values: ValuesOf | None = None
    range: Range | None = None


@lru_cache(64)
def _compiled(text: str) -> _Compiled:
    name = text.lower()
    if name in _LANGUAGES:
        return _Compiled(determined(_LANGUAGES[name]()))
    if match := _RANGED.fullmatch(text):
        return _ranged(text, match[1].lower(), match[2], match[3])
    if match := _COUNTED.fullmatch(text):
        if not 1 <= int(match[1]) <= MAX_LENGTH:
            raise FieldTypeUnknown(name=text, reason=f"give 1 to {MAX_LENGTH} digits")
        return _compiled("9" * int(match[1]))
    if match := _ONE_OF.fullmatch(text):
        return _list(text, match[1])
    return _pattern(text)


def _ranged(text: str, name: str, low: str, high: str) -> _Compiled:
    limits = Range(_end(text, name, low), _end(text, name, high))
    if limits.low is None and limits.high is None:
        raise FieldTypeUnknown(name=text, reason="a range has one end at least")
    if limits.low is not None and limits.high is not None:
        is_some = Range(None, limits.high).holds(limits.low)
        if not (is_some or Range(limits.low, None).holds(limits.high)):
            raise FieldTypeUnknown(name=text, reason="its range is empty")
    is_whole = name in ("integer", "digits") and low.isdigit() and high.isdigit()
    if is_whole and int(high) <= _MAX_PLAIN:
        return _Compiled(determined(between(int(low), int(high))))
    return _Compiled(determined(_LANGUAGES[name]()), _VALUES[name], limits)


def _end(text: str, name: str, end: str) -> Value | None:
    if not end:
        return None
    form = {"date": _DATE, "time": _TIME}.get(name, _NUMBER)
    match = form.fullmatch(end)
    if match is None:
        reason = {
            "date": "write the ends of its range as 2024, 2024-12 or 2024-12-31",
            "time": "write the ends of its range as 8:00 or 17:30",
        }.get(name, "write the ends of its range as 1 or 2.50")
        raise FieldTypeUnknown(name=text, reason=reason)
    if form is _NUMBER:
        return Decimal(end)
    return tuple(int(part) for part in match.groups() if part is not None)


def _list(text: str, listed: str) -> _Compiled:
    choices = ["".join(choice.split()) for choice in listed.split("|")]
    if not all(choices) or len(choices) > MAX_CHOICES or max(map(len, choices)) > MAX_LENGTH:
        reason = f"list 1 to {MAX_CHOICES} texts with | between, none empty or very long"
        raise FieldTypeUnknown(name=text, reason=reason)
    _check_signs(text, "".join(choices), _LETTERS)
    return _Compiled(determined(words(choices)))


def _pattern(text: str) -> _Compiled:
    signs = "".join(text.split())
    if ".." in signs:
        reason = f"a range stands behind one of {', '.join(NAMES)}"
        raise FieldTypeUnknown(name=text, reason=reason)
    if not signs or len(signs) > MAX_LENGTH or not set(signs) & {"9", "A"}:
        reason = "there is no such name, and a pattern has a 9 or A"
        raise FieldTypeUnknown(name=text, reason=reason)
    _check_signs(text, signs, frozenset("A"))
    classes = {"9": DIGITS, "A": _LETTERS}
    return _Compiled(determined(then(*(one(classes.get(sign, sign)) for sign in signs))))


def _check_signs(text: str, signs: str, letters: frozenset[str]) -> None:
    unknown = sorted(set(signs) - set(DIGITS) - set(SIGNS) - letters)
    if unknown:
        raise FieldTypeUnknown(name=text, reason=f"{unknown[0]} is no sign that can be read")
