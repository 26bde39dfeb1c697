"""Whether files were changed, by whatever process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inkread.core.files import write_file
from inkread.data.file_watch import FileWatch


def settled(watch: FileWatch) -> FileWatch:
    """The watch, once it sees nothing any more."""
    for _ in range(100):
        if not watch.has_changed():
            return watch
    raise AssertionError("it sees changes for ever")


def test_all_is_new_at_the_first_look(tmp_path: Path) -> None:
    assert FileWatch([tmp_path / "none"]).has_changed()


def test_a_file_that_comes_is_replaced_or_goes_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "current"
    watch = settled(FileWatch([path]))
    write_file(path, b"one")
    assert watch.has_changed()
    settled(watch)
    before = path.stat()
    write_file(path, b"two")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # by its identity, then
    assert watch.has_changed()
    settled(watch)
    path.unlink()
    assert watch.has_changed()


def test_a_file_that_is_replaced_in_a_folder_has_changed_the_folder(tmp_path: Path) -> None:
    write_file(tmp_path / "a.json", b"one")
    os.utime(tmp_path, ns=(0, 0))
    watch = settled(FileWatch([tmp_path]))
    write_file(tmp_path / "a.json", b"two")
    assert watch.has_changed()


def test_a_folder_that_states_no_size_is_watched_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows."""
    system = os.stat

    def sizeless(path: Path) -> os.stat_result:
        numbers = list(system(path))
        numbers[6] = 0
        return os.stat_result(numbers, {"st_mtime_ns": system(path).st_mtime_ns})

    os.utime(tmp_path, ns=(0, 0))
    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", sizeless)
        watch = settled(FileWatch([tmp_path]))
    write_file(tmp_path / "a.json", b"two")
    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", sizeless)
        assert watch.has_changed()


def test_files_count_as_changed_for_some_more_looks(tmp_path: Path) -> None:
    """A second change within a tick of the file system's clock leaves no trace."""
    path = tmp_path / "file"
    watch = settled(FileWatch([path]))
    path.write_bytes(b"one")
    assert watch.has_changed()
    assert watch.has_changed()


def test_an_empty_file_is_as_good_as_none(tmp_path: Path) -> None:
    """Whoever reads a database in SQLite's log mode makes an empty log for that time."""
    log = tmp_path / "samples.db-wal"
    watch = settled(FileWatch([log]))
    log.touch()
    assert not watch.has_changed()
    log.write_bytes(b"a change")
    assert watch.has_changed()


def test_what_cannot_be_looked_at_has_not_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    watch = settled(FileWatch([path]))

    def fail(*_: object) -> os.stat_result:
        raise OSError("the network is gone")

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", fail)
        assert not watch.has_changed()
    assert not watch.has_changed()
