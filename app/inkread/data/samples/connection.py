"""Connect to a file that anybody may have changed: SQLite runs nothing in it, and not for ever."""

from __future__ import annotations

import sqlite3
from itertools import count
from pathlib import Path

from inkread.data.samples.limits import MAX_RECORD_BYTES, MAX_STEPS, STEPS_AT_ONCE
from inkread.data.samples.sqlite_pages import lenient_text

#: Functions with side effects are not run by a schema, a page states its own layout correctly, and
#: a file that another process cuts off is an error, not the end of this one.
_PRAGMAS = ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0")
#: Options that Python has known since 3.12: no change of the schema's own tables; no triggers and
#: no views. `inkread.data.samples.schema` refuses both in any case.
_OPTIONS = (("DEFENSIVE", True), ("ENABLE_TRIGGER", False), ("ENABLE_VIEW", False))


def connect(path: Path, timeout: float) -> sqlite3.Connection:
    """A connection with limits of size and time.

    Texts that cannot be decoded come as bytes.

    Parameters
    ----------
    path : Path
        The file.
    timeout : float
        Maximum wait for another process, s.
    """
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None)
    try:
        connection.text_factory = lenient_text
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_RECORD_BYTES)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        turns = count(1)
        most = MAX_STEPS // STEPS_AT_ONCE
        connection.set_progress_handler(lambda: next(turns) > most, STEPS_AT_ONCE)
        for name, value in _OPTIONS:
            option = getattr(sqlite3, f"SQLITE_DBCONFIG_{name}", None)
            if option is not None:
                getattr(connection, "setconfig")(option, value)  # noqa: B009
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection
