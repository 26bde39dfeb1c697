"""What no file of this program holds is found; what one holds is not."""

from __future__ import annotations

import pytest

from inkread.data.samples import soundness
from inkread.data.samples.connection import connect
from inkread.data.samples.limits import MAX_STROKES
from inkread.data.samples.schema import Damaged
from inkread.data.samples.soundness import check_counts, check_pages, check_rows
from inkread.data.samples.store import SampleStore
from tests.data.stores import sample, sql


def check(store: SampleStore) -> None:
    connection = connect(store.path, 1)
    try:
        check_counts(connection)
        check_pages(connection)
        check_rows(connection)
    finally:
        connection.close()


def test_what_this_program_wrote_is_sound(store: SampleStore) -> None:
    ids = store.add_many([sample("1"), sample("2")])
    store.relabel(ids, "x")
    store.delete(ids)
    store.undo()
    check(store)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE samples SET label = x'ff' WHERE id = 2",
        "UPDATE samples SET deleted = 2",
        "UPDATE samples SET id = 9007199254740993 WHERE id = 1",
        "UPDATE sqlite_sequence SET seq = 9223372036854775807",
        "UPDATE sqlite_sequence SET seq = 'many'",
        "UPDATE changes SET action = 'other'",
        "UPDATE changes SET action = x'00'",
        "UPDATE changed SET label = x'ff'",
        "UPDATE changed SET deleted = 5",
        "DELETE FROM samples WHERE id = 1",
        f"UPDATE samples SET ink = x'494e4b31{MAX_STROKES.to_bytes(4, 'little').hex()}'",
    ],
)
def test_what_it_does_not_write_is_damage(store: SampleStore, statement: str) -> None:
    store.add_many([sample("1"), sample("2")])
    pragmas = "PRAGMA ignore_check_constraints = ON", "PRAGMA foreign_keys = OFF"
    sql(store.path, *pragmas, statement)
    with pytest.raises(Damaged):
        check(store)


def test_an_index_that_does_not_fit_its_table_is_damage(store: SampleStore) -> None:
    store.add_many([sample("1"), sample("2")])
    index = "type = 'index' AND name = 'samples_by_label'"
    ((root,),) = sql(store.path, f"SELECT rootpage FROM sqlite_master WHERE {index}")
    assert isinstance(root, int)
    content = bytearray(store.path.read_bytes())
    at = (root - 1) * 4096
    content[at + 3 : at + 5] = b"\0\0"  # no entries
    store.path.write_bytes(content)
    with pytest.raises(Damaged):
        check(store)


@pytest.mark.parametrize("table", ["samples", "changes", "changed", "sqlite_sequence"])
def test_more_rows_than_this_program_writes_are_damage(
    store: SampleStore, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are counted before they are read."""
    ids = store.add_many([sample("1"), sample("2")])
    store.relabel(ids, "x")
    sql(store.path, "INSERT INTO sqlite_sequence VALUES ('more', 1)")
    ((count,),) = sql(store.path, f"SELECT count(*) FROM {table}")
    assert isinstance(count, int)
    monkeypatch.setitem(soundness._MAX_ROWS, table, count)
    check(store)
    monkeypatch.setitem(soundness._MAX_ROWS, table, count - 1)
    with pytest.raises(Damaged, match="more rows"):
        check(store)
