"""Model > My samples: samples by class, with actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inkread.services.samples import Samples
from inkread.ui.samples.grid import SampleGrid, SampleModel
from inkread.ui.widgets.ask_path import Mode, ask_path
from inkread.ui.widgets.layouts import add_buttons, fill, push_button, set_texts
from inkread.ui.widgets.messages import Messages
from inkread.ui.widgets.plain_text import PlainLabel, shown
from inkread.ui.widgets.tool_dialog import ToolDialog

if TYPE_CHECKING:
    from inkread.data.samples.export import ExportResult
    from inkread.data.samples.sample import ListedSample
    from inkread.data.samples.store import AddedSamples


class SamplesDialog(ToolDialog):
    """Changes apply at once and can be undone."""

    def __init__(self, samples: Samples, messages: Messages, parent: QWidget) -> None:
        super().__init__("samples", messages, parent, (860, 520))
        self._samples = samples
        self._listed: tuple[ListedSample, ...] = ()
        self._model = SampleModel()
        self.grid = SampleGrid(self._model)
        self.filter = QComboBox()
        self.label = QLineEdit()
        self.empty = PlainLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.note = PlainLabel()
        self.relabel_button = push_button(self._relabel)
        self.delete_button = push_button(self._delete)
        self.undo_button = push_button(lambda: self._do(self._samples.undo))
        self.import_button = push_button(self._ask_what_to_import)
        self.folder_button = push_button(self._ask_which_folder)
        self.export_button = push_button(self._ask_where_to_export)
        self.close_button = push_button(self.close)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.grid)
        self._pages.addWidget(self.empty)
        buttons = fill(QVBoxLayout(), self.filter, 12, self.label)
        add_buttons(buttons, self._texts())
        sides = fill(QHBoxLayout(), (self._pages, 1), buttons)
        fill(self.column, (sides, 1), self.note)
        self._samples.listed.connect(self._on_listed)
        self._samples.undo_available.connect(self.undo_button.setEnabled)
        self._samples.failed.connect(self._on_failed)
        self._samples.exported.connect(self._on_exported)
        self._samples.imported.connect(self._on_imported)
        self.filter.currentIndexChanged.connect(self._show_samples)
        self.grid.selectionModel().selectionChanged.connect(self._update)
        self.label.textChanged.connect(self._update)
        self.label.returnPressed.connect(self._relabel)
        self.retranslate()

    def present(self) -> None:
        """Refresh the samples and bring the dialog to the front."""
        self._samples.refresh()
        super().present()
        self.grid.setFocus()

    def _texts(self) -> dict[QPushButton, str]:
        return {
            self.relabel_button: self.tr("&Relabel"),
            self.delete_button: self.tr("&Delete"),
            self.undo_button: self.tr("&Undo"),
            self.import_button: self.tr("&Import file..."),
            self.folder_button: self.tr("Import &folder..."),
            self.export_button: self.tr("&Export all..."),
            self.close_button: self.tr("Close"),
        }

    def _do(self, act: Callable[[], None]) -> None:
        self.banner.dismiss()
        self.note.clear()
        act()

    def _relabel(self) -> None:
        chosen, label = self.grid.chosen, self.label.text().strip()
        if chosen and label:
            self._do(lambda: self._samples.relabel(chosen, label))

    def _delete(self) -> None:
        chosen = self.grid.chosen
        self._do(lambda: self._samples.delete(chosen))

    def _ask_what_to_import(self) -> None:
        title, samples = self.tr("Import samples"), self.tr("Labelled ink or cells ({patterns})")
        filters = samples.format(patterns="*.inkml *.npz *.csv"), self.tr("All files (*)")
        then = self._samples.import_path
        self._do(lambda: ask_path(self, "import_samples", title, then, filters=filters))

    def _ask_which_folder(self) -> None:
        title, then = self.tr("Import a folder for each class"), self._samples.import_path
        self._do(lambda: ask_path(self, "import_folder", title, then, Mode.Directory))

    def _ask_where_to_export(self) -> None:
        title, suggested = self.tr("Export all samples"), self.tr("samples")
        ink, cells = self.tr("Labelled ink"), self.tr("Cells for training")
        folder = self.tr("A new folder with one for each class")
        filters = f"{folder} (*)", f"{cells} (*.npz)", f"{ink} (*.inkml)"
        ask = partial(ask_path, self, "export_samples", title, self._samples.export)
        self._do(lambda: ask(Mode.AnyFile, filters, suggested=suggested))

    def _on_failed(self, error: BaseException) -> None:
        if self.isVisible():
            self.show_error(error)

    def _on_exported(self, written: ExportResult) -> None:
        words = self.tr("Exported: %n", "", written.count)
        if written.omitted:
            words += self.tr("; without ink and so left out: %n", "", written.omitted)
        self.note.setText(words)

    def _on_imported(self, taken: AddedSamples, unusable: int) -> None:
        words = self.tr("New samples: %n", "", len(taken.ids))
        if taken.disagreements:
            words += self.tr(
                "; here already under another label, which stays: %n", "", len(taken.disagreements)
            )
        if unusable:
            words += self.tr("; files that could not be used: %n", "", unusable)
        self.note.setText(words)

    def _on_listed(self, listed: tuple[ListedSample, ...]) -> None:
        self._listed = listed
        self._show_filter()
        self._show_samples()

    def _show_filter(self) -> None:
        """Show all classes with their counts; keep the chosen class if it still exists."""
        chosen = self.filter.currentData()
        counts = Counter(sample.label for sample in self._listed)
        self.filter.blockSignals(True)
        self.filter.clear()
        everything = self.tr("All ({count})").format(count=len(self._listed))
        self.filter.addItem(everything, "")
        for label in sorted(counts):
            self.filter.addItem(f"{shown(label)} ({counts[label]})", label)
        self.filter.setCurrentIndex(max(0, self.filter.findData(chosen)))
        self.filter.blockSignals(False)

    def _show_samples(self) -> None:
        label = self.filter.currentData()
        found = [one for one in self._listed if one.label == label] if label else self._listed
        self._model.set_samples(found)
        self._pages.setCurrentWidget(self.grid if found else self.empty)
        self._update()

    def _update(self) -> None:
        has_chosen = self.grid.selectionModel().hasSelection()
        self.relabel_button.setEnabled(has_chosen and bool(self.label.text().strip()))
        self.delete_button.setEnabled(has_chosen)
        self.export_button.setEnabled(bool(self._listed))

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("My samples"))
        self.filter.setAccessibleName(self.tr("Class"))
        self.grid.setAccessibleName(self.tr("Samples"))
        self.label.setAccessibleName(self.tr("New label"))
        self.label.setPlaceholderText(self.tr("New label"))
        self.empty.setText(
            self.tr(
                "No samples yet. Correct or confirm a digit in the window, or import some; "
                "all of them stay on this computer."
            )
        )
        set_texts(self._texts())
        self.undo_button.setToolTip(self.tr("Take back the last change of the samples"))
        self._show_filter()
        self._show_samples()
