"""Hands corrections over to be kept as samples, and says in the window what became of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent

from inkread.core.ink import Ink
from inkread.core.reading import Glyph
from inkread.services.sample_keeper import Correction, SampleKeeper
from inkread.services.samples import Samples
from inkread.services.settings import Settings
from inkread.ui.history.undo import History

if TYPE_CHECKING:
    from inkread.core.classifier import Classifier
    from inkread.ui.samples.dialog import SamplesDialog
    from inkread.ui.window.main_window import MainWindow


class SamplesController(QObject):
    """Between the corrections of the window and the service that keeps them."""

    def __init__(
        self,
        window: MainWindow,
        keeper: SampleKeeper,
        samples: Samples,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._keeper = keeper
        self._samples = samples
        self._settings = settings
        self._dialog: SamplesDialog | None = None
        window.commands.samples.triggered.connect(self.show_samples)
        window.closing.connect(self._on_closing)
        #: The model in use, by name and checksum.
        self.model = self._said = ""
        editor = window.workspace.editor
        editor.glyph_corrected.connect(self._on_corrected)
        editor.correction_undone.connect(self._on_undone)
        editor.restored.connect(self._on_restored)
        keeper.kept.connect(self._on_kept)
        keeper.taken_out.connect(self._on_taken_out)
        keeper.failed.connect(window.messages.report)

    def set_model(self, classifier: Classifier) -> None:
        """Use another model from now on."""
        info: Any = getattr(classifier, "info", None)
        name = info.name if info else ""
        self.model = f"{name} {getattr(classifier, 'checksum', '')}".strip()

    def refresh(self) -> None:
        """The samples were changed by somebody else: show them anew, if they are shown."""
        if self._dialog is not None and self._dialog.isVisible():
            self._samples.refresh()

    def afterwards(self, act: Callable[[], None]) -> None:
        """Call `act` once all that was corrected so far is kept."""
        self._keeper.queue.afterwards(act)

    def show_samples(self) -> None:
        if self._dialog is None:
            from inkread.ui.samples.dialog import SamplesDialog

            self._dialog = SamplesDialog(self._samples, self._window.messages, self._window)
        self._dialog.present()

    def _on_closing(self, event: QCloseEvent) -> None:
        if event.isAccepted() and self._dialog is not None:
            self._dialog.close()

    def _on_corrected(self, glyph: Glyph, label: str, ink: Ink | None) -> None:
        if not self._settings.keeps_samples:
            return
        name = "" if ink is not None else Path(self._window.workspace.name).name
        self._keeper.keep(Correction(glyph, label, ink, name, self.model))

    def _on_undone(self, glyph: Glyph, _label: str) -> None:
        self._keeper.take_out(glyph)

    def _on_restored(self, history: History) -> None:
        for edit in history.edits:
            if edit.label is not None:
                self._keeper.expect(edit.removed[0], edit.label)

    def _on_kept(self, count: int) -> None:
        self._note(self.tr("Kept as a sample: %n in all", "", count))

    def _on_taken_out(self, count: int) -> None:
        self._note(self.tr("No longer a sample: %n in all", "", count))

    def _note(self, words: str) -> None:
        """Show it unless the status bar shows something else."""
        self.refresh()
        if self._window.status.note(words, self._said):
            self._said = words
