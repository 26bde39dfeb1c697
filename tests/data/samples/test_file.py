"""The file of samples: what is in it, and what becomes of a damaged one."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from inkread.core.errors import SamplesSetAside
from inkread.data.samples.file import SampleFile
from inkread.data.samples.schema import APPLICATION_ID, MIGRATIONS
from inkread.data.samples.store import SampleStore
from tests.data.stores import labels, sample, sql, store_in


class TestFile:
    def test_it_is_what_it_says(self, store: SampleStore) -> None:
        store.add(sample("1"))
        assert sql(store.path, "PRAGMA user_version") == [(len(MIGRATIONS),)]
        assert sql(store.path, "PRAGMA application_id") == [(APPLICATION_ID,)]
        assert sql(store.path, "PRAGMA journal_mode") == [("wal",)]
        assert sql(store.path, "PRAGMA foreign_key_check", "PRAGMA integrity_check") == [("ok",)]

    def test_foreign_keys_are_on(self, store: SampleStore) -> None:
        store.add(sample("1"))
        with (
            pytest.raises(Exception, match="FOREIGN KEY"),
            SampleFile(store.path).changing() as connection,
        ):
            connection.execute("INSERT INTO changed VALUES (99, 99, 'a', 0)")

    def test_an_empty_file_is_begun(self, tmp_path: Path) -> None:
        (tmp_path / "samples.db").touch()
        store = store_in(tmp_path)
        assert store.samples() == []
        store.add(sample("1"))
        assert labels(store) == ["1"]

    def test_the_first_version_stays_as_it_was_released(self) -> None:
        """Files of it are out there: what is new is a new step."""
        connection = sqlite3.connect(":memory:")
        for statement in MIGRATIONS[0]:
            connection.execute(statement)
        query = "SELECT m.name, p.name, p.type FROM sqlite_master m, pragma_table_info(m.name) p"
        columns = connection.execute(f"{query} WHERE m.type = 'table' ORDER BY 1, p.cid")
        found: dict[str, str] = {}
        for table, column, kind in columns:
            found[table] = f"{found.get(table, '')}{column} {kind}, "
        connection.close()
        assert found["samples"] == (
            "id INTEGER, label TEXT, cell BLOB, kind TEXT, ink BLOB, picture BLOB, source TEXT, "
            "origin TEXT, model TEXT, guess TEXT, probability REAL, time TEXT, deleted INTEGER, "
        )
        assert found["changes"] == "id INTEGER, action TEXT, time TEXT, "
        assert found["changed"] == "change INTEGER, sample INTEGER, label TEXT, deleted INTEGER, "


class TestDamage:
    def damaged(self, store: SampleStore, at: int, data: bytes) -> bytes:
        """The file after some of its bytes were overwritten."""
        store.add_many(sample("1", i) for i in range(50))
        content = bytearray(store.path.read_bytes())
        content[at : at + len(data)] = data
        store.path.write_bytes(content)
        return bytes(content)

    @pytest.mark.parametrize(
        ("at", "data"),
        [(0, b"garbage, not SQLite"), (100, b"\xff" * 300), (4096 * 8, b"\xff" * 4096)],
        ids=["header", "schema", "page"],
    )
    def test_it_is_set_aside_and_reported_and_a_new_one_begins(
        self, store: SampleStore, at: int, data: bytes
    ) -> None:
        content = self.damaged(store, at, data)
        new = store_in(store.path.parent)
        assert isinstance(new.notice, SamplesSetAside)
        (kept,) = store.path.parent.glob("samples-damaged-*.db")
        assert kept.read_bytes() == content
        assert datetime.strptime(kept.stem, "samples-damaged-%Y%m%d-%H%M%S")
        said = str(new.notice)
        assert kept.name in said
        assert said.count(".db") == 2
        assert "\n" not in said
        assert new.samples() == []
        new.add(sample("2"))
        assert labels(new) == ["2"]
        assert store_in(store.path.parent).notice is None
        assert kept.read_bytes() == content

    def test_a_second_one_gets_another_name(self, store: SampleStore) -> None:
        contents = set()
        for text in (b"one", b"two"):
            store.path.write_bytes(text * 1000)
            contents.add(text * 1000)
            assert store_in(store.path.parent).notice is not None
        kept = store.path.parent.glob("samples-damaged-*.db")
        assert {path.read_bytes() for path in kept} == contents

    def test_its_log_goes_with_it(self, store: SampleStore) -> None:
        store.path.write_bytes(b"damaged" * 1000)
        log = store.path.with_name("samples.db-wal")
        log.write_bytes(b"the last changes")
        new = store_in(store.path.parent)
        (kept,) = store.path.parent.glob("samples-damaged-*.db")
        assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"the last changes"
        assert not log.exists()
        new.add(sample("2"))
        assert labels(new) == ["2"]

    def test_met_at_work_it_is_reported_and_nothing_is_overwritten(
        self, store: SampleStore
    ) -> None:
        content = self.damaged(store, 0, b"garbage, not SQLite")
        for use in (store.samples, store.counts, store.undo, lambda: store.add(sample("2"))):
            with pytest.raises(Exception, match=r"file is damaged, which the next start puts"):
                use()
        assert store.path.read_bytes() == content
