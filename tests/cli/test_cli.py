"""The command line as a whole: usage, exit status, and real processes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

import inkread
from inkread import cli
from inkread.cli import main
from inkread.data.paths import Home, home
from tests.cli.conftest import Run, picture

PROGRAM = (sys.executable, "-m", "inkread")


def run_program(
    *arguments: str | Path,
    stdin: bytes = b"",
    python: tuple[str, ...] = (),
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """``python -m inkread ARGUMENTS`` in a process of its own."""
    return subprocess.run(
        [sys.executable, *python, "-m", "inkread", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        check=False,
        env=dict(os.environ) | dict(env or {}),
        cwd=Path(inkread.__file__).parents[2],
    )


class TestProcess:
    def test_reads_a_picture(self, model: Path, tmp_path: Path) -> None:
        path = picture(tmp_path / "a.png", "2047")
        done = run_program("read", path, "--model", model)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode() == f"{path}\t2047\n"

    def test_reads_standard_input_and_ends_with_1_if_some_failed(
        self, model: Path, tmp_path: Path
    ) -> None:
        data = picture(tmp_path / "a.png", "31").read_bytes()
        done = run_program("read", "-", tmp_path / "none", "--json", "--model", model, stdin=data)
        assert (done.returncode, done.stderr) == (1, b"")
        assert [row["text"] for row in json.loads(done.stdout)] == ["31", ""]

    @pytest.mark.slow
    def test_writes_utf8_in_any_locale(self, model: Path, tmp_path: Path) -> None:
        path = picture(tmp_path / "größe-一.png", "1")
        plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        odd = plain | {"PYTHONIOENCODING": "ascii:strict"}
        for env in (plain, odd):
            done = run_program("read", path, tmp_path / "über", "--model", model, env=env)
            assert done.stdout.decode() == f"{path}\t1\n"
            assert str(tmp_path / "über") in done.stderr.decode()
            done = run_program("read", path, "--json", "--model", model, env=env)
            assert json.loads(done.stdout)[0]["file"] == str(path)

    def test_wrong_usage_ends_with_2(self) -> None:
        done = run_program("read")
        assert done.returncode == 2
        assert b"usage: inkread read" in done.stderr
        assert b"Traceback" not in done.stderr

    def test_loads_neither_qt_nor_onnx(self, model: Path, tmp_path: Path) -> None:
        path = picture(tmp_path / "a.png", "1")
        done = run_program("read", path, "--model", model, python=("-X", "importtime"))
        loaded = {line.split("|")[-1].strip() for line in done.stderr.decode().splitlines()}
        tops = {name.split(".")[0] for name in loaded}
        assert {"inkread", "onnxruntime"} <= tops
        assert not tops & {"PySide6", "shiboken6", "onnx", "torch", "platformdirs"}

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGPIPE")
    def test_a_reader_that_goes_away_is_no_disaster(self, model: Path, tmp_path: Path) -> None:
        path = picture(tmp_path / "a.png", "1")
        reading, writing = os.pipe()
        os.close(reading)
        command = [*PROGRAM, "read", str(path), str(path), "--model", str(model)]
        done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
        os.close(writing)
        assert (done.returncode, done.stderr) == (141, b"")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
    def test_a_full_disk_is_reported(self, model: Path, tmp_path: Path) -> None:
        path = picture(tmp_path / "a.png", "1")
        with Path("/dev/full").open("wb") as full:
            command = [*PROGRAM, "read", str(path), "--model", str(model)]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 2
        assert done.stderr.startswith(b"inkread: Standard output: ")
        assert done.stderr.count(b"\n") == 1

    @pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
    def test_shows_a_bar_on_a_terminal(self, model: Path, tmp_path: Path) -> None:
        import pty

        paths = [picture(tmp_path / f"{i}.png", str(i)) for i in range(3)]
        ours, theirs = pty.openpty()
        command = [*PROGRAM, "read", *map(str, paths), "--model", str(model)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, check=False)
        os.set_blocking(ours, False)  # nothing to read is an error, not a wait
        shown = os.read(ours, 100_000).decode()
        os.close(ours)
        os.close(theirs)
        assert done.returncode == 0
        assert "0/3" in shown
        assert done.stdout.decode() == "".join(f"{p}\t{i}\n" for i, p in enumerate(paths))


class TestUsage:
    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["--version"])
        assert ended.value.code == 0
        assert capsys.readouterr().out == f"inkread {inkread.__version__}\n"

    @pytest.mark.parametrize(
        "arguments",
        [
            ["read"],
            ["read", "a", "--json", "--csv"],
            ["wite"],
            ["read", "a", "--model"],
            ["--x"],
            ["--home", "", "read", "a"],
            ["read", "a", "--home="],
        ],
    )
    def test_what_cannot_be_understood(
        self, arguments: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert "usage: inkread" in capsys.readouterr().err

    @pytest.mark.parametrize("option", ["--json", "--csv", "--out", "--model", "-r", "--home"])
    def test_help_names_every_option(self, option: str, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            main(["read", "--help"])
        assert option in capsys.readouterr().out

    def test_home_stands_before_or_after_the_command(self, tmp_path: Path) -> None:
        parse = cli._parser().parse_args
        assert parse(["read", "x"]).home is None
        assert parse(["--home", "a", "read", "x"]).home == Path("a")
        assert parse(["read", "x", "--home", "b"]).home == Path("b")
        assert parse(["--home", "a", "read", "x", "--home", "b"]).home == Path("b")

    def test_ctrl_c_is_quiet_even_if_a_library_makes_another_error_of_it(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stop(*_: object) -> None:
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            raise ImportError("initialization failed")

        monkeypatch.setattr("inkread.cli.read.run.expand", stop)
        before = signal.getsignal(signal.SIGINT)
        assert run("a.png") == (130, "", "")
        assert signal.getsignal(signal.SIGINT) is before
        monkeypatch.setattr("signal.raise_signal", lambda _: None)
        with pytest.raises(ImportError):
            run("a.png")

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for others")
    def test_ctrl_c_is_quiet_while_the_program_is_imported(self) -> None:
        script = (
            "import os, runpy, signal, sys\n"
            "class Finder:\n"
            "    def find_spec(self, name, *_):\n"
            "        if name == 'argparse': os.kill(os.getpid(), signal.SIGINT)\n"
            "sys.meta_path.insert(0, Finder())\n"
            "sys.modules.pop('argparse', None)\n"
            "runpy.run_module('inkread', run_name='__main__')\n"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (130, b"")

    def test_ctrl_c_is_quiet(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("inkread.core.batch.read_files.Pages", stop)
        path = picture(tmp_path / "a.png", "1")
        assert run(path, path) == (130, "", "")


class TestWindow:
    """Without a command the window opens; the window itself is not here."""

    @pytest.fixture
    def opened(self, monkeypatch: pytest.MonkeyPatch) -> list[Home]:
        homes: list[Home] = []

        def run(chosen: Home) -> int:
            homes.append(chosen)
            return 7

        monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
        fake = SimpleNamespace(run=run)
        monkeypatch.setitem(sys.modules, "inkread.bootstrap", fake)
        monkeypatch.setattr(inkread, "bootstrap", fake, raising=False)
        return homes

    def test_no_command_opens_it(self, opened: list[Home], tmp_path: Path) -> None:
        assert main(["--home", str(tmp_path)]) == 7
        assert opened == [home(tmp_path)]

    def test_its_home_is_that_of_the_environment(
        self, opened: list[Home], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("INKREAD_HOME", str(tmp_path))
        assert main([]) == 7
        assert opened == [home(tmp_path)]

    def test_without_a_screen_it_says_so(
        self,
        opened: list[Home],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.setattr(sys, "platform", "linux")
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
            monkeypatch.delenv(name, raising=False)
        assert main([]) == 1
        assert opened == []
        assert "no screen" in capsys.readouterr().err

    def test_without_the_libraries_of_qt_it_says_so(
        self,
        opened: list[Home],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.delattr(inkread, "bootstrap")
        monkeypatch.setitem(sys.modules, "inkread.bootstrap", None)
        assert main([]) == 1
        err = capsys.readouterr().err
        assert err.startswith("inkread: the window cannot be opened (")
        assert err.count("\n") == 1


def test_wrong_usage_is_quoted_visibly(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["read", "a.png", "--x\x1b]0;title\x07\u202e"])
    said = capsys.readouterr().err
    assert "--x\\x1b]0;title\\x07\\u202e" in said
    assert not any(sign in said for sign in "\x1b\x07\u202e")
