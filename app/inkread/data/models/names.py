"""Names that tell the models of a library apart."""

from __future__ import annotations

import re
from collections.abc import Collection

from inkread.data.models.card import MAX_NAME_LENGTH

_NUMBERED = re.compile(r"(?s)(.+) \(([1-9]\d{0,8})\)")


def distinct(name: str, taken: Collection[str]) -> str:
    """A name that no other model has: the next number is put behind it if need be.

    Parameters
    ----------
    name : str
        What the model would be called; without its number, if it ends in one.
    taken : collection of str
        What the others are called.

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
    """A name without its number, and that; 1 if it has none."""
    numbered = _NUMBERED.fullmatch(name)
    return (numbered[1], int(numbered[2])) if numbered else (name, 1)
