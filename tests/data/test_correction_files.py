"""A file for each picture that was corrected."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inkread.core.correction.edit_json import Corrections
from inkread.core.errors import SaveFailed
from inkread.data.correction_files import CorrectionFolder


def digest(number: int) -> str:
    return f"{number:064x}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "drafts"


def test_it_comes_back(folder: Path) -> None:
    CorrectionFolder(folder).save(digest(1), Corrections(typed="12"))
    found = CorrectionFolder(folder).load(digest(1))
    assert found is not None
    assert found.typed == "12"
    assert CorrectionFolder(folder).load(digest(2)) is None


def test_an_empty_one_is_forgotten(folder: Path) -> None:
    files = CorrectionFolder(folder)
    files.save(digest(1), Corrections(typed="12"))
    files.save(digest(1), Corrections())
    files.save(digest(2), Corrections())
    assert list(folder.iterdir()) == []


def test_those_of_some_pictures(folder: Path) -> None:
    files = CorrectionFolder(folder)
    assert files.known([digest(1)]) == {}
    for number in (1, 2):
        files.save(digest(number), Corrections(typed=str(number)))
    (folder / f"{digest(3)}.json").write_bytes(b"{")
    known = files.known([digest(2), digest(3), digest(4)])
    assert {name: made.typed for name, made in known.items()} == {digest(2): "2"}


def test_the_oldest_are_forgotten(folder: Path) -> None:
    files = CorrectionFolder(folder, max_count=3)
    for number in range(5):
        files.save(digest(number), Corrections(typed="1"))
        path = folder / f"{digest(number)}.json"
        os.utime(path, ns=(number, number))
    assert sorted(path.stem for path in folder.iterdir()) == [digest(n) for n in (2, 3, 4)]


def test_what_is_saved_after_the_clock_was_set_back_is_not_the_oldest(folder: Path) -> None:
    for number in range(3):
        CorrectionFolder(folder).save(digest(number), Corrections(typed="1"))
        os.utime(folder / f"{digest(number)}.json", ns=(2**62, 2**62 + number))
    CorrectionFolder(folder, max_count=3).save(digest(7), Corrections(typed="7"))
    assert sorted(path.stem for path in folder.iterdir()) == [digest(n) for n in (1, 2, 7)]


@pytest.mark.parametrize("name", ["", "../../settings", "A" * 64, "1" * 63])
def test_only_digests_are_names(folder: Path, name: str) -> None:
    files = CorrectionFolder(folder)
    files.save(name, Corrections(typed="1"))
    assert files.load(name) is None
    assert not folder.exists()


def test_what_cannot_be_written_is_reported_and_the_old_one_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = CorrectionFolder(folder)
    files.save(digest(1), Corrections(typed="old"))

    def full(_: Path, __: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SaveFailed):
        files.save(digest(1), Corrections(typed="new"))
    kept = files.load(digest(1))
    assert kept is not None
    assert kept.typed == "old"
    assert len(list(folder.iterdir())) == 1


def said(folder: Path) -> tuple[str | None, tuple[str, ...]]:
    """What a third window finds."""
    found = CorrectionFolder(folder).load(digest(1)) or Corrections()
    return found.typed, found.drawings


def test_what_two_windows_correct_in_one_picture_is_kept_of_both(folder: Path) -> None:
    one, two = CorrectionFolder(folder), CorrectionFolder(folder)
    one.save(digest(1), Corrections(drawings=("1", "2", "3")))
    for window in (one, two):
        window.load(digest(1))
    one.save(digest(1), Corrections(drawings=("9", "2", "3")))
    two.save(digest(1), Corrections(drawings=("1", "2", "8")))
    assert said(folder) == (None, ("9", "2", "8"))
    two.save(digest(1), Corrections(drawings=("1", "7", "8")))  # it does not know of the 9
    assert said(folder) == (None, ("9", "7", "8"))
    one.save(digest(1), Corrections(drawings=("9", "2", "3"), typed="t"))
    assert said(folder) == ("t", ("9", "7", "8"))


def test_what_another_window_corrected_is_not_deleted_by_undo(folder: Path) -> None:
    one, two = CorrectionFolder(folder), CorrectionFolder(folder)
    for window in (one, two):
        window.load(digest(1))
    one.save(digest(1), Corrections(typed="mine"))
    two.save(digest(1), Corrections(drawings=("theirs",)))
    one.save(digest(1), Corrections())
    assert said(folder)[1] == ("theirs",)


def test_without_locks_corrections_are_saved_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no locks here")

    monkeypatch.setattr("inkread.data.file_lock.FileLock", refuse)
    CorrectionFolder(folder).save(digest(1), Corrections(typed="12"))
    assert said(folder)[0] == "12"
