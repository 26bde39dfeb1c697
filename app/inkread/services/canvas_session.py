"""Keeps the drawings on the canvas, off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.services.background.failure_report import FailureReport
from inkread.services.background.serial_queue import SerialQueue
from inkread.services.background.tasks import Executor, Lazy

if TYPE_CHECKING:
    from inkread.data.canvas_records import Sketch
    from inkread.data.canvas_session import Left, SketchFolder


class CanvasSession(QObject):
    """Each window keeps its own drawings; a new one takes over those of windows that are gone.

    Signals
    -------
    loaded(tuple of Sketch)
        The drawings that were left; not emitted if there are none. They stay in their files
        until `take_over` is called.
    noticed(InkreadError)
        A file with drawings cannot be read.
    failed(error)
        Saving failed; not repeated until it succeeds again.
    """

    loaded = Signal(object)
    noticed = Signal(object)
    failed = Signal(object)

    def __init__(self, folder: Path, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = folder
        self._folder = Lazy(self._open)
        self._opened: SketchFolder | None = None
        self._failures = FailureReport(self.failed.emit)
        self._queue = SerialQueue(executor, self._failures.fail)
        #: Newest sketches: a job for others has nothing to do.
        self._newest: Sequence[Sketch] = ()
        self._is_taken_over = False
        self._is_finished = False

    @property
    def is_failing(self) -> bool:
        """Whether the last save failed."""
        return self._failures.is_failing

    def load(self) -> None:
        """Load what was left, emitted as `loaded`."""
        self._queue.do(self._load, self._on_loaded)

    def take_over(self) -> None:
        """Note that every later `save` has what was loaded, or that it was done away with."""
        self._is_taken_over = True

    def save(self, sketches: Sequence[Sketch]) -> None:
        """Keep these in the place of what was kept before."""
        self._newest = sketches
        with_left = self._is_taken_over
        self._queue.do(lambda: self._save(sketches, with_left), self._on_saved)

    def stop(self) -> None:
        """Give up loading; what was not loaded stays where it is."""
        self._is_finished = True

    def finish(self) -> None:
        """Save what is left, when no worker runs any more."""
        self._is_finished = True
        self._queue.finish()
        if self._opened is not None:
            self._opened.close()

    def _open(self) -> SketchFolder:
        from inkread.data.canvas_session import SketchFolder

        self._opened = SketchFolder(self._path)
        return self._opened

    def _load(self) -> Left | None:
        if self._is_finished or not self._path.is_dir():
            return None
        return self._folder.get().load(lambda: self._is_finished)

    def _save(self, sketches: Sequence[Sketch], with_left: bool) -> bool:
        """Whether it is on the disk; not if others are to be saved instead."""
        if self._newest is not sketches:
            return False
        if sketches or self._path.is_dir():
            self._folder.get().save(sketches, with_left)
        return True

    def _on_loaded(self, left: Left | None) -> None:
        if left is None or self._is_finished:
            return
        if left.sketches:
            self.loaded.emit(left.sketches)
        for notice in left.notices:
            self.noticed.emit(notice)

    def _on_saved(self, is_saved: bool) -> None:
        if is_saved:
            self._failures.succeed()
