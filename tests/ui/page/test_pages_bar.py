"""The bar of a file of several pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from inkread.core.picture.page import Page, page_of
from inkread.ui.actions.actions import Actions
from inkread.ui.page.pages_bar import PagesBar


def page(number: int, count: int) -> Page:
    return replace(page_of(np.zeros((5, 5), np.uint8), "a"), number=number, count=count)


@pytest.fixture
def actions(qapp: QApplication) -> Iterator[Actions]:
    parent = QObject()
    yield Actions(parent)
    parent.deleteLater()


@pytest.fixture
def bar(actions: Actions, qtbot: QtBot) -> PagesBar:
    bar = PagesBar(actions)
    qtbot.addWidget(bar)
    return bar


@pytest.mark.parametrize(
    ("number", "count", "back", "on"),
    [(1, 1, False, False), (1, 3, False, True), (2, 3, True, True), (3, 3, True, False)],
)
def test_it_says_where_one_is(
    bar: PagesBar, actions: Actions, number: int, count: int, back: bool, on: bool
) -> None:
    bar.show_page(page(number, count))
    assert bar.isHidden() is (count == 1)
    assert actions.previous_page.isEnabled() is back
    assert actions.next_page.isEnabled() is on
    (label,) = bar.findChildren(QLabel)
    assert label.text() == f"Page {number} of {count}"


def test_without_a_picture_there_is_none(bar: PagesBar, actions: Actions) -> None:
    bar.show_page(page(2, 3))
    bar.show_page(None)
    assert bar.isHidden()
    assert not actions.previous_page.isEnabled()


def test_a_page_that_is_not_shown_is_passed_by(bar: PagesBar, actions: Actions) -> None:
    bar.show_page(page(1, 4))
    wanted = list[int]()
    bar.chosen.connect(wanted.append)
    actions.next_page.trigger()
    actions.next_page.trigger()
    bar.show_page(page(3, 4))
    actions.previous_page.trigger()
    assert wanted == [1, 2, 1]
