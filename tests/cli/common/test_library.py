"""Foreign models at the commands: every way in leads through a trial."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path

import pytest

from inkread.cli import main
from inkread.cli.common.interrupts import ctrl_c_ends_at_once
from inkread.cli.common.library import gate_of, library_of
from inkread.core.errors import ModelUnusable
from inkread.ml.inference import trial
from tests.cli.conftest import picture
from tests.ml import graphs
from tests.noting import started


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the models that are tried; each is refused."""
    names: list[str] = []

    def trying(data: bytes, name: str) -> Generator[None, None, int]:
        names.append(name)
        yield
        raise ModelUnusable(name=name, reason="it takes more than 5 s to open and try")

    monkeypatch.setattr(trial, "trying", trying)
    return names


@pytest.mark.parametrize(
    "command",
    [
        ["read", "page.png", "--model"],
        ["evaluate", "--data", "starter", "--model"],
        ["train", "--data", "starter", "--from"],
        ["learn", "--from"],
        ["models", "import"],
    ],
)
def test_every_command_tries_a_foreign_model(
    command: list[str],
    tmp_path: Path,
    tried: list[str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    model = tmp_path / "foreign.onnx"
    model.write_bytes(graphs.dense(seed=77))
    status = main([*command, str(model), "--home", str(tmp_path / "home")])
    assert status == 2
    assert tried == [str(model)]
    (line,) = capfd.readouterr().err.splitlines()
    assert line == (
        f"inkread: {model}: this model cannot be used (it takes more than 5 s to open and try); "
        "choose another model."
    )


def test_the_model_in_use_that_ships_is_not_tried(tmp_path: Path, tried: list[str]) -> None:
    page = picture(tmp_path / "page.png", "1")
    assert main(["read", str(page), "--home", str(tmp_path / "home")]) == 0
    assert main(["models", "list", "--home", str(tmp_path / "home")]) == 0
    assert tried == []


def test_a_refused_model_is_tried_once_in_a_process(tmp_path: Path, tried: list[str]) -> None:
    library = library_of(tmp_path / "home")
    for name in ("first", "second"):
        with pytest.raises(ModelUnusable, match=f"^{name}: .* more than 5 s"):
            gate_of(library).describe(graphs.dense(seed=79), name)
    assert tried == ["first"]
    with pytest.raises(ModelUnusable):
        gate_of(library_of(tmp_path / "other")).describe(graphs.dense(seed=79), "third")
    assert tried == ["first", "third"]


_COMMAND = "from inkread.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl-C cannot be sent to one process")
def test_ctrl_c_during_a_trial_ends_both_processes(tmp_path: Path) -> None:
    model = tmp_path / "slow.onnx"
    model.write_bytes(graphs.dense(seed=78))
    command, child = started(_COMMAND, "read", str(tmp_path / "x.png"), "--model", str(model))
    command.send_signal(signal.SIGINT)
    out, err = command.communicate()
    assert (command.returncode, out, err) == (130, b"", b"")
    if sys.platform == "linux":
        with suppress(ProcessLookupError):
            select.select([os.pidfd_open(child)], [], [])  # until it has ended


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_where_python_sees_no_signal_ctrl_c_has_its_own_effect() -> None:
    before = signal.getsignal(signal.SIGINT)
    with ctrl_c_ends_at_once():
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is before
