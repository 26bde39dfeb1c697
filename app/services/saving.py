"""Drawings into files."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services.tasks import Executor, Task

if TYPE_CHECKING:
    from app.core.inkml import Drawing

INKML, SVG, PNG = ".inkml", ".svg", ".png"
SUFFIXES = (INKML, SVG, PNG)


def encoded(drawings: tuple[Drawing, ...], current: int, suffix: str) -> bytes:
    """A file's content: pictures show the current drawing, InkML holds them all."""
    from app.core.export import ink_to_png, ink_to_svg
    from app.core.inkml import write_inkml

    encoders: dict[str, Callable[[], bytes]] = {
        INKML: lambda: write_inkml(drawings),
        SVG: lambda: ink_to_svg(drawings[current].ink),
        PNG: lambda: ink_to_png(drawings[current].ink),
    }
    return encoders[suffix]()


class Saving(QObject):
    """Writes drawings off the GUI thread; a file is replaced whole or not at all."""

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor

    def save(self, path: Path, drawings: tuple[Drawing, ...], current: int = 0) -> None:
        """Save `drawings` in the format that the suffix of `path`, one of `SUFFIXES`, says."""

        def work() -> Generator[None, None, str]:
            from app.core.errors import SuffixUnknown
            from app.core.files import write_file

            suffix = path.suffix.lower()
            if suffix not in SUFFIXES:
                raise SuffixUnknown(name=str(path), known=", ".join(SUFFIXES))
            write_file(path, encoded(drawings, current, suffix))
            return str(path)
            yield

        task = Task(work, self._executor)
        task.succeeded.connect(self.saved)
        task.failed.connect(self.failed)
        task.start()
