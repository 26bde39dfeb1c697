"""Read a TOML table: each key by its type, unknown keys refused."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")
#: Larger integers are no floats.
_MAX = sys.float_info.max
#: Maximum length of a file, bytes; chosen: ten times the longest of ours.
_MAX_BYTES = 200_000
#: Maximum dots in a line. tomllib keeps every beginning of a dotted key: 100,000 dots take 40 GB.
_MAX_DOTS = 200


class Wrong(Exception):
    """What is wrong with a table: a reason that follows the table's place in a sentence."""

    def __init__(self, reason: str, place: str = "the description") -> None:
        super().__init__(reason)
        self.place = place


def read_toml(data: bytes, place: str) -> Options:
    """The table of a TOML file, which error sentences call `place`.

    Raises
    ------
    Wrong
        If it is not TOML, or has more than 200 kB, or more than 200 dots in a line.
    """
    if len(data) > _MAX_BYTES:
        raise Wrong(f"is longer than {_MAX_BYTES // 1000} kB", "the file")
    if any(line.count(b".") > _MAX_DOTS for line in data.splitlines()):
        raise Wrong(f"has a line with more than {_MAX_DOTS} dots", "the file")
    try:
        table = tomllib.loads(data.decode("utf-8"))
        repr(table)  # refuses integers of over 4,300 digits, which sentences could not show
        return Options(table, place)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"is not TOML ({str(error).rstrip('.')})", "the file") from error


class Options:
    """A table whose keys are read one after another; each method raises `Wrong`.

    Parameters
    ----------
    table : mapping
        As TOML gives it.
    place : str
        What error sentences call the table.
    """

    def __init__(self, table: Mapping[str, object], place: str = "the description") -> None:
        self._table = table
        self._place = place
        self._known: set[str] = set()

    def fill(self, kind: type[T], *, below_one: Collection[str] = (), **given: Any) -> T:
        """An object of a dataclass whose fields are the keys of the table.

        Each value has the type of its field's default; numbers are at least 0, and below 1 where
        `below_one` names the field. `given` are the fields that were read already.
        """
        for field in fields(kind):  # type: ignore[arg-type]
            key = field.name
            default: Any = field.default
            if key in given:
                continue
            if isinstance(default, bool):
                given[key] = self.switch(key, default)
            elif isinstance(default, int):
                given[key] = self.whole(key, default, minimum=0)
            elif isinstance(default, str):
                given[key] = self.text(key, default)
            else:
                below = 1 if key in below_one else _MAX
                given[key] = self.number(key, default, minimum=0, below=below)
        self.done()
        try:
            return kind(**given)
        except ValueError as error:
            raise self.wrong(str(error)) from None

    def wrong(self, reason: str) -> Wrong:
        return Wrong(reason, self._place)

    def done(self) -> None:
        """Refuse keys that nobody read.

        Raises
        ------
        Wrong
        """
        for key in self._table:
            if key not in self._known:
                known = ", ".join(sorted(self._known))
                raise self.wrong(f'does not know the key "{key}" (it knows {known})')

    def has(self, key: str) -> bool:
        """Whether a key that may be missing is there."""
        self._known.add(key)
        return key in self._table

    def get(self, key: str, default: object = None) -> object:
        """The value of a key; without a default it must be there."""
        self._known.add(key)
        if key not in self._table and default is None:
            raise self.wrong(f'lacks the key "{key}"')
        return self._table.get(key, default)

    def whole(self, key: str, default: int | None = None, *, minimum: int) -> int:
        """A whole number."""
        value = self.get(key, default)
        if type(value) is not int or value < minimum:
            raise self.wrong(f"{key} must be a whole number of at least {minimum}, not {value!r}")
        return value

    def pair(self, key: str, default: int | None = None, *, minimum: int) -> tuple[int, int]:
        """Two whole numbers, height and width; a single one stands for both."""
        match self.get(key, default):
            case int(both) if type(both) is int and both >= minimum:
                return both, both
            case [int(height), int(width)] if {type(height), type(width)} == {int} and min(
                height, width
            ) >= minimum:
                return height, width
            case value:
                kind = f"a whole number of at least {minimum}"
                raise self.wrong(f"{key} must be {kind}, not {value!r} (or two of them)")

    def number(
        self,
        key: str,
        default: float | None = None,
        *,
        minimum: float = -_MAX,
        above: float = -_MAX,
        below: float = _MAX,
    ) -> float:
        """A number within bounds."""
        value = self.get(key, default)
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or not (minimum <= value < below and above < value)
        ):
            raise self.wrong(f"{key} cannot be {value!r}")
        return float(value)

    def switch(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.get(key, default)
        if type(value) is not bool:
            raise self.wrong(f"{key} must be true or false, not {value!r}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = self.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(f"{key} must be a text, not {value!r}")
        return value

    def choice(self, key: str, names: Collection[str], default: str | None = None) -> str:
        """One of some texts."""
        value = self.get(key, default)
        if not isinstance(value, str) or value not in names:
            raise self.wrong(f"{key} must be one of {', '.join(sorted(names))}, not {value!r}")
        return value

    def either(self, key: str, default: str | None, names: Collection[str]) -> str:
        """One of some texts, or a whole number of at least 0, as text."""
        value = self.get(key, default)
        if type(value) is int and value >= 0:
            return str(value)
        if not isinstance(value, str) or value not in names:
            raise self.wrong(
                f"{key} must be a number or {' or '.join(sorted(names))}, not {value!r}"
            )
        return value

    def table(
        self, key: str, default: Mapping[str, object] | None = None, place: str = ""
    ) -> Options:
        """A table in the table; `place` is what error sentences call it, if not ``[key]``."""
        value = self.get(key, default)
        if not isinstance(value, Mapping):
            raise self.wrong(f"{key} must be a table, not {value!r}")
        return Options(value, place or f"[{key}]")
