"""Reading a table of a description: each key by its type, with nothing left over."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping


class Wrong(Exception):
    """What is wrong with a table, in words that follow its place in the description."""

    def __init__(self, reason: str, place: str = "the description") -> None:
        super().__init__(reason)
        self.place = place


class Options:
    """A table whose keys are asked for one after another.

    Parameters
    ----------
    table : mapping
        As TOML gives it.
    """

    def __init__(self, table: Mapping[str, object]) -> None:
        self._table = table
        self._asked: set[str] = set()

    def done(self) -> None:
        """Refuse keys that nobody asked for.

        Raises
        ------
        Wrong
        """
        for key in self._table:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise Wrong(f'does not know the key "{key}" (it knows {known})')

    def has(self, key: str) -> bool:
        """Whether a key that may be missing is there."""
        self._asked.add(key)
        return key in self._table

    def get(self, key: str, default: object = None) -> object:
        """The value of a key; without a default it must be there."""
        self._asked.add(key)
        if key not in self._table and default is None:
            raise Wrong(f'lacks the key "{key}"')
        return self._table.get(key, default)

    def whole(self, key: str, default: int | None = None, *, least: int) -> int:
        """A whole number."""
        value = self.get(key, default)
        if type(value) is not int or value < least:
            raise Wrong(f"{key} must be a whole number of at least {least}, not {value!r}")
        return value

    def number(
        self,
        key: str,
        default: float | None = None,
        *,
        least: float = -math.inf,
        above: float = -math.inf,
        below: float = math.inf,
    ) -> float:
        """A number within bounds."""
        value = self.get(key, default)
        if type(value) not in (int, float) or not (
            least <= float(value) < below and float(value) > above  # type: ignore[arg-type]
        ):
            raise Wrong(f"{key} cannot be {value!r}")
        return float(value)  # type: ignore[arg-type]

    def switch(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.get(key, default)
        if type(value) is not bool:
            raise Wrong(f"{key} must be true or false, not {value!r}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = self.get(key, default)
        if not isinstance(value, str):
            raise Wrong(f"{key} must be a text, not {value!r}")
        return value

    def choice(self, key: str, names: Collection[str], default: str | None = None) -> str:
        """One of some texts."""
        value = self.get(key, default)
        if not isinstance(value, str) or value not in names:
            raise Wrong(f"{key} must be one of {', '.join(sorted(names))}, not {value!r}")
        return value

    def either(self, key: str, default: str | None, names: Collection[str]) -> str:
        """One of some texts, or a whole number of at least 0, as text."""
        value = self.get(key, default)
        if type(value) is int and value >= 0:
            return str(value)
        if not isinstance(value, str) or value not in names:
            raise Wrong(f"{key} must be a number or {' or '.join(sorted(names))}, not {value!r}")
        return value

    def table(self, key: str, default: Mapping[str, object] | None = None) -> Mapping[str, object]:
        value = self.get(key, default)
        if not isinstance(value, Mapping):
            raise Wrong(f"{key} must be a table, not {value!r}")
        return value
