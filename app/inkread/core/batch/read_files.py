"""Files -> readings: one, or many on all cores."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from inkread.core.batch.read_many import read_many
from inkread.core.batch.result_formats import Result
from inkread.core.classifier import Classifier
from inkread.core.errors import InkreadError, ReadingFailed
from inkread.core.files import MAX_FILE_BYTES, read_file
from inkread.core.inkml import Drawing, is_inkml, read_inkml
from inkread.core.layout import Layout
from inkread.core.picture.page import Page, open_page
from inkread.core.reading import Reading
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink

if TYPE_CHECKING:
    from inkread.core.batch.sources import Source

#: The content of a file.
Content = Page | tuple[Drawing, ...]


def open_source(source: Source) -> Content:
    """Open a picture or an InkML file; the content decides which it is.

    Raises
    ------
    InkreadError
        If it cannot be opened.
    """
    return open_bytes(read_source(source), source.name)


def read_source(source: Source) -> bytes:
    """The bytes of one file.

    Raises
    ------
    InkreadError
        If it cannot be read, or the source holds an error.
    """
    if source.error is not None:
        raise source.error
    return read_file(source.name, MAX_FILE_BYTES)


def open_bytes(data: bytes, name: str) -> Content:
    """Open the bytes of a picture or InkML file; error sentences call it `name`.

    Raises
    ------
    InkreadError
        If it cannot be opened.
    """
    return read_inkml(data, name) if is_inkml(data) else open_page(data, name)


def read_content(content: Content, classifier: Classifier, layout: Layout = Layout.AUTO) -> Reading:
    """Read a page or drawings.

    Parameters
    ----------
    content : Page or tuple of Drawing
        Drawings are read one below the other.
    classifier : Classifier
        Must be safe to use from several threads.
    layout : Layout
        One digit, one line or several.

    Returns
    -------
    Reading
        Its glyphs have no stages.
    """
    if isinstance(content, Page):
        return read_page(content, classifier, layout, with_stages=False)
    return joined(
        read_ink(drawing.ink, classifier, layout, with_stages=False) for drawing in content
    )


def joined(readings: Iterable[Reading]) -> Reading:
    """Several readings as one, one below the other."""
    glyphs, lines, is_calibrated, is_partial = [], 0, True, False
    for reading in readings:
        glyphs += [replace(glyph, line=glyph.line + lines) for glyph in reading.glyphs]
        lines += len(reading.lines)
        is_calibrated &= reading.is_calibrated
        is_partial |= reading.is_partial
    return Reading(tuple(glyphs), is_calibrated, is_partial=is_partial)


@contextmanager
def unforeseen_reported(name: str) -> Iterator[None]:
    """Make one sentence of an error in the program, too."""
    try:
        yield
    except InkreadError:
        raise
    except Exception as error:
        raise ReadingFailed(name=name, reason=f"{type(error).__name__}: {error}") from error


def result_of(source: Source, classifier: Classifier, layout: Layout = Layout.AUTO) -> Result:
    """Read one file; whatever is wrong with it is part of the result."""
    try:
        with unforeseen_reported(source.name):
            reading = read_content(open_source(source), classifier, layout)
    except InkreadError as error:
        return Result(source.name, error=error)
    return Result(source.name, reading)


def results_of(
    sources: Sequence[Source],
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    workers: int = 0,
) -> Generator[Result, None, None]:
    """Read files on all cores, as `inkread.core.batch.read_many.read_many`; one result for each."""
    return read_many(sources, result_of, classifier, layout, workers)
