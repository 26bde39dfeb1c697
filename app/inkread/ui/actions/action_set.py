"""Actions with their texts, keys and icons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from inkread.ui.widgets import icons

Key = QKeySequence.StandardKey


class ActionSet(QObject):
    """Whoever does the work connects to `triggered` or `toggled`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._texts: dict[QAction, Callable[[], str]] = {}

    def add(
        self,
        text: Callable[[], str],
        *keys: Key | Qt.Key | str,
        icon: str = "",
        checkable: bool = False,
        role: QAction.MenuRole = QAction.MenuRole.NoRole,
    ) -> QAction:
        """An action; `text` is asked again when the language changes."""
        action = QAction(self)
        action.setShortcuts([sequence for key in keys for sequence in _sequences(key)])
        action.setCheckable(checkable)
        action.setMenuRole(role)
        if icon:
            action.setIcon(icons.icon(icon))
        self._texts[action] = text
        return action

    def retranslate(self) -> None:
        """Set all texts; actions with an icon get a tool tip."""
        for action, text in self._texts.items():
            action.setText(text())
            explain(action)


def explain(action: QAction) -> None:
    """Set the tool tip of an action with an icon: menu text and shortcut."""
    if not action.icon().isNull():
        text = action.text().replace("&", "").removesuffix("...")
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{text} ({key})" if key else text)


def _sequences(key: Key | Qt.Key | str) -> list[QKeySequence]:
    return QKeySequence.keyBindings(key) if isinstance(key, Key) else [QKeySequence(key)]
