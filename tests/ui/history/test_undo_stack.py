"""Steps are done, undone, redone, merged and dropped; none outlives its stack."""

from __future__ import annotations

import gc
import weakref

from pytestqt.qtbot import QtBot

from inkread.ui.history.undo_stack import Step, UndoStack


class Say(Step):
    """Writes down what is done; takes in what begins with the same letter."""

    def __init__(self, text: str, said: list[str], is_greedy: bool = False) -> None:
        super().__init__(text)
        self._said = said
        self._is_greedy = is_greedy

    def redo(self) -> None:
        self._said.append(f"+{self.text}")

    def undo(self) -> None:
        self._said.append(f"-{self.text}")

    def merge(self, later: Step) -> bool:
        if not self._is_greedy or later.text[0] != self.text[0]:
            return False
        self.is_obsolete = later.text.endswith("!")
        return True


def test_steps_are_done_undone_and_redone_in_order(qtbot: QtBot) -> None:
    stack, said, moves = UndoStack(), list[str](), list[int]()
    stack.index_changed.connect(lambda: moves.append(stack.index))
    for text in "abc":
        stack.push(Say(text, said))
    stack.undo()
    stack.undo()
    assert (stack.undo_text, stack.redo_text) == ("a", "b")
    stack.redo()
    assert said == ["+a", "+b", "+c", "-c", "-b", "+b"]
    assert moves == [1, 2, 3, 2, 1, 2]
    assert (stack.count, stack.can_undo, stack.can_redo) == (3, True, True)


def test_at_either_end_nothing_happens(qtbot: QtBot) -> None:
    stack, moves = UndoStack(), list[int]()
    stack.index_changed.connect(lambda: moves.append(stack.index))
    stack.undo()
    stack.redo()
    assert moves == []
    assert (stack.undo_text, stack.redo_text, stack.can_undo, stack.can_redo) == ("", "", 0, 0)


def test_a_new_step_drops_what_was_undone(qtbot: QtBot) -> None:
    stack, said = UndoStack(), list[str]()
    for text in "ab":
        stack.push(Say(text, said))
    stack.undo()
    stack.push(Say("c", said))
    assert (stack.count, stack.can_redo, stack.undo_text) == (2, False, "c")


def test_it_is_clean_where_it_was_said_to_be(qtbot: QtBot) -> None:
    stack, said = UndoStack(), list[str]()
    assert stack.is_clean
    stack.push(Say("a", said))
    assert not stack.is_clean
    stack.set_clean()
    stack.undo()
    assert not stack.is_clean
    stack.redo()
    assert stack.is_clean
    stack.undo()
    stack.push(Say("b", said))
    assert not stack.is_clean
    stack.clear()
    assert stack.is_clean


def test_a_step_may_take_in_the_next(qtbot: QtBot) -> None:
    stack, said = UndoStack(), list[str]()
    stack.push(Say("ab", said, is_greedy=True))
    stack.push(Say("ac", said))
    assert (stack.count, stack.undo_text) == (1, "ab")
    stack.push(Say("a!", said))
    assert (stack.count, stack.index) == (0, 0)
    assert said == ["+ab", "+ac", "+a!"]


def test_but_not_across_the_clean_state(qtbot: QtBot) -> None:
    stack, said = UndoStack(), list[str]()
    stack.push(Say("ab", said, is_greedy=True))
    stack.set_clean()
    stack.push(Say("ac", said))
    assert stack.count == 2


def test_stacks_and_steps_in_a_circle_are_collected_together(qtbot: QtBot) -> None:
    """Qt's stack ended the process here: the collector and the stack both deleted the steps."""
    gone = []
    for _ in range(50):
        circle: list[object] = []
        stack = UndoStack()
        for text in "abc":
            step = Say(text, [])
            step.circle = circle  # type: ignore[attr-defined]
            stack.push(step)
            gone.append(weakref.ref(step))
        circle.append(stack)
        del circle, stack, step
        gc.collect()
    assert all(each() is None for each in gone)


def test_of_too_many_steps_the_oldest_are_dropped_and_freed(qtbot: QtBot) -> None:
    stack, said = UndoStack(max_steps=3), list[str]()
    steps = [Say(text, said) for text in "abcde"]
    alive = [weakref.ref(step) for step in steps]
    for step in steps:
        stack.push(step)
    del steps, step
    assert [each() is not None for each in alive] == [False, False, True, True, True]
    assert (stack.count, stack.index) == (3, 5)
    for _ in "abcde":
        stack.undo()
    assert said[5:] == ["-e", "-d", "-c"]
    assert (stack.index, stack.can_undo) == (2, False)
    stack.redo()
    assert said[-1] == "+c"


def test_heavy_steps_are_dropped_earlier_but_never_the_last(qtbot: QtBot) -> None:
    stack, said = UndoStack(max_weight=10), list[str]()
    for text, weight in (("a", 4), ("b", 4), ("c", 4), ("d", 30)):
        step = Say(text, said)
        step.weight = weight
        stack.push(step)
        if text == "c":
            assert stack.count == 2
    assert (stack.count, stack.undo_text, stack.index) == (1, "d", 4)


def test_where_all_was_clean_is_known_when_the_steps_before_are_gone(qtbot: QtBot) -> None:
    stack, said = UndoStack(max_steps=2), list[str]()
    stack.push(Say("a", said))
    stack.set_clean()
    for text in "bcd":
        stack.push(Say(text, said))
    assert not stack.is_clean
    stack.undo()
    stack.undo()
    assert (stack.index, stack.can_undo) == (2, False)
    assert not stack.is_clean
