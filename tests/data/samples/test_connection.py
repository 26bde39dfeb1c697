"""What is in a file is not run, and not read without end."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from inkread.data.samples import connection as module
from inkread.data.samples.connection import connect
from inkread.data.samples.limits import MAX_RECORD_BYTES, STEPS_AT_ONCE

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def test_an_endless_query_is_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_STEPS", 10 * STEPS_AT_ONCE)
    with closing(connect(tmp_path / "a.db", 1)) as connection:
        with pytest.raises(sqlite3.OperationalError, match="interrupted") as error:
            connection.execute(ENDLESS)
        assert error.value.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT


def test_a_value_without_end_is_refused(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "a.db", 1)) as connection:
        with pytest.raises(sqlite3.DataError, match="too big"):
            connection.execute(f"SELECT zeroblob({MAX_RECORD_BYTES + 1})").fetchone()
        connection.execute(f"SELECT zeroblob({MAX_RECORD_BYTES - 1})").fetchone()


def test_no_other_file_is_opened(tmp_path: Path) -> None:
    with (
        closing(connect(tmp_path / "a.db", 1)) as connection,
        pytest.raises(sqlite3.OperationalError, match="too many attached"),
    ):
        connection.execute("ATTACH 'b.db' AS b")


def test_text_that_is_no_text_comes_as_bytes(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "a.db", 1)) as connection:
        row = connection.execute("SELECT CAST(x'ff' AS TEXT), 'é'").fetchone()
    assert row == (b"\xff", "é")
