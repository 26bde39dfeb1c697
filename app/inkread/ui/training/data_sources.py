"""List of training data: named data sets, and added files and folders."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inkread.core.escapes import MAX_TEXT
from inkread.ui.widgets.layouts import bare, fill, push_button
from inkread.ui.widgets.plain_text import plain_tooltip, shown
from inkread.ui.widgets.retranslated import Retranslated

#: As `inkread.ml.datasets` calls them, which is slow to import.
STARTER, MNIST = "starter", "mnist"
_NAMED = (STARTER, MNIST)
_SOURCE = Qt.ItemDataRole.UserRole


class _Entries(QListWidget):
    """A list whose entries can be ticked and removed by keyboard."""

    removed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class DataList(Retranslated, QWidget):
    """All ticked data are trained on together; at first the starter set is ticked."""

    changed = Signal()

    def __init__(self, folder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self.entries = _Entries()
        self.entries.setObjectName("data")
        self.entries.setSpacing(2)
        self.entries.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.add_files_button = push_button(self._ask_for_files)
        self.add_folder_button = push_button(self._ask_for_folder)
        self.remove_button = push_button(self.remove)
        for source in _NAMED:
            self._add(source, source == STARTER)
        buttons = QVBoxLayout()
        for button in (self.add_files_button, self.add_folder_button, self.remove_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch()
        fill(bare(QHBoxLayout(self)), (self.entries, 1), buttons)
        self.entries.setMinimumHeight(6 * self.fontMetrics().height())
        self.entries.itemChanged.connect(self.changed)
        self.entries.currentRowChanged.connect(self._on_row_changed)
        self.entries.removed.connect(self.remove)
        self.entries.setCurrentRow(0)
        self.retranslate()

    def sources(self) -> tuple[str, ...]:
        """The ticked sources, as `inkread.ml.datasets.load.loading` takes them."""
        items = (self.entries.item(row) for row in range(self.entries.count()))
        ticked = (item for item in items if item.checkState() == Qt.CheckState.Checked)
        return tuple(item.data(_SOURCE) for item in ticked)

    def add_paths(self, paths: list[str]) -> None:
        """Add files or folders and tick them; existing entries are ticked again."""
        for path in paths:
            self._folder = str(Path(path).parent)
            self._item(path).setCheckState(Qt.CheckState.Checked)
        self.changed.emit()

    def remove(self) -> None:
        """Remove the selected file or folder; named data sets stay."""
        row = self.entries.currentRow()
        if row >= len(_NAMED):
            self.entries.takeItem(row)
            self.changed.emit()

    def _item(self, path: str) -> QListWidgetItem:
        for row in range(self.entries.count()):
            if self.entries.item(row).data(_SOURCE) == path:
                return self.entries.item(row)
        return self._add(path, True)

    def _add(self, source: str, is_ticked: bool) -> QListWidgetItem:
        item = QListWidgetItem()
        item.setData(_SOURCE, source)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
        if source not in _NAMED:
            item.setText(shown(Path(source).name or source))
            item.setToolTip(plain_tooltip(shown(source, MAX_TEXT)))
        self.entries.addItem(item)
        return item

    def _on_row_changed(self, row: int) -> None:
        self.remove_button.setEnabled(row >= len(_NAMED))

    def _ask_for_files(self) -> None:
        self._ask(QFileDialog.FileMode.ExistingFiles, self.tr("Add files to learn"))

    def _ask_for_folder(self) -> None:
        self._ask(QFileDialog.FileMode.Directory, self.tr("Add a folder to learn"))

    def _ask(self, mode: QFileDialog.FileMode, title: str) -> None:
        dialog = QFileDialog(self, title, self._folder)
        dialog.setObjectName("add_data")
        dialog.setFileMode(mode)
        if mode == QFileDialog.FileMode.Directory:
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            kinds = self.tr("Data sets ({patterns})")
            patterns = "*.npz *.csv *.tsv *.gz *ubyte *.idx *.inkml"
            dialog.setNameFilters([kinds.format(patterns=patterns), self.tr("All files (*)")])
        dialog.filesSelected.connect(self.add_paths)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def retranslate(self) -> None:
        texts = (
            self.tr("Starter set: 5,000 digits of MNIST, on this machine"),
            self.tr("MNIST: 60,000 digits, fetched once (12 MB)"),
        )
        for row, text in enumerate(texts):
            self.entries.item(row).setText(text)
        self.entries.setAccessibleName(self.tr("Data to learn"))
        self.add_files_button.setText(self.tr("Add &files..."))
        self.add_folder_button.setText(self.tr("Add f&older..."))
        self.remove_button.setText(self.tr("Re&move"))
