"""Try a foreign model in a process of its own, with limits on time and memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import suppress

from inkread.core.child_process import module_command, start
from inkread.core.errors import ModelUnusable, TrialUndecided
from inkread.core.files import MEGABYTE

#: Limit on the processor time of the whole trial, s. Chosen: one of 93 MB takes 1.4 (*measured*).
MAX_SECONDS = 5
#: Limit on the memory that a model takes, bytes. Chosen: as much as a page of 16 megapixels may.
MAX_BYTES = 1000 * MEGABYTE
#: Limit on the time on the clock, s. Chosen: only a machine that does much else gets there.
MAX_WALL_SECONDS = 60
#: Time between two points at which a trial can be given up, s.
_TICK = 0.05
#: How a program that is one file starts itself for a trial: see `inkread.cli`.
TRIAL_OPTION = "--try-model"
TOO_LONG = f"it takes more than {MAX_SECONDS} s to open and try"
BUSY = f"the computer is too busy to try it within {MAX_WALL_SECONDS} s"
_ENDED = "its trial was ended from outside"
_CRASHED = "it ends the process that opens it"


def trying(data: bytes, name: str) -> Generator[None, None, int]:
    """Open and run a model in another process.

    `multiprocessing` would take a process more, cannot be used in the processes of a pool, and
    takes 0.95 s where this takes 0.75 (*measured*).

    Parameters
    ----------
    data : bytes
        An ONNX file.
    name : str
        Its name in the error.

    Yields
    ------
    None
        While it runs; it can be given up there, which ends the process.

    Returns
    -------
    int
        The largest batch that it was run with.

    Raises
    ------
    ModelUnusable
        If it is refused, takes too much time or memory, or ends its process.
    TrialUndecided
        If there is no process to try it in, the clock ends it, or somebody else.
    """
    try:
        process = _start(data)
    except OSError as error:
        reason = f"no process could be started to try it: {error.strerror}"
        raise TrialUndecided(name=name, reason=reason) from error
    with process:
        try:
            answer = yield from _answer(process)
        finally:
            process.kill()
    return _verdict(answer, process.returncode, name)


def _start(data: bytes) -> subprocess.Popen[bytes]:
    # A file: writing to a pipe would wait for the process, and could not be given up.
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        return start([*command(), str(os.getpid())], file)


def command() -> list[str]:
    """Command that starts the other process; the id of this one is to follow."""
    return module_command("inkread.ml.inference.trial_process", TRIAL_OPTION)


def _answer(process: subprocess.Popen[bytes]) -> Generator[None, None, bytes | None]:
    """Output of the process; None: the clock ended it."""
    end = time.monotonic() + MAX_WALL_SECONDS
    while time.monotonic() < end:
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=_TICK)[0]
        yield
    return None


def _verdict(answer: bytes | None, status: int, name: str) -> int:
    is_by_clock = answer is None or status in _BY_CLOCK
    if is_by_clock and _OUT_OF_TIME:
        raise TrialUndecided(name=name, reason=BUSY)
    if answer is None or status in _OUT_OF_TIME:
        raise ModelUnusable(name=name, reason=TOO_LONG)
    if status in _BY_OTHERS:
        raise TrialUndecided(name=name, reason=_ENDED)
    try:
        said = json.loads(answer)
        if "reason" not in said:
            return int(said["max_batch"])
    except (ValueError, TypeError, KeyError) as error:
        raise ModelUnusable(name=name, reason=_CRASHED) from error
    raise ModelUnusable(name=name, reason=said["reason"])


def _statuses(*signals: str) -> set[int]:
    """Exit statuses of a process that one of these has ended."""
    return {-getattr(signal, one) for one in signals if hasattr(signal, one)}


#: How a process ends by the limit of processor time, which Windows has not; by the clock; by
#: people, and a system without memory.
_OUT_OF_TIME, _BY_CLOCK = _statuses("SIGXCPU"), _statuses("SIGALRM")
_BY_OTHERS = _statuses("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")
