"""The owner of all corrections: asked at once, loaded and saved by one worker in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from inkread.core.correction.edit_json import Corrections
from inkread.core.correction.edits import Edit, relabelled
from inkread.core.errors import SaveFailed
from inkread.core.geometry import Box
from inkread.core.ink import Ink
from inkread.core.recognition.recognise import read_ink
from inkread.data.correction_files import CorrectionFolder
from inkread.services.background.tasks import ThreadExecutor
from inkread.services.corrections import Entry, Part, PictureCorrections
from tests.core.templates import Templates
from tests.services.manual import ManualExecutor
from tests.written import write

A, B = "a" * 64, "b" * 64


class Counting(CorrectionFolder):
    saved = 0
    is_full = False

    def save(self, digest: str, made: Corrections) -> None:
        if self.is_full:
            raise SaveFailed(name=digest, reason="full")
        self.saved += 1
        super().save(digest, made)


class Owner:
    """The owner of one session, and what it reports."""

    def __init__(self, folder: Path) -> None:
        self.folder = Counting(folder)
        self.executor = ManualExecutor()
        self.corrections = PictureCorrections(lambda: self.folder, self.executor)
        self.changed: list[tuple[str, str | None, str | None]] = []
        self.overruled: list[tuple[str | None, str | None]] = []
        self.failed: list[object] = []
        self.corrections.changed.connect(self._on_changed)
        self.corrections.overruled.connect(self._on_overruled)
        self.corrections.failed.connect(self.failed.append)

    def _on_changed(self, digest: str, before: Entry) -> None:
        self.changed.append((digest, before.made.says, self.says(digest)))

    def _on_overruled(self, digest: str, before: Corrections) -> None:
        self.overruled.append((before.says, self.says(digest)))

    def says(self, digest: str) -> str | None:
        return self.corrections.of(digest).made.says

    def load(self, *digests: str) -> None:
        self.corrections.load(digests)
        self.executor.drain()

    def read_drawings(self, digest: str, *parts: Part) -> None:
        self.corrections.edit_ink(digest, parts, lambda ink: read_ink(ink, Templates()))


@pytest.fixture
def it(qapp: object, tmp_path: Path) -> Owner:
    return Owner(tmp_path / "drafts")


@pytest.fixture
def later(it: Owner, tmp_path: Path) -> Owner:
    """The next session."""
    return Owner(tmp_path / "drafts")


def edit(x: float = 0) -> Edit:
    return Edit((), area=Box(x, 0, 1, 1), added=read_ink(write("1"), Templates()).glyphs)


def test_nothing_is_known_of_what_was_never_corrected(it: Owner) -> None:
    assert it.corrections.of(A).made.is_empty
    assert not it.corrections.of(A).is_loaded
    it.load(A)
    assert it.corrections.of(A).is_loaded
    assert it.changed == [(A, None, None)]
    it.load(A)
    assert len(it.changed) == 1  # once is enough


def test_edits_are_there_at_once_and_in_the_next_session(it: Owner, later: Owner) -> None:
    it.load(A)
    edits = (edit(), edit(5))
    it.corrections.edit(A, edits, "11", 1)
    entry = it.corrections.of(A)
    assert (entry.made.edits, entry.made.says, entry.made.left) == (edits, "11", 1)
    assert it.changed[-1] == (A, None, "11")
    assert it.corrections.is_busy
    it.executor.drain()
    assert not it.corrections.is_busy
    later.load(A, B)
    assert [each.area for each in later.corrections.of(A).made.edits] == [e.area for e in edits]
    assert later.changed == [(A, None, "11"), (B, None, None)]


def test_edits_that_are_all_undone_leave_nothing(it: Owner, later: Owner) -> None:
    it.corrections.edit(A, (edit(),), "1")
    it.corrections.edit(A, (), "7")
    it.executor.drain()
    assert it.says(A) is None
    later.load(A)
    assert later.corrections.of(A).made.is_empty


def test_the_same_edits_are_no_change(it: Owner) -> None:
    edits = (edit(),)
    it.corrections.edit(A, edits, "1")
    it.corrections.edit(A, (*edits,))
    assert (len(it.changed), it.corrections.of(A).revision) == (1, 1)


def test_of_many_changes_the_last_is_saved(it: Owner, later: Owner) -> None:
    for number in range(20):
        it.corrections.type_text(A, str(number))
    it.executor.drain()
    assert it.folder.saved == 1
    later.load(A)
    assert later.says(A) == "19"


def test_what_is_typed_before_the_file_is_loaded_is_newer_and_costs_no_edits(
    it: Owner, later: Owner, tmp_path: Path
) -> None:
    it.corrections.edit(A, (edit(),), "1")
    it.executor.drain()
    later.corrections.load([A])
    later.corrections.type_text(A, "2")
    later.executor.drain()
    assert later.says(A) == "2"
    assert len(later.corrections.of(A).made.edits) == 1
    later.corrections.type_text(A, None)
    assert later.says(A) == "1"
    later.corrections.type_text(A, "3")
    later.corrections.finish()
    last = Owner(tmp_path / "drafts")
    last.load(A)
    assert (last.says(A), len(last.corrections.of(A).made.edits)) == ("3", 1)


def test_what_is_typed_and_never_loaded_stands_beside_the_edits_of_its_file(
    it: Owner, later: Owner, tmp_path: Path
) -> None:
    it.corrections.edit(A, (edit(),), "1")
    it.executor.drain()
    later.corrections.type_text(A, "2")
    later.executor.drain()
    last = Owner(tmp_path / "drafts")
    last.load(A)
    assert (last.says(A), len(last.corrections.of(A).made.edits)) == ("2", 1)


def test_edits_overwrite_a_load_that_is_under_way(it: Owner, later: Owner) -> None:
    it.corrections.edit(A, (edit(),), "1")
    it.executor.drain()
    later.corrections.load([A])
    later.corrections.edit(A, (edit(), edit()), "11")
    later.executor.drain()
    assert later.says(A) == "11"


def test_edits_of_the_window_overrule_what_was_typed(it: Owner) -> None:
    it.corrections.type_text(A, "7")
    it.corrections.edit(A, (edit(),), "1")
    assert it.says(A) == "1"
    assert it.overruled == [("7", "1")]
    it.corrections.edit(A, (edit(), edit()), "11")
    assert it.overruled == [("7", "1")]


def test_edits_that_say_what_was_typed_are_taken_back_with_it(it: Owner) -> None:
    first, second = edit(), edit(5)
    it.corrections.edit(A, (first,), "1")
    it.corrections.type_text(A, "1 7")
    before, undone = it.corrections.of(A).made, list[str]()
    assert (before.pending, before.left) == ("1 7", 0)
    it.corrections.edit(A, (first, second), "17", 1)
    it.corrections.adopt(A, before, lambda: undone.append("step"))
    adopted = it.corrections.of(A).made
    assert (adopted.says, adopted.pending, adopted.left) == ("1 7", None, 1)
    it.corrections.type_text(A, None)
    assert undone == ["step"]
    assert it.corrections.of(A).made.edits == (first,)
    assert (it.says(A), it.overruled) == ("1", [])


def test_undoing_in_the_window_what_overruled_a_typed_text_brings_it_back(it: Owner) -> None:
    it.corrections.type_text(A, "7")
    before, undone, seven = it.corrections.of(A).made, list[str](), (edit(),)
    it.corrections.edit(A, seven, "7")
    it.corrections.adopt(A, before, lambda: undone.append("step"))
    it.corrections.edit(A, (*seven, edit()), "71")
    it.corrections.edit(A, seven, "7")
    assert it.overruled == [("7", "71"), ("71", "7")]
    it.corrections.type_text(A, None)
    assert (undone, it.says(A)) == (["step"], None)


def test_other_edits_that_say_the_same_are_not_taken_back(it: Owner) -> None:
    it.corrections.type_text(A, "7")
    before, undone = it.corrections.of(A).made, list[str]()
    it.corrections.edit(A, (edit(),), "7")
    it.corrections.adopt(A, before, lambda: undone.append("step"))
    own = (edit(),)
    it.corrections.edit(A, own, "7")
    it.corrections.type_text(A, None)
    assert (undone, it.says(A), it.corrections.of(A).made.edits) == ([], "7", own)


def test_without_its_steps_the_window_is_not_stepped_back(it: Owner) -> None:
    it.corrections.type_text(A, "7")
    before, undone = it.corrections.of(A).made, list[str]()
    it.corrections.edit(A, (edit(),), "7")
    it.corrections.adopt(A, before, lambda: undone.append("step"))
    it.corrections.forget_steps(A)
    it.corrections.type_text(A, "8")
    assert (undone, it.says(A)) == ([], "8")


def test_what_is_no_digest_lives_as_long_as_the_program(it: Owner, later: Owner) -> None:
    it.corrections.edit("unknown 0", (edit(),), "1")
    it.executor.drain()
    assert it.says("unknown 0") == "1"
    later.load("unknown 0")
    assert later.says("unknown 0") is None


def test_failing_is_reported_once_until_it_goes_well(it: Owner) -> None:
    for index, is_full in enumerate((True, True, False, True)):
        it.folder.is_full = is_full
        it.corrections.type_text(A, str(index))
        it.executor.drain()
    assert len(it.failed) == 2
    it.corrections.type_text(A, "4")
    it.corrections.type_text(A, "5")  # only this one is tried
    it.executor.drain()
    assert len(it.failed) == 2
    assert it.says(A) == "5"


def test_closing_saves_what_is_left(it: Owner, later: Owner) -> None:
    it.corrections.type_text(A, "1")
    it.corrections.finish()
    later.load(A)
    assert later.says(A) == "1"


def test_observers_see_the_entry_before_and_after(it: Owner) -> None:
    seen: list[tuple[int, int, Iterable[bool]]] = []

    def look(digest: str, before: Entry) -> None:
        now = it.corrections.of(digest)
        seen.append((before.revision, now.revision, (before.is_loaded, now.is_loaded)))

    it.corrections.changed.connect(look)
    it.load(A)
    it.corrections.type_text(A, "1")
    it.corrections.edit(A, (edit(),), "2")  # by whoever shows it: he knows
    assert seen == [(0, 0, (False, True)), (0, 1, (True, True)), (2, 2, (True, True))]


# Ink


def relabelled_first(ink: Ink, label: str) -> tuple[Edit, ...]:
    return (relabelled(read_ink(ink, Templates()).glyphs[0], label, is_firm=False),)


def test_of_ink_the_texts_are_kept_as_read_and_corrected(it: Owner, later: Owner) -> None:
    first, blank, second = write("20"), Ink(), write("31")
    it.read_drawings(A, "5", (first, ()), (blank, ()), (second, relabelled_first(second, "7")))
    it.executor.drain()
    assert it.corrections.of(A).made.drawings == ("5", "20", "", "71")
    assert it.changed[-1] == (A, None, "5\n20\n71")
    later.read_drawings(A, (first, None), (first, ()), (blank, None), (second, None))
    later.read_drawings(B, (first, None), (first, ()), (blank, None), (second, None))
    later.executor.drain()
    assert later.corrections.of(A).made.drawings == ("5", "20", "", "71")
    assert later.corrections.of(B).made.drawings == ("20", "20", "", "31")


def test_ink_without_corrections_leaves_nothing(it: Owner, later: Owner) -> None:
    ink = write("31")
    it.read_drawings(A, (ink, relabelled_first(ink, "7")))
    it.executor.drain()
    it.read_drawings(A)
    assert it.says(A) is None
    it.executor.drain()
    later.load(A)
    assert later.corrections.of(A).made.is_empty


def test_ink_that_says_what_was_typed_keeps_it_and_other_ink_overrules_it(it: Owner) -> None:
    ink = write("31")
    it.corrections.type_text(A, "71")
    it.read_drawings(A, (ink, relabelled_first(ink, "7")))
    it.executor.drain()
    made = it.corrections.of(A).made
    assert (made.typed, made.pending, made.drawings) == ("71", None, ("71",))
    it.read_drawings(A, (ink, relabelled_first(ink, "4")))
    assert it.says(A) == "71"  # until it is read
    it.executor.drain()
    assert it.says(A) == "41"
    assert it.overruled == [("71", "41")]


def test_other_ink_than_what_was_typed_is_not_stepped_back(it: Owner) -> None:
    ink, undone = write("31"), list[str]()
    it.corrections.type_text(A, "71")
    before = it.corrections.of(A).made
    it.read_drawings(A, (ink, relabelled_first(ink, "7")))
    it.corrections.adopt(A, before, lambda: undone.append("step"))
    it.executor.drain()
    it.read_drawings(A, (ink, relabelled_first(ink, "4")))
    it.executor.drain()
    it.corrections.type_text(A, None)
    assert (undone, it.says(A)) == ([], "41")


def test_a_text_typed_while_ink_is_read_stays_over_it(it: Owner, later: Owner) -> None:
    ink = write("31")
    it.read_drawings(A, (ink, relabelled_first(ink, "7")))
    it.corrections.type_text(A, "99")
    it.executor.drain()
    assert it.says(A) == "99"
    later.load(A)
    assert (later.says(A), later.corrections.of(A).made.drawings) == ("99", ("71",))
    it.corrections.type_text(A, None)
    assert it.says(A) == "71"


def wait_for(corrections: PictureCorrections) -> None:
    while corrections.is_busy:
        QCoreApplication.processEvents()


@pytest.mark.parametrize("end", [wait_for, PictureCorrections.finish], ids=["later", "never"])
def test_drawings_that_were_read_before_a_text_was_typed_are_saved_with_it(
    it: Owner, later: Owner, end: Callable[[PictureCorrections], None]
) -> None:
    """Whether the program comes to know of what it has read, or ends at once."""
    executor = ThreadExecutor()
    corrections = PictureCorrections(lambda: it.folder, executor)
    ink = write("31")
    corrections.load([A])
    wait_for(corrections)
    corrections.edit_ink(
        A, [(ink, relabelled_first(ink, "7"))], lambda ink: read_ink(ink, Templates())
    )
    corrections.type_text(A, "99")
    executor.wait()  # both are saved, and nothing of it is known yet
    end(corrections)
    later.load(A)
    assert later.corrections.of(A).made.drawings == ("71",)
    assert later.says(A) == "99"


def test_corrections_that_are_undone_while_their_ink_is_read_stay_undone(
    it: Owner, later: Owner
) -> None:
    ink = write("31")
    it.read_drawings(A, (ink, relabelled_first(ink, "7")))
    it.read_drawings(A)
    it.executor.drain()
    assert it.says(A) is None
    later.load(A)
    assert later.corrections.of(A).made.is_empty


def test_edits_made_of_a_typed_text_at_once_are_saved_with_it(it: Owner, later: Owner) -> None:
    ink = write("31")

    def adopt(digest: str, before: Entry) -> None:
        if before.made.typed is None and it.says(digest) == "71" and not adopted:
            adopted.append(digest)
            it.read_drawings(digest, (ink, relabelled_first(ink, "7")))

    adopted: list[str] = []
    it.load(A)
    it.corrections.changed.connect(adopt)
    it.corrections.type_text(A, "71")
    it.corrections.finish()
    later.load(A)
    made = later.corrections.of(A).made
    assert (made.drawings, made.typed) == (("71",), None)


def test_several_drawings_that_adopted_a_line_are_stepped_back_together(it: Owner) -> None:
    it.corrections.type_text(A, "71\n8")
    undone: list[str] = []
    for step in ("first", "second"):
        before = it.corrections.of(A).made
        it.corrections.adopt(A, before, lambda step=step: undone.append(step))  # type: ignore[misc]
    it.corrections.type_text(A, None)
    assert undone == ["first", "second"]
    assert it.says(A) is None
