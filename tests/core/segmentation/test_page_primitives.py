from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from inkread.core.cell import cell_from_glyph
from inkread.core.geometry import Box
from inkread.core.ink import rasterise_page
from inkread.core.line_picture import normalised
from inkread.core.page.pipeline import clean
from inkread.core.picture.page import Page
from inkread.core.reading import Cells, Grey, Stage, StageName
from inkread.core.segmentation import page_primitives
from inkread.core.segmentation.page_primitives import PagePrimitives
from tests.written import write


def primitives_of(grey: Grey, scale: float = 1.0) -> PagePrimitives:
    page = Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey, scale)
    return PagePrimitives.of(clean(page, rectify=False))


def drawn(*boxes: tuple[int, int, int, int], shape: tuple[int, int] = (140, 200)) -> Grey:
    """Black rectangles (left, top, right, bottom) on white."""
    grey = np.full(shape, 255, np.uint8)
    for left, top, right, bottom in boxes:
        grey[top:bottom, left:right] = 0
    return grey


BARS = drawn((40, 20, 48, 100), (90, 20, 98, 110))


def test_components_are_primitives_the_largest_first() -> None:
    found = primitives_of(BARS)
    assert found.frames == (Box(90, 20, 8, 90), Box(40, 20, 8, 80))
    assert found.slant == 0
    assert found.distance(0, 1) == found.distance(1, 0) == pytest.approx(43, abs=0.5)


def test_outlines_are_in_px_of_the_file() -> None:
    assert primitives_of(BARS).outline([0, 1]) == Box(40, 20, 58, 90)
    reduced = primitives_of(BARS, 0.5)
    assert reduced.in_file(reduced.outline([1])) == Box(80, 40, 16, 160)


def test_a_cell_shows_its_members_alone() -> None:
    found = primitives_of(BARS)
    cell, stages = found.cell([0])
    assert stages[0].name is StageName.GREY
    assert stages[0].image.shape == (90 + 18, 8 + 18)  # a margin of 2 px and 8 % of 90
    assert not (stages[2].image > 0)[:, :8].any()
    both, _ = found.cell([0, 1])
    assert both.sum() > cell.sum()
    assert cell.max() == pytest.approx(1, abs=0.02)


def test_the_cell_of_a_glyph_as_large_as_a_page_is_made_of_fewer_px(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grey = rasterise_page(write("5", height=400, width=40), margin=60)
    large = np.kron(grey, np.ones((4, 4), np.uint8))
    small, whole = primitives_of(grey), primitives_of(large)
    made = list[int]()

    def counted(glyph: Grey) -> object:
        made.append(glyph.size)
        return cell_from_glyph(glyph)

    monkeypatch.setattr(page_primitives, "cell_from_glyph", counted)
    assert np.abs(small.cell([0])[0] - whole.cell([0])[0]).mean() < 0.02
    cut, segments = whole.oversegment((0,), 800)
    members = [i for segment in segments for i in segment.members]
    assert np.abs(cut.cell(members)[0] - whole.cell([0])[0]).mean() < 0.02
    assert max(made) <= 1 << 20


def test_pictures_for_show_are_no_larger_than_they_need_be() -> None:
    grey = np.kron(BARS, np.ones((9, 9), np.uint8))
    _, stages = primitives_of(grey).cell([0])
    assert max(stage.image.size for stage in stages) < 1.1 * (1 << 17)
    assert replace(primitives_of(grey), with_stages=False).cell([0])[1] == ()


def test_a_component_is_cut_into_segments_that_lie_side_by_side() -> None:
    grey = drawn((20, 20, 28, 68), (52, 20, 60, 68), (20, 40, 60, 48), shape=(90, 90))
    before = primitives_of(grey)
    after, segments = before.oversegment((0,), 48)
    assert len(segments) >= 3
    assert [segment.members for segment in segments] == [(i + 1,) for i in range(len(segments))]
    places = [after.frames[i] for segment in segments for i in segment.members]
    assert all(a.right <= b.x for a, b in pairwise(places))
    assert places[0].x == 20
    assert places[-1].right == 60
    assert all(segment.price == pytest.approx(0.6, abs=0.1) for segment in segments[:-1])
    assert segments[-1].price == 0
    assert after.frames[0] == before.frames[0]
    assert after.distance(1, 2) < 3
    masks = [after.masks[i].sum() for segment in segments for i in segment.members]
    assert sum(masks) == (grey == 0).sum()


def test_a_lone_bar_is_not_cut() -> None:
    found = primitives_of(BARS)
    same, segments = found.oversegment((1,), 90)
    assert same is found
    assert [(segment.members, segment.price) for segment in segments] == [((1,), 0.0)]


def test_what_is_wider_than_any_digit_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    grey = drawn((20, 20, 28, 68), (52, 20, 60, 68), (20, 40, 60, 48), shape=(90, 90))
    found = primitives_of(grey)
    assert len(found.oversegment((0,), 48)[1]) > 1
    params = replace(page_primitives.PARAMS, max_cut_pixels=40 * 48 - 1)
    monkeypatch.setattr(page_primitives, "PARAMS", params)
    same, segments = found.oversegment((0,), 48)
    assert same is found
    assert [segment.members for segment in segments] == [(0,)]


def test_a_cell_is_the_same_with_and_without_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    found = primitives_of(rasterise_page(write("5", height=90, width=8), margin=30))
    few = replace(page_primitives.PARAMS, window_side=30)
    for params in (page_primitives.PARAMS, few):
        monkeypatch.setattr(page_primitives, "PARAMS", params)
        cell, stages = found.cell([0])
        assert np.array_equal(replace(found, with_stages=False).cell([0])[0], cell)
        assert (stages[2].image > 127).any()


def test_a_cell_of_a_long_line_is_made_of_few_px(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = list[int]()

    def counted(glyph: Grey) -> tuple[Cells, tuple[Stage, ...]]:
        taken.append(glyph.size)
        return cell_from_glyph(glyph)

    monkeypatch.setattr(page_primitives, "cell_from_glyph", counted)
    length = 8 * page_primitives.PARAMS.window_side
    found = primitives_of(drawn((20, 20, 60, 20 + length), shape=(length + 40, 100)))
    cell, _ = found.cell([0])
    assert taken[0] <= 40 * length / 8**2
    assert (cell > 0.5).any(axis=1).sum() == 20


def test_any_ink_can_be_a_primitive() -> None:
    mask = np.zeros((12, 6), np.uint8)
    mask[1:11, 2:5] = 1
    found = primitives_of(BARS).with_ink([(mask, 10, 30)])
    assert found.frames[2] == Box(12, 31, 3, 10)
    assert found.layout.boxes[2] == Box(12, 31, 2, 9)
    assert found.distance(2, 1) == pytest.approx(40 - 14, abs=0.01)
    assert found.masks[2].all()


def test_many_components_are_one_glyph_too() -> None:
    page = rasterise_page(write("1111111", height=60, width=6), margin=20)
    found = primitives_of(page)
    every = tuple(range(len(found.frames)))
    assert len(every) == 7
    _, stages = found.cell(every)
    assert np.count_nonzero(stages[2].image > 127) == pytest.approx((page < 128).sum(), rel=0.02)


def test_distances_of_segments_are_not_mistaken_for_those_of_others() -> None:
    """Segments of different components get the same indexes."""
    grey = drawn((20, 20, 28, 68), (52, 20, 60, 68), (20, 40, 60, 48), shape=(90, 300))
    grey[:, 150:210] = grey[:, 10:70]
    found = primitives_of(grey)
    distances = []
    for component in (0, 1):
        after, segments = found.oversegment((component,), 48)
        first = segments[0].members[0]
        distances.append([after.distance(first, other) for other in (0, 1)])
    assert distances[0][0] < 2 < 80 < distances[0][1]
    assert distances[1][1] < 2 < 80 < distances[1][0]


@pytest.mark.parametrize("shape", [(2000, 4000), (700, 4000), (257, 4000), (3000, 2)])
def test_contrast_is_normalised_of_few_rows(
    shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = list[tuple[int, ...]]()

    def watched(grey: Grey, *, light_on_dark: bool = False) -> Grey:
        shapes.append(grey.shape)
        return normalised(grey, light_on_dark=light_on_dark)

    monkeypatch.setattr(page_primitives, "normalised", watched)
    primitives = primitives_of(drawn((0, 20, 1, 100), shape=shape))
    assert len(primitives.strip_pictures(0)) == 3
    assert all(min(rows, 2 * columns) < 512 for rows, columns in shapes)


def test_a_large_strip_is_shown_where_it_is() -> None:
    small = primitives_of(drawn((400, 60, 420, 240), shape=(300, 1200)))
    large = primitives_of(drawn((1600, 240, 1680, 960), shape=(1200, 4800)))
    for one, other in zip(small.strip_pictures(1), large.strip_pictures(1), strict=True):
        assert one.image.shape == other.image.shape
        assert np.abs(one.image.astype(int) - other.image).mean() < 4
        a, b = (picture.to_source(Box(8, 8, 20, 16)) for picture in (one, other))
        assert b == pytest.approx(a.scaled(4), abs=2)


def test_tall_pictures_and_very_long_ones_are_no_strips() -> None:
    primitives = primitives_of(drawn((40, 20, 48, 100), shape=(140, 200)))
    assert primitives.is_strip(1.4)
    assert primitives.is_strip(1.4, 140)
    assert not primitives.is_strip(1.5)
    assert not primitives.is_strip(1.4, 139)
    assert primitives.strip_pictures(1.4, 139) == []
    assert not primitives_of(drawn((40, 2, 48, 18), shape=(20, 4000))).is_strip(1.4)
