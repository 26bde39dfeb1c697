from __future__ import annotations

from inkread.services.lesson_plan import Lesson


def asked(lesson: Lesson) -> str:
    """The labels in the order in which they are asked for."""
    labels = ""
    while not lesson.is_complete:
        labels += lesson.label(lesson.index)
        lesson.do()
    return labels


def test_each_class_comes_in_turn_and_so_often() -> None:
    assert asked(Lesson("712", 3)) == "712712712"
    assert asked(Lesson(["a"], 2)) == "aa"


def test_what_is_taken_back_is_asked_for_again() -> None:
    lesson = Lesson("01", 2)
    assert lesson.take_back() is None
    assert [lesson.do(), lesson.do()] == [0, 1]
    assert lesson.take_back() == 1
    assert (lesson.count, lesson.total, lesson.label(lesson.index)) == (1, 4, "1")
    assert asked(lesson) == "101"


def test_what_could_not_be_kept_is_asked_for_before_the_rest() -> None:
    lesson = Lesson("abc", 1)
    for _ in range(3):
        lesson.do()
    lesson.fail(0)
    lesson.fail(0)
    assert not lesson.is_complete
    assert asked(lesson) == "a"
    assert lesson.count == 3
    assert [lesson.take_back() for _ in range(4)] == [0, 2, 1, None]
