from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.core.page import form_boxes
from inkread.core.page.components import components
from inkread.core.page.form_boxes import Side, remove_form_boxes, without_boxes
from inkread.core.page.pipeline import clean
from inkread.core.page.straight_lines import Rows
from inkread.core.picture.page import page_of
from inkread.core.reading import Grey

CELL = 60


def form(cells: int, rows: int = 1) -> Grey:
    """An empty form: cells in rows, lines of 3 px."""
    page = np.zeros((CELL * rows + 40, CELL * cells + 40), np.uint8)
    for row in range(rows):
        for cell in range(cells):
            x, y = 20 + CELL * cell, 20 + CELL * row
            cv2.rectangle(page, (x, y), (x + CELL, y + CELL), 255, 3)
    return page


def bare(mask: Grey) -> Grey:
    return without_boxes(mask, *components(mask))[0]


def turned(mask: Grey, degrees: float) -> Grey:
    size = mask.shape[1], mask.shape[0]
    onto = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), degrees, 1.0)
    return np.asarray((cv2.warpAffine(mask, onto, size) > 127) * np.uint8(255), np.uint8)


@pytest.mark.parametrize("degrees", [0.0, 1.5, -3.0])
@pytest.mark.parametrize(("cells", "rows"), [(3, 1), (6, 1), (4, 3)])
def test_nothing_is_left_of_an_empty_form(cells: int, rows: int, degrees: float) -> None:
    mask = turned(form(cells, rows), degrees)
    left = bare(mask)
    assert np.count_nonzero(left) < 0.02 * np.count_nonzero(mask)


@pytest.mark.parametrize("cells", [1, 4])
def test_what_is_written_in_a_box_stays_where_it_crosses_the_lines(cells: int) -> None:
    mask, ink = form(cells), np.zeros_like(form(cells))
    cv2.line(ink, (40, 35), (50, 95), 255, 5)  # through the lower side
    left = bare(np.asarray(mask | ink, np.uint8))
    assert np.count_nonzero(left[ink > 0]) > 0.97 * np.count_nonzero(ink)
    assert np.count_nonzero(left[ink == 0]) < 0.05 * np.count_nonzero(mask)


def test_a_square_zero_is_no_box_but_an_empty_box_beside_a_full_one_is() -> None:
    mask = np.zeros((120, 300), np.uint8)
    cv2.rectangle(mask, (20, 20), (80, 90), 255, 4)
    assert bare(mask) is mask
    cv2.rectangle(mask, (120, 20), (180, 90), 255, 4)
    cv2.line(mask, (150, 35), (148, 75), 255, 4)
    left = bare(mask)
    assert not left[:, :110].any()
    assert np.count_nonzero(left[30:80, 140:160]) > 0.95 * 40 * 4


def test_round_and_crossed_signs_are_no_boxes() -> None:
    mask = np.zeros((140, 400), np.uint8)
    cv2.ellipse(mask, (60, 70), (35, 50), 0, 0, 360, 255, 6)
    cv2.ellipse(mask, (160, 70), (40, 40), 0, 0, 360, 255, 6)
    cv2.line(mask, (150, 60), (170, 80), 255, 6)
    cv2.polylines(mask, [np.array([[230, 20], [290, 20], [250, 120]], np.int32)], False, 255, 6)
    cv2.rectangle(mask, (320, 20), (370, 68), 255, 5)
    cv2.rectangle(mask, (320, 70), (370, 120), 255, 5)  # an 8 of two squares
    assert bare(mask) is mask


def boxes(*sizes: tuple[int, int], line: int = 3) -> Grey:
    """Empty boxes of these heights and widths side by side, their lines inside."""
    mask = np.zeros((max(h for h, _ in sizes) + 40, sum(w + 30 for _, w in sizes) + 20), np.uint8)
    x = 20
    for height, width in sizes:
        mask[20 : 20 + height, x : x + width] = 255
        mask[20 + line : 20 + height - line, x + line : x + width - line] = 0
        x += width + 30
    return mask


def with_dash(mask: Grey, height: int, x: int = 45) -> Grey:
    """A stroke in the first box."""
    mask[30 : 30 + height, x : x + 3] = 255
    return mask


@pytest.mark.parametrize(("height", "is_box"), [(24, True), (23, False)])
@pytest.mark.parametrize("turned_round", [False, True])
def test_a_box_measures_24_px_each_way(height: int, is_box: bool, turned_round: bool) -> None:
    mask = boxes((height, 90), line=2)
    mask[20 : 20 + height, 50:52] = mask[20 : 20 + height, 80:82] = 255
    seen = np.ascontiguousarray(mask.T) if turned_round else mask
    assert (not bare(seen).any()) == is_box


@pytest.mark.parametrize(("line", "is_box"), [(6, True), (7, False)])
def test_lines_have_an_eighth_of_a_box(line: int, is_box: bool) -> None:
    mask = with_dash(boxes((50, 50), line=line), 25)  # 12 % are 6 px
    assert (not bare(mask)[:28].any()) == is_box


@pytest.mark.parametrize(("height", "is_box"), [(21, True), (20, False)])
def test_text_in_a_box_has_a_third_of_its_height(height: int, is_box: bool) -> None:
    mask = with_dash(boxes((60, 60)), height)
    assert (not bare(mask)[:28].any()) == is_box


@pytest.mark.parametrize(("cells", "is_form"), [(2, False), (3, True)])
def test_three_cells_make_a_form_without_any_text(cells: int, is_form: bool) -> None:
    mask = boxes((60, 60 * cells))
    for cell in range(1, cells):
        mask[20:80, 19 + 60 * cell : 22 + 60 * cell] = 255
    assert (not bare(mask).any()) == is_form
    assert (not bare(np.ascontiguousarray(mask.T)).any()) == is_form


@pytest.mark.parametrize(
    ("side", "goes"), [(43, True), (42, False), (60, True), (83, True), (84, False)]
)
def test_an_empty_box_is_as_large_as_those_with_text(side: int, goes: bool) -> None:
    mask = with_dash(boxes((60, 60), (side, side)), 25)
    left = bare(mask)
    assert not left[20, 20:80].any()
    assert (not left[:, 100:].any()) == goes
    assert goes or np.array_equal(left[:, 100:], mask[:, 100:])


@pytest.mark.parametrize(("gap", "is_line"), [(8, True), (9, False)])
def test_a_line_across_is_marked_for_nearly_all_of_its_way(gap: int, is_line: bool) -> None:
    # From the middle of the upper side to that of the lower one it has 67 px, 88 % are 58.96.
    mask = boxes((69, 180))
    mask[20:89, 79:82] = mask[20:89, 139:142] = 255
    mask[40 : 40 + gap, 79:82] = 0  # 2 cells are left if this is no line
    assert (not bare(mask).any()) == is_line


@pytest.mark.parametrize(("degrees", "is_box"), [(6.0, True), (10.0, False)])
def test_sides_tilt_by_no_more_than_8_degrees(degrees: float, is_box: bool) -> None:
    mask = turned(form(3), degrees)
    assert (np.count_nonzero(bare(mask)) < 0.1 * np.count_nonzero(mask)) == is_box


def test_a_thing_drawn_on_a_box_stays_and_is_found_where_it_was() -> None:
    mask = boxes((60, 180))
    mask[20:80, 79:82] = mask[20:80, 139:142] = 255
    mask[75:110, 100:104] = 255  # hangs from the lower side, 77 to 80
    left, found = without_boxes(mask, *components(mask))
    assert (left[80:110, 100:104] == 255).all()
    assert np.count_nonzero(left) <= 36 * 4
    (box,) = found
    assert (box.x, box.y, box.width) == (20, 20, 180)


def test_a_full_square_is_no_box() -> None:
    mask = np.zeros((100, 100), np.uint8)
    mask[20:80, 20:80] = 255
    mask[40:60, 40:60] = 0
    assert bare(mask) is mask


@pytest.mark.parametrize(("more", "is_box"), [(3, True), (4, False)])
def test_lines_and_ink_of_a_box_cover_no_more_than_three_fifths_of_it(
    more: int, is_box: bool
) -> None:
    page = np.zeros((140, 140), np.uint8)
    box = page[20:120, 20:120]  # 10,000 px, of which the lines cover 1536
    box[:4] = box[-4:] = box[:, :4] = box[:, -4:] = 255
    box[17:83, 17:84] = 255  # 4422 px
    box[50:53, 4:17] = 255  # 39 px, to make it one blob
    box[16, 17 : 17 + more] = 255
    assert (np.count_nonzero(page) == 6000) == is_box
    left = bare(page)
    assert (left is not page) == is_box


def test_the_windows_that_are_looked_at_cover_a_page_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = list[int]()
    search = form_boxes._upper_side

    def counted(own: Grey) -> form_boxes.Side | None:
        seen.append(own.size)
        return search(own)

    monkeypatch.setattr(form_boxes, "_upper_side", counted)
    page = nested(600, 4)
    without_boxes(page, *components(page))
    assert 0 < sum(seen) <= 4 * 4 * page.size  # four sides each


def nested(side: int, step: int) -> Grey:
    """Boxes around one another."""
    page = np.zeros((side, side), np.uint8)
    for inset in range(2, side // 2 - 20, step):
        cv2.rectangle(page, (inset, inset), (side - 1 - inset, side - 1 - inset), 255, 1)
    return page


def test_text_in_boxes_around_one_another_is_looked_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = list[int]()
    count: Callable[..., object] = cv2.connectedComponentsWithStats

    def watched(mask: Grey, connectivity: int) -> object:
        counted.append(mask.size)
        return count(mask, connectivity=connectivity)

    page = nested(600, 20)
    labels, stats = components(page)
    monkeypatch.setattr(cv2, "connectedComponentsWithStats", watched)
    without_boxes(page, labels, stats)
    assert sum(counted) <= page.size


def test_lines_that_are_none_are_looked_at_in_few_places(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[int]()
    search = form_boxes._between

    def counted(y: Rows, *more: Any) -> NDArray[np.bool_]:
        seen.append(y.size)
        return search(y, *more)

    monkeypatch.setattr(form_boxes, "_between", counted)
    page = with_dash(boxes((500, 500)), 400)
    assert not bare(page)[:28].any()
    assert 0 < sum(seen) <= 2 * 500 * 500 / 4


@pytest.mark.parametrize("period", [9, 16, 32, 64])
def test_a_dashed_line_is_seen_whatever_its_period(period: int) -> None:
    own = np.zeros((90, 1000), np.uint8)
    own[40] = own[70, ::2] = 1
    for gap in range(period // 9):
        own[40, gap::period] = 0
    ends = Side(False, 0.0, 0.0, 1.0), Side(False, 999.0, 0.0, 1.0)
    marked = form_boxes._marked(own, np.arange(90.0), np.zeros(90), ends)
    assert np.flatnonzero(marked).tolist() == [39, 40, 41]  # a line is as wide as its neighbours


def test_the_typical_depth_is_the_median_of_all_depths() -> None:
    rng = np.random.default_rng(0)
    for width in (1, 2, 7, 40):
        own = (rng.random((30, width)) < 0.8).astype(np.uint8)
        first = np.minimum(own.argmax(axis=0), 29)
        runs = ["".join(map(str, column[top:])) for column, top in zip(own.T, first, strict=True)]
        depths = [min(12, len(run.split("0")[0])) for run in runs]
        found = form_boxes._typical_depth(own, np.arange(width), first, 12)
        assert found == np.median(depths)


@pytest.mark.parametrize("reaches_in", [False, True])
def test_text_that_reaches_into_a_box_is_text_and_a_ring_around_it_is_none(
    reaches_in: bool,
) -> None:
    box = np.zeros((400, 400), np.uint8)
    cv2.rectangle(box, (140, 140), (260, 260), 255, 3)
    mask = turned(box, -7.0)
    left, top, _, _ = cv2.boundingRect(mask)
    assert not mask[top : top + 60, left : left + 4].any()  # free beside the turned box
    if reaches_in:
        mask[top - 20 : top + 60, left : left + 2] = 255
    cv2.circle(mask, (200, 200), 180, 255, 3)
    assert (bare(mask) is mask) != reaches_in


def test_a_mesh_is_no_box_of_very_many_lines() -> None:
    mesh = np.zeros((1300, 1300), np.uint8)
    mesh[10:1291:6, 10:1291] = mesh[10:1291, 10:1291:6] = 255
    assert bare(mesh) is mesh
    table = np.zeros((1300, 1300), np.uint8)
    table[10:1291:64, 10:1291] = table[10:1291, 10:1291:64] = 255
    assert not bare(table).any()


def test_a_wide_table_is_looked_at_in_samples() -> None:
    table = np.zeros((150, 5000), np.uint8)
    for x in range(20, 4901, 160):
        cv2.line(table, (x, 20), (x, 120), 255, 3)
    for y in (20, 70, 120):
        cv2.line(table, (20, y), (4820, y), 255, 3)
    assert np.count_nonzero(bare(table)) < 0.02 * np.count_nonzero(table)


def test_a_box_that_is_looked_at_in_few_places_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(form_boxes.PARAMS, line_pixels=1, min_samples=64)
    monkeypatch.setattr(form_boxes, "PARAMS", few)
    mask = turned(form(6, 3), 1.5)
    assert np.count_nonzero(bare(mask)) < 0.02 * np.count_nonzero(mask)


def test_what_is_removed_is_gone_from_the_greys_too() -> None:
    """A line network sees no mask."""
    page = np.full((140, 400), 235, np.uint8)
    page[:100, :340][form(5) > 0] = 60
    cv2.line(page, (100, 35), (98, 70), 40.0, 5)
    state = clean(page_of(page, "form"))
    assert remove_form_boxes(state) is state
    dark = state.grey < 150
    assert dark[35:70, 90:106].any()
    dark[30:75, 85:112] = False
    assert not dark.any()
