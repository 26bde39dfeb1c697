"""What others wrote is shown literally; the code of the window is read for places that are not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from inkread.core.escapes import visible
from inkread.ui.widgets import plain_text
from inkread.ui.widgets.confirm import ask
from inkread.ui.widgets.plain_text import (
    MAX_NAME,
    PlainLabel,
    menu_text,
    plain_tooltip,
    shown,
    title_text,
)

UI = Path(plain_text.__file__).parents[1]
MARKUP = "<img src=file:x.png>&amp;<b>\n&lt;i&gt;"
texts = st.text(st.one_of(st.sampled_from("<>&;\n bi/"), st.characters(codec="utf-8")))


@given(texts)
def test_a_tool_tip_says_what_it_was_given(text: str) -> None:
    text = "\n".join(map(visible, text.split("\n")))
    tip = plain_tooltip(text)
    if QtGui.Qt.mightBeRichText(tip):
        spaces = str.maketrans("\u2028\u2029\u00a0", "\n\n ")
        said = QtGui.QTextDocumentFragment.fromHtml(tip).toPlainText().translate(spaces)
        assert said.split() == text.split()
        assert "<img" not in tip
    else:
        assert tip == text


def test_markup_is_shown_in_labels_and_questions(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    assert PlainLabel(wordWrap=True).textFormat() is Qt.TextFormat.PlainText
    ask(window, "asked", MARKUP, MARKUP, "&Yes", lambda: None)
    box = window.findChild(QMessageBox, "asked")
    assert isinstance(box, QMessageBox)
    labels = [label for label in box.findChildren(QLabel) if label.text()]
    assert [label.text() for label in labels] == [MARKUP, MARKUP]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    box.reject()


def test_keys_of_menus_and_signs_of_titles_are_literal() -> None:
    assert menu_text("a&b\tc\n") == r"a&&b\tc\n"
    assert title_text("a[*]b") == "a[*][*]b"


def test_a_long_name_is_cut_in_its_middle() -> None:
    name = shown("x" * 10_000 + ".png")
    assert len(name) == MAX_NAME
    assert name.endswith("x.png")


@cache
def nodes() -> tuple[tuple[str, ast.AST], ...]:
    """The window's code: every node with its file."""
    return tuple(
        (path.relative_to(UI).as_posix(), node)
        for path in sorted(UI.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call in the window's code: its file, the name that is called, and the call."""
    for file, node in nodes():
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else ast.unparse(called)
            yield file, name, node


#: The only labels with markup: they escape what they are given.
RICH = {"window/about_dialog.py"}


def test_labels_are_plain() -> None:
    found = {file for file, name, _ in calls() if name == "QLabel"}
    assert found == RICH
    boxes = {file for file, name, _ in calls() if name == "QMessageBox"}
    assert boxes == {"widgets/confirm.py"}


#: Calls whose argument is translated words of ours, or goes through a helper.
LITERAL = {"tr", "plain_tooltip"}
#: Files and arguments that hold words of ours only.
OURS = {
    ("actions/action_set.py", "f'{text} ({key})' if key else text"),
    ("result/page_stages.py", "step.note"),
    ("result/probability_panel.py", "self._tip if guesses else ''"),
}


@pytest.mark.parametrize("setter", ["setToolTip", "setWhatsThis"])
def test_tool_tips_are_ours_or_plain(setter: str) -> None:
    for file, name, call in calls():
        if name == setter:
            text = call.args[-1]
            called = ast.unparse(text.func).rpartition(".")[2] if isinstance(text, ast.Call) else ""
            assert called in LITERAL or (file, ast.unparse(text)) in OURS, ast.unparse(call)


def test_models_give_plain_tool_tips() -> None:
    givers = [
        (file, "\n".join(map(ast.unparse, node.body)))
        for file, node in nodes()
        if isinstance(node, ast.If) and "ToolTipRole" in ast.unparse(node.test)
    ]
    assert len(givers) > 2
    assert [file for file, body in givers if "plain_tooltip(" not in body] == []


def test_nothing_else_takes_markup() -> None:
    takers = {"setHtml", "insertHtml", "appendHtml", "QTextEdit", "QTextBrowser", "QErrorMessage"}
    assert not [(file, name) for file, name, _ in calls() if name in takers]
