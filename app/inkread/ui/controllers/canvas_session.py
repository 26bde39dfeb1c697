"""Minds that nothing drawn is lost with the window: it is there again at the next start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent

from inkread.services.canvas_session import CanvasSession
from inkread.services.recognition import Recognition
from inkread.services.saving import INKML, Saving
from inkread.ui.canvas.documents import Document, State
from inkread.ui.history.undo import OpenDrawing
from inkread.ui.widgets.confirm import ask
from inkread.ui.widgets.messages import reason

if TYPE_CHECKING:
    from inkread.core.ink import Ink
    from inkread.data.canvas_session import Sketch
    from inkread.ui.window.main_window import MainWindow

#: Delay after the last stroke before the canvas is saved, ms; a crash costs no more.
_AFTER = 2000
#: Maximum number of drawings; the oldest are dropped first.
_MAX = 20


class CanvasSessionController(QObject):
    """Connects the documents of the canvas with the service that keeps them.

    Signals
    -------
    ink_saved(Document)
        Its ink is saved in a file.
    """

    ink_saved = Signal(object)

    def __init__(
        self,
        window: MainWindow,
        sketches: CanvasSession,
        saving: Saving,
        recognition: Recognition,
    ) -> None:
        super().__init__(window)
        self._recognition = recognition
        self._window = window
        self._sketches = sketches
        self._documents = window.workspace.documents
        self._may_close = False
        self._kept: tuple[State, ...] = ()
        #: Ink being saved to a file, by its path.
        self._saving: dict[str, tuple[Document, tuple[Ink, ...]]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AFTER)
        self._timer.timeout.connect(self._keep)
        window.workspace.changed.connect(self._timer.start)
        window.files.save_chosen.connect(self._on_save_chosen)
        saving.ink_saved.connect(self._on_ink_saved)
        window.closing.connect(self._on_closing)
        sketches.loaded.connect(self._on_loaded)
        sketches.failed.connect(self._on_failed)

    def give_up(self) -> None:
        """Let the window close without asking."""
        self._may_close = True

    def _keep(self) -> None:
        """Keep what is on the canvas, if it is not kept as it is."""
        self._timer.stop()
        documents = self._documents.unsaved[-_MAX:]
        states = tuple(each.state for each in documents)
        if states != self._kept:
            self._kept = states
            self._sketches.save(tuple(_sketch(each) for each in documents))

    def _on_save_chosen(self, path: Path) -> None:
        if path.suffix.lower() == INKML:  # no other form holds all of it
            document = self._documents.current
            self._saving[str(path)] = document, tuple(drawing.ink for drawing in document.drawings)

    def _on_ink_saved(self, path: str, digest: str) -> None:
        document, inks = self._saving.pop(path, (None, ()))
        if document is None:  # saved to the same path twice, one just after the other
            return
        document.digest = digest
        for drawing, ink in zip(document.drawings, inks, strict=True):
            drawing.filed = ink
        self.ink_saved.emit(document)
        self._timer.start()

    def _on_loaded(self, sketches: tuple[Sketch, ...]) -> None:
        documents = []
        for sketch in sketches:
            drawings = [OpenDrawing.left(each.drawing) for each in sketch.drawings]
            for drawing, each in zip(drawings, sketch.drawings, strict=True):
                steps = [(edit,) for edit in each.edits]
                self._window.workspace.editor.restore(drawing.history, (), steps)
            documents.append(Document(drawings, "", sketch.current, is_left=True))
        self._documents.restore(documents)
        self._kept = tuple(each.state for each in documents)
        if not self._documents.current.is_blank:  # which says so itself when it has been read
            once = Qt.ConnectionType.SingleShotConnection
            self._recognition.reading_changed.connect(self._report_it, once)

    def _report_it(self) -> None:
        words = self.tr("Your last drawing is back; File > New drawing begins another one")
        self._window.status.report(words)

    def _on_failed(self, error: BaseException) -> None:
        self._kept = ()
        words = self.tr("The drawing cannot be kept for the next start ({reason}): save it.")
        self._window.workspace.banner.show_text(words.format(reason=reason(error)))

    def _on_closing(self, event: QCloseEvent) -> None:
        if not event.isAccepted():
            return
        if self._sketches.is_failing and self._documents.unsaved and not self._may_close:
            event.ignore()
            ask(
                self._window,
                "quit_unsaved",
                self.tr("The drawing cannot be kept for the next start. Quit all the same?"),
                self.tr("Save it first, or it will be lost."),
                self.tr("&Quit"),
                self._close,
            )
            return
        self._keep()

    def _close(self) -> None:
        self._may_close = True
        self._window.close()


def _sketch(document: Document) -> Sketch:
    from inkread.data.canvas_session import Sketch, SketchDrawing

    drawings = (SketchDrawing(each.saved, each.history.edits) for each in document.drawings)
    return Sketch(tuple(drawings), document.current)
