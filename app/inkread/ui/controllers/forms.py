"""File > Form template: makes its dialogs when they are first asked for."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent

from inkread.services.forms import Draft, Forms, FormsReading
from inkread.services.settings import Settings
from inkread.ui.widgets.ask_path import Mode, ask_path
from inkread.ui.widgets.confirm import ask

if TYPE_CHECKING:
    from inkread.core.picture.page import Page
    from inkread.ui.forms.dialog import FormDialog
    from inkread.ui.forms.results_dialog import FormsDialog
    from inkread.ui.window.main_window import MainWindow


class FormsController(QObject):
    """Minds that no template and no correction is lost by closing the window."""

    def __init__(
        self, window: MainWindow, forms: Forms, reading: FormsReading, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window, self._forms, self._reading = window, forms, reading
        self._settings = settings
        self._template: FormDialog | None = None
        self._table: FormsDialog | None = None
        self._may_close = False
        window.commands.form_template.triggered.connect(self.show_template)
        window.closing.connect(self._on_closing)

    def show_template(self) -> None:
        self.template_dialog().present()

    def template_dialog(self) -> FormDialog:
        if self._template is None:
            from inkread.ui.forms.dialog import FormDialog

            window = self._window
            self._template = FormDialog(self._forms, self._current, window.messages, window)
            self._template.folder_wanted.connect(self._ask_which_folder)
        return self._template

    def table_dialog(self) -> FormsDialog:
        if self._table is None:
            from inkread.ui.forms.results_dialog import FormsDialog

            self._table = FormsDialog(self._reading, self._window.messages, self._window)
            self._table.opened.connect(self._open)
        return self._table

    def give_up(self) -> None:
        """Stop what is under way: the window will be closed without asking."""
        self._may_close = True
        self._reading.stop()

    def _current(self) -> tuple[Page, str] | None:
        picture = self._window.workspace.picture
        return None if picture is None else (picture.page, self._window.workspace.name)

    def _ask_which_folder(self, draft: Draft) -> None:
        title, folder = self.tr("Read a folder of forms"), self._settings.last_folder
        then = partial(self._read, draft)
        dialog = self.template_dialog()
        ask_path(dialog, "forms_folder", title, then, Mode.Directory, folder=folder)

    def _read(self, draft: Draft, folder: Path) -> None:
        self._settings.last_folder = str(folder)
        self.table_dialog().start(folder, draft)

    def _open(self, path: str) -> None:
        self._window.files.open_path(path)
        self._window.raise_()
        self._window.activateWindow()

    def _on_closing(self, event: QCloseEvent) -> None:
        if not event.isAccepted():
            return
        is_unsaved = self._template is not None and self._template.has_unsaved
        is_unsaved |= self._table is not None and self._table.has_unexported
        if self._may_close or not is_unsaved:
            for dialog in (self._template, self._table):
                if dialog is not None:
                    dialog.close()
            return
        event.ignore()
        ask(
            self._window,
            "quit_unsaved_form",
            self.tr("A form template or a table of forms is not saved. Quit without it?"),
            self.tr("Its fields, or the corrected texts, are lost then."),
            self.tr("&Quit"),
            self._discard_and_close,
        )

    def _discard_and_close(self) -> None:
        self._may_close = True
        self._window.close()
