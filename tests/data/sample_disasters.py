"""Real processes that work with a sample store and are disturbed: killed, or refused by the disk.

    python -m tests.data.sample_disasters killed|torn|full|forbidden CHANGE

does CHANGE in one process after the other. The first is disturbed at its first step, the next at
its second, until one is through undisturbed. For each, a line of JSON tells what it left behind.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from inkread.core.errors import SamplesFailed, SamplesUnreadable
from inkread.data import file_lock
from inkread.data.samples import file as sample_file
from inkread.data.samples import salvage
from tests.data.processes import ended
from tests.data.stores import MANY, labels, sample, sql, store_in

_KEPT = "old"
CHANGES: dict[str, Callable[[Path], object]] = {
    "begin": lambda folder: store_in(folder / "new").add(sample("new")),
    "add": lambda folder: store_in(folder).add(sample("new")),
    "many": lambda folder: store_in(folder).add_many(sample("new", i) for i in range(MANY)),
    "relabel": lambda folder: store_in(folder).relabel([1, 2], "new"),
    "delete": lambda folder: store_in(folder).delete([1, 2]),
    "undo": lambda folder: store_in(folder).undo(),
    "open": lambda folder: store_in(folder),
    "read": lambda folder: _read(folder),
}
#: Between two lines of this code, and at regular steps of SQLite's, a process is killed.
_DISK_CODE = (sample_file.__file__, file_lock.__file__, salvage.__file__)
_SQLITE_STEPS = 40
#: Bytes by which the permitted size of files grows in every turn.
_PIECE = 2048


def _read(folder: Path) -> None:
    assert labels(store_in(folder)) == [_KEPT, _KEPT, "last"]


def prepare(folder: Path, change: str) -> None:
    """Two old samples and one whose adding can be undone, still in the log."""
    store = store_in(folder)
    store.add_many([sample(_KEPT, 1), sample(_KEPT, 2)])
    with _held_open(folder / "samples.db"):
        store.add(sample("last", 3))
        shutil.copytree(folder, folder.with_name("prepared"))
    prepared = folder.with_name("prepared")
    (prepared / "samples.db-shm").unlink()  # of a killed process nobody needs it
    assert (prepared / "samples.db-wal").stat().st_size
    if change == "open":
        (prepared / "samples.db").write_bytes(b"damaged" * 1000)


@contextmanager
def _held_open(path: Path) -> Iterator[None]:
    """Meanwhile another process would find the log."""
    connection = sqlite3.connect(path)
    connection.execute("SELECT count(*) FROM samples").fetchone()
    try:
        yield
    finally:
        connection.close()


def disturbed_at(step: int, disturb: Callable[[int, Path], None], change: str, at: Path) -> str:
    """Do it in a process that is disturbed at that step; how that process ended."""

    def disturbed() -> None:
        disturb(step, at)
        CHANGES[change](at)

    return ended(disturbed, (SamplesFailed, SamplesUnreadable))


def kill(step: int, _: Path) -> None:
    """Count lines and SQLite's steps from now on; at that one, die."""
    left = step

    def count() -> int:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    def on_line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            count()
        return on_line

    def on_call(frame: FrameType, event: str, _: Any) -> Any:
        return on_line if frame.f_code.co_filename in _DISK_CODE else None

    connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    class Counting(sqlite3.Connection):
        """Counts instead of the handler that the store sets."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            super().set_progress_handler(count, _SQLITE_STEPS)

        def set_progress_handler(self, *_: Any) -> None:
            pass

    vars(sqlite3)["connect"] = partial(connect, factory=Counting)
    sys.settrace(on_call)


def tear(step: int, folder: Path) -> None:
    """The write that makes a file too large is cut there, and the next one is the last."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    fill(step, folder)


def fill(step: int, _: Path) -> None:
    """Limit the size of files from now on, as if the disk were full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (_PIECE * step, resource.RLIM_INFINITY))


def forbid(step: int, folder: Path) -> None:
    """The first may only read the folder; the superuser first becomes somebody else."""
    if step == 0:
        folder.chmod(0o555)
        if os.geteuid() == 0:
            os.setuid(65534)


DISTURBANCES = {"killed": kill, "torn": tear, "full": fill, "forbidden": forbid}


def left_behind(folder: Path, change: str) -> dict[str, object]:
    """The state of the store when it is opened then, and whether it still works."""
    if change == "begin":
        folder = folder / "new"
    store = store_in(folder)
    found = labels(store)
    store.add(sample("next"))
    goes_on = labels(store) == [*found, "next"] and store.undo().action == "add"
    sound = sql(store.path, "PRAGMA integrity_check") == [("ok",)]
    aside = {p.name.split("-")[-1]: p.stat().st_size for p in folder.glob("*damaged*")}
    return {
        "labels": found,
        "notice": str(store.notice or ""),
        "goes_on": goes_on and labels(store) == found,
        "sound": sound and not sql(store.path, "PRAGMA foreign_key_check"),
        "aside": sorted(aside.values()),
    }


def main(how: str, change: str) -> None:
    memory = Path("/dev/shm")  # processes are killed here, not machines: no disk is needed
    work = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None))
    work.chmod(0o755)
    try:
        prepare(work / "first", change)
        step, end = 0, ""
        while end != "done":
            folder = work / "disturbed"
            shutil.copytree(work / "prepared", folder)
            end = disturbed_at(step, DISTURBANCES[how], change, folder)
            print(json.dumps({"ended": end} | left_behind(folder, change)), flush=True)
            shutil.rmtree(folder)
            step += 1
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main(*sys.argv[1:])
