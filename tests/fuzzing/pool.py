"""Runs cases in bounded processes; counts what hangs and what crashes by the case that did it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

TOP = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Case:
    """A case; the same three give the same bytes."""

    format: str
    seed: int
    index: int


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case.

    Attributes
    ----------
    outcome : str
        ``read``, ``refused``, ``unexpected``, ``hang`` or ``crash``.
    error : str
        The sentence, or the exception with its last frames, or the signal.
    seconds : float
        Of processor time.
    megabytes : float
        Peak of resident memory above that before.
    noise : str
        What came on standard output and standard error.
    """

    case: Case
    outcome: str
    error: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0
    noise: str = ""


class Ended(Exception):
    """The worker is gone."""


class Worker:
    """A process that reads one case after another; a new one takes its place if it ends.

    Parameters
    ----------
    limit : float
        Processor time of a case, s; its child processes' and its own.
    module : str
        What it runs: something that calls `tests.fuzzing.worker.serve`.
    """

    def __init__(self, limit: float, module: str = "tests.fuzzing.worker") -> None:
        self._limit = limit
        self._module = module
        self._folder = tempfile.TemporaryDirectory(prefix="fuzz-")
        self._terminal = Path(self._folder.name) / "terminal.txt"
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def run(self, case: Case) -> Result:
        if self._process is None:
            self._start()
        assert self._process is not None and self._process.stdin is not None
        question = {"format": case.format, "seed": case.seed, "index": case.index}
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
            self._answer()
            used = self._processor_time()
            answer = self._answer(used + self._limit)
        except TimeoutError:
            self._end()
            return Result(case, "hang", "", self._limit)
        except (Ended, OSError):
            code = self._process.wait()
            last = self._terminal.read_text("utf-8", "replace")[-1500:]
            self._end()
            name = signal.Signals(-code).name if code < 0 else f"exit {code}"
            return Result(case, "crash", f"{name}\n{last}")
        return Result(case, **answer)

    def close(self) -> None:
        self._end()
        self._folder.cleanup()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process, self._rest = None, b""

    def _start(self) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(TOP / "app"), str(TOP))),
            "QT_QPA_PLATFORM": "offscreen",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONFAULTHANDLER": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", self._module, str(self._terminal)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=TOP,
            env=environment,
        )
        self._answer()

    def _answer(self, limit: float | None = None) -> dict[str, Any]:
        """The next line; TimeoutError if the process has used that much processor time."""
        assert self._process is not None and self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        while b"\n" not in self._rest:
            ready, _, _ = select.select([pipe], [], [], 0.5)
            if not ready:
                if limit is not None and self._processor_time() > limit:
                    raise TimeoutError
                continue
            piece = os.read(pipe, 1 << 16)
            if not piece:
                raise Ended
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _processor_time(self) -> float:
        """Seconds that the process and its ended children have used, and those that it waited.

        A wait counts a tenth: on a busy machine it is no hang, but a lock that is never freed is.
        """
        assert self._process is not None
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").rpartition(")")[2]
        ticks = sum(int(field) for field in fields.split()[11:15])
        return ticks / os.sysconf("SC_CLK_TCK") + time.monotonic() / 10


def run(cases: Iterable[Case], workers: int, limit: float) -> Iterator[Result]:
    """The results of all cases, as they come."""
    waiting: SimpleQueue[Case | None] = SimpleQueue()
    for case in cases:
        waiting.put(case)
    for _ in range(workers):
        waiting.put(None)
    done: SimpleQueue[Result | None] = SimpleQueue()

    def work() -> None:
        worker = Worker(limit)
        try:
            while (case := waiting.get()) is not None:
                done.put(worker.run(case))
        finally:
            worker.close()
            done.put(None)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    left = workers
    while left:
        result = done.get()
        if result is None:
            left -= 1
        else:
            yield result
    for thread in threads:
        thread.join()
