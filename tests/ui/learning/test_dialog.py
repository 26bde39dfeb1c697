"""Learning in the window, from ten corrections to the new model and back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from inkread.data.models.library import Card, ModelLibrary
from inkread.data.samples.sample import Sample
from inkread.data.samples.store import SampleStore
from inkread.ui.models.dialog import LibraryDialog
from inkread.ui.teach.dialog import TeachDialog
from inkread.ui.window.preferences_dialog import PreferencesDialog
from tests.services.test_learning import signs
from tests.template_model import template_model
from tests.ui.learning.small_learning import LONG, Learner, model, odd_four, small_reference, store
from tests.ui.test_accessibility import MARK, Marked, is_words, marked
from tests.ui.window_driver import LEFT, Window

pytestmark = pytest.mark.slow  # each test goes through the whole window

__all__ = ["marked", "model", "small_reference", "store"]

Key = Qt.Key


@pytest.fixture
def learner(window: Window, qtbot: QtBot) -> Learner:
    return Learner(window, qtbot)


@pytest.fixture
def learned(learner: Learner, store: SampleStore, qtbot: QtBot) -> Learner:
    """Six samples are learned, and the dialog says so."""
    store.add_many(signs(6))
    wait_for_model(learner, qtbot, learner.window.commands.learn.trigger)
    return learner


def library(learner: Learner) -> ModelLibrary:
    return learner.window.program.models.library


def wait_for_model(learner: Learner, qtbot: QtBot, act: Callable[[], object]) -> None:
    with qtbot.waitSignal(learner.window.program.recognition.model_changed, timeout=LONG):
        act()


def test_draw_correct_ten_learn_read_and_revert(learner: Learner, qtbot: QtBot) -> None:
    assert not learner.reads_odd_fours()
    learner.correct(9)
    assert not learner.bar.isVisible()
    learner.correct(1, first=9)
    qtbot.waitUntil(learner.bar.isVisible)
    assert learner.bar.text.text() == "You have corrected or taught 10 digits. Learn from them?"
    wait_for_model(learner, qtbot, lambda: QTest.mouseClick(learner.bar.learn_button, LEFT))
    assert not learner.bar.isVisible()
    verdict = learner.dialog.verdict
    assert verdict.isVisible()
    assert verdict.headline.text() == "Learned: your samples are read better now."
    before, after = (int(figure.text().split()[0]) for figure in verdict.figures[:2])
    assert before < after <= 10
    assert learner.reads_odd_fours()
    assert library(learner).current().card.name == "Reader, my hand"
    wait_for_model(learner, qtbot, lambda: QTest.mouseClick(verdict.revert_button, LEFT))
    assert not learner.reads_odd_fours()
    assert library(learner).current().id == "shipped"
    assert verdict.headline.text() == "In use again: Reader."
    assert not verdict.revert_button.isVisible()


def test_learned_behind_a_closed_dialog_it_is_reported_in_the_window(
    learner: Learner, store: SampleStore, qtbot: QtBot
) -> None:
    store.add_many(signs(6))
    learner.window.commands.learn.trigger()
    QTest.keyClick(learner.dialog, Key.Key_Escape)
    assert not learner.dialog.isVisible()
    wait_for_model(learner, qtbot, lambda: learner.window.write("20"))
    assert learner.bar.text.text() == "Learned: your samples are read better now."
    QTest.mouseClick(learner.bar.figures_button, LEFT)
    assert learner.dialog.verdict.isVisible()
    wait_for_model(learner, qtbot, lambda: QTest.mouseClick(learner.bar.revert_button, LEFT))
    assert learner.bar.text.text() == "In use again: Reader."
    assert not learner.bar.revert_button.isVisible()
    QTest.mouseClick(learner.bar.close_button, LEFT)
    assert not learner.bar.isVisible()


def test_the_library_reverts_too_and_knows_the_figures(learned: Learner, qtbot: QtBot) -> None:
    with qtbot.waitSignal(learned.window.program.models.listed):
        learned.window.commands.library.trigger()
    dialog = learned.window.find(LibraryDialog, "library")
    learned_model = dialog.list.topLevelItem(1)
    assert learned_model is not None
    dialog.list.setCurrentItem(learned_model)
    assert "your own samples" in dialog.details.text()
    wait_for_model(learned, qtbot, lambda: QTest.mouseClick(dialog.revert_button, LEFT))
    assert learned.dialog.verdict.headline.text() == "In use again: Reader."
    dialog.close()


def test_nothing_new_makes_no_other_model_and_shows_no_figures(
    learned: Learner, qtbot: QtBot
) -> None:
    in_library = len(library(learned).models())
    learned.window.commands.learn.trigger()
    learned.wait_until_over()
    verdict = learned.dialog.verdict
    assert verdict.headline.text().startswith("Nothing new")
    assert not any(figure.isVisible() for figure in verdict.figures)
    assert not verdict.revert_button.isVisible()
    assert len(library(learned).models()) == in_library


def test_new_labels_become_classes(learner: Learner, store: SampleStore, qtbot: QtBot) -> None:
    store.add_many(signs(8, "tick"))
    wait_for_model(learner, qtbot, learner.window.commands.learn.trigger)
    assert learner.dialog.verdict.explanation.text().startswith("New classes: tick.")
    learner.write(odd_four(60))
    qtbot.waitUntil(lambda: "tick" in learner.window.probabilities)
    assert learner.write(odd_four(61)) == "tick"


def test_what_forgets_is_not_taken_and_the_figures_are_reported(
    learner: Learner, store: SampleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inkread.ml.adaptation.cross_validation.MAX_REFERENCE_LOSS", -100.0)
    store.add_many(signs(4))
    learner.window.commands.learn.trigger()
    learner.wait_until_over()
    verdict = learner.dialog.verdict
    assert "too much would be forgotten" in verdict.headline.text()
    assert "The old model stays" in verdict.headline.text()
    assert all("%" in figure.text() for figure in verdict.figures)
    assert not verdict.revert_button.isVisible()
    assert len(library(learner).models()) == 1


@pytest.mark.parametrize(("count", "words"), [(0, "no samples yet"), (2, "too few samples, 2")])
def test_with_too_few_samples_one_sentence_says_what_to_do(
    learner: Learner, store: SampleStore, count: int, words: str
) -> None:
    store.add_many(signs(count))
    learner.window.commands.learn.trigger()
    learner.wait_until_over()
    nothing = learner.dialog.nothing
    assert nothing.isVisible()
    assert words in nothing.sentence.text()
    assert "teach a set" in nothing.sentence.text()
    QTest.keyClick(learner.dialog, Key.Key_Return)
    assert not learner.dialog.isVisible()
    assert learner.window.find(TeachDialog, "teach").isVisible()


def test_progress_and_cancel(learner: Learner, store: SampleStore) -> None:
    store.add_many(signs(6))
    steps: list[object] = []
    progress: list[int] = []

    def on_step() -> None:
        steps.append(1)
        progress.append(learner.dialog.progress.bar.value())
        if len(steps) == 9:
            assert learner.dialog.progress.isVisible()
            QTest.mouseClick(learner.dialog.progress.cancel_button, LEFT)

    learner.window.commands.learn.trigger()
    learner.learning.progressed.connect(on_step)
    learner.wait_until_over()
    assert (len(steps), learner.judged) == (9, [])
    assert progress == sorted(progress)
    assert not learner.dialog.isVisible()
    assert len(library(learner).models()) == 1
    learner.window.commands.learn.trigger()
    learner.wait_until_over()
    assert len(learner.judged) == 1


def test_a_file_that_cannot_be_read_is_reported(learner: Learner, store: SampleStore) -> None:
    store.path.mkdir(parents=True)
    learner.window.commands.learn.trigger()
    learner.wait_until_over()
    assert "samples.db" in learner.dialog.banner.text
    assert learner.dialog.nothing.sentence.text().startswith("Nothing was learned")


def test_a_library_that_refuses_is_reported(
    learner: Learner, store: SampleStore, tmp_path: Path
) -> None:
    store.add_many(signs(6))
    (tmp_path / "home" / "data" / "models").write_text("a file in the place of the folder")
    learner.window.commands.learn.trigger()
    learner.wait_until_over()
    assert "library could not be changed" in learner.dialog.banner.text
    learner.window.write("20")


def test_what_was_corrected_a_moment_ago_is_learned(
    learner: Learner, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """However slow the disk is."""
    may_write, add = threading.Event(), SampleStore.add

    def slow_add(store: SampleStore, sample: Sample) -> int:
        may_write.wait()
        return add(store, sample)

    monkeypatch.setattr(SampleStore, "add", slow_add)
    for seed in range(3):
        learner.write(odd_four(seed))
        QTest.keyClick(learner.window.canvas, Key.Key_4)
    learner.window.commands.learn.trigger()
    QTimer.singleShot(50, may_write.set)
    qtbot.waitUntil(lambda: len(learner.judged) == 1, timeout=LONG)
    assert learner.judged[0].samples == 3


def test_a_model_chosen_while_learning_stays_in_use_until_somebody_says_otherwise(
    learner: Learner, store: SampleStore, qtbot: QtBot
) -> None:
    store.add_many(signs(6))
    other = library(learner).keep(template_model("Other"), Card("Other", "imported"), use=False)
    with qtbot.waitSignal(learner.learning.progressed, timeout=LONG):
        learner.window.commands.learn.trigger()
    learner.window.program.models.use(other.id)
    qtbot.waitUntil(lambda: len(learner.judged) == 1, timeout=LONG)
    verdict = learner.dialog.verdict
    assert verdict.headline.text() == "Learned, but not in use: you chose Other meanwhile."
    assert library(learner).current() == other
    assert not verdict.revert_button.isVisible()
    wait_for_model(learner, qtbot, lambda: QTest.mouseClick(verdict.use_button, LEFT))
    assert learner.reads_odd_fours()
    assert verdict.headline.text() == "Learned: your samples are read better now."
    assert not verdict.use_button.isVisible()
    wait_for_model(learner, qtbot, lambda: QTest.mouseClick(verdict.revert_button, LEFT))
    assert library(learner).current() == other


# The offer


def test_what_was_taught_before_the_start_is_offered(
    start: Callable[[], Window], store: SampleStore, qtbot: QtBot
) -> None:
    store.add_many(signs(10))
    first = Learner(start(), qtbot)
    qtbot.waitUntil(first.bar.isVisible)
    assert "10 digits" in first.bar.text.text()
    first.window.close()
    second = Learner(start(), qtbot)
    qtbot.waitUntil(second.bar.isVisible)
    QTest.mouseClick(second.bar.close_button, LEFT)
    second.window.close()
    third = Learner(start(), qtbot)
    with qtbot.waitSignal(third.window.program.learning_offer.withdrawn, timeout=LONG):
        third.correct(1, first=20)
    assert not third.bar.isVisible()


def test_no_file_is_made_by_looking_for_samples_at_the_start(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    window.write("20")
    assert not (tmp_path / "home" / "data" / "samples.db").exists()


def test_samples_that_were_damaged_are_reported_at_the_start(
    start: Callable[[], Window], store: SampleStore
) -> None:
    store.path.parent.mkdir(parents=True)
    store.path.write_bytes(b"no samples at all" * 1000)
    assert "set aside as samples-damaged" in start().wait_for_message()


def test_a_dismissed_offer_does_not_come_back_for_the_same_ten(
    start: Callable[[], Window], store: SampleStore, qtbot: QtBot
) -> None:
    store.add_many(signs(9))
    first = Learner(start(), qtbot)
    first.correct(1, first=20)
    qtbot.waitUntil(first.bar.isVisible)
    QTest.mouseClick(first.bar.close_button, LEFT)
    first.correct(1, first=21)
    assert not first.bar.isVisible()
    first.window.close()
    second = Learner(start(), qtbot)
    with qtbot.waitSignal(second.window.program.learning_offer.withdrawn, timeout=LONG):
        second.correct(1, first=22)
    assert not second.bar.isVisible()
    store.add_many(signs(8))
    second.correct(1, first=23)
    # The eight of "another window" alone make ten with those before: they may be offered first.
    qtbot.waitUntil(lambda: "11 digits" in second.bar.text.text(), timeout=LONG)
    assert second.bar.isVisible()


def test_an_offer_goes_when_corrections_are_undone(
    learner: Learner, store: SampleStore, qtbot: QtBot
) -> None:
    store.add_many(signs(9))
    learner.correct(1, first=20)
    qtbot.waitUntil(learner.bar.isVisible)
    learner.window.commands.undo.trigger()
    qtbot.waitUntil(lambda: not learner.bar.isVisible())


def test_nobody_is_asked_who_does_not_want_to(
    learner: Learner, store: SampleStore, qtbot: QtBot
) -> None:
    store.add_many(signs(9))
    learner.correct(1, first=20)
    qtbot.waitUntil(learner.bar.isVisible)
    learner.window.commands.preferences.trigger()
    preferences = learner.window.find(PreferencesDialog, "preferences")
    preferences.offers_learning.click()
    preferences.reject()
    assert not learner.bar.isVisible()
    assert not learner.window.program.settings.offers_learning
    learner.correct(1, first=21)
    assert not learner.bar.isVisible()


def test_the_offer_takes_no_focus_and_the_keyboard_reaches_it(
    learner: Learner, store: SampleStore, qtbot: QtBot
) -> None:
    store.add_many(signs(9))
    learner.correct(1, first=20)
    qtbot.waitUntil(learner.bar.isVisible)
    assert learner.window.canvas.hasFocus()
    for _ in range(60):
        if learner.bar.learn_button.hasFocus():
            break
        learner.window.press(Key.Key_Tab)
    learner.window.press(Key.Key_Space)
    qtbot.waitUntil(lambda: learner.learning.is_running)
    learner.learning.stop()


# Closing


def test_closing_the_window_stops_learning_and_leaves_no_half_file(
    learner: Learner, store: SampleStore, tmp_path: Path, qtbot: QtBot
) -> None:
    store.add_many(signs(6))
    with qtbot.waitSignal(learner.learning.progressed, timeout=LONG):
        learner.window.commands.learn.trigger()
    learner.window.main.close()
    assert not learner.window.main.isVisible()
    assert not learner.dialog.isVisible()
    assert not learner.learning.is_running
    assert learner.window.main.findChildren(QMessageBox) == []
    learner.window.close()
    assert len(store.samples()) == 6
    assert list((tmp_path / "home" / "data").glob("models/*")) == []


def test_a_second_window_learns_what_the_first_was_taught(
    start: Callable[[], Window], qtbot: QtBot
) -> None:
    first, second = (Learner(start(), qtbot) for _ in range(2))
    first.correct(6)
    second.window.commands.learn.trigger()
    second.wait_until_over()
    assert second.judged[0].samples == 6
    assert len(library(first).models()) == 2
    assert library(first).current() == second.judged[0].kept
    assert not first.reads_odd_fours()
    first.window.program.models.revert()
    first.write(odd_four(60))
    qtbot.waitUntil(lambda: library(second).current().id == "shipped")


# Language


def test_a_new_language_reaches_every_text(learned: Learner, marked: Marked, qtbot: QtBot) -> None:
    learned.bar.report(learned.judged[0])
    learned.bar.show()
    QCoreApplication.installTranslator(marked)
    QApplication.sendPostedEvents(None, QEvent.Type.LanguageChange)
    qtbot.waitUntil(lambda: MARK in learned.dialog.windowTitle())
    for parent in (learned.dialog, learned.bar):
        texts = [label.text() for label in parent.findChildren(QLabel)]
        texts += [button.text() for button in parent.findChildren(QPushButton)]
        assert [text for text in texts if is_words(text) and MARK not in text] == []
