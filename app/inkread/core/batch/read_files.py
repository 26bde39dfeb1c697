"""Files -> readings: one, or many on all cores."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from inkread.core.batch.page_choice import PageChoice
from inkread.core.batch.read_many import read_many
from inkread.core.batch.result_formats import Result
from inkread.core.classifier import Classifier
from inkread.core.errors import InkreadError, PartOfInk, ReadingFailed
from inkread.core.field_types.field_type import FieldType
from inkread.core.files import MAX_FILE_BYTES, read_file
from inkread.core.inkml import Drawing
from inkread.core.inkml.ink_files import is_ink, read_ink_file
from inkread.core.layout import Layout
from inkread.core.picture.page import Page, Pages, open_page
from inkread.core.picture.page_part import WHOLE, PagePart
from inkread.core.reading import LineType, Reading
from inkread.core.recognition.read_part import read_part
from inkread.core.recognition.recognise import read_ink

if TYPE_CHECKING:
    from inkread.core.batch.sources import Source

#: The content of a file.
Content = Page | tuple[Drawing, ...]


def open_source(source: Source) -> Content:
    """Open a picture or an InkML file; the content decides which it is.

    Of several pages it is the first, with a note.

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
    return read_ink_file(data, name) if is_ink(data) else open_page(data, name)


def read_content(
    content: Content,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    field_type: FieldType | None = None,
    cut: PagePart = WHOLE,
    name: str = "",
) -> Reading:
    """Read a page or drawings.

    Parameters
    ----------
    content : Page or tuple of Drawing
        Drawings are read one below the other.
    classifier : Classifier
        Must be safe to use from several threads.
    layout : Layout
        One digit, one line or several.
    field_type : FieldType, optional
        What may stand in each line.
    cut : PagePart
        What of a page is read, and how it is turned.
    name : str
        What errors call it.

    Returns
    -------
    Reading
        Its glyphs have no stages.

    Raises
    ------
    PartMissing, PartOfInk
        If a page has none of that part, or it is part of drawings.
    """
    if isinstance(content, Page):
        return read_part(content, cut, classifier, layout, False, field_type, name)
    if not cut.is_whole:
        raise PartOfInk(name=name)
    return joined(
        read_ink(drawing.ink, classifier, layout, with_stages=False, field_type=field_type)
        for drawing in content
    )


def joined(readings: Iterable[Reading]) -> Reading:
    """Several readings, of one type, as one, one below the other."""
    glyphs, lines, is_calibrated, is_partial = [], 0, True, False
    notes = dict[str, None]()  # each once
    field_type: LineType | None = None
    for reading in readings:
        glyphs += [replace(glyph, line=glyph.line + lines) for glyph in reading.glyphs]
        lines += len(reading.lines)
        is_calibrated &= reading.is_calibrated
        is_partial |= reading.is_partial
        notes |= dict.fromkeys(reading.notes)
        field_type = reading.field_type
    return Reading(
        tuple(glyphs),
        is_calibrated,
        is_partial=is_partial,
        notes=tuple(notes),
        field_type=field_type,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a file, or all ink of one.

    Attributes
    ----------
    open : callable
        Decodes it; raises `InkreadError`.
    number, count : int
        Which page it is, from 1 on, and how many the file has.
    is_last : bool
        Whether no other part of the file comes after it.
    """

    open: Callable[[], Content]
    number: int = 1
    count: int = 1
    is_last: bool = True


def parts_of(
    data: bytes, name: str, chosen: PageChoice | None = None
) -> Generator[Part, None, None]:
    """The parts of a file, to be opened one by one, each before the next is asked for.

    Parameters
    ----------
    data : bytes
        A picture, PDF or InkML file.
    name : str
        What errors call it.
    chosen : PageChoice, optional
        Which pages; None: all.

    Raises
    ------
    InkreadError
        If it cannot be opened, or has none of these pages.
    """
    if is_ink(data):
        if chosen is not None:
            chosen.indices(1, name)
        yield Part(lambda: read_ink_file(data, name))
        return
    with Pages(data, name) as pages:
        indices = list(range(pages.count))
        note = None
        if chosen is not None:
            indices, note = chosen.indices(pages.count, name), chosen.note(pages.count)
        for index in indices:
            is_last = index == indices[-1]
            open_part = partial(_page, pages, index, note if is_last else None)
            yield Part(open_part, index + 1, pages.count, is_last)


def _page(pages: Pages, index: int, note: str | None) -> Page:
    page = pages.page(index)
    return page if note is None else replace(page, notes=(*page.notes, note))


@contextmanager
def unforeseen_reported(name: str) -> Iterator[None]:
    """Make one sentence of an error in the program, too."""
    try:
        yield
    except InkreadError:
        raise
    except Exception as error:
        raise ReadingFailed(name=name, reason=f"{type(error).__name__}: {error}") from error


def file_results(
    source: Source,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    chosen: PageChoice | None = None,
    field_type: FieldType | None = None,
    cut: PagePart = WHOLE,
) -> list[Result]:
    """Read all of one file, or the chosen pages; one result for each page."""
    load = partial(read_source, source)
    return list(each_result(load, source.name, classifier, layout, chosen, field_type, cut))


def each_result(
    load: Callable[[], bytes],
    name: str,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    chosen: PageChoice | None = None,
    field_type: FieldType | None = None,
    cut: PagePart = WHOLE,
) -> Generator[Result, None, None]:
    """Read the pages of the file that `load` returns, when they are asked for.

    Whatever is wrong with the file, or one of its pages, is part of a result.
    """
    try:
        with unforeseen_reported(name), closing(parts_of(load(), name, chosen)) as parts:
            for part in parts:
                yield _result(part, name, classifier, layout, field_type, cut)
    except InkreadError as error:
        yield Result(name, error=error)


def _result(
    part: Part,
    name: str,
    classifier: Classifier,
    layout: Layout,
    field_type: FieldType | None,
    cut: PagePart,
) -> Result:
    result = Result(name, page=part.number, pages=part.count, is_last=part.is_last)
    try:
        with unforeseen_reported(result.title):
            content = part.open()
            reading = read_content(content, classifier, layout, field_type, cut, result.title)
            return replace(result, reading=reading)
    except InkreadError as error:
        return replace(result, error=error)


def results_of(
    sources: Sequence[Source],
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    workers: int = 0,
    chosen: PageChoice | None = None,
    field_type: FieldType | None = None,
    cut: PagePart = WHOLE,
) -> Generator[Result, None, None]:
    """Read files on all cores, as `inkread.core.batch.read_many.read_many`; one result a page.

    The pages of a file are read by one core, one after the other; of a file alone they come as they
    are read.
    """
    if len(sources) == 1:
        load = partial(read_source, sources[0])
        yield from each_result(load, sources[0].name, classifier, layout, chosen, field_type, cut)
        return
    read = partial(file_results, chosen=chosen, field_type=field_type, cut=cut)
    for results in read_many(sources, read, classifier, layout, workers):
        yield from results
