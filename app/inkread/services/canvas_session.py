"""Keeps what stands on the canvas, off the GUI thread."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

from inkread.services.background.serial_queue import Errands, Told
from inkread.services.background.tasks import Executor, Lazy

if TYPE_CHECKING:
    from inkread.data.canvas_session import Sketch, SketchFolder


class Sketches(QObject):
    """The first window that is open takes over what those before it left; each keeps its own.

    Signals
    -------
    loaded(tuple of Sketch)
        What was left; not told if that is nothing.
    failed(error)
        It could not be kept. Told once until it is kept again.
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
        self._errands = Errands(executor, self)
        self._errands.told.connect(self._on_told)
        self._newest: Sequence[Sketch] | None = None
        self.is_failing = False

    def load(self) -> None:
        """Ask for what was left."""
        self._errands.do(self._load)

    def save(self, sketches: Sequence[Sketch]) -> None:
        """Keep these in the place of what was kept before."""
        self._newest = sketches
        self._errands.do(self._save)

    def finish(self) -> None:
        """Do what is still to be done, now that no worker runs any more."""
        self._errands.finish()
        self._lock.unlock()

    def _open(self) -> SketchFolder:
        from inkread.data.canvas_session import SketchFolder

        self._path.mkdir(parents=True, exist_ok=True)
        self._is_first = self._lock.tryLock(0)
        name = "canvas" if self._is_first else f"canvas-{secrets.token_hex(4)}"
        return SketchFolder(self._path, name)

    def _load(self) -> Told:
        if not self._path.is_dir():
            return None
        folder = self._folder.get()
        left = folder.load() if self._is_first else ()
        return ("loaded", left) if left else None

    def _save(self) -> Told:
        newest, self._newest = self._newest, None
        if newest is None or not (newest or self._path.is_dir()):
            return None
        try:
            self._folder.get().save(newest)
        except OSError as error:
            from inkread.core.errors import SaveFailed

            raise SaveFailed(name=str(self._path), reason=error.strerror) from error
        return "saved", None

    def _on_told(self, what: str, value: object) -> None:
        if what == "loaded":
            self.loaded.emit(value)
            return
        was_failing, self.is_failing = self.is_failing, what == "failed"
        if self.is_failing and not was_failing:
            self.failed.emit(value)
