"""Texts that others wrote, such as file names and labels, for people to see.

What has no glyph of its own, yet moves a cursor, turns the direction of the text around it, hides
or breaks a line, becomes an escape such as ``\\x1b``.
"""

from __future__ import annotations

import unicodedata
from contextlib import suppress

#: Unicode's general categories of characters without a glyph: controls, formats (bidirectional
#: overrides, zero widths, tags), lone surrogates, separators of lines and paragraphs.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: Those of them that control a terminal or end a line; programs that read the output want the
#: others as they are.
_STEERING = frozenset({"Cc", "Zl", "Zp"})
#: The zero width non-joiner and joiner, which Persian and emoji are written with.
_JOINERS = "\u200c\u200d"
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
#: Classes of characters that are written from right to left, or may turn others.
_TURNING = frozenset({"R", "AL", "AN"})
#: From left to right, so that the ending of a file stands at the right whatever comes before it.
_ISOLATE, _END_ISOLATE = "\u2066", "\u2069"
_ELLIPSIS = "…"
#: Maximum length of a text of others in a sentence, characters; *chosen*: a few lines.
MAX_TEXT = 400


def visible(text: str) -> str:
    """`text` on one line with everything hidden as an escape, for people.

    A byte of a file name that is no UTF-8 becomes ``\\xff`` too. Joiners stay where they join:
    between characters that are not ASCII.
    """
    if text.isprintable():
        return text
    with suppress(UnicodeEncodeError):  # half a surrogate pair, which Windows allows in names
        # In another locale, all bytes of a name are surrogates.
        text = text.encode(errors="surrogateescape").decode(errors="surrogateescape")
    return _escaped(text, _HIDDEN)


def one_line(text: str) -> str:
    """`text` on one line that controls no terminal, for programs: all else is left as it is."""
    return text if text.isprintable() else _escaped(text, _STEERING)


def json_escaped(line: str) -> str:
    """A line of JSON with everything hidden in its texts as an escape of JSON: the same value.

    A byte of a file name that is no UTF-8 is a lone surrogate, whose escape JSON has too.
    """
    if line.isprintable():
        return line
    return "".join(_json_escape(c) if unicodedata.category(c) in _HIDDEN else c for c in line)


def _escaped(text: str, categories: frozenset[str]) -> str:
    return "".join(
        _escape(sign) if unicodedata.category(sign) in categories and not _joins(text, i) else sign
        for i, sign in enumerate(text)
    )


def _joins(text: str, index: int) -> bool:
    around = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    is_joined = len(around) == 2 and not any(c.isascii() or c in _JOINERS for c in around)
    return text[index] in _JOINERS and is_joined


def _escape(sign: str) -> str:
    code = ord(sign)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, as Python hands it out
        code -= 0xDC00
    if code <= 0xFF:
        return _NAMED.get(sign, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _json_escape(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))


def elided(text: str, limit: int) -> str:
    """At most `limit` characters of `text`; of a longer one, the beginning and the end."""
    if len(text) <= limit:
        return text
    end = (limit - 1) // 3
    return text[: limit - 1 - end] + _ELLIPSIS + text[len(text) - end :]


def isolated(text: str) -> str:
    """A visible text whose direction changes nothing of the sentence around it.

    Only what is written from right to left needs isolates (Unicode Standard Annex 9), and gets
    them: other texts stay as they are.
    """
    if text.isascii() or not any(unicodedata.bidirectional(c) in _TURNING for c in text):
        return text
    return f"{_ISOLATE}{text}{_END_ISOLATE}"
