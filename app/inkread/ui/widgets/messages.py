"""All messages about errors: expected ones as a sentence, unexpected ones as a report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from inkread.core.errors import InkreadError
from inkread.core.escapes import MAX_TEXT, visible
from inkread.services.background.tasks import Delivery
from inkread.ui.widgets.banner import Banner
from inkread.ui.widgets.plain_text import shown

if TYPE_CHECKING:
    from inkread.ui.widgets.report_dialog import ReportDialog


def sentence(error: InkreadError) -> str:
    """Translated sentence of an error; file names without folders."""
    facts = {key: _fact(fact) for key, fact in error.facts.items()}
    name = error.facts.get("name")
    if isinstance(name, str) and name:
        facts["name"] = file_name(name)
    return QCoreApplication.translate("errors", error.template).format(**facts)


def file_name(path: str) -> str:
    """The name of a file in sentences, without its folder."""
    return shown(Path(path).name or path)


def _fact(fact: object) -> object:
    return shown(fact, MAX_TEXT) if isinstance(fact, str) else fact


def reason(error: BaseException) -> str:
    """Why something did not happen, short enough for the end of a sentence."""
    if not isinstance(error, InkreadError):
        return QCoreApplication.translate("errors", "an unexpected error")
    return shown(str(error.facts.get("reason", "")), MAX_TEXT) or sentence(error)


class Messages(QObject):
    """Shows errors from any thread; the program continues."""

    def __init__(self, banner: Banner, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._banner = banner
        self._dialog: ReportDialog | None = None
        self._known: set[str] = set()
        self._delivery = Delivery()

    def report(self, error: BaseException) -> None:
        """Show an error of either kind; may be called from any thread."""
        self._delivery.call(lambda: self._show(error))

    def dismiss(self) -> None:
        """Dismiss the last message, after something has succeeded."""
        self._banner.dismiss()

    def _show(self, error: BaseException) -> None:
        if isinstance(error, InkreadError):
            self._banner.show_text(sentence(error))
        else:
            self._report(error)

    def _report(self, error: BaseException) -> None:
        # Imported when needed: the modules that describe the system are slow to load.
        from inkread.ui.widgets.report_dialog import ReportDialog, report

        text = report(error)
        print("\n".join(map(visible, text.split("\n"))), file=sys.stderr)
        if text in self._known:
            # An error in a paint event repeats with every frame: one dialog is enough.
            self._banner.show_text(self.tr("The same unexpected error happened again."))
        elif self._dialog is None:
            self._known.add(text)
            self._dialog = ReportDialog(text, self._window)
            self._dialog.finished.connect(self._on_closed)
            self._dialog.open()

    def _on_closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None


def show_error(error: BaseException, banner: Banner, messages: Messages) -> None:
    """Show an expected error in a dialog's own banner."""
    if isinstance(error, InkreadError):
        banner.show_text(sentence(error))
    else:
        messages.report(error)
