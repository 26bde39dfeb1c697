"""Labels as samples have them: normalised when written, and read more leniently."""

from __future__ import annotations

import re
import unicodedata

from inkread.core.errors import LabelUnusable

#: Maximum length of a label, as in models (`inkread.ml.inference.metadata`), characters.
MAX_LABEL_LENGTH = 64
#: Labels longer than this are refused unread, spaces or not, characters. Chosen.
_MAX_RAW_LENGTH = 1000
_SPACES = re.compile(" +")
#: Control characters, surrogates, separators of lines and paragraphs: no version of Unicode moves a
#: character into these categories or out of them.
_NEVER = frozenset({"Cc", "Cs", "Zl", "Zp"})


def composed(label: str) -> str:
    """The one form (NFC) of a label that may be written in several: é, or e and an accent."""
    return label if label.isascii() else unicodedata.normalize("NFC", label)


def normalise_label(label: str) -> str:
    """Normalise a label for storage: composed; runs of spaces become one, as in InkML.

    Parameters
    ----------
    label : str
        1 to 64 printable characters: no line breaks, control characters, marks of direction or
        other characters without a shape. Any script, and signs such as ``/``, are printable.

    Raises
    ------
    LabelUnusable
        If it is empty, too long, or has a character that is not printed.
    """
    if len(label) > _MAX_RAW_LENGTH:  # before any work on it
        raise LabelUnusable(name=f"{label[:MAX_LABEL_LENGTH]}…", limit=MAX_LABEL_LENGTH)
    normalised = _SPACES.sub(" ", composed(valid_utf8(label)).strip())
    if not (normalised and normalised.isprintable() and len(normalised) <= MAX_LABEL_LENGTH):
        raise LabelUnusable(name=label, limit=MAX_LABEL_LENGTH)
    return normalised


def is_normal(label: str) -> bool:
    """Whether `normalise_label` leaves it as it is."""
    try:
        return normalise_label(label) == label
    except LabelUnusable:
        return False


def is_readable(label: str) -> bool:
    """Whether some version of this program may have stored a label.

    Which characters are printable depends on the version of Unicode, so of Python: a newer one
    stores what this one does not know.
    """
    return (
        0 < len(label) <= MAX_LABEL_LENGTH
        and not label.isspace()
        and (label.isprintable() or not any(unicodedata.category(c) in _NEVER for c in label))
    )


def valid_utf8(text: str) -> str:
    """Make a text valid UTF-8: other bytes of file names become replacement characters."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
