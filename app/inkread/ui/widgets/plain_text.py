"""Names, labels and sentences of others, shown literally wherever Qt would read markup.

Labels and tool tips take for HTML what looks like it, which can load files; menus take ``&`` for a
key, window titles ``[*]`` for a sign of changes.
"""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from inkread.core.escapes import elided, isolated, visible

#: Maximum length of a name in a sentence, a menu or a title, characters; *chosen*: a long one
#: would make its window wider than the screen.
MAX_NAME = 80


class PlainLabel(QLabel):
    """A label that shows its text as it is."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(textFormat=Qt.TextFormat.PlainText, **properties)


def shown(text: str, limit: int = MAX_NAME) -> str:
    """A text of others for a sentence: one line, nothing hidden, not too long, in its direction."""
    return isolated(elided(visible(text), limit))


def plain_tooltip(text: str) -> str:
    """`text` as a tool tip that is shown as it is, of lines that are wrapped."""
    if "<" not in text and "&" not in text:
        return text
    return f"<span>{escape(text).replace(chr(10), '<br>')}</span>"


def menu_text(text: str) -> str:
    """A text of others for menus and buttons."""
    return shown(text).replace("&", "&&")


def title_text(text: str) -> str:
    """A text of others for a window's title."""
    return shown(text).replace("[*]", "[*][*]")
