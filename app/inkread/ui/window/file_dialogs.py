"""The dialogs that ask for a file; imported only when one is wanted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from inkread.core.batch.sources import PICTURE_SUFFIXES
from inkread.services.saving import INKML, SUFFIXES, TABLE_SUFFIXES, TEXT_SUFFIXES
from inkread.ui.widgets.retranslated import Retranslated

_PICTURES = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)


class _FileDialog(Retranslated, QFileDialog):
    """Its texts follow the language; what was chosen stays."""

    def __init__(self, name: str, window: QWidget, folder: str) -> None:
        super().__init__(window, directory=folder)
        self.setObjectName(name)
        self.finished.connect(self.deleteLater)

    def _set_filters(self, names: list[str]) -> None:
        before = self.nameFilters()
        chosen = before.index(self.selectedNameFilter()) if before else 0
        self.setNameFilters(names)
        self.selectNameFilter(names[chosen])


class OpenDialog(_FileDialog):
    """Asks for a picture or ink: `fileSelected`."""

    def __init__(self, window: QWidget, folder: str) -> None:
        super().__init__("open", window, folder)
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Open a picture or ink"))
        both = self.tr("Pictures and ink ({patterns})")
        pictures = self.tr("Pictures ({patterns})")
        ink = self.tr("Ink ({patterns})")
        self._set_filters(
            [
                both.format(patterns=f"{_PICTURES} *{INKML} *.svg"),
                pictures.format(patterns=_PICTURES),
                ink.format(patterns=f"*{INKML} *.svg"),
                self.tr("All files (*)"),
            ]
        )


class FolderChooser(_FileDialog):
    """Asks for a folder to read: `fileSelected`."""

    def __init__(self, window: QWidget, folder: str) -> None:
        super().__init__("choose_folder", window, folder)
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly)
        self.retranslate()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Read a folder and its subfolders"))


class _SaveDialog(_FileDialog):
    """Asks where and in which format to save; the chosen path has its suffix."""

    chosen = Signal(object)

    #: In the order of the filters; the first is the usual one.
    suffixes: tuple[str, ...] = ()

    def __init__(self, name: str, window: QWidget, folder: str) -> None:
        super().__init__(name, window, folder)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.retranslate()
        # With it Qt's own dialog asks before it replaces a file whose suffix was not typed.
        self.setDefaultSuffix(self.suffixes[0])
        self.filterSelected.connect(self._on_filter_selected)
        self.fileSelected.connect(self._on_file_selected)

    def _suffix_of(self, name_filter: str) -> str:
        names = self.nameFilters()
        return self.suffixes[names.index(name_filter) if name_filter in names else 0]

    def _on_filter_selected(self, name: str) -> None:
        self.setDefaultSuffix(self._suffix_of(name))

    def _on_file_selected(self, name: str) -> None:
        path = Path(name)
        if path.suffix.lower() not in self.suffixes:
            path = path.with_name(path.name + self._suffix_of(self.selectedNameFilter()))
        self.chosen.emit(path)


class SaveDialog(_SaveDialog):
    """For a drawing."""

    suffixes = SUFFIXES

    def __init__(self, window: QWidget, folder: str) -> None:
        super().__init__("save", window, folder)
        self.selectFile(self.tr("drawing"))

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Save the drawing"))
        self._set_filters(
            [
                self.tr("Ink, to be opened again (*.inkml)"),
                self.tr("Drawing (*.svg)"),
                self.tr("Picture (*.png)"),
            ]
        )


class SaveTextDialog(_SaveDialog):
    """For what was read."""

    suffixes = TEXT_SUFFIXES

    def __init__(self, window: QWidget, folder: str) -> None:
        super().__init__("save_text", window, folder)
        self.selectFile(self.tr("text"))

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Save what was read"))
        self._set_filters(
            [
                self.tr("Text (*.txt)"),
                self.tr("Table (*.csv)"),
                self.tr("All that is known of every digit (*.json)"),
            ]
        )


class SaveTableDialog(_SaveDialog):
    """For the tables of what was read."""

    suffixes = TABLE_SUFFIXES

    def __init__(self, window: QWidget, folder: str) -> None:
        super().__init__("save_table", window, folder)
        self.selectFile(self.tr("table"))

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Save the table"))
        self._set_filters([self.tr("Workbook (*.xlsx)"), self.tr("Table (*.csv)")])
