"""Corrections of pictures, remembered by one worker in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.core.correction.edit_json import Draft
from inkread.core.correction.edits import relabelled
from inkread.core.errors import SaveFailed
from inkread.core.ink import Ink
from inkread.core.recognition.recognise import read_ink
from inkread.data.correction_files import DraftFolder
from inkread.services.correction_memory import Drafts, Part
from tests.core.templates import Templates
from tests.services.manual import ManualExecutor
from tests.written import write

A, B = "a" * 64, "b" * 64


class Counting(DraftFolder):
    saved = 0
    is_full = False

    def save(self, digest: str, draft: Draft) -> None:
        if self.is_full:
            raise SaveFailed(name=digest, reason="full")
        self.saved += 1
        super().save(digest, draft)


class Remembering:
    def __init__(self, folder: Path) -> None:
        self.folder = Counting(folder)
        self.executor = ManualExecutor()
        self.drafts = Drafts(lambda: self.folder, self.executor)
        self.loaded: list[tuple[str, str | None]] = []
        self.failed: list[object] = []
        self.found: list[dict[str, Draft]] = []
        self.drafts.loaded.connect(
            lambda digest, draft: self.loaded.append((digest, draft.typed if draft else None))
        )
        self.drafts.found.connect(self.found.append)
        self.drafts.failed.connect(self.failed.append)


@pytest.fixture
def it(qapp: object, tmp_path: Path) -> Remembering:
    return Remembering(tmp_path / "drafts")


def test_what_is_asked_for_comes_after_what_was_saved(it: Remembering) -> None:
    it.drafts.save(A, Draft(typed="1"))
    it.drafts.load(A)
    it.drafts.load(B)
    assert it.loaded == []
    it.executor.drain()
    assert it.loaded == [(A, "1"), (B, None)]
    assert not it.drafts.is_busy


def test_of_many_in_a_row_the_last_is_written(it: Remembering) -> None:
    for number in range(20):
        it.drafts.save(A, Draft(typed=str(number)))
    it.executor.drain()
    it.drafts.load(A)
    it.executor.drain()
    assert it.loaded == [(A, "19")]
    assert it.folder.saved == 1


def test_some_of_many(it: Remembering) -> None:
    it.drafts.save(B, Draft(typed="2"))
    it.drafts.look_for([A, B])
    it.executor.drain()
    assert [list(found) for found in it.found] == [[B]]


def test_a_typed_text_stands_beside_what_is_remembered(it: Remembering) -> None:
    it.drafts.save(A, Draft(text="1", typed="2"))
    it.drafts.set_typed(A, "3")
    it.drafts.set_typed(B, "4")
    it.drafts.set_typed(A, None)
    it.executor.drain()
    it.drafts.load(A)
    it.drafts.load(B)
    it.executor.drain()
    assert it.loaded == [(A, None), (B, "4")]


def test_failing_is_told_once_until_it_goes_well(it: Remembering) -> None:
    for is_full in (True, True, False, True):
        it.folder.is_full = is_full
        it.drafts.save(A, Draft(typed="1"))
        it.executor.drain()
    assert len(it.failed) == 2


def test_closing_does_what_is_left(it: Remembering) -> None:
    it.drafts.save(A, Draft(typed="1"))
    it.drafts.finish()
    assert DraftFolder.load(it.folder, A) is not None


def test_of_ink_the_texts_are_remembered_as_read_and_corrected(it: Remembering) -> None:
    first, blank, second = write("20"), Ink(), write("31")
    machine = read_ink(second, Templates())
    edit = relabelled(machine.glyphs[0], "7", is_firm=False)
    parts: list[Part] = ["5", (first, ()), (blank, ()), (second, (edit,))]
    it.drafts.save_ink(A, parts, lambda ink: read_ink(ink, Templates()))
    it.drafts.set_typed(A, "20\n72")
    it.drafts.set_typed(A, None)
    it.executor.drain()
    assert it.found[0][A].drawings == ("5", "20", "", "71")
    kept = it.folder.load(A)
    assert kept is not None
    assert kept.says == "5\n20\n71"
    parts = [(first, None), (first, ()), (blank, None), (second, None)]
    for digest in (A, B):
        it.drafts.save_ink(digest, parts, lambda ink: read_ink(ink, Templates()))
    it.executor.drain()
    assert it.found[1][A].drawings == ("5", "20", "", "71")
    assert it.found[2][B].drawings == ("20", "20", "", "31")
