"""The page view: the picture fits, the boxes lie on it, one glyph is selected."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inkread.core.geometry import Box
from inkread.core.picture.page import Page
from inkread.core.reading import Reading
from inkread.ui.glyphs import glyph_boxes as boxes_module
from inkread.ui.glyphs.glyph_boxes import GlyphBox
from inkread.ui.page import page_picture
from inkread.ui.page.page_picture import PREVIEW_SIDE, halved
from inkread.ui.page.page_view import PageView
from tests.ui.canvas.canvases import themed
from tests.ui.canvas.pens import Mouse
from tests.ui.pixels import on_screen, seen
from tests.ui.readings import glyph

BLUE, YELLOW = (20, 40, 200), (230, 220, 40)


@pytest.fixture
def view(qtbot: QtBot) -> PageView:
    view = PageView()
    qtbot.addWidget(view)
    view.setPalette(themed("#ffffff", "#000000"))
    view.resize(424, 324)
    view.show()
    return view


def page(width: int, height: int, scale: float = 1.0) -> Page:
    """The left half blue, the right half yellow."""
    colour = np.empty((height, width, 3), np.uint8)
    colour[:, : width // 2] = BLUE
    colour[:, width // 2 :] = YELLOW
    colour.setflags(write=False)
    grey = colour.mean(axis=2).astype(np.uint8)
    grey.setflags(write=False)
    return Page(colour, grey, scale)


def reading(*boxes: Box) -> Reading:
    return Reading(tuple(replace(glyph(str(i)), box=box) for i, box in enumerate(boxes)))


def bounds(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """left, top, right, bottom of what is set."""
    y, x = np.nonzero(mask)
    return int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1


def of_colour(view: PageView, colour: tuple[int, int, int]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(seen(view) - np.array(colour)).max(axis=2) < 12)


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((800, 600), (12, 12, 412, 312)),
        ((100, 75), (12, 12, 412, 312)),  # small ones grow
        ((4000, 1000), (12, 112, 412, 212)),
        ((500, 1000), (137, 12, 287, 312)),
    ],
)
def test_a_page_fits_whole_and_keeps_its_shape(
    view: PageView, size: tuple[int, int], shown: tuple[int, int, int, int]
) -> None:
    view.set_page(page(*size))
    left, top, right, bottom = shown
    middle = (left + right) // 2
    assert bounds(of_colour(view, BLUE)) == pytest.approx((left, top, middle, bottom), abs=2)
    assert bounds(of_colour(view, YELLOW)) == pytest.approx((middle, top, right, bottom), abs=2)


def test_a_page_is_fitted_anew_after_resizing(view: PageView) -> None:
    view.set_page(page(800, 600))
    seen(view)
    view.resize(224, 424)
    assert bounds(of_colour(view, BLUE)) == pytest.approx((12, 137, 112, 287), abs=2)


@pytest.mark.parametrize("size", [(1, 1), (20000, 20), (3, 5000), (2, 1)])
def test_odd_shapes_are_shown(view: PageView, size: tuple[int, int]) -> None:
    view.set_page(page(*size))
    shown = view.page_rect()
    assert shown.width() >= 1
    assert shown.height() >= 1
    inside = seen(view)[int(shown.center().y()), int(shown.center().x())]
    assert np.abs(inside - view.colours.surround.red()).max() > 30
    view.set_reading(reading(Box(0, 0, 1, 1)))
    assert len(view.boxes()) == 1


def test_a_pixel_wide_pattern_becomes_its_mean_not_a_moire(view: PageView) -> None:
    stripes = np.zeros((3000, 4000, 3), np.uint8)
    stripes[:, ::2] = 255
    view.set_page(Page(stripes, stripes[..., 0].copy()))
    inside = seen(view)[100:200, 100:300]
    assert np.abs(inside - 127.5).max() < 6


@pytest.mark.parametrize("shape", [(8, 12), (9, 13), (400, 600), (1, 64), (5, 1)])
def test_halving_takes_means(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    colour = rng.integers(0, 256, (*shape, 3), dtype=np.uint8)
    colour.setflags(write=False)
    small = halved(colour, max(shape) // 2)
    height, width = max(1, shape[0] // 2), max(1, shape[1] // 2)
    even = colour[: 2 * height, : 2 * width].astype(float)
    rows = even.reshape(height, -1, even.shape[1], 3).mean(axis=1)
    means = rows.reshape(height, width, -1, 3).mean(axis=2)
    assert small.shape == (height, width, 3)
    assert np.abs(small - means).max() <= 0.75


def test_halving_leaves_what_is_small_enough() -> None:
    colour = page(640, 480).colour
    assert halved(colour, 640) is colour
    assert max(halved(colour, 639).shape) == 320


@pytest.mark.slow
def test_a_preview_made_elsewhere_is_shown(view: PageView) -> None:
    whole = page(4000, 3000)
    view.set_page(whole, halved(whole.colour, PREVIEW_SIDE))
    assert bounds(of_colour(view, BLUE)) == pytest.approx((12, 12, 212, 312), abs=2)


@pytest.fixture
def scalings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The sizes that pages are scaled to."""
    calls = []
    scaled = page_picture.scaled

    def counted(colour: NDArray[np.uint8], width: int, height: int) -> QPixmap:
        calls.append((width, height))
        return scaled(colour, width, height)

    monkeypatch.setattr(page_picture, "scaled", counted)
    return calls


def test_the_page_is_scaled_once_for_each_size(
    view: PageView, scalings: list[tuple[int, int]]
) -> None:
    view.set_page(page(800, 600))
    view.set_reading(reading(Box(10, 10, 50, 90)))
    for index in (0, -1):
        view.set_selected(index)
        seen(view)
    assert scalings == [(400, 300)]
    view.resize(224, 424)
    seen(view)
    assert scalings == [(400, 300), (200, 150)]


def test_a_sharp_screen_gets_a_sharper_page(
    view: PageView, scalings: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    view.set_page(page(800, 600))
    before = seen(view)
    monkeypatch.setattr(PageView, "devicePixelRatioF", lambda _view: 2.0)
    assert np.abs(seen(view) - before).mean() < 2
    assert scalings == [(400, 300), (800, 600)]


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_boxes_are_in_px_of_the_file(view: PageView, scale: float) -> None:
    """The file is 800 x 600 or 1600 x 1200, shown at 400 x 300."""
    view.set_page(page(800, 600, scale))
    view.set_reading(reading(Box(200 / scale, 100 / scale, 80 / scale, 60 / scale)))
    frame = view.boxes()[0].frame
    assert (frame.left(), frame.top()) == pytest.approx((12 + 100 - 3, 12 + 50 - 3))
    assert (frame.width(), frame.height()) == pytest.approx((40 + 6, 30 + 6))


def test_boxes_move_with_the_page(view: PageView) -> None:
    view.set_page(page(800, 600))
    view.set_reading(reading(Box(200, 100, 80, 60)))
    before = view.boxes()[0].frame
    view.resize(824, 624)
    after = view.boxes()[0].frame
    assert after.width() == pytest.approx(80 + 6)
    assert after.left() > before.left()


def test_a_click_selects_a_box_and_one_beside_it_none(view: PageView) -> None:
    heard: list[int] = []
    view.selected_changed.connect(heard.append)
    view.set_page(page(800, 600))
    view.set_reading(reading(Box(200, 100, 80, 60), Box(400, 100, 80, 60)))
    mouse = Mouse(view)
    for x, y in ((225, 75), (130, 75), (130, 200)):
        mouse.drag((x, y))
    mouse.press((225, 75), Qt.MouseButton.RightButton)
    assert heard == [1, 0, -1]
    assert view.selected == -1


def test_arrow_keys_move_the_selection(view: PageView) -> None:
    view.set_page(page(800, 600))
    first = reading(Box(200, 100, 80, 60), Box(400, 100, 80, 60)).glyphs
    below = replace(reading(Box(410, 300, 80, 60)).glyphs[0], line=1)
    view.set_reading(Reading((*first, below)))
    selected = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(view, key)
        selected.append(view.selected)
    assert selected == [0, 1, 2, 1]


def test_the_selected_box_has_the_accent(view: PageView) -> None:
    view.set_page(page(800, 600))
    view.set_reading(reading(Box(200, 100, 80, 60), Box(600, 100, 80, 60)))
    view.clearFocus()
    assert not of_colour(view, (255, 0, 0)).any()
    view.set_selected(0)
    left, _, right, _ = bounds(of_colour(view, (255, 0, 0)))
    assert (left, right) == pytest.approx((12 + 100 - 3, 12 + 140 + 3), abs=3)


def test_what_is_repainted_is_enough(view: PageView, qtbot: QtBot) -> None:
    qtbot.waitExposed(view)
    for shown in (page(800, 600), page(400, 900)):
        view.set_page(shown)
        assert np.array_equal(on_screen(view), seen(view))
        view.set_reading(reading(Box(100, 50, 80, 60), Box(110, 100, 90, 70)))
        for index in (0, 1, -1):
            view.set_selected(index)
            assert np.array_equal(on_screen(view), seen(view))
    view.clear()
    assert np.array_equal(on_screen(view), seen(view))


def test_a_step_of_the_selection_paints_few_boxes(
    view: PageView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes = [Box(20 + 60 * (i % 10), 20 + 60 * (i // 10), 20, 30) for i in range(100)]
    view.set_page(page(640, 640))
    view.set_reading(reading(*boxes))
    view.set_selected(0)
    QApplication.processEvents()
    painted: list[GlyphBox] = []
    paint = boxes_module._paint_plates

    def counted(painter: Any, box: GlyphBox, look: Any) -> None:
        painted.append(box)
        paint(painter, box, look)

    monkeypatch.setattr(boxes_module, "_paint_plates", counted)
    view.set_selected(99)
    QApplication.processEvents()
    assert {1, 100} <= {box.number for box in painted}
    assert len(painted) <= 6  # and what their tags reach into


def test_a_new_page_has_no_reading_yet(view: PageView) -> None:
    view.set_page(page(800, 600))
    view.set_reading(reading(Box(200, 100, 80, 60)))
    view.set_selected(0)
    view.set_page(page(400, 600))
    assert view.reading.is_empty
    assert view.selected == -1


def test_clear_leaves_the_hint(view: PageView) -> None:
    empty = seen(view)
    assert (empty[140:180, 60:360] < 200).any()
    view.set_page(page(800, 600))
    view.set_reading(reading(Box(200, 100, 80, 60)))
    view.clear()
    assert view.page is None
    assert view.reading.is_empty
    assert np.array_equal(seen(view), empty)


def test_a_reading_without_a_page_is_harmless(view: PageView) -> None:
    view.set_reading(reading(Box(200, 100, 80, 60)))
    assert seen(view).shape == (324, 424, 3)


def test_names_for_assistive_tools(view: PageView) -> None:
    assert view.objectName() == "page_view"
    assert view.accessibleName()
    assert view.accessibleDescription()


def test_a_page_that_is_left_is_freed(view: PageView) -> None:
    shown = page(80, 60)
    colour = weakref.ref(shown.colour)
    view.set_page(shown)
    assert view.page_rect().isValid()
    del shown
    view.clear()
    gc.collect()
    assert colour() is None
