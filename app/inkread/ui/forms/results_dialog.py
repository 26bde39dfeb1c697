"""A folder of forms as a table: read, corrected, exported."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QTableView,
    QWidget,
)

from inkread.services.forms import Draft, FormsReading
from inkread.ui.forms.results_model import FormsModel, Index
from inkread.ui.widgets.ask_path import Mode, ask_path
from inkread.ui.widgets.forms import show_ticks
from inkread.ui.widgets.layouts import add_buttons, fill, push_button, set_texts
from inkread.ui.widgets.messages import Messages
from inkread.ui.widgets.plain_text import PlainLabel, shown, title_text
from inkread.ui.widgets.tool_dialog import ToolDialog

if TYPE_CHECKING:
    from inkread.core.batch.form_results import FormsProgress


class FormsFilter(QSortFilterProxyModel):
    """The rows that are shown."""

    def __init__(self, model: FormsModel) -> None:
        super().__init__(model)
        self._model, self._only = model, False
        self.setSourceModel(model)

    def set_only_doubtful(self, only: bool) -> None:
        self._only = only
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, _source_parent: Index) -> bool:
        return not self._only or self._model.is_to_look_at(source_row)


class FormsDialog(ToolDialog):
    """Not modal. Closing it gives up reading; what was read stays."""

    #: The path of a file that is to be shown in the window.
    opened = Signal(object)

    def __init__(self, reading: FormsReading, messages: Messages, parent: QWidget) -> None:
        super().__init__("forms", messages, parent, (960, 520), Qt.WindowType.Window)
        self._reading, self._folder = reading, Path()
        self._draft: Draft | None = None
        self._done = self._total = 0
        self.model = FormsModel(self)
        self.rows = FormsFilter(self.model)
        self.table = QTableView()
        self.table.setModel(self.rows)
        self.table.setObjectName("forms_table")
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.status = PlainLabel()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setMaximumHeight(12)
        self.only_doubtful = QCheckBox()
        self.open_button = push_button(self._open)
        self.export_button = push_button(self._ask_where_to_export)
        self.cancel_button = push_button(reading.stop, "cancel")
        self.close_button = push_button(self.close)
        top = fill(QHBoxLayout(), self.status, (self.bar, 1), self.cancel_button, None)
        fill(top, self.only_doubtful)
        buttons = QHBoxLayout()
        add_buttons(buttons, self._texts())
        fill(self.column, top, (self.table, 1), buttons)
        self._connect()
        self.set_colours()
        self.retranslate()

    def _connect(self) -> None:
        reading = self._reading
        reading.progressed.connect(self._on_progressed)
        for ended in (reading.finished, reading.stopped):
            ended.connect(self._update)
        reading.failed.connect(self._on_failed)
        reading.exported.connect(self._on_exported)
        reading.export_failed.connect(self.show_error)
        self.only_doubtful.toggled.connect(self.rows.set_only_doubtful)
        self.table.selectionModel().currentChanged.connect(self._update)
        self.model.dataChanged.connect(self._update)
        self.cancel_button.setAutoDefault(False)

    @property
    def has_unexported(self) -> bool:
        """Whether texts were corrected since the table was exported."""
        return self.model.is_changed

    def start(self, folder: Path, draft: Draft) -> None:
        """Read a folder; the table of the last one is forgotten."""
        self.banner.dismiss()
        self._folder, self._draft = folder, draft
        self._done = self._total = 0
        self.model.start([field.name for field in draft.fields])
        self._reading.start(folder, draft)
        self.retranslate()
        self.present()
        self.table.setFocus()

    def _on_progressed(self, progress: FormsProgress) -> None:
        self._done, self._total = progress.done, progress.total
        self.model.add(progress.results)
        self._update()

    def _on_failed(self, error: BaseException) -> None:
        self.show_error(error)
        self._update()

    def _open(self) -> None:
        index = self.rows.mapToSource(self.table.currentIndex())
        if index.isValid():
            self.opened.emit(self.model.results[index.row()].path)

    def _ask_where_to_export(self) -> None:
        self.banner.dismiss()
        title = self.tr("Export the table")
        filters = self.tr("Tables (*.csv)"), self.tr("Workbooks (*.xlsx)")
        ask = partial(ask_path, self, "export_forms", title, self._export, Mode.AnyFile, filters)
        folder = str(self._folder.parent)
        ask(folder=folder, suggested=f"{self._folder.name}.csv", suffix="csv")

    def _export(self, path: Path) -> None:
        if self._draft is not None:
            self.model.is_changed = False
            self._reading.export(path, self.model.results, self._draft)

    def _on_exported(self, name: str) -> None:
        self.status.setText(self.tr("Exported {name}").format(name=shown(name)))

    def _update(self, *_: object) -> None:
        is_running = self._reading.is_running
        self.bar.setVisible(is_running)
        self.bar.setRange(0, self._total)
        self.bar.setValue(self._done)
        self.cancel_button.setVisible(is_running)
        self.open_button.setEnabled(self.table.currentIndex().isValid())
        self.export_button.setEnabled(bool(self.model.results) and not is_running)
        self.status.setText(self._summary())

    def _summary(self) -> str:
        if self._reading.is_running or self._done < self._total:
            text = self.tr("{done} of {total} files")
            return text.format(done=self._done, total=self._total)
        results = self.model.results
        text = self.tr("Forms: %n", "", len(results))
        doubtful = sum(1 for r in results if r.reading is not None and r.reading.doubtful)
        if doubtful:
            text += ", " + self.tr("doubtful: %n", "", doubtful)
        if failed := sum(1 for r in results if r.error is not None):
            text += ", " + self.tr("not read: %n", "", failed)
        return text

    def _texts(self) -> dict[QPushButton, str]:
        return {
            self.open_button: self.tr("&Open"),
            self.export_button: self.tr("&Export..."),
            self.close_button: self.tr("Close"),
        }

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # closed, not made an icon
            self._reading.stop()

    def retranslate(self) -> None:
        name, title = self._folder.name, self.tr("Forms")
        self.setWindowTitle(f"{title}: {title_text(name)}" if name else title)
        set_texts(self._texts())
        self.cancel_button.setText(self.tr("Cancel"))
        self.bar.setAccessibleName(self.tr("Files that are read"))
        self.only_doubtful.setText(self.tr("Only &doubtful ones"))
        self.table.setAccessibleName(self.tr("Forms"))
        self.model.retranslate()
        self._update()

    def set_colours(self) -> None:
        show_ticks(self.only_doubtful, palette=self.palette())
