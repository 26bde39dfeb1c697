"""The dialogs that ask for a file; imported only when one is wanted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.saving import INKML, PNG, SVG

_PICTURES = "*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp"


class OpenDialog(QFileDialog):
    """Asks for a picture or ink: `fileSelected`."""

    def __init__(self, window: QWidget, folder: str) -> None:
        super().__init__(window, directory=folder)
        self.setObjectName("open")
        self.setWindowTitle(self.tr("Open a picture or ink"))
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        both = self.tr("Pictures and ink ({patterns})")
        pictures = self.tr("Pictures ({patterns})")
        ink = self.tr("Ink ({patterns})")
        self.setNameFilters(
            [
                both.format(patterns=f"{_PICTURES} *{INKML}"),
                pictures.format(patterns=_PICTURES),
                ink.format(patterns=f"*{INKML}"),
                self.tr("All files (*)"),
            ]
        )
        self.finished.connect(self.deleteLater)


class SaveDialog(QFileDialog):
    """Asks where and in which format to save a drawing; the chosen path has its suffix."""

    chosen = Signal(object)

    def __init__(self, window: QWidget, folder: str) -> None:
        super().__init__(window, directory=folder)
        self.setObjectName("save")
        self.setWindowTitle(self.tr("Save the drawing"))
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._suffixes = {
            self.tr("Ink, to be opened again (*.inkml)"): INKML,
            self.tr("Drawing (*.svg)"): SVG,
            self.tr("Picture (*.png)"): PNG,
        }
        self.setNameFilters(list(self._suffixes))
        self.selectFile(self.tr("drawing"))
        # With it Qt's own dialog asks before it replaces a file whose suffix was not typed.
        self.setDefaultSuffix(INKML)
        self.filterSelected.connect(self._on_filter_selected)
        self.fileSelected.connect(self._on_file_selected)
        self.finished.connect(self.deleteLater)

    def _on_filter_selected(self, name: str) -> None:
        self.setDefaultSuffix(self._suffixes[name])

    def _on_file_selected(self, name: str) -> None:
        path = Path(name)
        if path.suffix.lower() not in self._suffixes.values():
            path = path.with_name(path.name + self._suffixes[self.selectedNameFilter()])
        self.chosen.emit(path)
