"""``inkread learn`` killed at many points: the samples are all there, and a model that works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import inkread

DIGITS = list("0123456789")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork"),
]


def outcomes(when: str) -> list[dict[str, Any]]:
    """The state left by each process that was killed."""
    command = [sys.executable, "-m", "tests.cli.learn.kills", when]
    found = subprocess.run(
        command, cwd=Path(inkread.__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    every = [json.loads(line) for line in found.stdout.splitlines()]
    for one in every:
        assert one["samples"] == ["tick"] * 6
        assert one["notice"] is None
        assert one["passed_over"] == []
        assert one["labels"] in (DIGITS, [*DIGITS, "tick"])
    return every


def test_killed_while_it_learns_the_old_model_and_the_samples_are_there() -> None:
    every = outcomes("at_work")
    assert [one["ended"] for one in every] == ["SIGKILL"] * 4
    assert all(one["labels"] == DIGITS for one in every)


def test_killed_while_the_model_is_kept_one_of_the_two_reads() -> None:
    *killed, last = outcomes("keeping")
    assert [one["ended"] for one in killed] == ["SIGKILL"] * len(killed)
    assert len(killed) > 10
    assert killed[0]["labels"] == DIGITS
    assert last["ended"] == "done" and last["labels"] == [*DIGITS, "tick"]
    changed = [one["labels"] != DIGITS for one in killed]
    assert changed == sorted(changed)  # once it is the new one, it stays that
