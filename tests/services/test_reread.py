"""A worker re-reads; each question has one answer, and there is one at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from inkread.core.classifier import Classifier
from inkread.core.correction.reread_page import PageInk
from inkread.core.errors import ModelUnusable
from inkread.core.geometry import Box, union
from inkread.core.ink import rasterise_page
from inkread.core.picture.page import Page
from inkread.core.reading import Seen
from inkread.core.recognition.read_page import read_page
from inkread.services.reader import Reader
from inkread.services.reread import Rereading
from tests.core.templates import Templates
from tests.services.manual import ManualExecutor
from tests.written import write

TEMPLATES = Templates()


def page(text: str) -> Page:
    grey = rasterise_page(write(text, height=100, width=8))
    return Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey)


class Answers:
    def __init__(self, rereading: Rereading) -> None:
        self.texts: list[str] = []
        self.errors: list[Any] = []
        rereading.answered.connect(
            lambda glyphs: self.texts.append("".join(glyph.label for glyph in glyphs))
        )
        rereading.failed.connect(self.errors.append)


@pytest.fixture
def executor(qapp: QCoreApplication) -> ManualExecutor:
    return ManualExecutor()


@pytest.fixture
def rereading(executor: ManualExecutor) -> Rereading:
    return Rereading(Reader(lambda: TEMPLATES), executor)


def test_boxes_are_read_joined_and_split(executor: ManualExecutor, rereading: Rereading) -> None:
    shown, answers = page("47"), Answers(rereading)
    boxes = [glyph.box for glyph in read_page(shown, TEMPLATES).glyphs]
    whole = Box(0, 0, *shown.grey.shape[::-1])
    questions: list[Callable[[], bool]] = [
        partial(rereading.read_box, shown, boxes[0]),
        partial(rereading.split_box, shown, whole),
        partial(rereading.read_box, shown, union(boxes)),
        partial(rereading.read_box, shown, Box(0, 0, 2, 2)),
    ]
    for ask in questions:
        assert ask()
        assert rereading.is_busy
        executor.drain()
        assert not rereading.is_busy
    assert answers.texts[:2] == ["4", "47"]
    assert len(answers.texts[2]) == 1
    assert answers.texts[3:] == [""]


def test_strokes_are_read_and_split(executor: ManualExecutor, rereading: Rereading) -> None:
    ink, answers = write("47", height=100), Answers(rereading)
    whole = ink.bounds.grown(20)
    assert rereading.split_strokes(ink, whole)
    executor.drain()
    assert rereading.read_strokes(ink, [Box(900, 900, 9, 9)])
    executor.drain()
    assert answers.texts == ["47", ""]


def test_one_thing_at_a_time(executor: ManualExecutor, rereading: Rereading) -> None:
    shown, answers = page("4"), Answers(rereading)
    assert rereading.read_box(shown, Box(0, 0, 500, 500))
    assert not rereading.split_box(shown, Box(0, 0, 500, 500))
    executor.drain()
    assert answers.texts == ["4"]


def test_what_is_forgotten_is_not_answered(executor: ManualExecutor, rereading: Rereading) -> None:
    answers = Answers(rereading)
    rereading.read_box(page("4"), Box(0, 0, 500, 500))
    rereading.forget()
    executor.drain()
    assert answers.texts == []
    assert not rereading.is_busy


def test_ink_is_separated_from_the_background_once_for_each_page(
    executor: ManualExecutor, rereading: Rereading, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Page] = []
    tell_apart = PageInk.of

    def counted(shown: Page, seen: Seen | None) -> PageInk:
        calls.append(shown)
        return tell_apart(shown, seen)

    monkeypatch.setattr(PageInk, "of", counted)
    for shown, times in ((page("4"), 3), (page("7"), 1)):
        for _ in range(times):
            rereading.read_box(shown, Box(0, 0, 500, 500))
            executor.drain()
    assert len(calls) == 2


def test_without_a_model_it_is_reported(executor: ManualExecutor) -> None:
    def fail() -> Classifier:
        raise ModelUnusable(name=str(Path("none.onnx")), reason="there is none")

    rereading = Rereading(Reader(fail), executor)
    answers = Answers(rereading)
    rereading.read_box(page("4"), Box(0, 0, 500, 500))
    executor.drain()
    assert [type(error) for error in answers.errors] == [ModelUnusable]
    assert answers.texts == []
