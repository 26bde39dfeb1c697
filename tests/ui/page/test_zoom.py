"""Which part of a page is seen, and how large."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF

from inkread.ui.page.zoom import Zoom

FREE = QRectF(10, 10, 400, 300)
SIZE = (800.0, 600.0)


def rect(zoom: Zoom) -> QRectF:
    return zoom.rect(*SIZE, FREE)


def zoomed(zoom: Zoom, by: float, at: QPointF) -> Zoom:
    return zoom.times(by, at, rect(zoom), SIZE[0], FREE)


def test_at_first_the_page_fits() -> None:
    assert rect(Zoom()) == FREE
    assert Zoom().rect(400, 400, FREE) == QRectF(60, 10, 300, 300)


@pytest.mark.parametrize("at", [QPointF(210, 160), QPointF(100, 60), QPointF(350, 300)])
def test_what_is_under_the_mouse_stays_there(at: QPointF) -> None:
    zoom = Zoom()
    before = rect(zoom)
    share = (at - before.topLeft()) / before.width()
    for _ in range(3):
        zoom = zoomed(zoom, 1.5, at)
    after = rect(zoom)
    assert after.width() == pytest.approx(400 * 1.5**3)
    there = after.topLeft() + share * after.width()
    assert (there.x(), there.y()) == pytest.approx((at.x(), at.y()), abs=1.5)


def test_out_of_it_leads_back_to_the_whole() -> None:
    zoom = zoomed(Zoom(), 2, QPointF(100, 100))
    assert not zoom.is_whole
    assert zoomed(zoom, 0.4, QPointF(100, 100)) == Zoom()
    assert zoomed(Zoom(), 0.5, QPointF(100, 100)) == Zoom()


def test_no_pixel_grows_without_end() -> None:
    zoom = zoomed(Zoom(), 1e6, QPointF(200, 200))
    assert rect(zoom).width() == pytest.approx(12 * SIZE[0])


@pytest.mark.parametrize("by", [QPointF(1e6, 1e6), QPointF(-1e6, -1e6), QPointF(1e6, -1e6)])
def test_the_page_is_pushed_no_farther_than_to_its_edges(by: QPointF) -> None:
    zoom = zoomed(Zoom(), 2, FREE.center())
    shown = rect(zoom.moved(by, rect(zoom), FREE))
    assert shown.adjusted(-1, -1, 1, 1).contains(FREE)
    assert shown.left() == pytest.approx(FREE.left() if by.x() > 0 else FREE.right() - 800)
    assert shown.top() == pytest.approx(FREE.top() if by.y() > 0 else FREE.bottom() - 600)


def test_pushing_moves_by_as_many_px() -> None:
    zoom = zoomed(Zoom(), 2, FREE.center())
    moved = zoom.moved(QPointF(-30, 20), rect(zoom), FREE)
    way = rect(moved).topLeft() - rect(zoom).topLeft()
    assert (way.x(), way.y()) == pytest.approx((-30, 20), abs=1)


def test_a_page_that_is_low_stays_in_the_middle() -> None:
    zoom = Zoom(2.0)
    shown = zoom.rect(4000, 100, FREE)
    moved = zoom.moved(QPointF(0, 50), shown, FREE).rect(4000, 100, FREE)
    assert moved.center().y() == pytest.approx(FREE.center().y(), abs=1)


def test_what_is_asked_for_comes_into_sight() -> None:
    zoom = zoomed(Zoom(), 4, FREE.topLeft())
    shown = rect(zoom)
    hidden = QRectF(shown.right() - 60, shown.bottom() - 60, 40, 40)
    there = zoom.showing(hidden, shown, FREE)
    assert FREE.contains(hidden.translated(rect(there).topLeft() - shown.topLeft()))
    seen = QRectF(50, 50, 20, 20)
    assert zoom.showing(seen, shown, FREE) is zoom
    assert Zoom().showing(QRectF(900, 900, 9, 9), rect(Zoom()), FREE) == Zoom()
