from __future__ import annotations

import numpy as np
import pytest

from inkread.core.errors import PartMissing, RegionUnknown, TurnUnknown
from inkread.core.geometry import Box, mapped
from inkread.core.picture.page import Page, page_of
from inkread.core.picture.page_part import WHOLE, PagePart


@pytest.fixture
def page() -> Page:
    return page_of(np.arange(60 * 80, dtype=np.uint32).reshape(60, 80).astype(np.uint8), "a")


def test_all_of_a_page_as_it_is_is_the_page(page: Page) -> None:
    assert WHOLE.is_whole
    assert WHOLE.of(page, "a") is page
    assert not PagePart(quarters=1).is_whole


def test_a_region_is_cut_out(page: Page) -> None:
    part = PagePart(Box(10, 20, 30, 25)).of(page, "a")
    assert np.array_equal(part.grey, page.grey[20:45, 10:40])
    assert np.array_equal(part.colour, page.colour[20:45, 10:40])
    assert not part.is_upright


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_quarters_turn_to_the_right(page: Page, quarters: int) -> None:
    part = PagePart(quarters=quarters).of(page, "a")
    assert np.array_equal(part.grey, np.rot90(page.grey, -quarters))
    assert part.grey.flags.c_contiguous
    assert not part.grey.flags.writeable
    assert part.is_upright


def test_a_part_has_a_digest_of_its_own(page: Page) -> None:
    parts = [PagePart(Box(1, 2, 3, 4)), PagePart(Box(1, 2, 3, 5)), PagePart(quarters=1)]
    digests = {part.of(page, "a").digest for part in parts}
    assert len(digests | {page.digest}) == 4
    assert parts[0].of(page, "a").digest == PagePart(Box(1, 2, 3, 4)).of(page, "b").digest


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("region", [None, Box(10, 20, 30, 25), Box(60, 50, 100, 100)])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_places_of_the_part_are_found_on_the_page(
    quarters: int, region: Box | None, scale: float
) -> None:
    """A mark of one px is where its place on the part says."""
    grey = np.full((60, 80), 200, np.uint8)
    grey[55, 65] = grey[30, 20] = 0
    page = page_of(grey, "a")
    page = Page(page.colour, page.grey, scale, "a")
    if region is not None:
        region = region.scaled(1 / scale)
    part = PagePart(region, quarters)
    own = part.of(page, "a")
    marks = np.argwhere(own.grey == 0)
    assert len(marks) == (2 if region is None else 1)
    for y, x in marks.tolist():
        (place,) = mapped(part.to_file(page), [Box(x, y, 1, 1).scaled(1 / scale)])
        on_page = place.scaled(scale)
        assert grey[round(on_page.y), round(on_page.x)] == 0
        assert (place.width, place.height) == pytest.approx((1 / scale, 1 / scale))


@pytest.mark.parametrize("region", [Box(80, 0, 5, 5), Box(0, 60, 5, 5), Box(10, 10, 0.2, 9)])
def test_a_region_outside_of_the_page_is_refused(page: Page, region: Box) -> None:
    with pytest.raises(PartMissing, match="within its 80 x 60 px"):
        PagePart(region).of(page, "a")


@pytest.mark.parametrize(
    ("region", "degrees", "part"),
    [
        (None, None, WHOLE),
        ("1,2,30,40", None, PagePart(Box(1, 2, 30, 40))),
        (" 1 , 2,30, 40 ", "90", PagePart(Box(1, 2, 30, 40), 1)),
        (None, "180", PagePart(quarters=2)),
        (None, "270", PagePart(quarters=3)),
        (None, "-90", PagePart(quarters=3)),
        (None, "0", WHOLE),
    ],
)
def test_parts_have_names(region: str | None, degrees: str | None, part: PagePart) -> None:
    assert PagePart.named(region, degrees) == part


@pytest.mark.parametrize(
    "region",
    ["", "a", "1,2,3", "1,2,3,4,5", "1,2,0,4", "1,2,3,0", "-1,2,3,4", "1.5,2,3,4", "1" * 99],
)
def test_what_is_no_region_is_refused(region: str) -> None:
    with pytest.raises(RegionUnknown):
        PagePart.named(region, None)


@pytest.mark.parametrize("degrees", ["", "45", "x", "360", "90.0"])
def test_what_is_no_turn_is_refused(degrees: str) -> None:
    with pytest.raises(TurnUnknown):
        PagePart.named(None, degrees)
