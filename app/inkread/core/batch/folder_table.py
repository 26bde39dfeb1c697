"""A folder of pictures and ink as a table: one small row for each file."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.batch.read_files import (
    Content,
    Part,
    parts_of,
    read_content,
    read_source,
    unforeseen_reported,
)
from inkread.core.batch.read_many import read_many
from inkread.core.batch.result_formats import CSV_COLUMNS, csv_line
from inkread.core.batch.sources import Source, expand
from inkread.core.classifier import Classifier
from inkread.core.errors import FolderEmpty, InkreadError
from inkread.core.ink import rasterise
from inkread.core.layout import Layout
from inkread.core.picture.page import Page, digest_of, page_digest, page_title
from inkread.core.reading import rounded

#: Maximum width and height of a thumbnail, px.
THUMBNAIL = (96, 48)
_THUMBNAIL_LINE = 3.0  # px
#: Rows are reported in batches, at most one in this time, s.
_MIN_INTERVAL = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """The result for one page of a file, or for a file.

    Attributes
    ----------
    path : str
        The file.
    text : str
        The text, lines joined by a newline.
    confidence : float
        Probability of the least certain glyph, 0 to 1; 0 if nothing is written.
    glyphs, rejected, doubtful : int
        Count of all glyphs, of those that look like no digit, and of doubtful ones.
    error : InkreadError or None
        Why it could not be read.
    thumbnail : (h, w, 3) array of uint8 or None
        RGB, read-only, no larger than `THUMBNAIL`; None if the file cannot be opened.
    digest : str
        SHA-256 of the file's bytes, as that of a page; of its path if the file cannot be read.
    notes : tuple of str
        As of the reading.
    page : int or None
        Which page it is, from 1 on; None: the file could not be opened.
    pages : int
        How many pages the file has.
    """

    path: str
    text: str = ""
    confidence: float = 0.0
    glyphs: int = 0
    rejected: int = 0
    doubtful: int = 0
    error: InkreadError | None = None
    thumbnail: NDArray[np.uint8] | None = None
    digest: str = ""
    notes: tuple[str, ...] = ()
    page: int | None = None
    pages: int = 1

    @property
    def title(self) -> str:
        """The path, with the page if there are several."""
        return self.path if self.page is None else page_title(self.path, self.page, self.pages)

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should check the file: it has doubtful glyphs or could not be read."""
        return self.doubtful > 0 or self.error is not None


@dataclass(frozen=True, slots=True, eq=False)
class FolderProgress:
    """`done` of `total` files are read; `rows` are those since the last report."""

    done: int
    total: int
    rows: tuple[Row, ...] = ()


def read_folder(
    folder: str | Sequence[str],
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    *,
    workers: int = 0,
    clock: Callable[[], float] = time.monotonic,
) -> Generator[FolderProgress, None, None]:
    """Read all pictures and InkML files in a folder and its subfolders, on all cores.

    Parameters
    ----------
    folder : str or sequence of str
        Its hidden files and folders are left out. Several: files, and folders of them.
    classifier : Classifier
        As `read_many` takes it.
    layout : Layout
        For all files.
    workers : int
        As `read_many` takes it.
    clock : callable
        Seconds.

    Yields
    ------
    FolderProgress
        Rows sorted by path. The first report has none.

    Raises
    ------
    FolderEmpty
        If it holds no picture or InkML file.
    """
    sources = expand([folder] if isinstance(folder, str) else folder, recursive=True)
    if len(sources) == 1 and isinstance(sources[0].error, FolderEmpty):
        raise sources[0].error
    yield FolderProgress(0, len(sources))
    done, last, rows = 0, clock(), list[Row]()
    for done, found in enumerate(read_many(sources, rows_of, classifier, layout, workers), 1):
        for row in found:
            if row.thumbnail is not None:
                row.thumbnail.setflags(write=False)  # pickling loses that
        rows += found
        if clock() - last >= _MIN_INTERVAL:
            last = clock()
            yield FolderProgress(done, len(sources), tuple(rows))
            rows.clear()
    if rows:
        yield FolderProgress(len(sources), len(sources), tuple(rows))


def rows_of(source: Source, classifier: Classifier, layout: Layout = Layout.AUTO) -> list[Row]:
    """Read one file, a row for each page; whatever is wrong with it is part of its row."""
    data, rows = b"", list[Row]()
    try:
        with unforeseen_reported(source.name):
            data = read_source(source)
            for part in parts_of(data, source.name):
                rows.append(_row(part, source.name, data, classifier, layout))
    except InkreadError as error:
        digest = digest_of(data or os.fsencode(Path(source.name).absolute()))
        rows.append(Row(source.name, error=error, digest=digest))
    return rows


def _row(part: Part, name: str, data: bytes, classifier: Classifier, layout: Layout) -> Row:
    row = Row(name, page=part.number, pages=part.count)
    row = replace(row, digest=page_digest(digest_of(data), part.number))
    try:
        with unforeseen_reported(row.title):
            content = part.open()
            row = replace(row, thumbnail=thumbnail(content))
            reading = read_content(content, classifier, layout)
    except InkreadError as error:
        return replace(row, error=error)
    return replace(
        row,
        text=reading.text,
        confidence=reading.confidence,
        glyphs=len(reading.glyphs),
        rejected=len(reading.rejected),
        doubtful=len(reading.doubtful),
        notes=reading.notes,
    )


def table(rows: Iterable[tuple[Row, str | None]]) -> bytes:
    """Rows as CSV: the columns of ``inkread read --csv``, and whether the text was corrected.

    Parameters
    ----------
    rows : iterable of (Row, str or None)
        Each with the text that a person typed instead; None: nobody did.
    """
    lines = [csv_line(*CSV_COLUMNS, "corrected")]
    for row, typed in rows:
        text = row.text if typed is None else typed
        error = "" if row.error is None else str(row.error)
        counts = row.rejected, row.glyphs, row.doubtful, row.page or "", int(typed is not None)
        lines.append(csv_line(row.path, text, rounded(row.confidence), error, *counts))
    return b"".join(lines)


def thumbnail(content: Content) -> NDArray[np.uint8] | None:
    """A small picture of a page, or of the first drawing that is not empty.

    Returns
    -------
    (h, w, 3) array of uint8 or None
        RGB, read-only, no larger than `THUMBNAIL`; None if all drawings are empty.
    """
    if isinstance(content, Page):
        small = _reduced(content.colour)
    else:
        strokes = next((d.ink.strokes for d in content if not d.ink.is_empty), ())
        if not strokes:
            return None
        drawn = 255 - rasterise(strokes, max(THUMBNAIL), _THUMBNAIL_LINE)
        small = _reduced(np.repeat(drawn[..., np.newaxis], 3, axis=2))
    small.setflags(write=False)
    return small


def _reduced(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A copy that fits; never enlarged."""
    height, width = picture.shape[:2]
    scale = min(1.0, THUMBNAIL[0] / width, THUMBNAIL[1] / height)
    size = max(1, math.floor(width * scale)), max(1, math.floor(height * scale))
    if scale == 1:
        return picture.copy()
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
