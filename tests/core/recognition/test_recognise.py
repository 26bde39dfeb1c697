from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.core.batch.read_files import joined
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.layout import Layout
from inkread.core.picture.page import Page
from inkread.core.reading import Cells, Grey, Reading, Stage, StageName
from inkread.core.recognition import recognise
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.core.segmentation.ink_primitives import InkPrimitives
from inkread.core.segmentation.primitives import Distance
from inkread.core.segmentation.text_lines import BoxLayout
from tests.core.templates import Templates
from tests.written import write

TEMPLATES = Templates()
coordinate = st.floats(-1e4, 1e4, width=32)


def page_of(grey: Grey, scale: float = 1.0) -> Page:
    return Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey, scale)


def holds(reading: Reading) -> None:
    """Invariants of any reading."""
    for glyph in reading.glyphs:
        assert glyph.cell.shape == (28, 28)
        assert 0 <= glyph.cell.min() <= glyph.cell.max() <= 1
        total = sum(guess.probability for guess in glyph.guesses)
        assert glyph.is_mark or total == pytest.approx(1, abs=1e-4)
        assert np.array_equal(np.rint(glyph.cell * 255), glyph.stages[-1].image)


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_on_the_canvas(digit: str) -> None:
    reading = read_ink(write(digit, height=140, width=20, at=(300, 90)), TEMPLATES)
    assert reading.text == digit
    (glyph,) = reading.glyphs
    assert glyph.box.x > 270
    assert glyph.box.height == pytest.approx(160, rel=0.15)
    assert glyph.stages[0].name is StageName.INK


@pytest.mark.parametrize("text", ["20", "4715", "3\n8", "123\n456\n7890"])
@pytest.mark.parametrize("dark_mode", [False, True])
def test_ink_and_its_picture_read_the_same(text: str, dark_mode: bool) -> None:
    ink = write(text, height=90, width=8)
    grey = rasterise_page(ink)
    drawn = read_ink(ink, TEMPLATES)
    seen = read_page(page_of(255 - grey if dark_mode else grey), TEMPLATES)
    assert drawn.text == seen.text == text
    assert [glyph.line for glyph in drawn.glyphs] == [glyph.line for glyph in seen.glyphs]


def test_stages_that_nobody_looks_at_are_left_out() -> None:
    ink = write("31")
    page = page_of(rasterise_page(ink))
    for light in (
        read_ink(ink, TEMPLATES, with_stages=False),
        read_page(page, TEMPLATES, with_stages=False),
    ):
        assert light.text == "31"
        assert [glyph.stages for glyph in light.glyphs] == [(), ()]
    full = read_page(page, TEMPLATES)
    assert all(
        np.array_equal(a.cell, b.cell) for a, b in zip(full.glyphs, light.glyphs, strict=True)
    )


def test_a_reading_holds_no_part_of_its_page() -> None:
    page = page_of(rasterise_page(write("3")))
    (glyph,) = read_page(page, TEMPLATES).glyphs
    assert not any(np.shares_memory(stage.image, page.grey) for stage in glyph.stages)


def test_nothing_written_asks_nobody() -> None:
    nobody = Templates()
    blank = np.full((200, 300), 250, np.uint8)
    assert read_ink(Ink(), nobody).is_empty
    assert read_ink(Ink((Stroke.of([[5, 5]], width=40),)), nobody).is_empty
    assert read_ink(Ink((Stroke.of([[5, 5], [7, 8], [6, 6]]),)), nobody).is_empty
    assert read_ink(Ink((Stroke.of([[5, 5]]), Stroke.of([[90, 40]]))), nobody).is_empty
    assert read_page(page_of(blank), nobody).is_empty
    assert nobody.batches == []


def test_what_the_classifier_doubts_below_its_threshold_is_rejected() -> None:
    ink = write("2047", height=100, width=8)
    page = page_of(rasterise_page(ink))
    asked = Templates()
    assert read_ink(ink, asked).rejected == ()
    between = sorted(glyph.probability for glyph in read_ink(ink, asked).glyphs)[1]
    asked.rejection_threshold = between
    reading = read_ink(ink, asked)
    assert [g.rejected for g in reading.glyphs] == [g.probability < between for g in reading.glyphs]
    assert len(reading.rejected) == 1  # the threshold itself is still good enough
    assert reading.text == "2047"
    asked.rejection_threshold = 1.0
    assert all(glyph.rejected for glyph in read_page(page, asked).glyphs)


@pytest.mark.parametrize("calibrated", [False, True])
def test_a_reading_tells_whether_its_probabilities_are_calibrated(calibrated: bool) -> None:
    asked = Templates()
    asked.is_calibrated = calibrated
    assert read_ink(write("3"), asked).is_calibrated is calibrated
    assert read_ink(Ink(), asked).is_calibrated is calibrated


def test_a_slip_of_the_pen_beside_a_digit_is_not_read() -> None:
    ink = write("3", height=150).with_stroke(Stroke.of([[400, 60], [402, 61]]))
    assert read_ink(ink, TEMPLATES).text == "3"


class Doubting:
    """Sure of what is about as wide as high; of what is higher, it holds this much for an 8."""

    labels = tuple("0123456789")
    rejection_threshold: float | None = None
    is_calibrated = True

    def __init__(self, probability: float) -> None:
        self._probability = probability

    def probabilities(self, cells: Cells) -> Cells:
        width = (cells[:, 0].max(axis=1) > 0).sum(axis=1)
        eight = np.where(width > 14, 1.0, self._probability)[:, np.newaxis]
        rest = np.broadcast_to((1 - eight) / 9, (len(cells), 10)).copy()
        rest[:, 8:9] = eight
        return rest.astype(np.float32)


class Counting(Doubting):
    """Counts how often it is asked about three cells, as for a join."""

    def __init__(self, probability: float) -> None:
        super().__init__(probability)
        self.joins = 0

    def probabilities(self, cells: Cells) -> Cells:
        self.joins += len(cells) == 3
        return super().probabilities(cells)


@pytest.mark.parametrize("count", [4, 12])
def test_each_pair_above_one_another_is_asked_about_once(count: int) -> None:
    angle = np.linspace(0, 2 * np.pi, 60)
    circle = np.stack([20 * np.sin(angle), -20 * np.cos(angle)], axis=1)
    places = [(60 + 240 * k, y) for k in range(count) for y in (60, 100)]
    strokes = [Stroke.of(circle + np.array(place), width=4) for place in places]
    bars = [np.array([[x, 40], [x, 120]], np.float64) for x in range(140, 240 * count, 80)]
    strokes += [Stroke.of(bar, width=4) for bar in bars]  # between them, as high as two rings
    counting = Counting(0.9)
    read_ink(Ink(tuple(strokes)), counting)
    assert counting.joins == count


def test_a_group_in_several_pairs_is_made_a_cell_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[tuple[int, ...]]()
    cell = InkPrimitives.cell

    def counted(self: InkPrimitives, members: Sequence[int]) -> tuple[Cells, tuple[Stage, ...]]:
        made.append(tuple(members))
        return cell(self, members)

    monkeypatch.setattr(InkPrimitives, "cell", counted)
    monkeypatch.setattr(recognise.Recogniser, "_decoded", lambda *_: [])
    angle = np.linspace(0, 2 * np.pi, 60)
    circle = np.stack([20 * np.sin(angle), -20 * np.cos(angle)], axis=1)
    rings = (Stroke.of(circle + np.array([100, y]), width=4) for y in (60, 100, 140))
    read_ink(Ink(tuple(rings)), Doubting(0.0))
    assert len(made) >= 5  # three rings, two pairs
    assert len(made) == len(set(made))


@pytest.mark.parametrize(
    ("gap", "probability", "count"), [(0, 0.14, 1), (0, 0.13, 2), (4, 0.2, 1), (6, 0.2, 2)]
)
def test_rings_above_one_another_join_where_their_bonus_outweighs_the_doubt(
    gap: float, probability: float, count: int
) -> None:
    # Doubt of 4.3 and 4.7 nats against a bonus of 4.5 where they touch, which a gap of 15 % of
    # both together uses up; of 2.7 nats against 3.1 and 2.4 where they are 4 and 6 px apart.
    angle = np.linspace(0, 2 * np.pi, 60)
    circle = np.stack([20 * np.sin(angle), -20 * np.cos(angle)], axis=1)
    ink = Ink(tuple(Stroke.of(circle + np.array([100, y]), width=4) for y in (60, 100 + gap)))
    assert len(read_ink(ink, Doubting(probability)).lines) == count


@pytest.mark.slow
@given(st.lists(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=12), max_size=6))
def test_any_ink_is_read(strokes: list[list[tuple[float, float]]]) -> None:
    holds(read_ink(Ink(tuple(Stroke.of(points) for points in strokes)), TEMPLATES))


def test_a_line_much_smaller_than_the_one_above_is_read() -> None:
    large, small = write("12", height=200, width=10), write("34", height=60, width=6)
    below = (Stroke.of(np.add(stroke.points, [20, 260]), 6) for stroke in small.strokes)
    above, smaller = read_ink(Ink((*large.strokes, *below)), Templates()).lines
    assert "".join(glyph.label for glyph in above) == "12"
    assert len(smaller) > 0


def test_a_layout_overrules_what_it_looks_like() -> None:
    ink = write("20\n47", height=90)
    page = page_of(rasterise_page(ink))
    for read in (partial(read_ink, ink, TEMPLATES), partial(read_page, page, TEMPLATES)):
        assert len(read(Layout.DIGIT).glyphs) == 1
        assert {glyph.line for glyph in read(Layout.LINE).glyphs} == {0}
        assert read(Layout.PAGE).text == read().text == "20\n47"


def test_specks_are_no_part_of_the_one_digit() -> None:
    ink = write("3", height=150).with_stroke(Stroke.of([[400, 60], [402, 61]]))
    (glyph,) = read_ink(ink, TEMPLATES, Layout.DIGIT).glyphs
    assert glyph.label == "3"
    assert glyph.box.right < 300


def test_a_reading_of_ink_was_not_seen_on_a_page() -> None:
    assert read_ink(write("4"), TEMPLATES).seen is None


def with_points(text: str) -> Ink:
    """Digits with a point after the first."""
    first, rest = write(text[0], height=100, width=8), write(text[1:], height=100, width=8)
    right = first.bounds.right
    by = np.array([right + 50 - rest.bounds.x, 0], np.float32)
    moved = (s.points + by for s in rest.strokes)
    bottom = first.bounds.bottom
    point = Stroke.of([(right + 24, bottom - 2), (right + 26, bottom - 2)], 8)
    return Ink((*first.strokes, point, *(Stroke.of(points, 8) for points in moved)))


@pytest.mark.parametrize(("threshold", "text"), [(None, "2.57"), (0.0, "2.57"), (2.0, "257")])
def test_a_line_of_rejected_digits_has_no_marks(threshold: float | None, text: str) -> None:
    class Strict(Templates):
        rejection_threshold = threshold

    reading = read_ink(with_points("257"), Strict())
    assert reading.text == text
    assert len(reading.rejected) == (3 if text == "257" else 0)


@pytest.mark.parametrize(("height", "side"), [(100.0, 124), (300.0, 160), (700.0, 160)])
def test_stages_are_kept_no_larger_than_they_are_shown(height: float, side: int) -> None:
    page = page_of(rasterise_page(write("1", height=height, width=height / 12), margin=20))
    (glyph,) = read_page(page, TEMPLATES).glyphs
    tall, wide = glyph.stages[0].image.shape
    assert tall == pytest.approx(side, rel=0.08)
    assert tall <= 160
    margin = 0.17 * glyph.box.height
    ratio = (glyph.box.width + margin) / (glyph.box.height + margin)
    assert wide / tall == pytest.approx(ratio, rel=0.25)


def bars_joined(
    monkeypatch: pytest.MonkeyPatch, pair: Callable[[int, Distance], tuple[int, int]], **bounds: int
) -> list[int]:
    """How many are left of 20 bars, round by round, if each round joins one pair of them.

    `pair` chooses it, from their count and the distances.
    """
    left: list[int] = []

    def always_one(layout: BoxLayout, distance: Distance) -> list[tuple[int, int, float]]:
        left.append(len(layout.boxes))
        return [(*pair(left[-1], distance), 1e9)] if left[-1] > 1 else []

    monkeypatch.setattr(recognise, "stacked", always_one)
    monkeypatch.setattr(recognise, "PARAMS", replace(recognise.PARAMS, **bounds))
    read_ink(Ink(tuple(Stroke.of([(40 * i, 0), (40 * i, 100)]) for i in range(20))), TEMPLATES)
    return left


def test_joining_ends_where_as_many_pairs_were_compared_as_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def first(count: int, distance: Distance) -> tuple[int, int]:
        return 0, 1

    # 400 + 361 + 324 pairs; then nothing is joined any more.
    assert bars_joined(monkeypatch, first, max_pairs=1000) == [20, 19, 18]
    assert bars_joined(monkeypatch, first, max_pairs=10_000) == list(range(20, 0, -1))


def test_joining_ends_where_as_many_distances_were_looked_at_as_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def outer(count: int, distance: Distance) -> tuple[int, int]:
        assert distance(0, count - 1) >= 0
        return 0, count - 1

    assert bars_joined(monkeypatch, outer) == list(range(20, 0, -1))
    rounds = bars_joined(monkeypatch, outer, max_pairs=10_000, distance_pairs=2000)
    assert 1 < len(rounds) < 8


def test_of_more_strokes_than_are_read_the_reading_is_partial() -> None:
    digit, dots = write("4"), (Stroke.of([(5, 5)]),) * 2000
    whole = read_ink(Ink((*digit.strokes, *dots[: 2000 - len(digit.strokes)])), TEMPLATES)
    part = read_ink(Ink((*digit.strokes, *dots)), TEMPLATES)
    assert (whole.text, whole.is_partial) == ("4", False)
    assert (part.text, part.is_partial) == ("4", True)
    assert joined([whole, part]).is_partial
    assert not joined([whole, whole]).is_partial
