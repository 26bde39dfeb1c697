"""A Python process that says which process it starts."""

from __future__ import annotations

import os
import subprocess
import sys

_NOTE = """
import subprocess, sys

class Noted(subprocess.Popen):
    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        print(self.pid, flush=True)

subprocess.Popen = Noted
"""


def started(code: str, *arguments: str) -> tuple[subprocess.Popen[bytes], int]:
    """A process that runs `code`, and the id of the first process that it starts itself.

    Its standard output and standard error are pipes.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _NOTE + code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())
