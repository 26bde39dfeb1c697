"""Unique names for the models of a library."""

from __future__ import annotations

import re
from collections.abc import Collection

from inkread.data.models.card import MAX_NAME_LENGTH

_NUMBERED = re.compile(r"(?s)(.+) \(([1-9]\d{0,8})\)")


def unique_name(name: str, taken: Collection[str]) -> str:
    """Make a name unique by a number in parentheses, if necessary.

    Parameters
    ----------
    name : str
        The desired name; a number at its end is replaced.
    taken : collection of str
        Names of the other models.

    Returns
    -------
    str
        Such as "my hand (3)" if "my hand" and "my hand (2)" are there.
    """
    if name not in taken:
        return name
    base, _ = _parts(name)
    numbers = [number for stem, number in map(_parts, taken) if stem == base]
    number = max(numbers, default=1)
    while True:
        number += 1
        suffix = f" ({number})"
        found = base[: MAX_NAME_LENGTH - len(suffix)].rstrip() + suffix
        if found not in taken:
            return found


def _parts(name: str) -> tuple[str, int]:
    """Split a name into base and number; the number is 1 if there is none."""
    numbered = _NUMBERED.fullmatch(name)
    return (numbered[1], int(numbered[2])) if numbered else (name, 1)
