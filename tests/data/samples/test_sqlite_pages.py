"""Records read from pages, against SQLite's own answers."""

from __future__ import annotations

import io
import random
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inkread.data.samples.sqlite_pages import Layout, Record, SqlitePages, Value, layout_of

LIMIT = 10_000_000
VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
    st.binary(max_size=20_000),
)


def records(path: Path, log: bytes | None = None, layout: Layout | None = None) -> list[Record]:
    with path.open("rb") as stream:
        pages = SqlitePages(
            stream, None if log is None else io.BytesIO(log), layout or layout_of(stream), LIMIT
        )
        return list(pages.records())


def rows(path: Path, columns: int = 4, log: bytes | None = None) -> list[tuple[Value, ...]]:
    """Those of tables with that many columns, by row id."""
    found = [one for one in records(path, log) if one.row is not None and one.values is not None]
    found.sort(key=lambda one: one.row or 0)
    return [one.values for one in found if one.values is not None and len(one.values) == columns]


def make(path: Path, values: Sequence[Sequence[object]], *pragmas: str) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE things (a, b, c, d)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO things VALUES (?, ?, ?, ?)", values)
        connection.execute("COMMIT")


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES), max_size=20),
    page_size=st.sampled_from([512, 1024, 4096, 65536]),
    encoding=st.sampled_from(["UTF-8", "UTF-16le", "UTF-16be"]),
)
def test_every_value_is_read_as_sqlite_reads_it(
    tmp_path: Path, values: list[tuple[Value, ...]], page_size: int, encoding: str
) -> None:
    path = tmp_path / "a.db"
    make(path, values, f"page_size = {page_size}", f"encoding = '{encoding}'")
    with closing(sqlite3.connect(path)) as connection:
        assert rows(path) == connection.execute("SELECT * FROM things").fetchall()


def test_what_was_deleted_does_not_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    make(path, [(i, "x" * 2000, None, 1.5) for i in range(200)])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM things WHERE a > 9")
    assert [row[0] for row in rows(path)] == list(range(10))


def test_the_log_counts_up_to_its_last_commit(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    make(path, [(1, "old", None, 0)], "journal_mode = WAL")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE things SET b = 'new'")
        log = path.with_name("a.db-wal").read_bytes()
        copy = shutil.copyfile(path, tmp_path / "copy.db")
    assert rows(copy) == [(1, "old", None, 0)]
    assert rows(copy, log=log) == [(1, "new", None, 0)]
    assert rows(copy, log=log[:-1]) == [(1, "old", None, 0)]
    assert rows(copy, log=b"") == rows(copy, log=bytes(100)) == [(1, "old", None, 0)]


def test_an_index_gives_its_records_too(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    make(path, [(i, str(i), None, 0) for i in range(1000)])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE INDEX by_b ON things (b)")
    found = {one.values for one in records(path) if one.row is None}
    assert found == {(str(i), i + 1) for i in range(1000)}


def test_text_that_is_no_text_comes_as_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    make(path, [("label", None, None, 0)])
    path.write_bytes(path.read_bytes().replace(b"label", b"la\xffel"))
    assert rows(path) == [(b"la\xffel", None, None, 0)]


def test_a_damaged_page_costs_only_what_is_on_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    make(path, [(i, "x" * 900, None, 0) for i in range(100)])
    content = bytearray(path.read_bytes())
    content[: 3 * 4096] = bytes(3 * 4096)  # header, schema, root and a leaf
    path.write_bytes(content)
    assert len(rows(path)) >= 96


@pytest.mark.parametrize("size", [0, 1, 99, 100, 512, 4096, 4097])
def test_a_file_of_any_size_is_read_to_its_end(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.db"
    make(path, [(i, "x" * 900, None, 0) for i in range(10)])
    path.write_bytes(path.read_bytes()[:size])
    assert rows(path) == []


def test_an_impossible_layout_is_the_usual_one() -> None:
    for at, value in ((16, b"\0\3"), (16, b"\xff\xff"), (20, b"\xff"), (0, b"x")):
        head = bytearray(b"SQLite format 3\0" + b"\2\0" + bytes(82))
        head[at : at + len(value)] = value
        assert layout_of(io.BytesIO(head)) == Layout()


def test_records_that_share_pages_are_read_once(tmp_path: Path) -> None:
    """Otherwise a file of a megabyte could be made to give a terabyte."""
    path = tmp_path / "a.db"
    make(path, [(None, b"x" * 900_000, None, 0)])
    content = bytearray(path.read_bytes())
    leaf = content[4096:8192]
    count, at = 1000, leaf[8:10]
    leaf[3:5] = count.to_bytes(2, "big")
    leaf[8 : 8 + 2 * count] = at * count
    path.write_bytes(content[:4096] + leaf * 100 + content[8192:])
    assert sum(len(str(one.values)) for one in records(path)) < 10 * len(content)


@pytest.mark.parametrize("seed", range(20))
def test_random_pages_raise_nothing(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path = tmp_path / "a.db"
    make(path, [(i, chance.randbytes(3000), "text", 0.5) for i in range(30)], "page_size = 512")
    content = bytearray(path.read_bytes())
    for _ in range(2000):
        content[chance.randrange(100, len(content))] = chance.randrange(256)
    path.write_bytes(content)
    assert len(records(path, log=bytes(content))) < 1000


def test_small_records_of_tables_need_not_be_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    make(path, [("a", 1, None, None), ("b" * 900, 2, None, None), ("c", 3, None, bytes(9000))])
    with path.open("rb") as stream:
        found = list(SqlitePages(stream, None, layout_of(stream), LIMIT, min_size=800).records())
    values = [one.values and one.values[1] for one in found if one.row is not None]
    assert values[-3:] == [None, 2, 3]
