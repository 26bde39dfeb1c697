"""Page in, Reading out: the attempts to read a page, of which the best is kept.

Apart from the reading of ink, which is all that the window needs for its first answer.
"""

from __future__ import annotations

from dataclasses import replace

from inkread.core.classifier import Classifier
from inkread.core.field_types.field_type import FieldType
from inkread.core.generators import Steps, finished
from inkread.core.layout import Layout
from inkread.core.page.page_tables import PageTables
from inkread.core.page.pipeline import cleaning, turning
from inkread.core.page.state import PageState
from inkread.core.picture.page import Page
from inkread.core.reading import Reading, Seen
from inkread.core.recognition.large_pages import half_sizes, is_large, is_large_page, is_small
from inkread.core.recognition.notes import noted
from inkread.core.recognition.orientation import best_turn, may_lie
from inkread.core.recognition.read_tables import reading_tables, with_columns
from inkread.core.recognition.recognise import PARAMS, Recogniser, lines_of
from inkread.core.segmentation.page_primitives import PagePrimitives


def read_page(
    page: Page,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    with_stages: bool = True,
    field_type: FieldType | None = None,
) -> Reading:
    """Read a picture: `reading_page` in one go."""
    return finished(reading_page(page, classifier, layout, with_stages, field_type))


def reading_page(
    page: Page,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    with_stages: bool = True,
    field_type: FieldType | None = None,
) -> Steps[Reading]:
    """Read a picture; can be cancelled between the stages of the page, and between its lines.

    Parameters
    ----------
    page : Page
        As decoded; dark on light or light on dark.
    classifier : Classifier
        Classifies the glyphs.
    layout : Layout
        Whether it is one glyph, one line or several; AUTO: as it looks.
    with_stages : bool
        Whether the glyphs keep how their cells came about; false: they are not shown.
    field_type : FieldType, optional
        What may stand in each line.

    Returns
    -------
    Reading
        Boxes in px of the picture's file; empty if nothing is written.
    """
    recogniser = Recogniser(classifier, layout, with_stages, field_type)
    if layout in (Layout.AUTO, Layout.PAGE):
        yield
        found = PageTables.of(page)
        if found.grids:
            return noted((yield from _with_tables(recogniser, found)), page.notes)
        reading = yield from _without_tables(recogniser, page)
        return noted(with_columns(reading), page.notes)
    return noted((yield from _without_tables(recogniser, page)), page.notes)


def reading_without_tables(page: Page, classifier: Classifier) -> Steps[Reading]:
    """Read a picture as if it had no table: what tables are measured against."""
    return _without_tables(Recogniser(classifier, Layout.AUTO, with_stages=False), page)


def _with_tables(recogniser: Recogniser, found: PageTables) -> Steps[Reading]:
    """The tables of a page cell by cell, and what stands around them."""
    tables = yield from reading_tables(found, recogniser)
    gone = tables.indexes
    if tables.is_doubtful or not gone:
        whole = yield from _without_tables(recogniser, found.page)
        if not gone or not tables.is_better_than(whole):
            return with_columns(whole)
    empty = Reading((), recogniser.classifier.is_calibrated, field_type=recogniser.field_type)
    if not found.leaves_room(gone):
        return tables.beside(empty, found)
    page = found.without(gone)
    if tables.puzzle is not None:  # whether print stands around it is seen without reading it
        state = yield from cleaning(page, rectify=False, half_size=is_large_page(page.grey))
        if tables.is_print([state.in_file(blob.box) for blob in state.blobs]):
            return tables.beside(empty, found, left_out=True)
    rest = yield from _without_tables(recogniser, page, tables.quarters)
    return tables.beside(rest, found)


def _without_tables(
    recogniser: Recogniser, page: Page, quarters: int | None = None
) -> Steps[Reading]:
    """A page without tables; turned anticlockwise by quarters of a turn, or as it reads best."""
    found: Reading | None = None
    for half_size in half_sizes(page):
        if found is None:
            found = yield from _read_sized(recogniser, page, half_size, quarters)
    return Reading() if found is None else found


def _read_sized(
    recogniser: Recogniser, page: Page, half_size: bool, quarters: int | None
) -> Steps[Reading | None]:
    """The best attempt at one size of a page; None if its glyphs are too small for that."""
    for rectify in (True, False):
        state = yield from cleaning(page, rectify=rectify, half_size=half_size)
        if quarters:
            state = yield from turning(state, quarters)
        primitives = PagePrimitives.of(state, recogniser.with_stages)
        if half_size and is_small(primitives.layout):
            return None
        best = yield from _read(recogniser, primitives, half_size)
        if not best.is_empty or not state.is_rectified:
            break  # else the sheet is an empty rectangle, and the writing stands around it
    # A page of more than is read at once is no page of digits that lies.
    # Nor does a low picture that shows one line.
    is_strip = primitives.is_strip(PARAMS.low) and len(best.lines) == 1
    if (
        quarters is None
        and may_lie(best)
        and not best.is_partial
        and not page.is_upright
        and not (is_strip and lines_of(recogniser.classifier))
        and (yield from _lies_untyped(recogniser, primitives, half_size))
    ):
        best = yield from _turned(recogniser, best, state, half_size)
    return None if half_size and not is_large(best, page.scale / 2) else best


def _lies_untyped(
    recogniser: Recogniser, primitives: PagePrimitives, half_size: bool
) -> Steps[bool]:
    """Whether a page may lie whatever stands on it: one that but does not fit its type stands."""
    if recogniser.field_type is None:
        return True
    untyped = replace(recogniser, field_type=None)
    return may_lie((yield from _read(untyped, primitives, half_size)))


def _turned(
    recogniser: Recogniser, best: Reading, state: PageState, half_size: bool
) -> Steps[Reading]:
    """The best of a reading of a page and those of the page turned by quarters."""

    def read(start: PageState, *turns: int) -> Steps[list[Reading]]:
        readings = list[Reading]()
        for quarters in turns:
            turned = yield from turning(start, quarters)
            primitives = PagePrimitives.of(turned, recogniser.with_stages)
            readings.append((yield from _read(recogniser, primitives, half_size)))
        return readings

    if not is_large_page(state.grey):
        return best_turn(best, (yield from read(state, 1, 2, 3)))
    # Which way it lies is seen at half the size, in a quarter of the time.
    tried = best_turn(best, (yield from read(state.halved(), 1, 2, 3)))
    if tried is best or tried.seen is None:
        return best
    return best_turn(best, (yield from read(state, tried.seen.quarters)))


def _read(recogniser: Recogniser, primitives: PagePrimitives, half_size: bool) -> Steps[Reading]:
    state = primitives.state
    return recogniser.reading(primitives, _seen(state, half_size), state.is_partial)


def _seen(state: PageState, half_size: bool) -> Seen:
    matrix = tuple(tuple(row) for row in state.to_file.tolist())
    return Seen(half_size, state.is_rectified, state.quarters, matrix)
