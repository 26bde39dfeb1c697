"""Keeps the drawings on the canvas, off the GUI thread."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

from inkread.services.background.serial_queue import SerialQueue
from inkread.services.background.tasks import Executor, Lazy

if TYPE_CHECKING:
    from inkread.data.canvas_session import Sketch, SketchFolder


class CanvasSession(QObject):
    """The first window that is open takes over what those before it left; each keeps its own.

    Signals
    -------
    loaded(tuple of Sketch)
        The drawings that were left; not emitted if there are none.
    failed(error)
        Saving failed; not repeated until it succeeds again.
    """

    loaded = Signal(object)
    failed = Signal(object)

    def __init__(self, folder: Path, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = folder
        self._lock = QLockFile(str(folder / "window.lock"))
        self._lock.setStaleLockTime(0)  # only a process that is gone has left it
        self._is_first = False
        self._folder = Lazy(self._open)
        self._queue = SerialQueue(executor, self._on_failed)
        self._newest: Sequence[Sketch] | None = None
        self.is_failing = False

    def load(self) -> None:
        """Load what was left, emitted as `loaded`."""
        self._queue.do(self._load, self._on_loaded)

    def save(self, sketches: Sequence[Sketch]) -> None:
        """Keep these in the place of what was kept before."""
        self._newest = sketches
        self._queue.do(self._save, self._on_saved)

    def finish(self) -> None:
        """Load and save what is left, when no worker runs any more."""
        self._queue.finish()
        self._lock.unlock()

    def _open(self) -> SketchFolder:
        from inkread.data.canvas_session import SketchFolder

        self._path.mkdir(parents=True, exist_ok=True)
        self._is_first = self._lock.tryLock(0)
        name = "canvas" if self._is_first else f"canvas-{secrets.token_hex(4)}"
        return SketchFolder(self._path, name)

    def _load(self) -> tuple[Sketch, ...]:
        if not self._path.is_dir():
            return ()
        folder = self._folder.get()
        return folder.load() if self._is_first else ()

    def _save(self) -> bool:
        """Whether there was something to save."""
        newest, self._newest = self._newest, None
        if newest is None or not (newest or self._path.is_dir()):
            return False
        try:
            self._folder.get().save(newest)
        except OSError as error:
            from inkread.core.errors import SaveFailed

            raise SaveFailed(name=str(self._path), reason=error.strerror) from error
        return True

    def _on_loaded(self, left: tuple[Sketch, ...]) -> None:
        if left:
            self.loaded.emit(left)

    def _on_saved(self, is_saved: bool) -> None:
        self.is_failing = self.is_failing and not is_saved

    def _on_failed(self, error: Exception) -> None:
        was_failing, self.is_failing = self.is_failing, True
        if not was_failing:
            self.failed.emit(error)
