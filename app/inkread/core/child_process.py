"""Start a module of the program in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import IO


def start(
    command: list[str], stdin: IO[bytes] | int, *, stdout: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    """Start a command of this program's own, such as that of `module_command`.

    Its standard error goes nowhere. OSError if the system refuses another process.
    """
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def module_command(module: str, option: str) -> list[str]:
    """Command that runs a module as a program.

    Parameters
    ----------
    module : str
        Its dotted name.
    option : str
        What does the same where the program is one file, of which no module can be run.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, option]
    return [sys.executable, "-P", "-m", module]


def _environment() -> dict[str, str]:
    # Without the folder that the user works in, as by "-P": anybody's files may be there.
    paths = [path for path in sys.path if path]
    package = str(Path(__file__).parents[2])
    if package not in paths:
        paths.append(package)
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        # Threads of libraries, which have nothing to do there, take memory for their stacks.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
