"""Saves drawings and readings to files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inkread.core.reading import Reading
from inkread.services.background.serial_queue import SerialQueue
from inkread.services.background.tasks import Executor

if TYPE_CHECKING:
    from inkread.core.inkml import Drawing

INKML, SVG, PNG = ".inkml", ".svg", ".png"
SUFFIXES = (INKML, SVG, PNG)
TEXT_SUFFIXES = (".txt", ".csv", ".json")
XLSX, CSV = ".xlsx", ".csv"
TABLE_SUFFIXES = (XLSX, CSV)


def encoded(drawings: tuple[Drawing, ...], current: int, suffix: str) -> bytes:
    """Content of a file: InkML holds all drawings, a picture the current one."""
    from inkread.core.ink_export import ink_to_png, ink_to_svg
    from inkread.core.inkml import write_inkml

    encoders: dict[str, Callable[[], bytes]] = {
        INKML: lambda: write_inkml(drawings),
        SVG: lambda: ink_to_svg(drawings[current].ink),
        PNG: lambda: ink_to_png(drawings[current].ink),
    }
    return encoders[suffix]()


class Saving(QObject):
    """Writes off the GUI thread, one file after the other; each is replaced whole or not at all.

    Signals
    -------
    saved(str)
        The path.
    ink_saved(object, str)
        What `save` was given as `about`, and the digest of the file of ink; before `saved`.
    failed(error)
        The file could not be saved.
    """

    saved = Signal(object)
    ink_saved = Signal(object, str)
    failed = Signal(object)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # In order: what is saved last to a path is what the file holds.
        self._queue = SerialQueue(executor, self.failed.emit)

    def save(
        self, path: Path, drawings: tuple[Drawing, ...], current: int = 0, about: object = None
    ) -> None:
        """Save `drawings` in the format of the suffix of `path`, one of `SUFFIXES`.

        `about` comes back with the digest: it tells saves to one path apart.
        """

        def data(suffix: str) -> bytes:
            from inkread.core.errors import SuffixUnknown

            if suffix not in SUFFIXES:
                raise SuffixUnknown(name=str(path), known=", ".join(SUFFIXES))
            return encoded(drawings, current, suffix)

        self._write(path, data, about)

    def save_text(self, path: Path, name: str, reading: Reading, page: int = 1) -> None:
        """Save a reading in the format of the suffix of `path`, one of `TEXT_SUFFIXES`.

        `name` is the name of the ink or picture that was read, `page` which page of it.
        """

        def data(suffix: str) -> bytes:
            from inkread.core.batch.result_formats import as_file
            from inkread.core.errors import TextSuffixUnknown

            if suffix not in TEXT_SUFFIXES:
                raise TextSuffixUnknown(name=str(path), known=", ".join(TEXT_SUFFIXES))
            return as_file(name, reading, suffix.removeprefix("."), page)

        self._write(path, data)

    def save_table(self, path: Path, name: str, reading: Reading) -> None:
        """Save the tables of a reading in the format of the suffix, one of `TABLE_SUFFIXES`.

        `name` is the name of the picture that was read.
        """

        def data(suffix: str) -> bytes:
            from inkread.core.batch.table_csv import table_csv
            from inkread.core.errors import TableSuffixUnknown

            if suffix not in TABLE_SUFFIXES:
                raise TableSuffixUnknown(name=str(path), known=", ".join(TABLE_SUFFIXES))
            if suffix == CSV:
                return table_csv(reading)
            from inkread.core.batch.workbook import workbook_of  # imports openpyxl

            return workbook_of(name, reading)

        self._write(path, data)

    def finish(self) -> None:
        """Write what is left, when no worker runs any more."""
        self._queue.finish()

    def _write(self, path: Path, data: Callable[[str], bytes], about: object = None) -> None:
        def write() -> str:
            from inkread.core.files import write_file
            from inkread.core.picture.page import digest_of

            suffix = path.suffix.lower()
            content = data(suffix)
            write_file(path, content)
            return digest_of(content) if suffix == INKML else ""

        def on_saved(digest: str) -> None:
            if digest:
                self.ink_saved.emit(about, digest)
            self.saved.emit(str(path))

        self._queue.do(write, on_saved)
