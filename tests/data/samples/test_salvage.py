"""The good rows of a damaged file, saved into a new one."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inkread.core.ink import Ink, Stroke
from inkread.data.samples.salvage import Salvaged, readable, salvage
from inkread.data.samples.sample import Sample
from inkread.data.samples.schema import MIGRATIONS
from inkread.data.samples.store import SampleStore
from tests.data.stores import cell, labels, sample, sql, store_in


def saved(source: Path, folder: Path) -> tuple[Salvaged, SampleStore]:
    """The result, and the new file."""
    folder.mkdir()
    log = source.with_name(f"{source.name}-wal")
    before = source.read_bytes()
    found = salvage(source, log, folder / "samples.db", MIGRATIONS)
    assert source.read_bytes() == before
    assert readable(source, log) == found
    store = store_in(folder)
    assert store.notice is None
    return found, store


def test_all_of_a_good_file_is_saved(store: SampleStore, tmp_path: Path) -> None:
    ink = Ink((Stroke.of([(i, i) for i in range(2000)], 2.5),))  # on overflow pages
    sent = Sample(label="é", cell=cell(1), ink=ink, picture=bytes(9000), guess="e", probability=1)
    ids = store.add_many([sample("1"), sent, sample("gone"), sample("2", 7)])
    store.delete(ids[2:3])
    found, new = saved(store.path, tmp_path / "new")
    assert found == Salvaged(3, 0)
    for before, after in zip(store.samples(), new.samples(), strict=True):
        assert before.cell.tobytes() == after.cell.tobytes()
        assert (before.ink is None) == (after.ink is None)
        for name in ("id", "label", "picture", "source", "guess", "probability", "time", "origin"):
            assert getattr(before, name) == getattr(after, name)
    assert new.add(sample("3")) > ids[1]


def test_what_is_only_in_the_log_is_saved(store: SampleStore, tmp_path: Path) -> None:
    store.add(sample("1"))
    with closing(sqlite3.connect(store.path)) as held:
        held.execute("SELECT * FROM samples").fetchone()
        store.add(sample("2", 2))
        shutil.copytree(tmp_path, tmp_path / "copy")
    (tmp_path / "copy" / "samples.db").write_bytes(b"damaged" * 1000)
    found, new = saved(tmp_path / "copy" / "samples.db", tmp_path / "new")
    assert (found, labels(new)) == (Salvaged(2, 0), ["1", "2"])


@pytest.mark.parametrize(
    "change",
    [
        "label = x'ff00'",
        "label = CAST(x'ff00' AS TEXT)",
        "label = char(10)",
        "label = '  '",
        "cell = 5",
        "cell = CAST(zeroblob(784) AS TEXT)",
        "cell = zeroblob(785)",
        "kind = 'other'",
        "ink = 'text'",
        "ink = zeroblob(9000000)",
        "picture = 0.5",
        "source = zeroblob(5)",
        "origin = x'00'",
        "model = CAST(x'c3' AS TEXT)",
        "guess = 7.5, model = x'00'",
        "probability = 9e999",
        "probability = 'much'",
        "time = x'00'",
    ],
)
def test_one_bad_row_costs_no_other(store: SampleStore, tmp_path: Path, change: str) -> None:
    store.add_many([sample("1"), sample("2"), sample("3")])
    update = f"UPDATE samples SET {change} WHERE id = 2"
    sql(store.path, "PRAGMA ignore_check_constraints = ON", update)
    assert labels(store) == ["1", "3"]  # a list shows the others
    assert set(store.counts()) >= {"1", "3"}
    found, new = saved(store.path, tmp_path / "new")
    assert (found, labels(new)) == (Salvaged(2, 1), ["1", "3"])
    again = store_in(tmp_path)
    assert again.notice is not None
    assert (again.notice.facts["saved"], again.notice.facts["lost"]) == (2, 1)
    assert labels(again) == ["1", "3"]


def test_of_a_row_that_may_be_deleted_nothing_is_lost(store: SampleStore, tmp_path: Path) -> None:
    store.add(sample("1"))
    sql(store.path, "PRAGMA ignore_check_constraints = ON", "UPDATE samples SET deleted = 'x'")
    found, _ = saved(store.path, tmp_path / "new")
    assert found == Salvaged(1, 0)


def test_without_a_header_and_a_schema_all_is_saved(store: SampleStore, tmp_path: Path) -> None:
    store.add_many(sample(str(i), i) for i in range(30))
    content = store.path.read_bytes()
    store.path.write_bytes(bytes(4096) + content[4096:])
    found, new = saved(store.path, tmp_path / "new")
    assert (found, labels(new)) == (Salvaged(30, 0), [str(i) for i in range(30)])


def test_a_wrong_page_size_in_the_header_costs_nothing(store: SampleStore, tmp_path: Path) -> None:
    store.add_many(sample(str(i), i) for i in range(30))
    content = bytearray(store.path.read_bytes())
    content[16:18] = b"\2\0"
    store.path.write_bytes(content)
    found, _ = saved(store.path, tmp_path / "new")
    assert found == Salvaged(30, 0)


@pytest.mark.parametrize("content", [b"", b"x", b"damaged" * 1000, b"SQLite format 3\0" * 500])
def test_of_nothing_nothing_is_saved(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.db").write_bytes(content)
    found, new = saved(tmp_path / "a.db", tmp_path / "new")
    assert (found, labels(new)) == (Salvaged(0, 0), [])
