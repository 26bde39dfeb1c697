"""Real processes that work with a model library and are disturbed: killed, or refused by the disk.

    python -m tests.data.disasters killed|refused|full|forbidden CHANGE

does CHANGE in one process after the other. The first is disturbed at its first step, the next at
its second, until one is through undisturbed. For each, a line of JSON tells what it left behind.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from inkread.core import files
from inkread.core.errors import LibraryFailed
from inkread.data import file_lock
from inkread.data.models import folder as model_folder
from inkread.data.models.library import ModelLibrary
from tests.data.libraries import as_text, check, content, keep, library_in
from tests.data.processes import ended

Change = Callable[[ModelLibrary, Path], object]
CHANGES: dict[str, Change] = {
    "keep": lambda library, _: keep(library, "new"),
    "import": lambda library, folder: library.import_(folder / "import.onnx", check),
    "use": lambda library, _: library.use(library.find("old").id, check),
    "revert": lambda library, _: library.revert(),
    "rename": lambda library, _: library.rename(library.find("old").id, "new"),
    "delete": lambda library, _: library.delete(library.find("old").id),
    "read": lambda library, _: library.open_current(as_text),
}
#: All code that changes the disk: between two of its lines, nothing there changes.
_DISK_CODE = (files.__file__, file_lock.__file__, model_folder.__file__)
_ONLY_READS = ("ids", "card", "uses", "_names", "_is_id", "_leftovers", "read_file", "read_stream")


def prepare(folder: Path) -> None:
    """A library whose model "old" was in use before "latest"."""
    library = library_in(folder)
    keep(library, "old")
    keep(library, "latest")
    (folder / "import.onnx").write_bytes(b"new")


def disturbed_at(step: int, disturb: Callable[[int, Path], None], what: Change, at: Path) -> str:
    """Do `what` in a process that is disturbed at that step; how that process ended."""

    def change() -> None:
        library = library_in(at)
        disturb(step, at)
        what(library_in(at) if disturb is forbid else library, at)

    return ended(change, (LibraryFailed,))


def kill(step: int, _: Path) -> None:
    """Count the lines of code that changes the disk from now on; at that one, die."""
    left = step

    def on_line(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return on_line

    def on_call(frame: FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        passes = code.co_name in _ONLY_READS or code.co_name.startswith("<")
        return on_line if code.co_filename in _DISK_CODE and not passes else None

    sys.settrace(on_call)


def refuse(step: int, folder: Path) -> None:
    """Count what is asked of the disk from now on; from that number on, nothing is made."""
    left = step
    makes = ("os.rename", "os.mkdir")

    def on_event(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (writes or event in makes) and str(arguments[0]).startswith(str(folder)):
            left -= 1
            if left < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    sys.addaudithook(on_event)


def fill(step: int, _: Path) -> None:
    """Limit the size of files from now on, in pieces of 16 bytes, as if the disk were full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 * step, resource.RLIM_INFINITY))


def forbid(step: int, folder: Path) -> None:
    """The first may only read the folder; the superuser first becomes somebody else."""
    if step == 0:
        (folder / "models").chmod(0o555)
        if os.geteuid() == 0:
            os.setuid(65534)


DISTURBANCES = {"killed": kill, "refused": refuse, "full": fill, "forbidden": forbid}


def left_behind(folder: Path) -> dict[str, object]:
    """The state of the library when it is opened then, and whether it still works."""
    library = library_in(folder)

    opened = library.open_current(as_text)
    listed = library.models(check)
    found = {
        "evaluation_values": opened.model,
        "passed_over": [str(error) for error in opened.passed_over],
        "in_use": [one.kept.card.name for one in listed if one.in_use],
        "models": {one.kept.card.name: one.problem for one in listed},
        "files": {name: data.decode() for name, data in content(folder / "models").items()},
    }
    keep(library, "next")
    return found | {"goes_on": library.open_current(as_text).model == "next"}


def no_fsync(fd: object) -> None:
    """Processes are killed here, not machines: nothing need reach the disk itself."""


def main(how: str, what: str) -> None:
    os.fsync = no_fsync
    work = Path(tempfile.mkdtemp())
    work.chmod(0o755)
    try:
        (work / "prepared").mkdir()
        prepare(work / "prepared")
        step, end = 0, ""
        while end != "done":
            folder = work / str(step)
            shutil.copytree(work / "prepared", folder)
            end = disturbed_at(step, DISTURBANCES[how], CHANGES[what], folder)
            print(json.dumps({"ended": end} | left_behind(folder)), flush=True)
            shutil.rmtree(folder)
            step += 1
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main(*sys.argv[1:])
