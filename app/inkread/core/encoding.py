"""Text <-> UTF-8 in every locale, even if file names hold other bytes."""

from __future__ import annotations


def encoded(text: str) -> bytes:
    """UTF-8, whatever the locale; file names that are not UTF-8 keep their bytes."""
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair, which Windows allows in names
        return text.encode(errors="backslashreplace")


def decoded(name: str) -> str:
    """`name` decoded as UTF-8, whatever the locale, if its bytes are UTF-8."""
    try:
        return name.encode(errors="surrogateescape").decode()
    except UnicodeError:
        return name
