"""Files in, readings out: one after the other, or many on all cores."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.errors import InkreadError, ReadingFailed
from app.core.files import LARGEST_FILE, read_file
from app.core.image import open_page
from app.core.inkml import is_inkml, read_inkml
from app.core.layout import Layout
from app.core.parallel import in_order
from app.core.reading import Reading
from app.core.recognise import Classifier, read_ink, read_page
from app.core.results import Result

if TYPE_CHECKING:
    from app.core.sources import Source


def read_source(source: Source, classifier: Classifier, layout: Layout = Layout.AUTO) -> Reading:
    """Read one file.

    Raises
    ------
    InkreadError
        Whatever is wrong with it.
    """
    if source.error is not None:
        raise source.error
    return read_bytes(read_file(source.name, LARGEST_FILE), source.name, classifier, layout)


def read_bytes(
    data: bytes, name: str, classifier: Classifier, layout: Layout = Layout.AUTO
) -> Reading:
    """Read the bytes of a file: its content tells ink from picture.

    Parameters
    ----------
    data : bytes
        A picture or InkML; the drawings of InkML are read one below the other.
    name : str
        What the sentences of the errors call the file.
    classifier : Classifier
        Tells the glyphs apart; several threads may ask it at once.
    layout : Layout
        Whether it is one sign, one line or several.

    Returns
    -------
    Reading
        Without the stages of its glyphs, which nobody looks at here.

    Raises
    ------
    InkreadError
        Whatever is wrong with it.
    """
    if is_inkml(data):
        drawings = read_inkml(data, name)
        return joined(
            read_ink(drawing.ink, classifier, layout, with_stages=False) for drawing in drawings
        )
    return read_page(open_page(data, name), classifier, layout, with_stages=False)


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
        return Result(source.name, read_source(source, classifier, layout))
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
    """Read files on all cores.

    Parameters
    ----------
    sources : sequence of Source
        What to read.
    classifier : Classifier
        Asked by several threads at once, as an onnxruntime session may be.
    layout : Layout
        For all of them.
    workers : int
        How many threads; 0: as many as there are cores, but none for a single file.

    Yields
    ------
    Result
        One for each source, in their order; only a few are ever waiting.
    """
    workers = 1 if len(sources) < 2 else workers
    yield from in_order(sources, lambda source: result_of(source, classifier, layout), workers)
