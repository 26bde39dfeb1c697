"""Minds that nothing drawn is lost with the window: it is there again at the next start."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent

from inkread.services.canvas_session import CanvasSession
from inkread.services.recognition import Recognition
from inkread.services.saving import Saving
from inkread.ui.canvas.documents import MAX_DOCUMENTS, Document, Snapshot, State
from inkread.ui.history.undo import OpenDrawing
from inkread.ui.widgets.confirm import ask
from inkread.ui.widgets.messages import reason

if TYPE_CHECKING:
    from inkread.data.canvas_records import Sketch
    from inkread.ui.window.main_window import MainWindow

#: Delay after the last change before the canvas is saved, ms; chosen: between two strokes.
QUIET = 300
#: Maximum delay after the first change that is not saved, ms; chosen: a crash may cost two seconds,
#: and on a machine with eight times the work that it can do, timer, worker and disk took 1.2 s more
#: (measured: `tests.benchmarks.kills`). Each save costs 10 ms even of 200,000 strokes.
LATEST = 500
#: Delay before saving is tried again after it failed, ms; chosen: a disk is full for longer.
RETRY = 5000


class CanvasSessionController(QObject):
    """Connects the documents of the canvas with the service that keeps them.

    Signals
    -------
    ink_saved(Snapshot)
        A document is saved in a file as ink.
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
        #: Saved last: of each document its state, and the index of the drawing on show;
        #: None: saving has failed.
        self._kept: tuple[tuple[State, int], ...] | None = ()
        self._quiet = self._timer(QUIET, self._keep)
        self._latest = self._timer(LATEST, self._keep)
        self._retry = self._timer(RETRY, self._try_again)
        window.workspace.changed.connect(self._on_changed)
        window.workspace.canvas.ink_changing.connect(self._on_changed)
        saving.ink_saved.connect(self._on_ink_saved)
        window.closing.connect(self._on_closing)
        sketches.loaded.connect(self._on_loaded)
        sketches.failed.connect(self._on_failed)
        sketches.noticed.connect(window.messages.report)

    def give_up(self) -> None:
        """Let the window close without asking."""
        self._may_close = True

    def _timer(self, interval: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self, singleShot=True, interval=interval)
        timer.timeout.connect(act)
        return timer

    def _on_changed(self, *_: object) -> None:
        """Save in a moment of quiet; while there is none, at the latest time."""
        self._quiet.start()
        if not self._latest.isActive():
            self._latest.start()

    def _keep(self) -> None:
        """Keep what is on the canvas, if it is not kept as it is."""
        self._quiet.stop()
        self._latest.stop()
        documents = self._documents.unsaved[-MAX_DOCUMENTS:]
        states = [self._documents.state_of(each) for each in documents]
        now = tuple((state, each.current) for each, state in zip(documents, states, strict=True))
        if now != self._kept:
            self._kept = now
            self._sketches.save(tuple(map(_sketch, documents, states)))

    def _try_again(self) -> None:
        if self._sketches.is_failing:
            self._kept = None
            self._keep()
            self._retry.start()
        else:
            self._window.workspace.banner.end_lasting()

    def _on_ink_saved(self, saved: Snapshot, digest: str) -> None:
        """Perhaps more was drawn meanwhile, or saved to the same path."""
        self._documents.set_filed(saved, digest)
        self.ink_saved.emit(saved)
        self._on_changed()

    def _on_loaded(self, sketches: tuple[Sketch, ...]) -> None:
        documents = []
        for sketch in sketches:
            drawings = [
                OpenDrawing.left(each.drawing, bool(each.edits)) for each in sketch.drawings
            ]
            for drawing, each in zip(drawings, sketch.drawings, strict=True):
                steps = [(edit,) for edit in each.edits]
                self._window.workspace.editor.restore(drawing.history, (), steps)
            documents.append(Document(drawings, "", sketch.current, is_left=True))
        self._documents.restore(documents)
        self._kept = tuple((each.state, each.current) for each in documents)
        self._sketches.take_over()
        self._on_changed()  # what was begun meanwhile is kept with it
        if not self._documents.current.is_blank:  # which says so itself when it has been read
            once = Qt.ConnectionType.SingleShotConnection
            self._recognition.reading_changed.connect(self._report_it, once)

    def _report_it(self) -> None:
        words = self.tr("Your last drawing is back; File > New drawing begins another one")
        self._window.status.announce(words)

    def _on_failed(self, error: BaseException) -> None:
        self._kept = None
        self._retry.start()
        words = self.tr("The drawing cannot be kept for the next start ({reason}): save it.")
        self._window.workspace.banner.show_lasting(words.format(reason=reason(error)))

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


def _sketch(document: Document, state: State) -> Sketch:
    from inkread.core.inkml import Drawing
    from inkread.data.canvas_records import Sketch, SketchDrawing

    drawings = []
    for each, (ink, edits) in zip(document.drawings, state, strict=True):
        drawing = each.saved if ink is each.ink else Drawing(None, ink)
        drawings.append(SketchDrawing(drawing, edits))
    return Sketch(tuple(drawings), document.current)
