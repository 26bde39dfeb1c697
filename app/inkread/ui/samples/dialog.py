"""Model > My samples: what was taught, by class, and what can be done with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inkread.services.samples import Samples
from inkread.ui.samples.grid import SampleGrid, SampleModel
from inkread.ui.widgets.banner import Banner
from inkread.ui.widgets.messages import Messages, show_error
from inkread.ui.widgets.window_size import resize_by_font

if TYPE_CHECKING:
    from inkread.data.samples.export import ExportResult
    from inkread.data.samples.store import AddedSamples, StoredSample


class SamplesDialog(QDialog):
    """Changes hold at once and can be undone."""

    def __init__(self, samples: Samples, messages: Messages, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("samples")
        self._samples = samples
        self._messages = messages
        self._listed: tuple[StoredSample, ...] = ()
        self._model = SampleModel()
        self.banner = Banner()
        self.grid = SampleGrid(self._model)
        self.filter = QComboBox()
        self.label = QLineEdit()
        self.empty = QLabel()
        self.note = QLabel()
        self.relabel_button = QPushButton()
        self.delete_button = QPushButton()
        self.undo_button = QPushButton()
        self.import_button = QPushButton()
        self.folder_button = QPushButton()
        self.export_button = QPushButton()
        self.close_button = QPushButton()
        self._lay_out()
        self._connect()
        self.retranslate()

    def present(self) -> None:
        """Bring the dialog to the front, with the samples as they are now."""
        self._samples.refresh()
        self.show()
        self.raise_()
        self.activateWindow()
        self.grid.setFocus()

    def _lay_out(self) -> None:
        resize_by_font(self, 860, 520)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.grid)
        self._pages.addWidget(self.empty)
        buttons = QVBoxLayout()
        buttons.addWidget(self.filter)
        buttons.addSpacing(12)
        buttons.addWidget(self.label)
        for button in self._buttons():
            button.setAutoDefault(False)
            if button is self.close_button:
                buttons.addStretch()
            buttons.addWidget(button)
        sides = QHBoxLayout()
        sides.addWidget(self._pages, 1)
        sides.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(self.banner)
        layout.addLayout(sides, 1)
        layout.addWidget(self.note)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (
            self.relabel_button,
            self.delete_button,
            self.undo_button,
            self.import_button,
            self.folder_button,
            self.export_button,
            self.close_button,
        )

    def _connect(self) -> None:
        self._samples.listed.connect(self._on_listed)
        self._samples.undo_available.connect(self.undo_button.setEnabled)
        self._samples.failed.connect(self._on_failed)
        self._samples.exported.connect(self._on_exported)
        self._samples.imported.connect(self._on_imported)
        self.filter.currentIndexChanged.connect(self._show_samples)
        self.grid.selectionModel().selectionChanged.connect(self._update)
        self.label.textChanged.connect(self._update)
        self.label.returnPressed.connect(self._relabel)
        self.relabel_button.clicked.connect(self._relabel)
        self.delete_button.clicked.connect(self._delete)
        self.undo_button.clicked.connect(lambda: self._do(self._samples.undo))
        self.import_button.clicked.connect(self._ask_what_to_import)
        self.folder_button.clicked.connect(self._ask_which_folder)
        self.export_button.clicked.connect(self._ask_where_to_export)
        self.close_button.clicked.connect(self.close)

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
        dialog = self._file_dialog("import_samples", self.tr("Import samples"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        samples = self.tr("Labelled ink or cells ({patterns})")
        names = samples.format(patterns="*.inkml *.npz *.csv"), self.tr("All files (*)")
        dialog.setNameFilters(names)
        dialog.fileSelected.connect(self._import)
        dialog.open()

    def _ask_which_folder(self) -> None:
        dialog = self._file_dialog("import_folder", self.tr("Import a folder for each class"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._import)
        dialog.open()

    def _ask_where_to_export(self) -> None:
        dialog = self._file_dialog("export_samples", self.tr("Export all samples"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        ink, cells = self.tr("Labelled ink"), self.tr("Cells for training")
        folder = self.tr("A new folder with one for each class")
        dialog.setNameFilters([f"{folder} (*)", f"{cells} (*.npz)", f"{ink} (*.inkml)"])
        dialog.selectFile(self.tr("samples"))
        dialog.fileSelected.connect(lambda path: self._samples.export(Path(path)))
        dialog.open()

    def _import(self, path: str) -> None:
        self._samples.import_path(Path(path))

    def _file_dialog(self, name: str, title: str) -> QFileDialog:
        self.banner.dismiss()
        self.note.clear()
        dialog = QFileDialog(self, title)
        dialog.setObjectName(name)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def _on_failed(self, error: BaseException) -> None:
        if self.isVisible():
            show_error(error, self.banner, self._messages)

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

    def _on_listed(self, listed: tuple[StoredSample, ...]) -> None:
        self._listed = listed
        self._show_filter()
        self._show_samples()

    def _show_filter(self) -> None:
        """All classes with their counts; the chosen one stays chosen while there is one."""
        chosen = self.filter.currentData()
        counts = Counter(sample.label for sample in self._listed)
        self.filter.blockSignals(True)
        self.filter.clear()
        everything = self.tr("All ({count})").format(count=len(self._listed))
        self.filter.addItem(everything, "")
        for label in sorted(counts):
            self.filter.addItem(f"{label} ({counts[label]})", label)
        self.filter.setCurrentIndex(max(0, self.filter.findData(chosen)))
        self.filter.blockSignals(False)

    def _show_samples(self) -> None:
        label = self.filter.currentData()
        shown = [one for one in self._listed if not label or one.label == label]
        self._model.set_samples(sorted(shown, key=lambda one: (one.label, one.id)))
        self._pages.setCurrentWidget(self.grid if shown else self.empty)
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
        texts = (
            self.tr("&Relabel"),
            self.tr("&Delete"),
            self.tr("&Undo"),
            self.tr("&Import file..."),
            self.tr("Import &folder..."),
            self.tr("&Export all..."),
            self.tr("Close"),
        )
        for button, text in zip(self._buttons(), texts, strict=True):
            button.setText(text)
        self.undo_button.setToolTip(self.tr("Take back the last change of the samples"))
        self._show_filter()
        self._show_samples()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
