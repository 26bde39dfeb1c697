"""A file is checked once, and again when somebody else has changed it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from inkread.data.samples.checked import content_of, own_work
from inkread.data.samples.soundness import check_rows
from inkread.data.samples.store import SampleStore
from tests.data.processes import begun
from tests.data.stores import labels, sample, sql, store_in


class Checks:
    """Counts the whole checks."""

    def __init__(self, check: Callable[[sqlite3.Connection], None]) -> None:
        self.count = 0
        self._check = check

    def __call__(self, connection: sqlite3.Connection) -> None:
        self.count += 1
        self._check(connection)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    checks = Checks(check_rows)
    monkeypatch.setattr("inkread.data.samples.file.check_rows", checks)
    return checks


class TestOpening:
    def test_what_this_process_changed_is_not_checked_again(
        self, store: SampleStore, checks: Checks
    ) -> None:
        ids = store.add_many(sample(str(i), i) for i in range(5))
        for change in (
            lambda: store.relabel(ids[:2], "x"),
            lambda: store.delete(ids[2:3]),
            store.undo,
            store.samples,
            lambda: store.add(sample("y", 9)),
        ):
            change()
            assert store_in(store.path.parent).notice is None
        assert checks.count == 0

    def test_a_file_that_was_there_is_checked_once(self, tmp_path: Path, checks: Checks) -> None:
        """Another process made it."""
        store_in(tmp_path).add(sample("1"))
        (tmp_path / "samples.db").rename(tmp_path / "other.db")
        (tmp_path / "other.db").rename(tmp_path / "samples.db")
        os.utime(tmp_path / "samples.db", (1, 1))
        for number in range(3):
            store_in(tmp_path).add(sample("2", number))
        assert checks.count == 1

    @pytest.mark.parametrize("statement", ["UPDATE samples SET time = time || ' '", "VACUUM"])
    def test_what_somebody_else_changed_is_checked_again(
        self, store: SampleStore, checks: Checks, statement: str
    ) -> None:
        store.add(sample("1"))
        for count in (1, 2):
            sql(store.path, statement)
            for _ in range(3):
                assert store_in(store.path.parent).notice is None
            assert checks.count == count

    def test_so_is_one_byte_written_at_once(self, store: SampleStore, checks: Checks) -> None:
        """Within one tick of the clock, size and tick are those of the own change."""
        for number in range(20):
            store.add(sample("1", number))
            with store.path.open("r+b") as file:
                file.seek(72)  # reserved; zero in any case
                file.write(bytes([0, 0, 0, 0]))
            store_in(store.path.parent)
            assert checks.count == number + 1

    def test_another_process_that_works_beside_it_is_somebody_else(
        self, store: SampleStore, checks: Checks
    ) -> None:
        store.add(sample("1"))
        out, err = begun("sample_crowd", store.path.parent, "add", "2", "1").communicate("go\n")
        assert (out, err) == ("", "")
        assert store_in(store.path.parent).notice is None
        assert checks.count == 1

    def test_a_reader_that_closes_last_changes_nothing(
        self, store: SampleStore, checks: Checks
    ) -> None:
        """The last connection writes the log into the file."""
        store.add(sample("1"))
        with store._file.reading() as connection:
            assert connection is not None
            assert connection.execute("SELECT count(*) FROM samples").fetchone() == (1,)
            store.add(sample("2", 2))
            assert store.path.with_name("samples.db-wal").stat().st_size
        assert labels(store_in(store.path.parent)) == ["1", "2"]
        assert checks.count == 0

    def test_others_use_the_file_during_a_check(
        self, store: SampleStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store.add(sample("1"))
        os.utime(store.path, (1, 1))

        def checked(connection: sqlite3.Connection) -> None:
            store.add(sample("2", 2))  # waits for whoever has the lock
            check_rows(connection)

        monkeypatch.setattr("inkread.data.samples.file.check_rows", checked)
        assert store_in(store.path.parent).notice is None
        assert labels(store) == ["1", "2"]

    def test_damage_that_was_found_once_is_found_again(
        self, store: SampleStore, checks: Checks
    ) -> None:
        store.add_many([sample("1"), sample("2", 2)])
        pragma = "PRAGMA ignore_check_constraints = ON"
        sql(store.path, pragma, "UPDATE samples SET kind = 'x' WHERE id = 1")
        new = store_in(store.path.parent)
        assert new.notice is not None
        assert labels(new) == ["2"]


class TestContent:
    def test_it_is_known_as_long_as_only_this_process_changes_it(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        first = content_of(path)
        assert first.is_checked  # there is nothing yet
        with own_work(path) as content:
            assert content is first
            path.write_bytes(b"1")
        assert content_of(path) is first
        path.write_bytes(b"2")
        other = content_of(path)
        assert other is not first
        assert not other.is_checked

    @pytest.mark.parametrize("suffix", ["-wal", "-journal"])
    def test_its_log_belongs_to_it(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / "a.db"
        path.write_bytes(b"1")
        first = content_of(path)
        with closing((tmp_path / f"a.db{suffix}").open("wb")):
            assert content_of(path) is not first

    def test_what_failed_is_own_work_too(self, tmp_path: Path) -> None:
        path = tmp_path / "a.db"
        path.write_bytes(b"1")
        first = content_of(path)
        with pytest.raises(KeyError), own_work(path):
            path.write_bytes(b"22")
            raise KeyError
        assert content_of(path) is first
