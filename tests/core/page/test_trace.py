from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.core.geometry import Box
from inkread.core.page.components import Blob, components
from inkread.core.page.pipeline import STAGES, clean, run, trace_of
from inkread.core.page.state import PageState, Reason, Removed
from inkread.core.page.trace import TraceStep, picture_of
from inkread.core.picture.page import page_of
from inkread.core.reading import Seen
from tests.synthetic import of_level, photograph
from tests.written import write

INK = write("2046\n7183", height=80, width=6, at=(120, 60))
GREY = np.full((30, 40), 200, np.uint8)


def traced(
    *names: str, rectify: bool = True, quarters: int = 0, side: int = 320
) -> dict[str, TraceStep]:
    sizes = of_level("medium", names)
    photo = photograph(INK, (480, 640), sizes, np.random.default_rng(4), 110)
    steps = trace_of(photo.page, Seen(is_rectified=rectify, quarters=quarters), side)
    return {step.name: step for step in steps}


def test_a_trace_has_one_step_for_each_stage_in_their_order() -> None:
    names = [stage.__name__.replace("_", " ") for stage in STAGES]
    assert list(traced()) == names
    whole = traced("table", rectify=False)
    assert list(whole) == names
    assert whole["rectify sheet"].note == "All of the picture is the page."
    assert whole["rectify sheet"].picture.shape == (240, 320)


def test_a_step_says_what_was_done_or_that_there_was_nothing_to_do() -> None:
    steps = traced("table", "slope", "chalk")
    assert steps["rectify sheet"].note.startswith("A sheet was found and flattened")
    assert steps["even illumination"].note.startswith("Illumination that falls off by ")
    assert "brighter" in steps["find line polarity"].note
    assert steps["separate tight crop"].note == "Nothing to do."
    assert traced("rulings")["remove rulings"].note == "4 ruling lines removed."
    assert "blobs may be text" in steps["drop non text"].note
    assert all(step.note.endswith(".") for step in steps.values())


def test_pictures_show_the_page_after_each_stage() -> None:
    steps = traced("rulings")
    dark = {name: float((step.picture < 128).mean()) for name, step in steps.items()}
    assert steps["even illumination"].picture.max() == 240
    faint = {name: float((step.picture < 245).mean()) for name, step in steps.items()}
    assert faint["estimate background"] > faint["remove rulings"] + 0.003  # the lines
    assert set(np.unique(traced("rulings", side=640)["threshold"].picture)) == {0, 255}
    assert dark["drop non text"] == pytest.approx(dark["threshold"], rel=0.05)


def test_pictures_are_reduced_as_far_as_asked() -> None:
    page = page_of(np.full((480, 640), 240, np.uint8), "test")
    assert {step.picture.shape for step in trace_of(page)} == {(240, 320)}
    assert {step.picture.shape for step in trace_of(page, side=100)} == {(75, 100)}
    assert {step.picture.shape for step in trace_of(page, side=None)} == {(480, 640)}
    half = trace_of(page, Seen(half_size=True), side=None)
    assert {step.picture.shape for step in half} == {(240, 320)}


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_is_read_turned_is_traced_turned(quarters: int) -> None:
    steps = traced(quarters=quarters)
    names = list(steps)
    assert names.index("turn page") == names.index("remove rulings") - 1
    degrees = 90 * quarters
    assert steps["turn page"].note == f"The page was turned by {degrees} degrees anticlockwise."
    upright = traced()["estimate background"].picture
    assert steps["turn page"].picture.shape == np.rot90(upright, quarters).shape
    assert np.abs(steps["turn page"].picture - np.rot90(upright, quarters).astype(int)).max() < 9


def test_a_trace_changes_nothing() -> None:
    grey = np.full((90, 120), 240, np.uint8)
    grey[20:70, 30:34] = 30
    page = page_of(grey, "test")
    state = run(PageState.of(page.grey), STAGES, [])
    assert np.array_equal(state.mask, clean(page).mask)
    assert np.array_equal(state.soft, clean(page).soft)


def test_the_picture_of_a_page_follows_what_is_known_of_it() -> None:
    state = PageState.of(GREY)
    assert picture_of(state) is GREY
    ink = np.zeros((30, 40), np.uint8)
    ink[5:20, 10:14] = 60
    ink[25, 30:33] = 30
    known = replace(state, ink=ink, level=60.0)
    assert picture_of(known)[10, 12] == 0
    assert picture_of(known)[25, 31] == pytest.approx(255 - 30 * 255 / 60, abs=1)
    assert picture_of(known)[0, 0] == 255
    assert picture_of(replace(known, level=None))[10, 12] == 255 - 60
    mask = np.where(ink > 20, np.uint8(255), np.uint8(0))
    labels, stats = components(mask)
    cut = replace(known, mask=mask, labels=labels, stats=stats)
    assert np.array_equal(picture_of(cut), 255 - mask)
    lines = replace(cut, removed=(Removed(Reason.RULING, Box(0, 0, 1, 1)),))
    assert np.array_equal(picture_of(lines), 255 - mask)


def test_the_last_picture_shows_text_black_and_the_rest_as_a_shade() -> None:
    mask = np.zeros((30, 40), np.uint8)
    mask[5:20, 10:14] = mask[25, 30:33] = 255
    labels, stats = components(mask)
    state = replace(PageState.of(GREY), mask=mask, labels=labels, stats=stats)
    text = Blob(1, Box(10, 5, 4, 15), 60, np.zeros((1, 2), np.float32), False)
    shown = picture_of(replace(state, blobs=(text,)))
    assert shown[10, 12] == 0
    assert shown[25, 31] == 192
    assert shown[0, 0] == 255
    none = picture_of(replace(state, removed=(Removed(Reason.FRAME, Box(0, 0, 40, 30)),)))
    assert set(np.unique(none)) == {192, 255}
