"""Each disturbance of a synthetic photo meets its stage: the page differs before, no longer after.

A stage that has nothing to do returns the very state that it was given.
"""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from inkread.core.page.background import estimate_background
from inkread.core.page.contrast import noise_of, threshold
from inkread.core.page.denoise import denoise
from inkread.core.page.form_boxes import remove_form_boxes
from inkread.core.page.illumination import even_illumination
from inkread.core.page.non_text import drop_non_text
from inkread.core.page.pipeline import STAGES, clean, run
from inkread.core.page.polarity import find_line_polarity, find_polarity
from inkread.core.page.remove_rulings import remove_rulings
from inkread.core.page.sheet import rectify_sheet
from inkread.core.page.state import PageState, Reason, Strokes
from inkread.core.page.texture import reject_texture
from inkread.core.page.tight_crop import separate_tight_crop
from inkread.core.picture.page import page_of
from inkread.core.reading import Grey
from tests.core.page.pages import Stage, before, drawn
from tests.synthetic import STRENGTHS, Photo, of_level, photograph
from tests.written import write

SHAPE = (480, 640)
INK = write("2046\n7183\n5592", height=80, width=5, at=(120, 60))
LINE = 120.0
PLAIN = drawn(INK, SHAPE)
CLEAR = cv2.dilate(PLAIN, np.ones((9, 9), np.uint8)) == 0
CORE = PLAIN > 250

#: The stage that answers each disturbance of tests/synthetic.py.
ANSWERS: dict[str, Stage] = {
    "table": rectify_sheet,
    "perspective": rectify_sheet,
    "turn": rectify_sheet,
    "slope": even_illumination,
    "vignette": even_illumination,
    "chalk": find_line_polarity,
    "dark": denoise,
    "noise": denoise,
    "shadow": estimate_background,
    "hand": estimate_background,
    "fold": estimate_background,
    "colour": estimate_background,
    "rulings": remove_rulings,
    "squares": remove_rulings,
    "texture": reject_texture,
    "pencil": threshold,
    "blur": threshold,
    "jpeg": threshold,
    "dirt": drop_non_text,
}


def photo(*names: str, level: str = "medium", seed: int = 1, ink: bool = True) -> Photo:
    sizes = of_level(level, names)
    shown = INK if ink else write("")
    return photograph(shown, SHAPE, sizes, np.random.default_rng(seed), LINE)


def both(stage: Stage, *names: str, level: str = "medium") -> tuple[PageState, PageState]:
    """A photo with disturbances before and after a stage."""
    state = before(stage, photo(*names, level=level).page.grey)
    return state, stage(state)


def test_every_disturbance_has_its_stage_and_every_stage_is_run() -> None:
    assert set(ANSWERS) == set(STRENGTHS)
    assert set(ANSWERS.values()) <= set(STAGES)


def far(state: PageState, taken: Photo) -> float:
    """How far the page's corners are from those of the sheet, px of the photo."""
    height, width = state.seen.shape
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    there = cv2.perspectiveTransform(corners, state.to_file)[0]
    return float(np.abs(there - taken.corners).max())


@pytest.mark.parametrize("names", [("table",), ("table", "perspective"), ("table", "turn")])
def test_a_rectified_page_ends_where_its_sheet_does(names: tuple[str, ...]) -> None:
    taken = photo(*names)
    state = PageState.of(taken.page.grey)
    flat = rectify_sheet(state)
    assert far(state, taken) > 20
    assert far(flat, taken) < 8
    assert flat.is_rectified
    assert not state.is_rectified
    assert flat.seen is flat.grey


@pytest.mark.parametrize("name", ["slope", "vignette"])
@pytest.mark.parametrize("level", ["mild", "medium", "strong"])
def test_a_page_in_slow_light_becomes_as_even_as_without_it(name: str, level: str) -> None:
    dark, even = both(even_illumination, name, level=level)
    assert dark.grey[CLEAR].std() > 6
    assert even.grey[CLEAR].std() < 4
    assert abs(even.grey[CLEAR].mean() - 240) < 4
    assert even.grey[CORE].mean() < 60


@pytest.mark.parametrize("names", [("chalk",), ("chalk", "slope"), ("chalk", "noise")])
def test_chalk_on_a_board_becomes_dark_on_light(names: tuple[str, ...]) -> None:
    board, page = both(find_line_polarity, *names)
    assert board.light_on_dark is None
    assert page.light_on_dark is True
    assert np.array_equal(page.grey, 255 - board.grey)
    assert np.array_equal(page.small, PageState.of(page.grey).small)
    assert page.seen is board.seen
    assert page.strokes is Strokes.THIN


def test_dark_ink_keeps_its_page_as_it_is() -> None:
    state, page = both(find_line_polarity)
    assert page.light_on_dark is False
    assert page.grey is state.grey


def test_a_dark_noisy_page_becomes_bright_and_its_noise_small_beside_its_ink() -> None:
    dark, page = both(denoise, "dark", "noise", "pencil")

    def noise(state: PageState) -> float:
        ink = float(state.grey[CLEAR].mean() - state.grey[CORE].mean())
        return float(state.grey[CLEAR].std()) / ink

    assert dark.grey[CLEAR].mean() < 70
    assert page.grey[CLEAR].mean() > 1.6 * dark.grey[CLEAR].mean()
    assert noise(page) < 0.6 * noise(dark)


@pytest.mark.parametrize("name", ["shadow", "hand", "fold", "colour"])
def test_the_ink_of_a_page_in_a_shadow_is_that_of_a_fully_lit_one(name: str) -> None:
    dark, found = both(estimate_background, name)
    _, plain = both(estimate_background)
    assert found.ink is not None
    assert plain.ink is not None
    lost = 240.0 - dark.grey[CLEAR]
    assert lost.mean() > 7
    assert found.ink[CLEAR].mean() < 0.3 * lost.mean()
    gain = 206 / 240 if name == "colour" else 1.0
    assert found.ink[CORE].mean() == pytest.approx(gain * plain.ink[CORE].mean(), rel=0.05)


@pytest.mark.parametrize("level", ["mild", "medium", "strong"])
@pytest.mark.parametrize("name", ["rulings", "squares"])
def test_ruling_lines_leave_the_ink_as_it_is_without_them(name: str, level: str) -> None:
    ruled, bare = both(remove_rulings, name, level=level)
    _, plain = both(remove_rulings)
    assert ruled.ink is not None
    assert bare.ink is not None
    assert plain.ink is not None
    assert np.quantile(ruled.ink[CLEAR], 0.999) > 15
    assert bare.ink[CLEAR].max() <= 8
    off = np.abs(bare.ink.astype(int) - plain.ink)
    assert np.quantile(off, 0.995) <= 30
    assert bare.level == pytest.approx(plain.level, abs=3)
    assert bare.ink[CORE].mean() == pytest.approx(float(plain.ink[CORE].mean()), rel=0.02)
    lines = [removed.box for removed in bare.removed]
    assert {removed.reason for removed in bare.removed} == {Reason.RULING}
    if name == "rulings":
        assert [box.y for box in lines] == pytest.approx([120, 240, 360], abs=2)
        assert {(box.x, box.width) for box in lines} == {(0, 640)}
    else:
        assert sum(box.width > box.height for box in lines) == pytest.approx(18, abs=1)
        assert sum(box.height > box.width for box in lines) == pytest.approx(24, abs=1)


def test_texture_beside_ink_changes_nothing_and_alone_it_is_no_ink() -> None:
    written, kept = both(reject_texture, "texture")
    assert kept is written
    empty = before(reject_texture, photo("texture", level="strong", ink=False).page.grey)
    assert reject_texture(empty).level is None


@pytest.mark.parametrize("names", [(), ("pencil",), ("blur",), ("jpeg",), ("pencil", "jpeg")])
def test_the_threshold_cuts_out_the_ink_that_was_drawn(names: tuple[str, ...]) -> None:
    state, cut = both(threshold, *names)
    assert not state.mask.size
    true = PLAIN > 127
    found = cut.mask > 0
    assert (found & true).sum() > 0.94 * (found | true).sum()
    assert not found[CLEAR].any()
    assert cut.soft[CORE].mean() > 240
    assert cut.soft[CLEAR].max() < 50
    assert len(cut.stats) == cut.labels.max() + 1 > 12


def test_dirt_is_dropped_and_text_is_kept() -> None:
    _, plain = both(drop_non_text)
    dirty, cleaned = both(drop_non_text, "dirt")
    assert len(dirty.stats) > len(plain.blobs) + 20
    for blob in plain.blobs:
        assert any(abs(b.box.x - blob.box.x) < 3 and b.area > 100 for b in cleaned.blobs)
    assert len(cleaned.blobs) <= len(plain.blobs) + 2  # the punched holes
    assert len(cleaned.removed) >= 20
    assert {removed.reason for removed in cleaned.removed} == {Reason.SPECK}


def test_empty_form_boxes_leave_the_mask_as_it_is_without_them() -> None:
    grey = np.where(PLAIN > 127, np.uint8(20), np.uint8(240))
    for x in (430, 490, 550):
        cv2.rectangle(grey, (x, 20), (x + 60, 80), 60, 2)
    boxed = before(remove_form_boxes, grey)
    bare = remove_form_boxes(boxed)
    assert (boxed.mask[:, 425:] > 0).mean() > 0.01
    assert (bare.mask[:, 425:] > 0).mean() < 0.0001
    assert np.array_equal(bare.mask[:, :420], boxed.mask[:, :420])
    (removed,) = bare.removed
    assert removed.reason is Reason.FORM_BOX
    assert (removed.box.x, removed.box.y) == pytest.approx((429, 19), abs=1)
    assert (removed.box.width, removed.box.height) == pytest.approx((183, 63), abs=1)
    assert len(bare.stats) == len(boxed.stats) - 1


def bold() -> Grey:
    grey = np.full((200, 90), 230, np.uint8)
    return np.asarray(cv2.line(grey, (45, 34), (45, 166), 40, 60), np.uint8)


def test_a_picture_cropped_to_one_bold_glyph_is_separated_at_once() -> None:
    state = before(separate_tight_crop, bold())
    found = separate_tight_crop(state)
    assert state.light_on_dark is None
    assert found.light_on_dark is False
    assert found.strokes is Strokes.BOLD
    assert found.level == 255
    assert found.ink is not None
    assert found.ink[100, 45] == 255
    assert found.ink[2, 2] == 0
    for stage in (find_polarity, denoise, estimate_background, remove_rulings, reject_texture):
        assert stage(found) is found


SMALL = np.where(drawn(write("3", height=60, width=5, at=(20, 20)), (100, 90)) > 127, 30, 230)


@pytest.mark.parametrize("turned_round", [False, True])
def test_the_polarity_of_a_small_picture_is_found_by_trying_both(turned_round: bool) -> None:
    grey = np.asarray(255 - SMALL if turned_round else SMALL, np.uint8)
    state = before(find_polarity, grey)
    found = find_polarity(state)
    assert state.light_on_dark is None
    assert found.light_on_dark is turned_round
    assert np.array_equal(found.grey, SMALL)


def test_a_background_found_on_the_way_to_the_polarity_is_used() -> None:
    grey = np.tile(np.linspace(120, 200, 150).astype(np.uint8), (120, 1))
    cv2.line(grey, (30, 20), (60, 70), 60, 14)
    grey[40:90, 80:140] = 130
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 2), np.uint8)
    tried = find_polarity(before(find_polarity, grey))
    assert tried.background is not None
    assert estimate_background(tried).background is tried.background


NOTHING_TO_DO: dict[Stage, Photo] = {
    rectify_sheet: photo(),
    even_illumination: photo(),
    find_line_polarity: photo(ink=False),
    separate_tight_crop: photo(),
    find_polarity: photo(),
    denoise: photo("slope"),
    remove_rulings: photo(),
    reject_texture: photo(),
    remove_form_boxes: photo("rulings"),
    drop_non_text: photo(ink=False),
}


@pytest.mark.parametrize("stage", NOTHING_TO_DO, ids=lambda stage: stage.__name__)
def test_a_stage_with_nothing_to_do_returns_the_very_same_state(stage: Stage) -> None:
    grey = NOTHING_TO_DO[stage].page.grey
    state = PageState.of(grey) if stage is rectify_sheet else before(stage, grey)
    assert stage(state) is state


@pytest.mark.parametrize("stage", STAGES[1:], ids=lambda stage: stage.__name__)
def test_a_stage_that_has_run_has_nothing_more_to_do(stage: Stage) -> None:
    _, once = both(stage, "slope", "chalk")
    again = stage(once)
    if stage is drop_non_text:
        assert [b.label for b in again.blobs] == [b.label for b in once.blobs]
    else:
        assert again is once


def test_what_is_not_to_be_rectified_is_not() -> None:
    page = photo("table").page
    assert clean(page).is_rectified
    whole = clean(page, rectify=False)
    assert not whole.is_rectified
    assert whole.seen is page.grey


def test_at_half_the_size_boxes_are_still_px_of_the_file() -> None:
    page = photo().page
    whole, half = clean(page), clean(page, half_size=True)
    assert half.seen.shape == (240, 320)
    assert len(half.blobs) == len(whole.blobs)
    for blob, other in zip(
        sorted(half.blobs, key=lambda b: (b.box.y // 30, b.box.x)),
        sorted(whole.blobs, key=lambda b: (b.box.y // 60, b.box.x)),
        strict=True,
    ):
        box, true = half.in_file(blob.box), whole.in_file(other.box)
        assert (box.x, box.y) == pytest.approx((true.x, true.y), abs=3)
        assert (box.width, box.height) == pytest.approx((true.width, true.height), abs=4)


def test_a_page_reduced_when_it_was_opened_is_mapped_to_its_file() -> None:
    page = page_of(np.full((30, 40), 240, np.uint8), "test")
    assert np.array_equal(clean(page).to_file, np.eye(3))


def test_the_noise_of_the_ink_is_that_of_the_page() -> None:
    noisy = photo("noise").page.grey
    state = before(remove_rulings, noisy)
    assert state.ink is not None
    assert state.noise == noise_of(state.ink)


def test_stages_run_in_the_order_given() -> None:
    steps = list[str]()

    def one(state: PageState) -> PageState:
        steps.append("one")
        return state

    def two(state: PageState) -> PageState:
        steps.append("two")
        return state

    state = PageState.of(np.zeros((3, 3), np.uint8))
    assert run(state, (two, one, two)) is state
    assert steps == ["two", "one", "two"]
