from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from inkread.core.geometry import Box
from inkread.core.reading import Glyph, Guess, Reading, Seen
from inkread.core.recognition.notes import noted
from inkread.ui.result.probability_panel import ProbabilityPanel, ProbabilityRow
from inkread.ui.result.reading_view import ReadingView
from inkread.ui.result.result_panel import ResultPanel
from tests.ui.readings import glyph, reading


@pytest.fixture
def panel(qtbot: QtBot) -> ResultPanel:
    panel = ResultPanel()
    qtbot.addWidget(panel)
    panel.resize(240, 500)
    panel.show()
    return panel


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def label(widget: QWidget, name: str) -> str:
    found = widget.findChild(QLabel, name)
    assert found is not None
    return found.text()


def test_nothing_written(panel: ResultPanel) -> None:
    panel.set_reading(Reading(), -1)
    assert label(panel, "prediction") == ""
    assert label(panel, "reading") == "Nothing written"
    assert panel.text == ""


def test_one_glyph_with_its_runner_up(panel: ResultPanel) -> None:
    panel.set_reading(Reading((glyph("4", 0.75, "9"),)), 0)
    assert label(panel, "prediction") == "4"
    assert "Runner-up 9 with 25.0 %" in texts(panel)
    assert "75.0 % certain" in texts(panel)


def test_a_close_call_is_called_so(panel: ResultPanel) -> None:
    panel.set_reading(Reading((glyph("1", 0.516, "7"),)), 0)
    assert "A close call: 7 has 48.4 %" in texts(panel)


def test_a_single_class_has_no_runner_up(panel: ResultPanel) -> None:
    alone = glyph("1")
    alone = Glyph(alone.box, 0, (Guess("1", 1.0),), alone.cell, alone.stages)
    panel.set_reading(Reading((alone,)), 0)
    assert "Runner-up" not in texts(panel)


def test_several_glyphs_show_the_selected_one(panel: ResultPanel) -> None:
    panel.set_reading(reading("20\n26"), 1)
    assert label(panel, "prediction") == "0"
    assert label(panel, "reading") == "20\n26"
    assert panel.text == "20\n26"
    assert "Digit 2 of 4" in texts(panel)
    panel.set_selected(3)
    assert label(panel, "prediction") == "6"
    assert "Digit 4 of 4" in texts(panel)
    panel.set_selected(-1)
    assert label(panel, "prediction") == ""


def test_the_least_certain_glyph_decides(qtbot: QtBot) -> None:
    view = ReadingView()
    qtbot.addWidget(view)
    view.set_reading(Reading((glyph("1", 0.95), glyph("2", 0.6))))
    assert "the least certain 60.0 %" in texts(view)


def test_what_was_left_out_is_said(panel: ResultPanel) -> None:
    drawn = Reading((glyph("4", 0.75),), is_partial=True)
    panel.set_reading(noted(drawn), 0)
    assert "75.0 % certain\nMore is drawn than is read at once" in texts(panel)
    panel.set_reading(noted(replace(drawn, seen=Seen(quarters=1)), ("Mended.",)), 0)
    assert "75.0 % certain\nMended.\nThe page was turned" in texts(panel)
    assert "\nMore is on the page than is read at once" in texts(panel)
    panel.set_reading(noted(Reading(seen=Seen(), is_partial=True)), -1)
    assert label(panel, "reading") == "Nothing read"
    assert "More is on the page than is read at once" in texts(panel)


def test_what_a_person_confirmed_has_no_least_certain_digit(
    panel: ResultPanel, decimal: Reading
) -> None:
    def confirmed(glyphs: tuple[Glyph, ...]) -> Reading:
        return Reading(tuple(g if g.is_mark else g.confirmed_as(g.label) for g in glyphs))

    five = reading("20\n264").glyphs
    panel.set_reading(confirmed(five), 0)
    assert "Digits: 5, all confirmed" in texts(panel)
    panel.set_reading(Reading((*confirmed(five[:4]).glyphs, five[4])), 0)
    assert "Digits: 5, the least certain 90.0 %" in texts(panel)
    panel.set_reading(confirmed(five[:1]), 0)
    assert "Confirmed" in texts(panel).split("\n")
    panel.set_reading(confirmed(decimal.glyphs), 0)
    assert "Digits: 3, all confirmed; marks: 1" in texts(panel)
    doubtful = glyph(".", 0.6, ",", at=(80, 0))
    doubtful = replace(doubtful, is_mark=True)
    panel.set_reading(Reading((*confirmed(decimal.glyphs).glyphs, doubtful)), 0)
    assert "the least certain 60.0 %" in texts(panel)


def test_a_picture_that_is_being_read(panel: ResultPanel) -> None:
    panel.set_reading(reading("7"), 0)
    panel.set_waiting()
    assert label(panel, "reading") == "Reading..."
    assert label(panel, "prediction") == "" and panel.text == ""
    panel.set_reading(Reading(), -1)
    assert label(panel, "reading") == "Nothing written"


def test_the_prediction_is_large_but_leaves_the_bars_their_place(panel: ResultPanel) -> None:
    prediction = panel.findChild(QLabel, "prediction")
    assert prediction is not None
    panel.resize(240, 900)
    high = prediction.font().pixelSize()
    panel.resize(240, 380)
    low = prediction.font().pixelSize()
    assert high > 1.5 * low > 30


def test_what_is_perhaps_no_digit_is_said_to_be_so(panel: ResultPanel) -> None:
    panel.set_reading(Reading((glyph("7", 0.48, rejected=True),)), 0)
    assert label(panel, "prediction") == "not a digit?"
    assert "Would be 7, 48.0 %" in texts(panel)
    assert "Runner-up" not in texts(panel) and "certain" not in texts(panel)
    assert label(panel, "reading") == "(7?)"
    assert panel.text == "7"


def test_its_words_fit_into_the_panel(panel: ResultPanel) -> None:
    prediction = panel.findChild(QLabel, "prediction")
    assert prediction is not None
    for height in (380, 900):
        panel.resize(230, height)
        panel.set_reading(Reading((glyph("7", 0.48, rejected=True),)), 0)
        words = prediction.fontMetrics().horizontalAdvance(prediction.text())
        assert 0.7 * panel.width() < words <= panel.width()
        panel.set_reading(reading("7"), 0)
        assert prediction.font().pixelSize() > 30


def test_no_digits_stand_out_in_the_text_and_for_screen_readers(panel: ResultPanel) -> None:
    glyphs = (*reading("2").glyphs, glyph("7", 0.4, at=(20, 0), rejected=True))
    panel.set_reading(Reading(glyphs), 1)
    assert label(panel, "reading") == "2(7?)"
    assert "Perhaps no digits: 1" in texts(panel)
    prediction, text = (panel.findChild(QLabel, name) for name in ("prediction", "reading"))
    assert prediction is not None and text is not None
    assert prediction.accessibleName() == "Prediction: not a digit?"
    assert prediction.accessibleDescription() == "Would be 7, 40.0 %"
    assert "(7?)" in text.accessibleName()
    assert "Perhaps no digits: 1" in text.accessibleDescription()


def test_percentages_that_are_not_calibrated_are_said_to_be_so(panel: ResultPanel) -> None:
    note = panel.findChild(QLabel, "uncalibrated")
    assert note is not None and not note.isVisible()
    panel.set_model("01", False)
    assert note.isVisible() and "not calibrated" in note.text()
    panel.set_model("01", True)
    assert not note.isVisible()


def test_what_was_not_read_is_not_called_blank(panel: ResultPanel) -> None:
    panel.set_reading(reading("7"), 0)
    panel.set_unread("its file is missing")
    assert label(panel, "reading") == "Not read"
    assert "It could not be read: its file is missing." in texts(panel)
    assert label(panel, "prediction") == "" and panel.text == ""


@pytest.mark.parametrize("height", [300, 500])
def test_nothing_jumps_at_the_first_stroke(panel: ResultPanel, height: int) -> None:
    def places() -> list[int]:
        QApplication.processEvents()
        return [row.mapTo(panel, QPoint()).y() for row in panel.findChildren(ProbabilityRow)]

    panel.set_model("0123456789", True)
    panel.resize(240, height)
    before = places()
    alone = glyph("3", 0.7, "1")
    panel.set_reading(Reading((replace_guesses(alone, guesses_of("31")),)), 0)
    assert places() == before


def replace_guesses(one: Glyph, guesses: tuple[Guess, ...]) -> Glyph:
    return Glyph(one.box, one.line, guesses, one.cell, one.stages)


@pytest.fixture
def bars(qtbot: QtBot) -> ProbabilityPanel:
    bars = ProbabilityPanel()
    qtbot.addWidget(bars)
    bars.resize(220, 240)
    bars.show()
    return bars


def test_bars_stand_in_the_order_of_the_classes(bars: ProbabilityPanel) -> None:
    bars.set_labels("0123456789")
    bars.set_glyph(Glyph(Box(0, 0, 1, 1), 0, guesses_of("31"), glyph("3").cell, ()))
    assert list(bars.values()) == list("0123456789")
    assert bars.values()["3"] == 0.7
    assert bars.values()["0"] == 0.0
    bars.set_glyph(None)
    assert set(bars.values().values()) == {0.0}


def guesses_of(first_two: str) -> tuple[Guess, ...]:
    rest = [digit for digit in "0123456789" if digit not in first_two]
    best, second = tuple(first_two)
    return (Guess(best, 0.7), Guess(second, 0.3), *(Guess(digit, 0.0) for digit in rest))


def track(row: ProbabilityRow) -> tuple[int, int]:
    """From which to which column the middle of a row is painted as the track of its bar."""
    image = row.grab().toImage()
    colour = row.palette().color(QPalette.ColorRole.Midlight).rgb()
    middle = image.height() // 2
    is_track = [image.pixelColor(x, middle).rgb() == colour for x in range(image.width())]
    runs = "".join(" #"[here] for here in is_track)
    longest = max(runs.split(), key=len)
    start = runs.index(longest)
    return start, start + len(longest)


@pytest.mark.parametrize("label", ["tick", "a label of very many signs, more than fit"])
def test_bars_of_short_and_long_labels_stand_below_one_another(
    bars: ProbabilityPanel, label: str
) -> None:
    bars.set_labels(["0", "1", label])
    guesses = (Guess("1", 0.5), Guess(label, 0.5), Guess("0", 0.0))
    bars.set_glyph(Glyph(Box(0, 0, 1, 1), 0, guesses, glyph("3").cell, ()))
    QApplication.processEvents()  # the layout
    tracks = [track(row) for row in bars.findChildren(ProbabilityRow)]
    assert len({end for _, end in tracks}) == 1
    (empty, end), (half, _), (other_half, _) = tracks
    assert end - empty > 50
    assert half == other_half
    assert abs(half - (empty + end) / 2) <= 1


def test_other_classes_get_bars_of_their_own(bars: ProbabilityPanel) -> None:
    bars.set_labels("01")
    bars.set_glyph(glyph("b", 0.8, "a"))
    assert bars.values() == {"a": pytest.approx(0.2), "b": 0.8}


def test_each_bar_can_be_read_aloud(bars: ProbabilityPanel) -> None:
    bars.set_glyph(glyph("7", 0.968, "1"))
    names = {row.accessibleName() for row in bars.findChildren(ProbabilityRow)}
    assert names == {"7: 96.8 %", "1: 3.2 %"}


def test_a_bar_is_as_long_as_its_value(bars: ProbabilityPanel) -> None:
    def length(value: float) -> int:
        bars.set_glyph(glyph("7", value, "1"))
        row = next(row for row in bars.findChildren(ProbabilityRow) if row.label == "7")
        image, accent = row.grab().toImage(), bars.palette().highlight().color()
        middle = image.height() // 2
        return sum(image.pixelColor(x, middle) == accent for x in range(image.width()))

    whole = length(1.0)
    assert whole > 60
    assert length(0.75) == pytest.approx(0.75 * whole, abs=2)


@pytest.fixture
def decimal(panel: ResultPanel) -> Reading:
    """3.5 7"""
    panel.set_model("0123456789", True)
    point = replace(glyph(".", 0.95, ","), is_mark=True)
    spaced = replace(glyph("7"), after_space=True)
    return Reading((glyph("3"), point, glyph("5"), spaced))


def test_a_mark_has_bars_of_its_own(panel: ResultPanel, decimal: Reading) -> None:
    panel.set_reading(decimal, 1)
    assert label(panel, "reading") == "3.5 7"
    assert panel.text == "3.5 7"
    assert label(panel, "prediction") == "."
    assert "A sign beside digits" in texts(panel)
    bars = panel.findChild(ProbabilityPanel)
    assert bars is not None
    assert bars.values() == {".": 0.95, ",": pytest.approx(0.05), "-": 0.0}
    panel.set_reading(decimal, -1)
    assert bars.values() == dict.fromkeys("0123456789", 0.0)


def test_other_signs_have_bars_beside_the_usual_marks(panel: ResultPanel) -> None:
    colon = replace(glyph(":", 0.95, "/"), is_mark=True)
    panel.set_model("0123456789", True)
    panel.set_reading(Reading((glyph("3"), colon)), 1)
    bars = panel.findChild(ProbabilityPanel)
    assert bars is not None
    shown = {".": 0.0, ",": 0.0, "-": 0.0, "/": pytest.approx(0.05), ":": 0.95}
    assert bars.values() == shown
    assert "Digits: 1, marks: 1" in texts(panel)


def test_signs_alone_are_certain_or_confirmed_too(panel: ResultPanel) -> None:
    percent = replace(glyph("%", 0.95, "/"), is_mark=True)
    panel.set_reading(Reading((percent,)), 0)
    assert "95.0 % certain" in texts(panel)
    panel.set_reading(Reading((percent.confirmed_as("/"),)), 0)
    assert "Confirmed" in texts(panel).split("\n")
    doubtful = replace(glyph("%", 0.6, "/"), is_mark=True)
    panel.set_reading(Reading((glyph("5"), doubtful)), 0)
    assert "Doubtful: 1, F8 goes through them" in texts(panel)


def test_a_sign_that_may_be_a_digit_says_so(panel: ResultPanel) -> None:
    """Its bars are signs alone, which then do not add up to 100 %."""
    guesses = (Guess("/", 0.488), Guess("(", 0.0002), Guess(")", 0.0001))
    slash = replace(glyph("/"), guesses=guesses, is_mark=True)
    panel.set_reading(Reading((glyph("2"), slash)), 1)
    assert "Perhaps no such sign: 51.2 %" in texts(panel)
    sure = replace(slash, guesses=(Guess("/", 0.95), Guess("(", 0.01)))
    panel.set_reading(Reading((glyph("2"), sure)), 1)
    assert "A sign beside digits" in texts(panel).split("\n")


def test_what_a_person_typed_is_a_mark_unless_the_model_has_that_class(panel: ResultPanel) -> None:
    panel.set_model("0123456789", True)
    panel.set_reading(Reading((glyph("3"), glyph("7").confirmed_as("+"))), 0)
    assert "marks: 1" in texts(panel)
    panel.set_reading(Reading((glyph("3"), glyph("+", 0.9, "7").confirmed_as("+"))), 0)
    assert "marks" not in texts(panel)


def test_a_click_on_a_bar_makes_a_mark_another_one(panel: ResultPanel, decimal: Reading) -> None:
    chosen: list[str] = []
    panel.label_chosen.connect(chosen.append)
    panel.set_reading(decimal, 1)
    (comma,) = [row for row in panel.findChildren(ProbabilityRow) if row.label == ","]
    QTest.mouseClick(comma, Qt.MouseButton.LeftButton)
    assert chosen == [","]


def test_marks_are_counted_alike_everywhere(panel: ResultPanel, decimal: Reading) -> None:
    panel.set_reading(decimal, 3)
    assert "Character 4 of 4" in texts(panel)
    assert "Digits: 3, marks: 1, the least certain" in texts(panel)
    as_comma = decimal.glyphs[0].confirmed_as(",")
    panel.set_reading(Reading((as_comma, *decimal.glyphs[1:])), 3)
    assert "Digits: 2, marks: 2, the least certain" in texts(panel)
    as_digit = decimal.glyphs[1].confirmed_as("1")
    panel.set_reading(Reading((decimal.glyphs[0], as_digit)), 1)
    assert "Digit 2 of 2" in texts(panel)
    assert "Digits: 2, the least certain" in texts(panel)
