"""Files in, readings out: one after the other, or many on all cores."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from inkread.core.batch.read_many import read_many
from inkread.core.batch.result_formats import Result
from inkread.core.classifier import Classifier
from inkread.core.errors import InkreadError, ReaderEnded, ReadingFailed
from inkread.core.files import LARGEST_FILE, read_file
from inkread.core.inkml import Drawing, is_inkml, read_inkml
from inkread.core.layout import Layout
from inkread.core.picture.page import Page, open_page
from inkread.core.reading import Reading
from inkread.core.recognition.recognise import read_ink, read_page

if TYPE_CHECKING:
    from inkread.core.batch.sources import Source


#: What a file holds.
Content = Page | tuple[Drawing, ...]


def open_source(source: Source) -> Content:
    """Open one file: its content tells ink from picture.

    Raises
    ------
    InkreadError
        Whatever is wrong with it.
    """
    return open_bytes(read_source(source), source.name)


def read_source(source: Source) -> bytes:
    """The bytes of one file.

    Raises
    ------
    InkreadError
        If they cannot be had.
    """
    if source.error is not None:
        raise source.error
    return read_file(source.name, LARGEST_FILE)


def open_bytes(data: bytes, name: str) -> Content:
    """Open the bytes of a picture or InkML; `name` is what the sentences of the errors call it.

    Raises
    ------
    InkreadError
        Whatever is wrong with it.
    """
    return read_inkml(data, name) if is_inkml(data) else open_page(data, name)


def read_content(content: Content, classifier: Classifier, layout: Layout = Layout.AUTO) -> Reading:
    """Read what a file holds.

    Parameters
    ----------
    content : Page or tuple of Drawing
        Drawings are read one below the other.
    classifier : Classifier
        Tells the glyphs apart; several threads may ask it at once.
    layout : Layout
        Whether it is one sign, one line or several.

    Returns
    -------
    Reading
        Without the stages of its glyphs, which nobody looks at here.
    """
    if isinstance(content, Page):
        return read_page(content, classifier, layout, with_stages=False)
    return joined(
        read_ink(drawing.ink, classifier, layout, with_stages=False) for drawing in content
    )


def joined(readings: Iterable[Reading]) -> Reading:
    """One reading of several, one below the other."""
    glyphs, lines, is_calibrated = [], 0, True
    for reading in readings:
        glyphs += [replace(glyph, line=glyph.line + lines) for glyph in reading.glyphs]
        lines += len(reading.lines)
        is_calibrated &= reading.is_calibrated
    return Reading(tuple(glyphs), is_calibrated)


def result_of(source: Source, classifier: Classifier, layout: Layout = Layout.AUTO) -> Result:
    """Read one file; what is wrong with it, expected or not, is part of the result."""
    try:
        return Result(source.name, read_content(open_source(source), classifier, layout))
    except InkreadError as error:
        return Result(source.name, Reading(), error)
    except Exception as error:  # one bad file, whatever it does, does not stop the others
        return Result(source.name, Reading(), unexpected(source.name, error))


def unexpected(name: str, error: Exception) -> ReadingFailed:
    """The sentence about an error in the program."""
    return ReadingFailed(name=name, reason=f"{type(error).__name__}: {error}")


def results_of(
    sources: Sequence[Source],
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    workers: int = 0,
) -> Generator[Result, None, None]:
    """Read files on all cores, as `inkread.core.batch.read_many.read_many`.

    Parameters
    ----------
    sources : sequence of Source
        What to read.
    classifier : Classifier
        Asked by several threads at once, or sent to processes.
    layout : Layout
        For all of them.
    workers : int
        How many threads; 0: as many as there are cores, or processes, but none for a single file.

    Yields
    ------
    Result
        One for each source, in their order; only a few are ever waiting.
    """
    workers = 1 if len(sources) < 2 else workers
    yield from read_many(sources, result_of, _lost, classifier, layout, workers)


def _lost(source: Source) -> Result:
    return Result(source.name, Reading(), ReaderEnded(name=source.name))
