"""Modules of the program run in processes of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from inkread.core.child_process import module_command, start


def test_it_finds_the_program_and_not_the_folder_that_the_user_works_in(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    script = "import sys, inkread; print('' in sys.path)"
    with start([sys.executable, "-P", "-c", script], subprocess.DEVNULL) as process:
        assert process.communicate()[0].strip() == b"False"
    assert process.returncode == 0


def test_its_errors_go_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    with start([sys.executable, "-c", "raise SystemExit('no')"], subprocess.DEVNULL) as process:
        process.wait()
    assert capfd.readouterr().err == ""


def test_the_command_of_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    assert module_command("a.b", "--b") == [sys.executable, "-P", "-m", "a.b"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert module_command("a.b", "--b") == [sys.executable, "--b"]
