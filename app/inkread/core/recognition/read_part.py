"""Reads part of a page alone; tells where it stands on the whole page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.field_types.field_type import FieldType
from inkread.core.generators import Steps, finished
from inkread.core.geometry import Matrix, mapped
from inkread.core.layout import Layout
from inkread.core.picture.page import Page
from inkread.core.picture.page_part import PagePart
from inkread.core.reading import Reading
from inkread.core.recognition.read_page import reading_page
from inkread.core.table import Table, TableCell


def read_part(
    page: Page,
    part: PagePart,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    with_stages: bool = True,
    field_type: FieldType | None = None,
    name: str = "",
) -> Reading:
    """Read part of a page: `reading_part` in one go."""
    return finished(reading_part(page, part, classifier, layout, with_stages, field_type, name))


def reading_part(
    page: Page,
    part: PagePart,
    classifier: Classifier,
    layout: Layout = Layout.AUTO,
    with_stages: bool = True,
    field_type: FieldType | None = None,
    name: str = "",
) -> Steps[Reading]:
    """Read part of a page; can be cancelled, as `reading_page`.

    Parameters
    ----------
    page : Page
        As decoded.
    part : PagePart
        What of it, and how it is turned.
    classifier, layout, with_stages, field_type
        As of `reading_page`.
    name : str
        What errors call the page.

    Returns
    -------
    Reading
        Boxes in px of the file of the whole page.

    Raises
    ------
    PartMissing
        If the page has none of it.
    """
    own = part.of(page, name)
    reading = yield from reading_page(own, classifier, layout, with_stages, field_type)
    return reading if part.is_whole else seen_through(reading, part.to_file(page))


def seen_through(reading: Reading, matrix: Matrix) -> Reading:
    """A reading with all its places seen through a homography, a (3, 3) matrix."""
    boxes = mapped(matrix, [glyph.box for glyph in reading.glyphs])
    glyphs = (replace(g, box=box) for g, box in zip(reading.glyphs, boxes, strict=True))
    seen = reading.seen
    if seen is not None:
        rows = np.asarray(matrix @ np.array(seen.matrix)).tolist()
        seen = replace(seen, matrix=tuple(map(tuple, rows)))
    tables = tuple(_table_through(table, matrix) for table in reading.tables)
    return replace(reading, glyphs=tuple(glyphs), seen=seen, tables=tables)


def _table_through(table: Table, matrix: Matrix) -> Table:
    return replace(table, cells=tuple(_cell_through(cell, matrix) for cell in table.cells))


def _cell_through(cell: TableCell, matrix: Matrix) -> TableCell:
    there = matrix @ np.column_stack([np.array(cell.corners), np.ones(len(cell.corners))]).T
    flat = (there[:2] / there[2]).T
    return replace(cell, corners=tuple((float(x), float(y)) for x, y in flat))
