"""File > Read folder: the files of a folder with what was read of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QPushButton,
    QWidget,
)

from inkread.core.errors import FolderEmpty
from inkread.core.layout import Layout
from inkread.services.corrections import PictureCorrections
from inkread.services.folders import FolderReading
from inkread.ui.folder.model import TEXT, FolderModel
from inkread.ui.folder.status import FolderStatus
from inkread.ui.folder.table import FolderTable
from inkread.ui.widgets.ask_path import Mode, ask_path
from inkread.ui.widgets.confirm import ask
from inkread.ui.widgets.forms import show_ticks
from inkread.ui.widgets.layouts import add_buttons, fill, push_button, set_texts
from inkread.ui.widgets.messages import Messages, show_error
from inkread.ui.widgets.plain_text import shown, title_text
from inkread.ui.widgets.tool_dialog import ToolDialog

if TYPE_CHECKING:
    from inkread.core.batch.folder_table import FolderProgress


class FolderDialog(ToolDialog):
    """Not modal: the window goes on. Closing it gives up reading; what was read stays."""

    #: The path of a file that is to be shown in the window, and which page of it.
    opened = Signal(object, int)
    another_wanted = Signal()

    def __init__(
        self,
        reading: FolderReading,
        corrections: PictureCorrections,
        messages: Messages,
        parent: QWidget,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__("folder", messages, parent, (900, 560), Qt.WindowType.Window)
        self._reading = reading
        self._folder = Path()
        self._count = 0
        self._exported_at = 0
        self.model = FolderModel(corrections, self)
        self.table = FolderTable(self.model)
        self.status = FolderStatus(self.model, clock)
        self.only_doubtful = QCheckBox()
        self.open_button = push_button(self._open)
        self.correct_button = push_button(self.table.edit_chosen)
        self.export_button = push_button(self._ask_where_to_export)
        self.another_button = push_button(self._ask_for_another)
        self.close_button = push_button(self.close)
        self.undo = QAction(self)
        self.redo = QAction(self)
        top = fill(QHBoxLayout(), (self.status, 1), 24, self.only_doubtful)
        buttons = QHBoxLayout()
        add_buttons(buttons, self._texts())
        fill(self.column, top, (self.table, 1), buttons)
        self._connect()
        self.set_colours()
        self.retranslate()

    @property
    def has_unexported(self) -> bool:
        """Whether texts were corrected since the table was exported."""
        return not self.model.history.is_clean

    def start(self, paths: Sequence[Path] | Path, layout: Layout = Layout.AUTO) -> None:
        """Read a folder, or several files; the table of the last one is forgotten."""
        self.banner.dismiss()
        self._folder = paths if isinstance(paths, Path) else paths[0].parent
        self._count = 0 if isinstance(paths, Path) else len(paths)
        self._reading.stop()
        self.model.start(self._folder)
        self.status.start()
        self._reading.start(paths, layout)
        self.retranslate()
        self.present()

    def present(self) -> None:
        """Bring it to the front."""
        super().present()
        self.table.setFocus()

    def _texts(self) -> dict[QPushButton, str]:
        return {
            self.open_button: self.tr("&Open"),
            self.correct_button: self.tr("&Correct"),
            self.export_button: self.tr("&Export CSV..."),
            self.another_button: self.tr("&Another folder..."),
            self.close_button: self.tr("Close"),
        }

    def _connect(self) -> None:
        reading, history = self._reading, self.model.history
        reading.progressed.connect(self._on_progressed)
        reading.finished.connect(self.status.end)
        reading.stopped.connect(self.status.end)
        reading.failed.connect(self._on_failed)
        reading.exported.connect(self._on_exported)
        reading.export_failed.connect(self._on_export_failed)
        for action, key in (
            (self.undo, QKeySequence.StandardKey.Undo),
            (self.redo, QKeySequence.StandardKey.Redo),
        ):
            action.setShortcuts(key)
            self.addAction(action)
        self.undo.triggered.connect(history.undo)
        self.redo.triggered.connect(history.redo)
        self.only_doubtful.toggled.connect(self.table.rows.set_only_doubtful)
        self.table.activated.connect(self._open)
        self.table.selectionModel().currentChanged.connect(self._update)
        self.status.cancelled.connect(reading.stop)

    def _on_progressed(self, progress: FolderProgress) -> None:
        self.model.add(progress.rows)
        self.status.set_progress(progress.done, progress.total)
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.table.rows.index(0, TEXT))
        self._update()

    def _on_failed(self, error: BaseException) -> None:
        self.status.end()
        if isinstance(error, FolderEmpty):
            text = self.tr("{name}: there is no picture or ink in this folder; choose another one.")
            self.banner.show_text(text.format(name=shown(self._folder.name)))
        else:
            show_error(error, self.banner, self._messages)

    def _open(self) -> None:
        row = self.table.chosen
        if row is not None:
            self.opened.emit(self.model.row(row).path, self.model.row(row).page or 1)

    def _ask_where_to_export(self) -> None:
        self.banner.dismiss()
        title, name = self.tr("Export the table"), f"{self._folder.name}.csv"
        filters = self.tr("Tables (*.csv)"), self.tr("All files (*)")
        ask = partial(ask_path, self, "export", title, self._export, Mode.AnyFile, filters)
        ask(folder=str(self._folder.parent), suggested=name, suffix="csv")

    def _export(self, path: Path) -> None:
        self._exported_at = self.model.history.index
        self._reading.export(path, self.model.rows)

    def _on_exported(self, name: str) -> None:
        if self.model.history.index == self._exported_at:
            self.model.history.set_clean()
        self.status.set_exported(name)

    def _on_export_failed(self, error: BaseException) -> None:
        show_error(error, self.banner, self._messages)

    def _ask_for_another(self) -> None:
        if self.has_unexported:
            self.ask_to_leave(self.another_wanted.emit)
        else:
            self.another_wanted.emit()

    def ask_to_leave(self, leave: Callable[[], None]) -> None:
        """Leave the table, unless the person would rather export it first."""
        ask(
            self,
            "discard_corrections",
            self.tr("Leave this table without exporting it?"),
            self.tr(
                "Texts were corrected since it was exported. They are remembered, and come back "
                "when the folder is read again."
            ),
            self.tr("&Leave it"),
            leave,
        )

    def _update(self) -> None:
        has_row = self.table.chosen is not None
        self.open_button.setEnabled(has_row)
        self.correct_button.setEnabled(has_row)
        self.export_button.setEnabled(self.model.rowCount() > 0)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # closed, not made an icon
            self._reading.stop()

    def retranslate(self) -> None:
        name, title = self._folder.name, self.tr("Read folder")
        if self._count:
            self.setWindowTitle(self.tr("Read files: %n", "", self._count))
        else:
            self.setWindowTitle(f"{title}: {title_text(name)}" if name else title)
        set_texts(self._texts())
        self.only_doubtful.setText(self.tr("Only &doubtful ones"))
        self.only_doubtful.setToolTip(
            self.tr("Files with a digit that is uncertain or looks like none, and unread ones")
        )
        self.undo.setText(self.tr("&Undo"))
        self.redo.setText(self.tr("&Redo"))
        self.model.retranslate()
        self._update()

    def set_colours(self) -> None:
        show_ticks(self.only_doubtful, palette=self.palette())
