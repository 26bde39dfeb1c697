"""Histories of pictures by their content."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from inkread.ui.history.picture_histories import Pictures
from inkread.ui.history.undo import History


def test_the_same_content_has_the_same_history(qtbot: QtBot) -> None:
    pictures, first = Pictures(), list[History]()
    pictures.first_shown.connect(first.append)
    one, other = pictures.history("a"), pictures.history("b")
    assert pictures.history("a") is one
    assert pictures.known("b") is other
    assert pictures.known("c") is None
    assert first == [one, other]


def test_what_would_not_be_known_again_has_a_history_of_its_own(qtbot: QtBot) -> None:
    pictures = Pictures()
    assert pictures.history("") is not pictures.history("")
    assert pictures.known("") is None


def test_the_ones_shown_longest_ago_are_forgotten(qtbot: QtBot) -> None:
    pictures = Pictures()
    kept, forgotten = pictures.history("0"), pictures.history("1")
    for number in range(2, 101):
        pictures.history("0")
        pictures.history(str(number))
    assert pictures.known("0") is kept
    assert pictures.known("1") is None
    assert pictures.history("1") is not forgotten
