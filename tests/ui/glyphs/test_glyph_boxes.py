"""The numbered boxes: where they lie, what is hit, what is painted."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPalette, QRegion
from pytestqt.qtbot import QtBot

from inkread.core.line_labels import LINE_LABELS
from inkread.ui.glyphs.glyph_boxes import (
    CONFIRMED,
    DOUBT,
    TAG,
    GlyphBox,
    box_at,
    lay_out,
    paint_boxes,
    tag_at,
)
from inkread.ui.glyphs.overlay_colours import CanvasColours
from inkread.ui.glyphs.selection import NONE
from inkread.ui.widgets.theme import DARK, LIGHT
from tests.ui.pixels import pixels

AREA = QRectF(0, 0, 400, 300)
TWO = (QRectF(50, 60, 60, 90), QRectF(150, 60, 60, 90))


def boxes_of(*frames: QRectF, smallest_tag: float = TAG) -> tuple[GlyphBox, ...]:
    labels = [str(i) for i in range(len(frames))]
    return lay_out(frames, labels, AREA, smallest_tag)


def test_tags_are_numbered_from_1_and_stand_on_the_upper_left_corner() -> None:
    first, second = boxes_of(*TWO)
    assert (first.number, second.number) == (1, 2)
    assert first.tag.bottomLeft() == TWO[0].topLeft()
    assert first.tag.width() >= 18
    assert first.tag.height() >= 18
    assert first.plate.left() > first.tag.right()


@pytest.mark.parametrize("sign", [*"0123456789", *LINE_LABELS[10:-1]])
@pytest.mark.parametrize("after", ["", DOUBT, CONFIRMED])
def test_a_plate_is_as_wide_as_its_label(sign: str, after: str, qtbot: QtBot) -> None:
    (box,) = lay_out(TWO[:1], [sign + after], AREA)
    font = QFont("DejaVu Sans")
    font.setPixelSize(round(0.85 * TAG))
    font.setBold(True)
    drawn = QFontMetricsF(font).boundingRect(sign + after).width()
    assert box.plate.width() > drawn - 1


@pytest.mark.parametrize(
    "frame",
    [
        QRectF(50, 0, 60, 90),
        QRectF(-30, 50, 60, 90),
        QRectF(390, 50, 60, 90),
        QRectF(50, 295, 60, 90),
        QRectF(-500, -500, 60, 90),
        QRectF(900, 900, 60, 90),
    ],
)
def test_tags_stay_within_the_area(frame: QRectF) -> None:
    (box,) = boxes_of(frame)
    assert AREA.contains(box.tag)


def test_full_size_tags_never_shrink_but_small_writing_gets_small_plates() -> None:
    tiny = [QRectF(20 * i, 60, 12, 20) for i in range(5)]
    assert all(box.tag.height() == TAG for box in boxes_of(*tiny))
    for box in boxes_of(*tiny, smallest_tag=8):
        assert box.tag.isNull()
        assert box.plate.height() == 8
        assert box.plate.center().x() == pytest.approx(box.frame.center().x())


def test_large_writing_is_numbered_whatever_the_smallest_tag() -> None:
    assert all(box.tag.height() == TAG for box in boxes_of(*TWO, smallest_tag=8))


def test_no_frames_no_boxes() -> None:
    assert boxes_of() == ()


def test_a_tag_is_hit_and_what_is_beside_it_is_not() -> None:
    boxes = boxes_of(*TWO)
    assert tag_at(boxes, boxes[1].tag.center()) == 1
    assert tag_at(boxes, TWO[1].center()) == NONE
    assert tag_at((), QPointF(5, 5)) == NONE


def crowd(number: int, width: float, pitch: float) -> list[QRectF]:
    return [QRectF(20 + pitch * i, 100, width, 60) for i in range(number)]


@pytest.mark.parametrize("smallest_tag", [TAG, 8])
@pytest.mark.parametrize(
    "frames",
    [
        crowd(9, 12, 16),
        crowd(6, 30, 34),
        [QRectF(50, 60, 10, 90), QRectF(55, 60, 10, 90)],
        [*crowd(3, 40, 60), *(frame.translated(0, 90) for frame in crowd(3, 40, 60))],
    ],
    ids=["narrow digits", "close digits", "crossing digits", "lines"],
)
def test_no_plate_hides_another(frames: list[QRectF], smallest_tag: float) -> None:
    boxes = boxes_of(*frames, smallest_tag=smallest_tag)
    whole = [box.plate.united(box.tag) for box in boxes]
    for i, one in enumerate(whole):
        assert AREA.contains(one)
        assert not any(one.intersects(other) for other in whole[:i])
    if smallest_tag == TAG:
        assert [tag_at(boxes, box.tag.center()) for box in boxes] == list(range(len(boxes)))


@pytest.mark.parametrize("mark", [QRectF(92, 112, 8, 8), QRectF(90, 80, 14, 6)])
def test_the_plate_of_a_mark_stands_below_it(mark: QRectF) -> None:
    digits = QRectF(40, 60, 48, 60), QRectF(106, 60, 48, 60)
    first, sign, last = boxes_of(digits[0], mark, digits[1])
    assert sign.plate.top() >= mark.bottom()
    assert first.plate.bottom() <= digits[0].top()
    assert last.plate.bottom() <= digits[1].top()


def test_a_plate_without_room_above_does_not_hide_its_own_digit() -> None:
    (box,) = boxes_of(QRectF(50, 5, 40, 100))
    assert not box.plate.intersects(box.frame)
    (whole,) = boxes_of(QRectF(5, 5, 390, 290))  # there is no other room
    assert AREA.contains(whole.plate)


def test_of_very_many_boxes_the_plates_are_not_moved() -> None:
    frames = [QRectF(3 * (i % 100), 50 + i // 100, 10, 20) for i in range(1000)]
    assert len(boxes_of(*frames)) == 1000


def test_what_is_out_of_sight_of_a_huge_box_changes_nothing_and_costs_nothing() -> None:
    """Squares all over it would be 80 thousand million."""
    small = QRectF(150, 60, 20, 30), QRectF(190, 60, 20, 30)
    in_sight = boxes_of(*small, QRectF(100, 100, AREA.right() - 100, AREA.bottom() - 100))
    huge = boxes_of(*small, QRectF(100, 100, 1e7, 1e7))
    assert [box.plate for box in huge[:2]] == [box.plate for box in in_sight[:2]]


def test_a_box_is_hit_inside_and_on_its_tag_the_smaller_before_the_larger() -> None:
    outer, inner = QRectF(50, 60, 200, 200), QRectF(100, 100, 30, 30)
    boxes = boxes_of(outer, inner)
    assert box_at(boxes, inner.center()) == 1
    assert box_at(boxes, QPointF(60, 200)) == 0
    assert box_at(boxes, QPointF(55, 50)) == 0  # its tag, above the frame
    assert box_at(boxes, QPointF(300, 10)) == NONE


@pytest.fixture
def colours(qtbot: QtBot) -> CanvasColours:
    palette = QPalette()
    for role, name in (
        (QPalette.ColorRole.Base, "#ffffff"),
        (QPalette.ColorRole.Text, "#000000"),
        (QPalette.ColorRole.Highlight, "#ff0000"),
        (QPalette.ColorRole.HighlightedText, "#ffff00"),
    ):
        palette.setColor(role, QColor(name))
    return CanvasColours.of(palette)


def painted(
    boxes: tuple[GlyphBox, ...], selected: int, colours: CanvasColours, dirty: QRectF = AREA
) -> NDArray[np.int64]:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(colours.background)
    painter = QPainter(image)
    paint_boxes(painter, boxes, selected, colours, QRegion(dirty.toAlignedRect()))
    painter.end()
    return pixels(image)


def reddish(rgb: NDArray[np.int64], rect: QRectF) -> bool:
    part = rgb[int(rect.top()) : int(rect.bottom()) + 1, int(rect.left()) : int(rect.right()) + 1]
    return bool((part[..., 0] - part[..., 2] > 150).any())


def test_only_the_selected_box_has_the_accent(colours: CanvasColours) -> None:
    boxes = boxes_of(*TWO)
    rgb = painted(boxes, 1, colours)
    assert reddish(rgb, boxes[1].tag)
    assert not reddish(rgb, QRectF(boxes[0].reach))
    assert not reddish(painted(boxes, NONE, colours), AREA)


def test_frames_are_thin_and_leave_the_inside_free(colours: CanvasColours) -> None:
    rgb = painted(boxes_of(*TWO), 1, colours)
    for frame in TWO:
        inside = frame.adjusted(4, 4, -4, -4).toRect()
        part = rgb[inside.top() : inside.bottom(), inside.left() : inside.right()]
        assert (part == 255).all()
        edge = rgb[int(frame.center().y()), int(frame.left()) - 1 : int(frame.left()) + 2]
        assert (edge < 200).any()


def test_label_and_number_are_written(colours: CanvasColours) -> None:
    boxes = boxes_of(*TWO)
    rgb = painted(boxes, NONE, colours)
    for rect in (boxes[0].tag, boxes[0].plate):
        part = rgb[int(rect.top()) : int(rect.bottom()), int(rect.left()) : int(rect.right())]
        assert np.ptp(part) > 100


def test_boxes_outside_the_dirty_area_are_left_out(colours: CanvasColours) -> None:
    boxes = boxes_of(*TWO)
    rgb = painted(boxes, NONE, colours, TWO[0])
    reach = boxes[1].reach
    assert (rgb[:, reach.left() :] == 255).all()
    assert (rgb[:, : reach.left()] < 200).any()


def test_a_doubted_box_is_marked_by_its_broken_frame_and_a_question_mark(
    colours: CanvasColours,
) -> None:
    sure, doubted = (lay_out([TWO[0]], [label], AREA)[0] for label in ("7", "7?"))
    assert doubted.is_doubted and not sure.is_doubted
    y = int(TWO[0].bottom())
    gaps = []
    for box in (sure, doubted):
        rgb = painted((box,), NONE, colours)
        line = rgb[y - 1 : y + 2, int(TWO[0].left()) + 6 : int(TWO[0].right()) - 6].min(axis=(0, 2))
        gaps.append(int((line > 220).sum()))
    assert gaps[0] == 0
    assert gaps[1] > 10
    assert doubted.plate.width() > sure.plate.width()


@pytest.mark.parametrize("background", [0, 90, 255])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_frames_show_on_dark_and_on_light_pictures(
    theme: dict[QPalette.ColorRole, str], background: int
) -> None:
    palette = QPalette()
    for role, name in theme.items():
        palette.setColor(role, QColor(name))
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(QColor(background, background, background))
    painter = QPainter(image)
    over = CanvasColours.of(palette).over_pictures()
    paint_boxes(painter, lay_out([TWO[0]], ["7"], AREA), NONE, over, QRegion(0, 0, 400, 300))
    painter.end()
    x, y = int(TWO[0].left()), int(TWO[0].center().y())
    across = pixels(image)[y, x - 4 : x + 5].mean(axis=1)
    assert np.ptp(across) > 90
