"""Text as bytes and back: UTF-8 in every locale, whatever bytes file names are made of."""

from __future__ import annotations


def encoded(text: str) -> bytes:
    """UTF-8, whatever the locale; file names that are not UTF-8 come out as they went in."""
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair, which Windows allows in names
        return text.encode(errors="backslashreplace")


def decoded(name: str) -> str:
    """`name` as UTF-8 although the locale is another, if its bytes are UTF-8."""
    try:
        return name.encode(errors="surrogateescape").decode()
    except UnicodeError:
        return name
