from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from inkread.core.cell import cell_from_glyph, cell_from_ink
from inkread.core.generators import finished
from inkread.core.geometry import Box
from inkread.core.ink import Ink, Stroke, rasterise_page
from inkread.core.layout import Layout
from inkread.core.line_labels import OTHER
from inkread.core.page.pipeline import clean
from inkread.core.picture.page import Page
from inkread.core.reading import Cells, Grey, Reading, Stage
from inkread.core.recognition import read_line
from inkread.core.recognition.line_views import SIZES
from inkread.core.recognition.read_line import line_inks, slope_of
from inkread.core.recognition.recognise import PARAMS, Recogniser, lines_of, read_ink
from inkread.core.segmentation import decode_line
from inkread.core.segmentation.ink_primitives import InkPrimitives
from inkread.core.segmentation.page_primitives import PagePrimitives
from inkread.core.segmentation.primitives import Group, LinePrimitives, nearest
from inkread.core.text_line import TextLine
from tests.core.line_readers import WithLines
from tests.written import write

LOW = PARAMS.low


def page_of(ink: Ink) -> Page:
    grey = rasterise_page(ink)
    return Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey, 1.0)


def proposed(primitives: LinePrimitives, reader: WithLines) -> Reading:
    return Recogniser(reader, Layout.AUTO, with_stages=True).read(primitives)


def of_ink(ink: Ink, reader: WithLines) -> Reading:
    return proposed(InkPrimitives.of(ink), reader)


def of_page(page: Page, reader: WithLines) -> Reading:
    return proposed(PagePrimitives.of(clean(page)), reader)


def both(ink: Ink, reader: WithLines) -> list[Reading]:
    """As strokes and as a picture."""
    return [of_ink(ink, reader), of_page(page_of(ink), reader)]


def touching(text: str) -> Ink:
    """Digits whose strokes are joined to one, as far as each digit is one stroke."""
    strokes = write(text, height=90, width=8).strokes
    points = np.concatenate([stroke.points for stroke in strokes])
    return Ink((Stroke.of(points, 8),))


def sign(x: float, y: float, width: float, height: float) -> Stroke:
    return Stroke.of([[x, y], [x + width, y + height]], 8)


def test_a_line_reads_as_the_line_network_says_with_a_box_and_cell_for_each_digit() -> None:
    ink = write("4715", height=90, width=8)
    for reading in both(ink, WithLines("4715")):
        assert reading.text == "4715"
        boxes = [glyph.box for glyph in reading.glyphs]
        assert all(a.right <= b.x + 10 for a, b in pairwise(boxes))
        assert all(glyph.cell.any() and not glyph.is_doubtful for glyph in reading.glyphs)


def test_digits_in_one_stroke_are_cut_where_the_cells_read_as_the_line_does() -> None:
    ink = touching("37")
    reading = of_ink(ink, WithLines("37"))
    assert reading.text == "37"
    first, second = (glyph.box for glyph in reading.glyphs)
    middle = ink.bounds.centre[0]
    assert first.centre[0] < middle < second.centre[0]
    assert first.likeness(second) < 0.2


def test_digits_that_touch_on_a_page_are_cut() -> None:
    ink = write("38", height=90, width=8)
    left, right = ink.strokes
    moved = Stroke.of(right.points - [right.bounds.x - left.bounds.right - 2, 0], 8)
    reading = of_page(page_of(Ink((left, moved))), WithLines("38"))
    assert reading.text == "38"
    assert reading.glyphs[0].box.likeness(reading.glyphs[1].box) < 0.2


def test_signs_between_digits_are_marks() -> None:
    base = write("3 5", height=90, width=8)
    gap = (base.strokes[0].bounds.right + base.strokes[1].bounds.x) / 2
    dash = sign(gap - 12, 45, 24, 0)
    for reading in both(base.with_stroke(dash), WithLines("3-5")):
        assert "".join(reading.text.split()) == "3-5"
        assert [glyph.is_mark for glyph in reading.glyphs] == [False, True, False]
        assert reading.glyphs[1].box.width == pytest.approx(dash.outline.width, abs=2)
        assert reading.glyphs[1].box.height == pytest.approx(dash.outline.height, abs=2)


def test_a_sign_of_two_parts_is_one_glyph() -> None:
    base = write("3 5", height=90, width=8)
    gap = (base.strokes[0].bounds.right + base.strokes[1].bounds.x) / 2
    colon = (sign(gap, 25, 3, 3), sign(gap, 75, 3, 3))
    reading = of_ink(Ink((*base.strokes, *colon)), WithLines("3:5"))
    assert "".join(reading.text.split()) == "3:5"
    assert reading.glyphs[1].box.height > 50


def test_ink_belongs_to_one_glyph_only() -> None:
    ink = write("4544", height=90, width=8)
    reading = of_ink(ink, WithLines("4544"))
    for stroke in ink.strokes:
        holders = [g for g in reading.glyphs if g.box.grown(1).encloses(stroke.outline)]
        assert len(holders) == 1


def test_other_signs_are_rejected() -> None:
    for reading in both(write("473", height=90, width=8), WithLines(f"4{OTHER}3")):
        assert [glyph.rejected for glyph in reading.glyphs] == [False, True, False]


def test_a_digit_on_which_both_disagree_is_doubtful() -> None:
    for reading in both(write("473", height=90, width=8), WithLines("493")):
        assert [glyph.is_doubtful for glyph in reading.glyphs] == [False, True, False]


def test_ink_that_the_line_network_leaves_out_makes_a_sign_beside_it_doubtful() -> None:
    ink = write("4733", height=90, width=8)
    reading = of_ink(ink, WithLines("4 33"))
    assert reading.text == "4 33"
    first, second, last = (glyph.is_doubtful for glyph in reading.glyphs)
    assert first or second
    assert not last


def test_where_the_line_network_cannot_decide_the_cells_do() -> None:
    for wrong in ("493", "413"):
        reader = WithLines(wrong, doubt={1: "7"})
        assert of_ink(write("473", height=90, width=8), reader).text == "473"


class Remembering(WithLines):
    """Beside templates, a memory of a person's samples: of all that looks like a 7."""

    def probabilities_and_taught(self, cells: Cells) -> tuple[Cells, Cells]:
        rows = self.probabilities(cells)
        taught = np.zeros_like(rows)
        taught[rows.argmax(axis=1) == 7, 7] = 10
        return rows, taught


@pytest.mark.parametrize("said", ["412", "4+2", f"4{OTHER}2"])
def test_a_taught_form_outvotes_a_line_network_that_is_sure(said: str) -> None:
    ink = write("472", height=90, width=8)
    plain = of_ink(ink, WithLines(said))
    assert plain.text != "472" or plain.rejected
    for reading in both(ink, Remembering(said)):
        assert reading.text == "472"
        assert not reading.doubtful
        assert not any(glyph.is_mark for glyph in reading.glyphs)


def test_a_memory_of_other_forms_changes_nothing() -> None:
    ink = write("412", height=90, width=8)
    plain, remembering = (of_ink(ink, reader("412")) for reader in (WithLines, Remembering))
    assert [g.guesses for g in plain.glyphs] == [g.guesses for g in remembering.glyphs]


def test_a_point_of_its_own_is_rather_read_than_left_out() -> None:
    base = write("3 5", height=90, width=8)
    gap = (base.strokes[0].bounds.right + base.strokes[1].bounds.x) / 2
    reader = WithLines("3.5", doubt={1: ""})
    assert "".join(of_ink(base, reader).text.split()) == "35"
    pointed = base.with_stroke(sign(gap, 88, 12, 4))
    assert "".join(of_ink(pointed, reader).text.split()) == "3.5"


def test_a_point_that_its_shape_gives_away_is_not_left_out_in_silence() -> None:
    base = write("3 5", height=90, width=8)
    gap = (base.strokes[0].bounds.right + base.strokes[1].bounds.x) / 2
    point = sign(gap, 88, 2, 2)
    assert not of_ink(base, WithLines("35")).doubtful
    reading = of_ink(base.with_stroke(point), WithLines("3 5"))
    assert [glyph.label for glyph in reading.glyphs] == ["3", ".", "5"] or reading.doubtful


def test_a_small_sign_below_its_line_is_no_line_of_its_own() -> None:
    base = write("3 5", height=90, width=8)
    gap = (base.strokes[0].bounds.right + base.strokes[1].bounds.x) / 2
    comma = sign(gap, base.bounds.bottom + 10, -6, 20)
    reader = WithLines("3,5")
    of_ink(base.with_stroke(comma), reader)
    assert len(reader.lines.pictures) == 1


@pytest.mark.parametrize("wrong", ["0060", "9999"])
def test_more_doubts_than_there_are_hypotheses_are_decided_by_the_cells(wrong: str) -> None:
    reader = WithLines(f"{wrong}38", doubt=dict(enumerate("4715")))
    assert of_ink(write("471538", height=90, width=8), reader).text == "471538"


def test_a_taught_form_changes_the_reading() -> None:
    ink = write("414", height=90, width=8)
    form: Cells = cell_from_ink(ink.strokes[2:3])[0]  # the 1
    reader = WithLines("414", doubt={1: "7"})
    assert of_ink(ink, reader).text == "414"
    assert of_ink(ink, reader.taught(form, "7")).text == "474"


@pytest.mark.parametrize(("text", "layout"), [("3", Layout.AUTO), ("38", Layout.DIGIT)])
def test_one_glyph_is_not_shown_to_the_line_network(text: str, layout: Layout) -> None:
    reader = WithLines("99")
    reading = read_ink(write(text, height=90, width=8), reader, layout)
    assert len(reading.glyphs) == 1
    assert not reader.lines.pictures


def test_a_line_in_which_the_line_network_finds_nothing_is_read_cell_by_cell() -> None:
    assert of_ink(write("38", height=90, width=8), WithLines("")).text == "38"


def test_lines_below_one_another_are_read_one_by_one() -> None:
    ink = write("123\n45", height=90, width=8)
    for reading in both(ink, WithLines("123", "45")):
        assert reading.text == "123\n45"
        assert [glyph.line for glyph in reading.glyphs] == [0, 0, 0, 1, 1]


def test_only_readers_of_digits_have_lines() -> None:
    reader = WithLines("38")
    assert lines_of(reader) is reader.lines
    reader.labels = (*"012345678", "x")
    assert lines_of(reader) is None


def test_points_belong_to_the_line_beside_them() -> None:
    boxes = [Box(0, 0, 20, 40), Box(0, 100, 20, 40), Box(25, 36, 4, 4), Box(25, 60, 4, 4)]
    boxes.append(Box(22, 138, 3, 3))
    rows = [TextLine((Group((i,), boxes[i]),)) for i in range(2)]
    assert [ink.small for _, ink in line_inks(rows, [], boxes)] == [(2,), (4,)]


@pytest.mark.parametrize(("y", "lines"), [(10, 1), (45, 1), (80, 1), (105, 2), (-30, 2)])
def test_a_row_of_small_ink_belongs_to_the_line_at_whose_height_it_stands(
    y: float, lines: int
) -> None:
    boxes = [Box(0, 0, 60, 90), Box(70, 0, 60, 90), Box(30, y, 20, 20), Box(60, y, 20, 20)]
    groups = [Group((i,), box) for i, box in enumerate(boxes)]
    found = line_inks([TextLine(tuple(groups[:2])), TextLine(tuple(groups[2:]))], [], boxes)
    assert len(found) == lines
    assert found[0][1].small == ((2, 3) if lines == 1 else ())


def test_beside_lines_of_digits_a_line_of_signs_alone_is_dirt() -> None:
    ink = write("123\n45", height=90, width=8)
    assert of_ink(ink, WithLines("123", "--")).text == "123"
    assert of_ink(ink, WithLines("---", "--")).text == "---\n--"


def test_short_lines_of_a_low_picture_are_read_one_by_one() -> None:
    grey = np.pad(
        page_of(write("12\n34", height=90, width=8)).grey, ((9, 9), (9, 400)), mode="edge"
    )
    assert grey.shape[1] > LOW * grey.shape[0]
    page = Page(np.dstack([grey] * 3), grey, 1.0)
    assert of_page(page, WithLines("12", "34")).text == "12\n34"


@pytest.mark.parametrize("seed", range(4))
def test_a_comma_takes_no_bar_of_the_digit_behind_it(seed: int) -> None:
    reading = of_ink(write("2,5", height=80, width=8, seed=seed), WithLines("2,5"))
    assert reading.text == "2,5"
    assert reading.glyphs[1].box.height < 40
    assert reading.glyphs[2].box.height > 70


def faint_page(text: str) -> Page:
    """Ink of 4 grey levels, which no threshold finds."""
    grey = page_of(write(text, height=90, width=8)).grey
    faint = np.asarray(255 - (255 - grey) // 60, np.uint8)
    return Page(np.repeat(faint[..., np.newaxis], 3, axis=2), faint, 1.0)


@pytest.mark.parametrize("text", ["4715", "47"])
def test_a_low_picture_is_one_line_even_where_its_ink_is_not_found(text: str) -> None:
    page = faint_page(text)
    assert (page.grey.shape[1] < LOW * page.grey.shape[0]) == (text == "47")
    reading = of_page(page, WithLines(text))
    assert reading.text == text
    assert all(glyph.box.area > 0 for glyph in reading.glyphs)


def test_a_picture_that_is_hardly_low_is_no_line_where_the_line_network_sees_none() -> None:
    assert of_page(faint_page("47"), WithLines("")).text == ""


def test_two_long_lines_are_no_single_line() -> None:
    ink = write("1234567\n4567890", height=90, width=8)
    reading = of_page(page_of(ink), WithLines("1234567", "4567890"))
    assert reading.text == "1234567\n4567890"


@pytest.mark.parametrize("slope", [-0.25, 0.25])
def test_a_line_that_climbs_or_falls_is_shown_level(slope: float) -> None:
    level = write("471538", height=90, width=8)
    ink = Ink(
        tuple(
            Stroke.of(s.points + np.outer(s.points[:, 0] * slope, [0, 1]), s.width)
            for s in level.strokes
        )
    )
    for picture in shown(ink):
        rows = [np.flatnonzero((part > 128).any(axis=1)) for part in np.array_split(picture, 2, 1)]
        assert abs(rows[0][0] - rows[1][0]) <= 3
        assert abs(rows[0][-1] - rows[1][-1]) <= 3


def shown(ink: Ink) -> list[Grey]:
    """The pictures of ink and of its page, with room around it."""
    reader = WithLines("471538")
    grey = np.pad(rasterise_page(ink), 200, constant_values=255)
    readings = [of_ink(ink, reader), of_page(Page(np.dstack([grey] * 3), grey, 1.0), reader)]
    assert [reading.text for reading in readings] == ["471538"] * 2
    return reader.lines.pictures[:2]


def test_the_picture_of_a_line_leaves_its_page_as_it_is() -> None:
    upper, lower = (write(text, height=90, width=8).strokes for text in ("1234", "5678"))
    moved = [Stroke.of(np.add(stroke.points, [0, 110]), 8) for stroke in lower]
    page = page_of(Ink((*upper, *moved)))
    primitives = PagePrimitives.of(clean(page, rectify=False))
    grey = primitives.state.grey  # narrower than a line with what is shown beside it
    before = grey.copy()
    members = [i for i, box in enumerate(primitives.layout.boxes) if box.centre[1] < 110]
    assert 0 < len(members) < len(primitives.layout.boxes)
    primitives.line_picture(members)
    assert (grey == before).all()


def test_other_lines_are_not_in_the_picture_of_a_line() -> None:
    strokes = write("1234\n5678", height=90, width=8).strokes
    upper = [stroke for stroke in strokes if stroke.bounds.centre[1] < 110]
    lower = [Stroke.of(s.points - [0, 45], 8) for s in strokes if s not in upper]
    primitives = PagePrimitives.of(clean(page_of(Ink((*upper, *lower))), rectify=False))
    members = [i for i, box in enumerate(primitives.layout.boxes) if box.centre[1] < 80]
    assert 0 < len(members) < len(primitives.layout.boxes)
    image = primitives.line_picture(members).image
    below = np.flatnonzero((image > 128).any(axis=1))[-1]
    assert below < 29
    assert image[below + 2 :].max() < 40


def test_lines_beyond_what_a_line_network_may_read_are_read_cell_by_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ink = write("1234\n5678", height=90, width=8)
    reader = WithLines("4321", "8765")
    assert of_ink(ink, reader).text == "4321\n8765"
    first = reader.lines.pictures[0].shape[1]
    few = replace(decode_line.PARAMS, max_columns=first)
    monkeypatch.setattr(decode_line, "PARAMS", few)
    reader = WithLines("4321", "8765")
    assert of_ink(ink, reader).text == "4321\n5678"
    assert len(reader.lines.pictures) == 1


def test_a_doubtful_line_uses_up_what_a_line_network_may_read_at_each_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ink = write("1234\n5678", height=90, width=8)
    free = WithLines("4321", "8765")
    assert of_ink(ink, free).text == "4321\n8765"
    some = replace(decode_line.PARAMS, max_columns=SIZES * free.lines.pictures[0].shape[1])
    monkeypatch.setattr(decode_line, "PARAMS", some)
    doubtful = WithLines("4321", "8765")
    assert of_ink(ink, doubtful).text == "4321\n5678"
    assert len(doubtful.lines.pictures) == 1


def test_a_line_in_a_column_has_no_slope() -> None:
    boxes = [Box(10, 100 * k, 0, 90) for k in range(5)]
    assert slope_of([Group.of((k,), boxes) for k in range(5)]) == 0.0


@pytest.mark.parametrize(("said", "grain"), [("00", 0), ("1-0", 0), ("--", 0), ("--", 2)])
def test_a_low_picture_without_ink_is_empty_whatever_the_line_network_sees(
    said: str, grain: float
) -> None:
    noise = np.random.default_rng(0).normal(240, grain, (40, 400))
    grey = np.clip(noise, 0, 255).astype(np.uint8)
    page = Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey, 1.0)
    assert of_page(page, WithLines(said)).is_empty


def test_a_low_picture_of_digits_is_not_read_as_signs_alone() -> None:
    page = page_of(touching("123456"))  # no clean ink of digits
    height, width = page.grey.shape
    assert width > LOW * height
    assert of_page(page, WithLines(*"-----", "654321")).text == "654321"


def test_reading_is_cancelled_between_lines() -> None:
    whole, part = (WithLines("12", "34", "56", "78") for _ in range(2))
    primitives = InkPrimitives.of(write("12\n34\n56\n78", height=90, width=8))
    found = finished(Recogniser(whole, Layout.AUTO, with_stages=True).reading(primitives))
    assert found is not None
    assert len(found.lines) == len(whole.lines.pictures) == 4
    steps = Recogniser(part, Layout.AUTO, with_stages=True).reading(primitives)
    assert finished(steps, is_cancelled=lambda: bool(part.lines.pictures)) is None
    assert len(part.lines.pictures) == 1


def test_cells_of_a_long_line_are_made_of_short_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    widths = list[int]()

    def watched(glyph: Grey) -> tuple[Cells, tuple[Stage, ...]]:
        widths.append(glyph.shape[1])
        return cell_from_glyph(glyph)

    monkeypatch.setattr(read_line, "cell_from_glyph", watched)
    text = "8" * 30
    page = page_of(write(text, height=90, width=8))
    reader = WithLines("3" * 30)
    of_page(page, reader)
    assert widths
    assert max(widths) < reader.lines.pictures[0].shape[1] / 4


def test_ink_in_very_many_pieces_is_compared_with_little_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted = list[int]()

    def distance(self: InkPrimitives, first: int, second: int) -> float:
        counted.append(1)
        return nearest(self.probes[first], self.probes[second])

    x, y = np.random.default_rng(0).uniform(0, 80, (2, 200))
    ink = Ink(tuple(sign(*at, 12, 12) for at in zip(x.tolist(), y.tolist(), strict=True)))
    of_ink(ink, WithLines(" "))
    monkeypatch.setattr(InkPrimitives, "distance", distance)
    of_ink(ink, WithLines(" "))
    alone = len(counted)
    of_ink(ink, WithLines("-"))
    assert len(counted) < 2.5 * alone
