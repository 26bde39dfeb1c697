"""One of several processes that work with the same sample store at once.

    python -m tests.data.sample_crowd FOLDER add LABEL COUNT
    python -m tests.data.sample_crowd FOLDER hold

``add`` waits for a line on standard input; then it adds COUNT samples, relabels each, and deletes
every other one. ``hold`` keeps others from the store until standard input is closed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from inkread.data.file_lock import locked
from tests.data.stores import sample, store_in


def add(folder: Path, label: str, count: int) -> None:
    print("begun", flush=True)
    sys.stdin.readline()
    store = store_in(folder)
    for number in range(count):
        kept = store.add(sample("new", number))
        store.relabel([kept], label)
        if number % 2:
            store.delete([kept])


def hold(folder: Path) -> None:
    with locked(folder / ".samples.lock", timeout=0):
        print("begun", flush=True)
        sys.stdin.read()


def main(folder: str, what: str, *rest: str) -> None:
    if what == "add":
        add(Path(folder), rest[0], int(rest[1]))
    else:
        hold(Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
