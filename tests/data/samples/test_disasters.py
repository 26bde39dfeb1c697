"""The store when it is killed, refused by the disk, or not alone."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

from inkread.core.errors import SamplesFailed, SamplesUnreadable
from inkread.data.samples.file import SampleFile
from tests.data.processes import begun, start
from tests.data.stores import MANY, labels, sample, sql, store_in

pytestmark = pytest.mark.slow
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")
needs_pipes = pytest.mark.skipif(sys.platform == "win32", reason="needs to wait for a pipe")

BEFORE = ["old", "old", "last"]
AFTER = {
    "begin": ["new"],
    "add": [*BEFORE, "new"],
    "many": [*BEFORE, *["new"] * MANY],
    "relabel": ["new", "new", "last"],
    "delete": ["last"],
    "undo": ["old", "old"],
}
#: The damaged file and its log.
BOTH_SIZES = 2


def outcomes(how: str, change: str) -> list[dict[str, Any]]:
    """The state left by each process that was disturbed while it made `change`."""
    out, err = start("sample_disasters", how, change).communicate()
    assert err == ""
    found = [json.loads(line) for line in out.splitlines()]
    assert found[-1]["ended"] == "done"
    return found


def before(change: str) -> list[str]:
    return [] if change == "begin" else BEFORE


def check_sound(found: list[dict[str, Any]]) -> None:
    for one in found:
        assert one["sound"]
        assert one["goes_on"]
        assert (one["notice"], one["aside"]) == ("", [])


@needs_fork
@pytest.mark.parametrize("change", ["begin", "add", "relabel", "delete", "undo"])
def test_killed_at_any_point_all_of_a_change_is_there_or_nothing(change: str) -> None:
    found = outcomes("killed", change)
    check_sound(found)
    assert {one["ended"] for one in found[:-1]} == {"SIGKILL"}
    assert len(found) > 50
    seen = [one["labels"] for one in found]
    first = seen.index(AFTER[change])  # from there on it was done
    assert first > 0
    assert seen == [before(change)] * first + [AFTER[change]] * (len(seen) - first)


@needs_fork
@pytest.mark.parametrize("change", ["begin", "many"])
def test_killed_in_the_midst_of_a_write_nothing_of_the_change_is_there(change: str) -> None:
    *torn, last = outcomes("torn", change)
    check_sound([*torn, last])
    assert {one["ended"] for one in torn} == {"SIGXFSZ"}
    assert len(torn) > 20
    assert all(one["labels"] == before(change) for one in torn)
    assert last["labels"] == AFTER[change]


@needs_fork
@pytest.mark.parametrize(
    ("how", "change"), [(how, change) for how in ("full", "forbidden") for change in AFTER]
)
def test_refused_by_the_disk_it_says_so_and_leaves_all_as_it_was(how: str, change: str) -> None:
    *refused, last = outcomes(how, change)
    check_sound([*refused, last])
    assert refused
    for one in refused:
        assert (one["ended"], one["labels"]) == ("refused", before(change))
    assert last["labels"] == AFTER[change]


@needs_fork
def test_where_nothing_may_be_written_all_can_be_read() -> None:
    """The last sample too, which is still in the log."""
    (found,) = outcomes("forbidden", "read")
    assert found["labels"] == BEFORE


@needs_fork
def test_killed_while_it_is_set_aside_a_damaged_file_stays_whole() -> None:
    found = outcomes("killed", "open")
    for one in found:
        assert one["labels"] == BEFORE  # saved from the log
        assert one["goes_on"]
        assert one["aside"] == found[0]["aside"]
    assert len(found[0]["aside"]) == BOTH_SIZES
    assert all("new file: 3, lost: 0" in one["notice"] for one in found if one["notice"])
    reported = [bool(one["notice"]) for one in found]
    assert reported == sorted(reported, reverse=True)  # by whoever comes after the kill, if need be
    assert reported[0]
    assert not reported[-1]  # the process itself had reported it


@needs_pipes
def test_a_crowd_gets_along(tmp_path: Path) -> None:
    crowd = [begun("sample_crowd", tmp_path, "add", label, "10") for label in "abc"]
    store = store_in(tmp_path)
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    while any(process.poll() is None for process in crowd):
        assert len(store.samples()) <= 3 * 6
    for process in crowd:
        assert process.communicate() == ("", "")
        assert process.returncode == 0
    assert store.counts() == {"a": 5, "b": 5, "c": 5}
    assert sql(store.path, "SELECT count(*) FROM changes") == [(3 * 25,)]
    assert sql(store.path, "PRAGMA integrity_check") == [("ok",)]


@needs_pipes
def test_whoever_finds_another_at_work_says_so(tmp_path: Path) -> None:
    store_in(tmp_path).add(sample("1"))
    holder = begun("sample_crowd", tmp_path, "hold")
    waiting = SampleFile(tmp_path / "samples.db", timeout=0)
    with pytest.raises(SamplesFailed, match="another Inkread is changing it"), waiting.changing():
        pytest.fail("nobody else may")
    with pytest.raises(SamplesUnreadable, match="another Inkread"), waiting.reading():
        pytest.fail("nobody else may")
    holder.communicate()
    store_in(tmp_path).add(sample("2"))
    assert labels(store_in(tmp_path)) == ["1", "2"]


def test_a_file_in_the_way_is_reported(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"not a folder")
    store = store_in(tmp_path / "data")
    assert store.samples() == []
    with pytest.raises(SamplesFailed, match=r"samples\.db: the samples could not be kept"):
        store.add(sample("1"))


def test_a_folder_in_the_way_is_reported(tmp_path: Path) -> None:
    (tmp_path / "samples.db").mkdir()
    with pytest.raises(SamplesUnreadable):
        store_in(tmp_path)
    assert (tmp_path / "samples.db").is_dir()


def test_on_a_full_disk_all_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite needs room beside its file even to read; a copy elsewhere does."""
    store_in(tmp_path).add(sample("1"))
    opened = SampleFile._open

    def refused(file: SampleFile, path: Path, is_for_check: bool = False) -> sqlite3.Connection:
        if path.parent == tmp_path:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
            raise error
        return opened(file, path, is_for_check)

    monkeypatch.setattr(SampleFile, "_open", refused)
    monkeypatch.setattr("inkread.data.samples.file._MIN_FREE_BYTES", 1 << 60)
    store = store_in(tmp_path)
    assert labels(store) == ["1"]
    with pytest.raises(SamplesFailed, match=r"\(the disk is full\)"):
        store.add(sample("2"))
    monkeypatch.undo()
    store.add(sample("2"))
    assert labels(store) == ["1", "2"]
