"""Processes of their own that do what a module of these tests says."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import inkread
from inkread.core.errors import InkreadError

_DONE, _REFUSED, _BROKEN = range(3)


def start(module: str, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", f"tests.data.{module}", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(inkread.__file__).parents[2],
    )


def begun(module: str, *arguments: str | Path) -> subprocess.Popen[str]:
    """A process that says that it is at work."""
    process = start(module, *arguments)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def ended(change: Callable[[], object], refusals: tuple[type[InkreadError], ...]) -> str:
    """Do it in a fork: "done", "refused" in one sentence, "broken", or the signal that ended it."""
    child = os.fork()
    if child == 0:
        os._exit(_status(change, refusals))
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name
    return ("done", "refused", "broken")[os.WEXITSTATUS(status)]


def _status(change: Callable[[], object], refusals: tuple[type[InkreadError], ...]) -> int:
    try:
        change()
    except refusals as error:
        return _REFUSED if "\n" not in str(error) else _BROKEN
    except BaseException:
        traceback.print_exc()
        return _BROKEN
    finally:
        sys.settrace(None)
    return _DONE
