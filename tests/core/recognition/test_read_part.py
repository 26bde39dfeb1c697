from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.core.errors import PartMissing
from inkread.core.geometry import Box
from inkread.core.ink import Ink, rasterise_page
from inkread.core.picture.page import Page, page_of
from inkread.core.picture.page_part import WHOLE, PagePart
from inkread.core.reading import Reading, Seen
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.read_part import read_part, seen_through
from inkread.core.table import Table, TableCell
from tests.core.templates import Templates
from tests.written import write

TEMPLATES = Templates()
LINES = Ink((*write("407", at=(0, 0)).strokes, *write("25", at=(0, 300)).strokes))


@pytest.fixture
def page() -> Page:
    return page_of(rasterise_page(LINES, margin=40), "a")


def test_a_region_is_read_alone_and_its_boxes_are_those_of_the_page(page: Page) -> None:
    whole = read_page(page, TEMPLATES)
    assert whole.text == "407\n25"
    height, width = page.grey.shape
    part = read_part(page, PagePart(Box(0, height / 2, width, height)), TEMPLATES)
    assert part.text == "25"
    for glyph, other in zip(part.glyphs, whole.lines[1], strict=True):
        assert glyph.box.centre == pytest.approx(other.box.centre, abs=2)
    assert part.seen is not None
    (place,) = part.seen.from_file([part.glyphs[0].box])
    assert place.centre[1] < height / 2


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_is_turned_first_and_its_boxes_are_those_of_the_file(
    page: Page, quarters: int
) -> None:
    lying = page_of(np.ascontiguousarray(np.rot90(page.grey, quarters)), "a")
    reading = read_part(lying, PagePart(quarters=quarters), TEMPLATES)
    assert reading.text == "407\n25"
    for glyph in reading.glyphs:
        x, y = (round(side) for side in (glyph.box.x, glyph.box.y))
        own = lying.grey[y : round(glyph.box.bottom), x : round(glyph.box.right)]
        assert (own < 128).any(axis=0).mean() > 0.8
        assert (own < 128).any(axis=1).mean() > 0.8


def test_what_a_person_turned_is_not_turned_again(page: Page) -> None:
    upside_down = PagePart(quarters=2).of(page, "a")
    reading = read_page(upside_down, TEMPLATES)
    assert reading.seen is not None
    assert reading.seen.quarters == 0


def test_all_of_a_page_is_read_as_ever(page: Page) -> None:
    assert read_part(page, WHOLE, TEMPLATES).to_dict() == read_page(page, TEMPLATES).to_dict()


def test_a_region_beside_the_page_is_refused_by_name(page: Page) -> None:
    with pytest.raises(PartMissing, match=r"^b\.png: "):
        read_part(page, PagePart(Box(9000, 0, 9, 9)), TEMPLATES, name="b.png")


def test_tables_move_with_their_page() -> None:
    cell = TableCell(0, 0, ((0, 0), (10, 0), (10, 20), (0, 20)))
    reading = Reading(tables=(Table(1, 1, (cell,)),), seen=Seen())
    matrix = np.array([[1.0, 0, 5], [0, 1, 7], [0, 0, 1]])
    moved = seen_through(reading, matrix)
    assert moved.tables[0].cells[0].corners == ((5, 7), (15, 7), (15, 27), (5, 27))
    assert moved.tables == (replace(reading.tables[0], cells=moved.tables[0].cells),)
    assert moved.seen is not None
    assert moved.seen.matrix == ((1, 0, 5), (0, 1, 7), (0, 0, 1))
    assert seen_through(Reading(), matrix).to_dict() == Reading().to_dict()
