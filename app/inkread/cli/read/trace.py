"""Pictures of a page after each of its stages, as numbered PNG files."""

from __future__ import annotations

from pathlib import Path

import cv2

from inkread.core.batch.read_files import read_source
from inkread.core.batch.result_formats import Result
from inkread.core.batch.sources import STANDARD_INPUT, Source
from inkread.core.errors import FolderUnusable
from inkread.core.files import write_file
from inkread.core.inkml.ink_files import is_ink
from inkread.core.page.pipeline import trace_of
from inkread.core.picture.page import Pages


class Tracer:
    """Writes the traces of pages into a folder, of several each into one of its own.

    Parameters
    ----------
    folder : path
        It is made if it is not there.
    count : int
        How many files are read.

    Raises
    ------
    FolderUnusable
        If there can be no such folder.
    """

    def __init__(self, folder: str, count: int) -> None:
        if not folder:
            raise FolderUnusable(name="--trace", reason="an empty name is no folder")
        self._folder, self._count, self._index = Path(folder), count, 0
        self._is_new = True  # whether what comes is of another file
        _make(self._folder)

    def add(self, result: Result, data: bytes | None = None) -> str | None:
        """Trace the next file, or the next page of it, as it was read.

        Parameters
        ----------
        result : Result
            What was read of it.
        data : bytes, optional
            Its content, if it is no file.

        Returns
        -------
        str or None
            Why there is no trace, one sentence; None if there is one, or if the file was not read.

        Raises
        ------
        InkreadError
            If the file is gone, or the pictures cannot be written.
        """
        self._index += self._is_new
        self._is_new = result.is_last
        if result.reading is None:
            return None
        data = read_source(Source(result.path)) if data is None else data
        if is_ink(data):
            return f"{result.path}: strokes have no page stages; nothing was traced."
        with Pages(data, result.path) as pages:
            page = pages.page((result.page or 1) - 1)
        seen, folder = result.reading.seen, self._folder
        if self._count > 1:
            stem = "stdin" if result.path == STANDARD_INPUT else Path(result.path).stem
            folder = folder / f"{self._index:0{len(str(self._count))}d}-{stem}"
        if result.pages > 1:
            folder = folder / f"page-{result.page}"
        _make(folder)
        written = set[Path]()
        for index, step in enumerate(trace_of(page, seen, side=None), 1):
            written.add(path := folder / f"{index:02d}-{step.name.replace(' ', '-')}.png")
            write_file(path, cv2.imencode(".png", step.picture)[1].tobytes())
        _remove_earlier(written)
        return None


def _remove_earlier(written: set[Path]) -> None:
    """Remove what a page left that had one stage more or less, the turn."""
    stages = {path.name[2:] for path in written} | {"-turn-page.png"}
    for path in next(iter(written)).parent.glob("[0-9][0-9]-*.png"):
        if path.name[2:] in stages and path not in written:
            path.unlink(missing_ok=True)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FolderUnusable(name=str(folder), reason="there is a file of that name") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FolderUnusable(name=str(folder), reason=reason) from error
