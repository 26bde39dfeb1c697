"""How far the reading of a folder is, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from inkread.ui.folder.model import FolderModel
from inkread.ui.widgets.formatting import duration
from inkread.ui.widgets.layouts import STRETCH, bare, fill, push_button
from inkread.ui.widgets.plain_text import PlainLabel, shown
from inkread.ui.widgets.retranslated import Retranslated

#: Seconds before the remaining time is shown.
_TOO_SOON = 1.0


class FolderStatus(Retranslated, QWidget):
    """A bar with the time that is left and Cancel; afterwards a summary."""

    cancelled = Signal()

    def __init__(self, model: FolderModel, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._model = model
        self._clock = clock
        self._done = self._total = 0
        self._started = 0.0
        self._is_running = False
        self._exported = ""
        self._text = PlainLabel()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setMinimumWidth(120)
        self._bar.setMaximumHeight(12)
        self.cancel_button = push_button(self.cancelled, "cancel", autoDefault=False)
        fill(bare(QHBoxLayout(self)), self._text, (self._bar, 1), self.cancel_button, STRETCH)
        self.retranslate()

    @property
    def text(self) -> str:
        return self._text.text()

    def start(self) -> None:
        """A folder is being read."""
        self._done = self._total = 0
        self._started = self._clock()
        self._is_running = True
        self._exported = ""
        self.retranslate()

    def set_progress(self, done: int, total: int) -> None:
        self._done, self._total = done, total
        self.retranslate()

    def end(self) -> None:
        """It was read, or given up."""
        self._is_running = False
        self.retranslate()

    def set_exported(self, name: str) -> None:
        self._exported = name
        self.retranslate()

    def retranslate(self) -> None:
        for widget in (self._bar, self.cancel_button):
            widget.setVisible(self._is_running)
        self._bar.setRange(0, self._total)
        self._bar.setValue(self._done)
        self._bar.setAccessibleName(self.tr("Files that are read"))
        self.cancel_button.setText(self.tr("Cancel"))
        self._text.setText(self._progress() if self._is_running else self._summary())

    def _progress(self) -> str:
        if not self._total:
            return self.tr("Looking for files...")
        text = self._count(self.tr("{done} of {total} files"))
        spent = self._clock() - self._started
        if self._done and spent > _TOO_SOON:
            left = duration(spent / self._done * (self._total - self._done))
            text += ", " + self.tr("{time} left").format(time=left)
        return text

    def _summary(self) -> str:
        if self._exported:
            return self.tr("Exported {name}").format(name=shown(self._exported))
        if self._done < self._total:
            return self._count(self.tr("Cancelled: {done} of {total} files were read"))
        rows = [row for row, _ in self._model.rows]
        if not rows:
            return ""
        text = self.tr("Files: %n", "", len(rows))
        if doubtful := sum(row.doubtful > 0 for row in rows):
            text += ", " + self.tr("doubtful: %n", "", doubtful)
        if failed := sum(row.error is not None for row in rows):
            text += ", " + self.tr("not read: %n", "", failed)
        return text

    def _count(self, pattern: str) -> str:
        locale = QLocale()
        return pattern.format(done=locale.toString(self._done), total=locale.toString(self._total))
