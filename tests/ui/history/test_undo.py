"""One command over immutable ink."""

from __future__ import annotations

import gc
from itertools import pairwise

from pytestqt.qtbot import QtBot

from inkread.core.correction.edits import Edit
from inkread.core.ink import Ink, Stroke
from inkread.core.inkml import Drawing
from inkread.ui.history.undo import EditInk, EditReading, History, OpenDrawing
from inkread.ui.history.undo_stack import UndoStack


def test_push_does_the_work_undo_and_redo_show_either_ink(qtbot: QtBot) -> None:
    stack, shown = UndoStack(), list[Ink]()
    before, after = Ink(), Ink((Stroke.of([[1, 2]]),))
    stack.push(EditInk("Draw", before, after, shown.append))
    assert shown == [after]
    assert stack.undo_text == "Draw"
    stack.undo()
    stack.redo()
    assert shown == [after, before, after]


def test_commands_outlive_those_who_pushed_them(qtbot: QtBot) -> None:
    stack, shown = UndoStack(), list[Ink]()
    inks = [Ink() for _ in range(6)]
    for before, after in pairwise(inks):
        stack.push(EditInk("Draw", before, after, shown.append))
    gc.collect()
    while stack.can_undo:
        stack.undo()
    assert shown[5:] == inks[4::-1]


def test_a_new_command_drops_what_was_undone(qtbot: QtBot) -> None:
    stack, shown = UndoStack(), list[Ink]()
    first, second, third = Ink(), Ink(), Ink()
    stack.push(EditInk("Draw", first, second, shown.append))
    stack.undo()
    stack.push(EditInk("Clear", first, third, shown.append))
    assert stack.count == 1
    assert not stack.can_redo
    assert shown[-1] is third


def test_edits_are_one_step_over_those_that_stay(qtbot: QtBot) -> None:
    drawing, emitted = OpenDrawing(), list[tuple[tuple[Edit, ...], bool]]()
    first, second, third = Edit(()), Edit(()), Edit(())

    def show(step: EditReading, is_done: bool) -> None:
        drawing.history.correct(step.after if is_done else step.before, None)
        emitted.append((step.edits, is_done))

    for edits in ((first,), (second, third)):
        drawing.stack.push(
            EditReading("Correct", drawing.history, drawing.history.edits, edits, show)
        )
    kept = [drawing.history.edits]
    drawing.stack.undo()
    kept.append(drawing.history.edits)
    drawing.stack.redo()
    kept.append(drawing.history.edits)
    assert kept == [(first, second, third), (first,), (first, second, third)]
    both = (second, third)
    assert emitted == [((first,), True), (both, True), (both, False), (both, True)]
    assert not drawing.is_edited  # its ink is as it was


def test_a_step_that_is_done_already_shows_nothing_until_it_is_undone(qtbot: QtBot) -> None:
    history, emitted = History(), list[bool]()
    history.stack.push(
        EditReading("Correct", history, (), (Edit(()),), lambda _, done: emitted.append(done), True)
    )
    assert emitted == []
    history.undo()
    history.redo()
    assert emitted == [False, True]


def test_a_drawing_that_was_left_stays_where_it_was() -> None:
    drawing = Drawing(None, Ink((Stroke.of([(-40.0, 20.0), (9_000.0, 30.0)]),)))
    left = OpenDrawing.left(drawing)
    left.fit(600, 400)
    assert left.ink is drawing.ink


def test_a_drawing_that_no_canvas_can_have_held_is_fitted_into_it() -> None:
    drawing = Drawing("7", Ink((Stroke.of([(0.0, 0.0), (1e7, 1e7)]),)))
    left = OpenDrawing.left(drawing)
    left.fit(600, 400)
    box = left.ink.bounds
    assert box.x >= 0 and box.right <= 600 and box.y >= 0 and box.bottom <= 400
    assert left.saved is drawing


def test_the_places_of_its_corrections_stay_right() -> None:
    drawing = Drawing(None, Ink((Stroke.of([(0.0, 0.0), (1e7, 1e7)]),)))
    left = OpenDrawing.left(drawing, has_edits=True)
    left.fit(600, 400)
    assert left.ink is drawing.ink
