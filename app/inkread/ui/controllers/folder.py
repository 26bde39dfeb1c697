"""File > Read folder: asks for the folder, and minds that no correction is lost by closing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent

from inkread.core.layout import Layout
from inkread.services.corrections import PictureCorrections
from inkread.services.folders import FolderReading
from inkread.services.settings import Settings
from inkread.ui.widgets.confirm import ask

if TYPE_CHECKING:
    from inkread.ui.folder.dialog import FolderDialog
    from inkread.ui.window.main_window import MainWindow


class FolderController(QObject):
    """Makes the dialog when it is first asked for."""

    def __init__(
        self,
        window: MainWindow,
        reading: FolderReading,
        corrections: PictureCorrections,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._corrections = corrections
        self._window = window
        self._reading = reading
        self._settings = settings
        self._dialog: FolderDialog | None = None
        self._may_close = False
        window.commands.read_folder.triggered.connect(self.read_folder)
        window.files.several_dropped.connect(self._on_dropped)
        window.closing.connect(self._on_closing)

    def read_folder(self) -> None:
        """Ask which folder to read; one that is being read or was corrected comes back instead."""
        dialog = self._dialog
        if dialog is not None and (self._reading.is_running or dialog.has_unexported):
            dialog.present()
        else:
            self.ask_which()

    def ask_which(self) -> None:
        from inkread.ui.window.file_dialogs import FolderChooser

        chooser = FolderChooser(self._window, self._settings.last_folder)
        chooser.fileSelected.connect(self._read)
        chooser.open()

    def _on_dropped(self, paths: list[str]) -> None:
        if self._dialog is not None and self._dialog.has_unexported:
            self._dialog.present()
            self._dialog.ask_to_leave(lambda: self._read_all(paths))
        else:
            self._read_all(paths)

    def give_up(self) -> None:
        """Stop what is under way: the window will be closed without asking."""
        self._may_close = True
        self._reading.stop()

    def _read(self, path: str) -> None:
        self._settings.last_folder = path
        self._the_dialog().start(Path(path), Layout(self._settings.layout))

    def _read_all(self, paths: list[str]) -> None:
        """Read a folder, or several files and folders."""
        if len(paths) == 1:
            self._read(paths[0])
        else:
            found = [Path(path) for path in paths]
            self._the_dialog().start(found, Layout(self._settings.layout))

    def _the_dialog(self) -> FolderDialog:
        if self._dialog is None:
            from inkread.ui.folder.dialog import FolderDialog

            self._dialog = FolderDialog(
                self._reading, self._corrections, self._window.messages, self._window
            )
            self._dialog.opened.connect(self._open)
            self._dialog.another_wanted.connect(self.ask_which)
        return self._dialog

    def _open(self, path: str, page: int) -> None:
        self._window.files.open_path(path, page)
        self._window.raise_()
        self._window.activateWindow()

    def _on_closing(self, event: QCloseEvent) -> None:
        if not event.isAccepted():
            return
        if self._may_close or self._dialog is None or not self._dialog.has_unexported:
            if self._dialog is not None:
                self._dialog.close()
            return
        event.ignore()
        ask(
            self._window,
            "quit_unexported",
            self.tr("Texts of a folder were corrected. Quit without exporting the table?"),
            self.tr("The texts are remembered, and come back when the folder is read again."),
            self.tr("&Quit"),
            self._discard_and_close,
        )

    def _discard_and_close(self) -> None:
        self._may_close = True
        self._window.close()
