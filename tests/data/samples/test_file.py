"""The file of samples: what is in it, and what becomes of a damaged one."""

from __future__ import annotations

import os
import random
import shutil
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inkread.core.errors import (
    SamplesFailed,
    SamplesForeign,
    SamplesFull,
    SamplesSetAside,
    SamplesUnreadable,
)
from inkread.core.ink import Ink, Stroke
from inkread.data.samples import file as sample_file
from inkread.data.samples.file import SampleFile
from inkread.data.samples.limits import MAX_FILE_BYTES
from inkread.data.samples.sample import Sample
from inkread.data.samples.schema import APPLICATION_ID, MIGRATIONS, Damaged
from inkread.data.samples.store import SampleStore
from tests.data.stores import cell, labels, sample, sql, store_in


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
        saved = len(new.samples())
        assert new.notice.facts["saved"] == saved
        assert labels(new) == ["1"] * saved
        assert (new.notice.facts["lost"], saved >= 46) == (50 - saved, True)  # those of one page
        new.add(sample("2"))
        assert labels(new) == [*["1"] * saved, "2"]
        assert store_in(store.path.parent).notice is None
        assert kept.read_bytes() == content

    @pytest.mark.parametrize("size", [100, 2 * MAX_FILE_BYTES + 1])
    def test_the_logs_of_a_file_that_is_gone_stop_nothing(
        self, store: SampleStore, size: int
    ) -> None:
        """Whatever is in them is kept: it may be all that is left of the samples."""
        for suffix in ("-wal", "-journal", "-shm"):
            with store.path.with_name(store.path.name + suffix).open("wb") as file:
                file.write(b"log")
                file.truncate(size)
        store.add(sample("1"))
        assert labels(store) == ["1"]
        kept = sorted(store.path.parent.glob("samples-damaged-*"))
        assert [path.name.rpartition("-")[2] for path in kept] == ["journal", "wal"]
        assert [path.stat().st_size for path in kept] == [size, size]

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

    def test_no_log_is_overwritten(self, store: SampleStore) -> None:
        store.path.write_bytes(b"damaged" * 1000)
        log = store.path.with_name("samples.db-wal")
        log.write_bytes(b"the last changes")
        time = f"{datetime.fromtimestamp(store.path.stat().st_mtime, UTC):%Y%m%d-%H%M%S}"
        earlier = store.path.with_name(f"samples-damaged-{time}.db-wal")
        earlier.write_bytes(b"earlier changes")
        assert store_in(store.path.parent).notice is not None
        assert earlier.read_bytes() == b"earlier changes"
        assert earlier.with_name(f"{earlier.name}-1").read_bytes() == b"the last changes"

    def test_a_journal_of_the_damaged_file_is_not_applied_to_the_new_one(
        self, store: SampleStore
    ) -> None:
        store.add(sample("1"))
        content = store.path.read_bytes()
        store.path.write_bytes(b"damaged!" + content[8:])
        store.path.with_name("samples.db-journal").write_bytes(b"journal")
        assert labels(store_in(store.path.parent)) == ["1"]
        (kept,) = store.path.parent.glob("samples-damaged-*.db-journal")
        assert kept.read_bytes() == b"journal"

    def test_windows_that_find_it_at_once_set_it_aside_once(self, store: SampleStore) -> None:
        store.add_many(sample(str(i), i) for i in range(9))
        content = store.path.read_bytes()
        store.path.write_bytes(b"damaged!" + content[8:])
        with ThreadPoolExecutor(4) as threads:
            opened = list(threads.map(lambda _: store_in(store.path.parent), range(8)))
        assert [one.notice is not None for one in opened].count(True) == 1
        for one in opened:
            assert labels(one) == [str(i) for i in range(9)]
        assert len(list(store.path.parent.glob("samples-damaged-*"))) == 1
        assert not list(store.path.parent.glob(".samples-[ps]*.db*"))

    @pytest.mark.parametrize("is_list", [True, False])
    def test_killed_before_the_new_file_is_in_place_the_next_use_finds_it(
        self, store: SampleStore, is_list: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store.add(sample("1"))
        content = store.path.read_bytes()
        store.path.write_bytes(b"damaged!" + content[8:])
        replace = Path.replace

        def killed(path: Path, target: Path) -> Path:
            if target == store.path:
                raise KeyboardInterrupt
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            store_in(store.path.parent)
        monkeypatch.undo()
        assert not store.path.exists()
        if is_list:
            assert labels(store) == ["1"]
        else:
            store.add(sample("2"))
            assert labels(store) == ["1", "2"]

    @pytest.mark.parametrize("step", range(5))
    def test_killed_between_two_renames_no_commit_in_the_log_is_lost(
        self, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The file alone is sound, and older."""
        store = store_in(tmp_path / "a")
        store.add(sample("old"))
        with closing(sqlite3.connect(store.path)) as held:
            held.execute("SELECT * FROM samples").fetchone()
            store.add(sample("new", 2))
            shutil.copytree(tmp_path / "a", tmp_path / "b")
        path = tmp_path / "b" / "samples.db"
        path.with_name("samples.db-shm").unlink()
        replace, left = Path.replace, step

        def killed(path: Path, target: Path) -> Path:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return replace(path, target)

        def damaged(*_: object) -> bool:
            raise Damaged("in the log")  # before SQLite reads it, and writes it into the file

        monkeypatch.setattr(Path, "replace", killed)
        monkeypatch.setattr(SampleFile, "_is_current", damaged)
        with suppress(KeyboardInterrupt):
            SampleStore.open(path)
        monkeypatch.undo()
        told = list[SamplesSetAside]()
        new = SampleStore.open(path, report=told.append)
        assert labels(new) == ["old", "new"]
        assert (len(told), new.notice) == ((1, told[0]) if told else (0, None))
        assert not path.with_name(".samples-saved.db").exists()

    def test_a_log_is_never_left_to_the_new_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = store_in(tmp_path)
        store.path.write_bytes(b"damaged" * 1000)
        log = tmp_path / "samples.db-wal"
        log.write_bytes(b"the last changes")
        move = sample_file._move
        monkeypatch.setattr(sample_file, "_move", lambda *_: (_ for _ in ()).throw(KeyError()))
        with pytest.raises(KeyError):
            store_in(tmp_path)
        assert not store.path.exists()
        monkeypatch.setattr(sample_file, "_move", move)
        store.add(sample("1"))  # a window that was open already
        (kept,) = tmp_path.glob("samples-damaged-*.db")
        assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"the last changes"
        assert labels(store_in(tmp_path)) == ["1"]

    @pytest.mark.parametrize("use", ["samples", "add", "open"])
    def test_what_another_process_began_to_set_aside_is_told_once(
        self, tmp_path: Path, use: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told = list[SamplesSetAside]()
        store = SampleStore.open(tmp_path / "samples.db", report=told.append)
        store.add(sample("1"))
        content = store.path.read_bytes()
        store.path.write_bytes(b"damaged!" + content[8:])
        monkeypatch.setattr(
            SampleFile, "_put_in_place", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt())
        )
        with pytest.raises(KeyboardInterrupt):
            store_in(tmp_path)
        monkeypatch.undo()
        match use:
            case "samples":
                assert labels(store) == ["1"]
            case "add":
                store.add(sample("2", 2))
            case _:
                SampleStore.open(store.path, report=told.append)
        store.counts()
        store_in(tmp_path)
        (notice,) = told
        assert (notice.facts["saved"], notice.facts["lost"]) == (1, 0)

    @pytest.mark.parametrize("time", [0, -1, 2**40, 2**60])
    def test_an_impossible_time_is_no_trouble(self, store: SampleStore, time: int) -> None:
        store.path.write_bytes(b"damaged" * 1000)
        try:
            os.utime(store.path, (time, time))
        except (OverflowError, OSError):
            pytest.skip("this file system has no such time")
        assert store_in(store.path.parent).notice is not None

    def test_met_at_work_it_is_reported_and_nothing_is_overwritten(
        self, store: SampleStore
    ) -> None:
        content = self.damaged(store, 0, b"garbage, not SQLite")
        for use in (store.samples, store.counts, store.undo, lambda: store.add(sample("2"))):
            with pytest.raises(Exception, match=r"file is damaged, which the next start puts"):
                use()
        assert store.path.read_bytes() == content


class TestOthersWork:
    """What anybody may have put into the file, or in its place."""

    @pytest.mark.parametrize(
        "statements",
        [
            ["CREATE TRIGGER t AFTER INSERT ON samples BEGIN SELECT RAISE(FAIL, 'no'); END"],
            ["CREATE TRIGGER t BEFORE DELETE ON samples BEGIN DELETE FROM samples; END"],
            ["CREATE VIEW v AS SELECT * FROM samples"],
            [
                "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                "SELECT i FROM n"
            ],
            ["CREATE TABLE more (x)"],
            ["CREATE INDEX i ON samples (hex(zeroblob(1000)) || label)"],
            ["CREATE VIRTUAL TABLE f USING rtree(i, a, b)"],
            ["ALTER TABLE samples ADD COLUMN more GENERATED ALWAYS AS (hex(cell) || hex(cell))"],
            ["ALTER TABLE samples ADD COLUMN more TEXT CHECK (label < 'x')"],
            ["DROP INDEX samples_by_label"],
            ["DROP TABLE changed"],
            ["PRAGMA user_version = 0"],
            ["PRAGMA user_version = -5"],
            ["PRAGMA user_version = 2000000000"],
            ["PRAGMA application_id = 0"],
            ["PRAGMA application_id = 77"],
            [
                "PRAGMA writable_schema = ON",
                "UPDATE sqlite_master SET sql = 'CREATE TABLE samples (x' WHERE name = 'samples'",
            ],
            [
                "PRAGMA writable_schema = ON",
                "UPDATE sqlite_master SET sql = CAST(x'ff' AS TEXT) WHERE name = 'samples'",
            ],
            ["PRAGMA writable_schema = ON", "UPDATE sqlite_master SET rootpage = 999"],
            ["PRAGMA writable_schema = ON", "DELETE FROM sqlite_master"],
            ["PRAGMA writable_schema = ON", "UPDATE sqlite_master SET name = 'samples'"],
        ],
        ids=lambda statements: statements[-1][:40],
    )
    def test_anything_else_in_it_sets_it_aside_and_every_sample_is_saved(
        self, store: SampleStore, statements: list[str]
    ) -> None:
        store.add_many([sample("1"), sample("2")])
        sql(store.path, *statements)
        content = store.path.read_bytes()
        new = store_in(store.path.parent)
        assert new.notice is not None
        assert (new.notice.facts["saved"], new.notice.facts["lost"]) == (2, 0)
        assert "\n" not in str(new.notice)
        assert labels(new) == ["1", "2"]
        new.add(sample("3"))
        assert store_in(store.path.parent).notice is None
        (kept,) = store.path.parent.glob("samples-damaged-*.db")
        assert kept.read_bytes() == content

    @pytest.mark.parametrize(("at", "value"), [(47, 0x84), (44, 1), (59, 2), (95, 7)])
    def test_a_header_of_another_format_costs_no_sample(
        self, store: SampleStore, at: int, value: int
    ) -> None:
        store.add_many([sample("1"), sample("2")])
        content = bytearray(store.path.read_bytes())
        content[at] = value
        store.path.write_bytes(content)
        assert labels(store_in(store.path.parent)) == ["1", "2"]

    def test_a_schema_that_sqlite_quotes_is_one_line(self, store: SampleStore) -> None:
        store.add(sample("1"))
        broken = "replace(sql, 'CREATE TABLE', 'CREATE TABLX')"
        sql(store.path, "PRAGMA writable_schema = ON", f"UPDATE sqlite_master SET sql = {broken}")
        lines = b"CREATE TABLX\nsamples\n("
        content = store.path.read_bytes().replace(b"CREATE TABLX samples (", lines)
        store.path.write_bytes(content)
        new = store_in(store.path.parent)
        assert len(str(new.notice).splitlines()) == 1
        assert labels(new) == ["1"]

    def test_a_view_in_place_of_the_table(self, store: SampleStore) -> None:
        store.add(sample("1"))
        sql(
            store.path,
            "ALTER TABLE samples RENAME TO hidden",
            "CREATE VIEW samples AS SELECT * FROM hidden, hidden, hidden",
        )
        new = store_in(store.path.parent)
        assert new.notice is not None
        assert labels(new) == ["1"]

    def test_met_at_work_it_is_not_run(self, store: SampleStore) -> None:
        store.add(sample("1"))
        sql(store.path, "CREATE TRIGGER t AFTER INSERT ON samples BEGIN DELETE FROM samples; END")
        with pytest.raises(SamplesFailed, match="the next start puts right"):
            store.add(sample("2"))
        assert sql(store.path, "SELECT label FROM samples") == [("1",)]

    @pytest.mark.parametrize("statement", ["ANALYZE", "VACUUM", "PRAGMA journal_mode = DELETE"])
    def test_what_is_done_to_any_file_is_no_damage(
        self, store: SampleStore, statement: str
    ) -> None:
        store.add_many([sample("1"), sample("2")])
        sql(store.path, statement)
        new = store_in(store.path.parent)
        assert (new.notice, labels(new)) == (None, ["1", "2"])

    def test_other_comments_in_the_schema_are_no_damage(self, store: SampleStore) -> None:
        """Files of earlier releases name modules that have moved."""
        store.add(sample("1"))
        moved = "replace(sql, 'inkread.data.ink_codec', 'app.data.ink_bytes')"
        sql(store.path, "PRAGMA writable_schema = ON", f"UPDATE sqlite_master SET sql = {moved}")
        assert b"app.data.ink_bytes" in store.path.read_bytes()
        assert store_in(store.path.parent).notice is None

    def test_a_file_in_another_encoding_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "samples.db"
        steps = [statement for step in MIGRATIONS for statement in step]
        marks = f"PRAGMA application_id = {APPLICATION_ID}", "PRAGMA user_version = 1"
        sql(path, "PRAGMA encoding = 'UTF-16le'", *steps, *marks)
        store = store_in(tmp_path)
        store.add(sample("é"))
        assert (store.notice, labels(store_in(tmp_path))) == (None, ["é"])

    def test_another_programs_file_is_left_alone_even_if_it_is_damaged(
        self, tmp_path: Path
    ) -> None:
        path = tmp_path / "samples.db"
        sql(path, "PRAGMA application_id = 77", "CREATE TABLE notes (text)")
        path.write_bytes(path.read_bytes()[:4096] + bytes(4096))
        before = path.read_bytes()
        with pytest.raises(SamplesForeign, match="another program"):
            store_in(tmp_path)
        assert path.read_bytes() == before

    @pytest.mark.parametrize("name", ["", "-wal", "-journal", "-shm"])
    @pytest.mark.parametrize("kind", ["folder", "pipe", "socket", "device"])
    def test_what_is_no_file_is_left_alone(self, store: SampleStore, name: str, kind: str) -> None:
        store.add(sample("1"))
        path = store.path.with_name(f"samples.db{name}")
        path.unlink(missing_ok=True)
        make_other(path, kind)
        with pytest.raises(SamplesUnreadable, match="is not a file"):
            store_in(store.path.parent)
        for use in (store.samples, store.counts, lambda: store.add(sample("2"))):
            with pytest.raises((SamplesFailed, SamplesUnreadable), match="is not a file"):
                use()
        assert not list(store.path.parent.glob("*damaged*"))

    def test_what_is_locked_is_left_alone(self, store: SampleStore) -> None:
        store.add(sample("1"))
        with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(SamplesUnreadable, match="locked"):
                SampleFile(store.path, timeout=0).check()
        assert store_in(store.path.parent).notice is None

    def test_a_file_without_end_is_set_aside(
        self, store: SampleStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store.add_many([sample("1"), sample("2")])
        with store.path.open("r+b") as file:
            file.truncate(MAX_FILE_BYTES + 1)  # takes no room
        new = store_in(store.path.parent)
        assert new.notice is not None
        assert "larger than this program makes it" in str(new.notice)
        assert labels(new) == ["1", "2"]

    def test_more_than_is_kept_is_refused(
        self, store: SampleStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store.add(sample("1"))
        monkeypatch.setattr("inkread.data.samples.file.MAX_FILE_BYTES", 100_000)
        with pytest.raises(SamplesFull, match="export and delete some of them first"):
            store.add_many(sample("2", i) for i in range(100))
        assert labels(store) == ["1"]


def make_other(path: Path, kind: str) -> None:
    match kind:
        case "folder":
            path.mkdir()
        case "pipe" if hasattr(os, "mkfifo"):
            os.mkfifo(path)
        case "device" if Path("/dev/zero").exists():
            path.symlink_to("/dev/zero")
        case "socket" if hasattr(socket, "AF_UNIX") and len(str(path)) < 100:
            with closing(socket.socket(socket.AF_UNIX)) as made:
                made.bind(str(path))
        case _:
            pytest.skip("this system has none")


class TestChanged:
    """A file of which bits, bytes or pages were changed, or the end is missing."""

    @pytest.fixture
    def content(self, store: SampleStore) -> bytes:
        many = Ink((Stroke.of([(i, i) for i in range(900)]),))
        ids = store.add_many(Sample(label=str(i), cell=cell(i), ink=many) for i in range(6))
        store.relabel(ids[:2], "x")
        store.delete(ids[3:4])
        return store.path.read_bytes()

    @pytest.mark.parametrize("seed", range(60))
    def test_it_opens_or_is_set_aside_in_one_sentence(
        self, content: bytes, tmp_path: Path, seed: int
    ) -> None:
        (tmp_path / "new").mkdir()
        opened(changed(content, seed), tmp_path / "new")

    @pytest.mark.slow
    def test_so_does_every_page_with_each_bit_of_its_head_changed(
        self, content: bytes, tmp_path: Path
    ) -> None:
        for page in range(0, len(content), 4096):
            for bit in range(0, 8 * 16, 7):
                new = tmp_path / f"{page}-{bit}"
                new.mkdir()
                other = bytearray(content)
                other[page + bit // 8] ^= 1 << bit % 8
                opened(bytes(other), new)


def changed(content: bytes, seed: int) -> bytes:
    chance, other = random.Random(seed), bytearray(content)
    page = chance.randrange(len(other) // 4096) * 4096
    match seed % 5:
        case 0:
            other[chance.randrange(len(other))] ^= 1 << chance.randrange(8)
        case 1:
            other[page + chance.randrange(100)] ^= 1 << chance.randrange(8)
        case 2:
            del other[chance.randrange(len(other)) :]
        case 3:
            other[page : page + 4096] = chance.randbytes(4096)
        case _:
            source = chance.randrange(len(other) // 4096) * 4096
            other[page : page + 4096] = content[source : source + 4096]
    return bytes(other)


def opened(content: bytes, folder: Path) -> None:
    """Open such a file and work with it."""
    (folder / "samples.db").write_bytes(content)
    store = store_in(folder)
    found = labels(store)
    if store.notice is None:
        assert len(found) == 5
    else:
        assert "\n" not in str(store.notice)
        assert store.notice.facts["saved"] == len(found)
        assert len(list(folder.glob("samples-damaged-*.db"))) == 1
    number = store.add(sample("next", 99))
    store.delete([number])
    store.undo()
    assert labels(store) == [*found, "next"]
    assert store.counts()["next"] == store.count_after(number - 1)[0] == 1
