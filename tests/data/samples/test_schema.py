"""Older files are brought up to date, newer ones left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.core.errors import SamplesForeign
from inkread.data.samples.file import SampleFile
from inkread.data.samples.schema import MIGRATIONS
from inkread.data.samples.store import SampleStore
from tests.data.stores import labels, sample, sql, store_in


class TestMigrations:
    NEXT = (*MIGRATIONS, ("ALTER TABLE samples ADD COLUMN hand TEXT NOT NULL DEFAULT 'right'",))

    def test_an_older_file_is_brought_up_to_date(self, store: SampleStore) -> None:
        store.add_many([sample("1"), sample("2")])
        newer = SampleFile(store.path, steps=self.NEXT)
        assert newer.check() is None
        assert sql(store.path, "SELECT label, hand FROM samples") == [
            ("1", "right"),
            ("2", "right"),
        ]
        assert sql(store.path, "PRAGMA user_version") == [(2,)]
        assert newer.check() is None

    def test_it_is_brought_there_from_nothing_too(self, tmp_path: Path) -> None:
        newer = SampleFile(tmp_path / "samples.db", steps=self.NEXT)
        with newer.changing() as connection:
            assert connection.execute("SELECT hand FROM samples").fetchall() == []
        assert sql(newer.path, "PRAGMA user_version") == [(2,)]

    def test_a_step_that_fails_changes_nothing(self, store: SampleStore) -> None:
        store.add(sample("1"))
        before = store.path.read_bytes()
        broken = SampleFile(store.path, steps=(*self.NEXT, ("DROP TABLE changed", "nonsense")))
        with pytest.raises(Exception, match="syntax error"):
            broken.check()
        assert store.path.read_bytes() == before
        assert labels(store) == ["1"]

    def test_a_newer_file_is_refused_and_left_alone(self, store: SampleStore) -> None:
        store.add(sample("1"))
        SampleFile(store.path, steps=self.NEXT).check()
        before = store.path.read_bytes()
        with pytest.raises(SamplesForeign, match="a newer Inkread made them, version 2"):
            store_in(store.path.parent)
        for use in (store.samples, store.counts, store.undo, lambda: store.add(sample("2"))):
            with pytest.raises(SamplesForeign, match=r"samples\.db: these samples are kept in"):
                use()
        assert store.path.read_bytes() == before
        assert not list(store.path.parent.glob("*damaged*"))

    def test_a_file_of_another_program_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "samples.db"
        sql(path, "CREATE TABLE notes (text)", "INSERT INTO notes VALUES ('mine')")
        before = path.read_bytes()
        with pytest.raises(SamplesForeign, match="another program made this file"):
            store_in(tmp_path)
        assert path.read_bytes() == before
        assert sql(path, "SELECT text FROM notes") == [("mine",)]
