"""Trials in real processes."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from inkread.core.errors import ModelUnusable, TrialUndecided
from inkread.core.generators import finished
from inkread.ml.inference import trial
from inkread.ml.inference.gate import Gate
from inkread.ml.inference.trial import trying
from tests import noting
from tests.ml import foreign, graphs


def refusal(data: bytes) -> str:
    with pytest.raises(ModelUnusable) as refused:
        finished(trying(data, "odd.onnx"))
    sentence = str(refused.value)
    assert sentence.startswith("odd.onnx: this model cannot be used (")
    assert "\n" not in sentence
    return sentence


def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Collects the processes that are started from now on."""
    processes: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **settings: object) -> None:
            super().__init__(*args, **settings)  # type: ignore[call-overload]
            processes.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return processes


def instead(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """The other process runs this."""
    monkeypatch.setattr(trial, "command", lambda: [sys.executable, "-c", code])


@pytest.mark.slow
@pytest.mark.parametrize("data", foreign.ORIGINS.values(), ids=foreign.ORIGINS)
def test_a_good_model_of_any_origin_may_be_run_in_the_largest_batch(data: bytes) -> None:
    assert finished(trying(data, "m")) == 256


@pytest.mark.slow
def test_the_largest_batch_is_what_fits_into_the_memory() -> None:
    assert finished(trying(foreign.doubling_rows(19), "m")) in (4, 8, 16)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only there memory has a limit")
@pytest.mark.parametrize("way", foreign.LARGE)
def test_a_model_that_takes_too_much_memory_is_refused(way: str) -> None:
    assert "it takes more than 1000 MB of memory" in refusal(foreign.LARGE[way])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there only the clock ends a process")
def test_a_model_that_takes_too_long_to_open_ends_its_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    processes = started(monkeypatch)
    assert "it takes more than 5 s to open and try" in refusal(foreign.endless_folding())
    # On a machine that does much else, the clock is first.
    assert [process.returncode for process in processes] in ([-signal.SIGXCPU], [-signal.SIGKILL])


@pytest.mark.slow
@pytest.mark.parametrize("data", [foreign.loop(), foreign.loop(grows=True)])
def test_a_loop_is_refused_before_it_runs(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    processes = started(monkeypatch)
    assert "its operator 'Loop' may run without end" in refusal(data)
    assert [process.returncode for process in processes] == [0]


@pytest.mark.slow
def test_files_of_the_folder_that_somebody_works_in_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit(3)")
    (tmp_path / "json.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert finished(trying(graphs.dense(), "m")) == 256


@pytest.mark.parametrize("code", ["import os; os.abort()", "print('{}')", "print('null')"])
def test_a_crash_is_one_sentence(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is an answer that is none."""
    instead(monkeypatch, code)
    assert "it ends the process that opens it" in refusal(b"")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_a_process_that_the_limit_of_processor_time_ends_took_too_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instead(monkeypatch, "import signal; signal.raise_signal(signal.SIGXCPU)")
    assert "it takes more than 5 s" in refusal(b"")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize(
    ("signal", "reason"),
    [
        ("SIGALRM", "the computer is too busy"),
        ("SIGKILL", "its trial was ended from outside"),  # so the system does without memory
        ("SIGTERM", "its trial was ended from outside"),
    ],
)
def test_a_trial_that_the_machine_ends_says_nothing_of_the_model(
    signal: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, f"import os, signal; os.kill(os.getpid(), signal.{signal})")
    gate = Gate()
    with pytest.raises(TrialUndecided, match=f"not tried .{reason}.*; try again"):
        gate.open(graphs.dense(), "m")
    instead(monkeypatch, """print('{"max_batch": 4}')""")
    assert gate.open(graphs.dense(), "m").batch is None


def test_a_process_that_waits_for_ever_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    processes = started(monkeypatch)
    instead(monkeypatch, "import threading; threading.Event().wait()")
    monkeypatch.setattr(trial, "MAX_WALL_SECONDS", 0.0)
    with pytest.raises(ModelUnusable):
        finished(trying(b"", "m"))
    assert [process.poll() is not None for process in processes] == [True]


def test_a_system_without_another_process_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "command", lambda: ["/none/such"])
    with pytest.raises(TrialUndecided, match="no process could be started to try it"):
        finished(trying(b"", "m"))


def test_a_trial_that_is_given_up_ends_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    processes = started(monkeypatch)
    instead(monkeypatch, "import threading; threading.Event().wait()")
    steps = trying(b"", "m")
    next(steps)
    next(steps)
    assert [process.poll() for process in processes] == [None]
    steps.close()
    assert [process.poll() is not None for process in processes] == [True]


def test_a_program_in_one_file_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert trial.command() == [sys.executable, "--try-model"]


@pytest.mark.slow
def test_the_command_line_can_be_that_process(monkeypatch: pytest.MonkeyPatch) -> None:
    itself = [sys.executable, "-m", "inkread", "--try-model"]
    monkeypatch.setattr(trial, "command", lambda: itself)
    assert finished(trying(graphs.dense(), "m")) == 256


_PARENT = """
from inkread.ml.inference import trial
from inkread.ml.inference.gate import Gate
from tests.ml import foreign

for _ in trial.trying(foreign.endless_folding(count=3000), "m"):
    pass
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have the limits of time alone")
def test_the_process_dies_with_its_parent() -> None:
    prctl = ctypes.CDLL(None).prctl
    become_subreaper = 36
    assert prctl(become_subreaper, 1) == 0  # the orphan's end is ours to see
    try:
        parent, child = noting.started(_PARENT)
        parent.kill()
        parent.communicate()
        _, status = os.waitpid(child, 0)
    finally:
        prctl(become_subreaper, 0)
    # Killed, or it found its parent gone: no limit of its own had to end it.
    ended_by = os.waitstatus_to_exitcode(status)
    assert ended_by in (-signal.SIGKILL, 1)


def test_the_other_process_gets_the_model_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import sys, json; data = sys.stdin.buffer.read(); "
        "print(json.dumps({'reason': f'{len(data)} {sum(data[:9])}'}))"
    )
    instead(monkeypatch, code)
    data = np.ones(3_000_000, np.uint8).tobytes()
    assert "(3000000 9)" in refusal(data)
