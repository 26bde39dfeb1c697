"""Brief sentences in the status bar, for as long as what they are about."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStatusBar

from inkread.ui.window.workspace import Workspace

_BRIEFLY = 4000  # ms


class Status(QObject):
    """Says one thing at a time, a few seconds or until something else is done."""

    def __init__(self, bar: QStatusBar, workspace: Workspace) -> None:
        super().__init__(bar)
        self._bar = bar
        self._announced = ""
        workspace.changed.connect(self._on_changed)
        workspace.canvas.ink_changing.connect(self.forget)
        for view in (workspace.canvas, workspace.page_view):
            view.selected_changed.connect(self.forget)

    def report(self, words: str) -> None:
        self._bar.showMessage(words, _BRIEFLY)

    def announce(self, words: str) -> None:
        """Report what happened without the person: it stays until the person does something.

        What it changed is read again meanwhile, which ends other messages.
        """
        self._announced = words
        self._bar.showMessage(words)

    def note(self, words: str, last: str) -> bool:
        """Show a note unless something other than the `last` note is shown; whether it was."""
        is_free = self._bar.currentMessage() in ("", last)
        if is_free:
            self.report(words)
        return is_free

    def forget(self) -> None:
        """Clear the message."""
        if self._bar.currentMessage():
            self._bar.clearMessage()

    def _on_changed(self) -> None:
        if self._bar.currentMessage() != self._announced:
            self.forget()
