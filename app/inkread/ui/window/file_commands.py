"""Where writing comes from and goes to: dialogs, drops, the clipboard, recent files."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.core.errors import FileMissing
from inkread.services.recognition import Recognition
from inkread.services.saving import INKML, Saving
from inkread.services.settings import Settings

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData, QUrl
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

#: Formats whose bytes go to a worker undecoded, best first.
_RAW_PICTURES = (
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/tiff",
    "image/bmp",
    "image/gif",
)


class Files(QObject):
    """Opens and saves; remembers folder and recent files of what went well."""

    #: The path of the file, or the name of what is no file.
    opening = Signal(object)
    #: A folder was dropped, or several files: the list of their paths.
    several_dropped = Signal(object)
    save_chosen = Signal(object)
    save_text_chosen = Signal(object)
    save_table_chosen = Signal(object)
    saved = Signal(object)

    def __init__(
        self, recognition: Recognition, saving: Saving, settings: Settings, window: QWidget
    ) -> None:
        super().__init__(window)
        self._recognition = recognition
        self._saving = saving
        self._settings = settings
        self._window = window
        self._path = ""
        recognition.page_opened.connect(self._remember)
        recognition.drawings_opened.connect(self._remember)
        recognition.failed.connect(self._on_failed)
        saving.saved.connect(self._on_saved)

    def ask_what_to_open(self) -> None:
        from inkread.ui.window.file_dialogs import OpenDialog

        dialog = OpenDialog(self._window, self._settings.last_folder)
        dialog.fileSelected.connect(lambda path: self.open_path(path))
        dialog.open()

    def ask_where_to_save(self) -> None:
        """Ask for a path, emitted as `save_chosen`."""
        from inkread.ui.window.file_dialogs import SaveDialog

        dialog = SaveDialog(self._window, self._settings.last_folder)
        dialog.chosen.connect(self.save_chosen)
        dialog.open()

    def ask_where_to_save_text(self) -> None:
        """Ask for a path, emitted as `save_text_chosen`."""
        from inkread.ui.window.file_dialogs import SaveTextDialog

        dialog = SaveTextDialog(self._window, self._settings.last_folder)
        dialog.chosen.connect(self.save_text_chosen)
        dialog.open()

    def ask_where_to_save_table(self) -> None:
        """Ask for a path, emitted as `save_table_chosen`."""
        from inkread.ui.window.file_dialogs import SaveTableDialog

        dialog = SaveTableDialog(self._window, self._settings.last_folder)
        dialog.chosen.connect(self.save_table_chosen)
        dialog.open()

    def open_path(self, path: str, page: int = 1) -> None:
        self.opening.emit(path)
        self._path = path
        self._recognition.open_file(Path(path), page - 1)

    @staticmethod
    def can_open(mime: QMimeData) -> bool:
        """Whether something was dropped or copied that may be a picture or ink."""
        return bool(_local_files(mime)) or mime.hasImage() or bool(_raw_picture(mime))

    def open_mime(self, mime: QMimeData, name: str) -> None:
        """Open what was dropped or copied; `name` is what errors call it."""
        paths = _local_files(mime)
        if len(paths) > 1 or (paths and Path(paths[0]).is_dir()):
            self.several_dropped.emit(paths)
            return
        if paths:
            self.open_path(paths[0])
            return
        raw = _raw_picture(mime)
        if raw:
            self._begin(name)
            self._recognition.open_bytes(bytes(mime.data(raw).data()), name)
        else:
            from PySide6.QtGui import QImage

            self.open_image(QImage(mime.imageData()), name)

    def open_image(self, image: QImage, name: str) -> None:
        """Open a picture without a file, such as a part of the screen."""
        from inkread.ui.page.qimage_page import page_of_image

        self._begin(name)
        self._recognition.open_from(partial(page_of_image, image, name), name)

    def _begin(self, name: str) -> None:
        """Something that is no file is opened."""
        self.opening.emit(name)
        self._path = ""

    def _remember(self) -> None:
        if self._path:
            self._settings.remember_file(str(Path(self._path).absolute()))

    def _on_failed(self, error: BaseException) -> None:
        if isinstance(error, FileMissing):
            self._settings.forget_files([str(Path(self._path).absolute())])
        self._path = ""

    def _on_saved(self, path: str) -> None:
        self._settings.last_folder = str(Path(path).absolute().parent)
        if path.lower().endswith(INKML):
            self._settings.remember_file(str(Path(path).absolute()))
        self.saved.emit(Path(path).name)


def _local_files(mime: QMimeData) -> list[str]:
    """The files of the computer's own in `mime`."""
    return [_path(url) for url in mime.urls() if url.isLocalFile()]


def _path(url: QUrl) -> str:
    """The path of a local file; Qt's own would lose bytes that are no UTF-8."""
    path = url.toLocalFile()
    if "\ufffd" not in path or os.name != "posix":
        return path
    from urllib.parse import unquote_to_bytes  # seldom needed

    encoded = url.path(url.ComponentFormattingOption.FullyEncoded)
    return os.fsdecode(unquote_to_bytes(encoded))


def _raw_picture(mime: QMimeData) -> str:
    """The format in which `mime` holds the bytes of a picture file; empty: in none."""
    held = set(mime.formats())
    return next((kind for kind in _RAW_PICTURES if kind in held), "")
