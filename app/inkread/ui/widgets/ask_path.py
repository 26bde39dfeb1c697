"""File and folder dialogs that do not block the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

Mode = QFileDialog.FileMode


def ask_path(
    parent: QWidget,
    name: str,
    title: str,
    then: Callable[[Path], None],
    mode: Mode = Mode.ExistingFile,
    filters: Sequence[str] = (),
    folder: str = "",
    suggested: str = "",
    suffix: str = "",
) -> None:
    """Ask for a path; `then` is called with the one that is chosen.

    Parameters
    ----------
    parent : QWidget
        The window in front of which the dialog stands.
    name : str
        Of the dialog, for tests.
    title : str
        Of the dialog, for people.
    then : callable
        Called with the path.
    mode : QFileDialog.FileMode
        `AnyFile` asks where to save.
    filters : sequence of str
        Such as "Tables (*.csv)"; the first is used at first.
    folder : str
        Where to begin.
    suggested : str
        A name for a file that is to be saved.
    suffix : str
        Added to a name without one.
    """
    dialog = QFileDialog(parent, title, folder)
    dialog.setObjectName(name)
    dialog.setFileMode(mode)
    if mode == Mode.AnyFile:
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(suggested)
    if filters:
        dialog.setNameFilters(filters)
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
