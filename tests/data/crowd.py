"""One of several processes that work with the same model library at once.

    python -m tests.data.crowd FOLDER change NAME COUNT
    python -m tests.data.crowd FOLDER read
    python -m tests.data.crowd FOLDER hold

``change`` waits for a line on standard input; then it keeps COUNT models, renames, uses and
deletes some, and prints the names that must be there in the end. ``read`` opens the model in use
and lists all, again and again until standard input is closed, and prints what could not be used.
``hold`` holds the library's lock as long.
"""

from __future__ import annotations

import select
import sys
from pathlib import Path

from inkread.data.file_lock import locked
from tests.data.libraries import as_text, check, keep, library_in


def change(folder: Path, name: str, count: int) -> None:
    library = library_in(folder)
    print("begun", flush=True)
    sys.stdin.readline()
    for number in range(count):
        kept = keep(library, f"{name}{number}")
        library.rename(kept.id, f"{name}-{number}")
        library.delete(keep(library, f"short-lived {name}{number}", use=False).id)
        library.use(library.find(f"{name}-{number // 2}").id, check)
    print(*(f"{name}-{number}" for number in range(count)), sep="\n")


def read(folder: Path) -> None:
    print("begun", flush=True)
    library = library_in(folder)
    while not select.select([sys.stdin], [], [], 0)[0]:
        for error in library.open_current(as_text).passed_over:
            print(error)
        library.models()


def hold(folder: Path) -> None:
    (folder / "models").mkdir(parents=True)
    with locked(folder / "models" / ".lock", timeout=0):
        print("begun", flush=True)
        sys.stdin.read()


def main(folder: str, what: str, *rest: str) -> None:
    if what == "change":
        change(Path(folder), rest[0], int(rest[1]))
    else:
        {"read": read, "hold": hold}[what](Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
