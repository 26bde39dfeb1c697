"""The README holds: its commands run, its output is what comes out, its menus are the window's."""

from __future__ import annotations

import importlib
import io
import os
import re
import runpy
import shlex
import sys
import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from inkread.cli import main
from inkread.data.paths import home
from inkread.services.settings import Settings
from inkread.ui.actions.actions import Actions
from inkread.ui.window.menus import MenuBar

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text("utf-8")
CI = (TOP / ".ci" / "run").read_text("utf-8")
#: Language and content of every block of code.
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line
    for language, block in BLOCKS
    if language == "sh"
    for line in block.replace("\\\n", " ").splitlines()
]


def commands(start: str) -> list[str]:
    return [command for command in COMMANDS if command.startswith(start)]


def run_read(command: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run an ``inkread`` command of the README in this process."""
    call, _, redirected = command.partition(" < ")
    if redirected:
        data = io.BytesIO(Path(redirected).read_bytes())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    try:
        return main(shlex.split(call)[1:])
    except SystemExit as ended:
        return int(ended.code or 0)


def is_check(command: str) -> bool:
    (words,) = re.findall(r"usage: \.ci/run \[(.+)\]", CI)
    return command in {".ci/run", *(f".ci/run {word}" for word in words.split("|"))}


def test_every_command_is_of_a_kind_that_is_tested_here() -> None:
    kinds = ("inkread ", "python3 -m pip ", "python3 -m tests.", "sudo apt-get ")
    for command in COMMANDS:
        assert command.startswith(kinds) or is_check(command), command
    assert len(COMMANDS) > 8


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(command, marks=pytest.mark.slow if "evaluate" in command else ())
        for command in commands("inkread ")
    ],
)
def test_a_command_runs(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # what it writes goes there
    Path("assets").symlink_to(TOP / "assets", target_is_directory=True)
    assert run_read(command, monkeypatch) == 0


def test_the_output_shown_is_the_output(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shown = re.findall(r"^```sh\n(inkread [^\n]*)\n```\n\n```text\n(.*?)^```$", README, re.M | re.S)
    assert shown
    monkeypatch.chdir(TOP)
    for command, output in shown:
        assert run_read(command, monkeypatch) == 0
        assert capfd.readouterr().out == output


def test_the_python_shown_prints_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", README, re.M | re.S)
    assert len(shown) == sum(language == "python" for language, _ in BLOCKS) > 0
    monkeypatch.chdir(TOP)
    for program, output in shown:
        script = tmp_path / "script.py"
        script.write_text(program, "utf-8")
        runpy.run_path(str(script), run_name="__main__")
        assert capsys.readouterr().out == output


def test_commands_in_the_text_run_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    found = [code for code in re.findall(r"`(inkread read [^`]+)`", README) if "FILE" not in code]
    assert found
    for command in found:
        assert run_read(command, monkeypatch) == 0


def test_the_first_screen_is_a_sentence_a_picture_and_two_commands() -> None:
    title, sentence, picture, _, run, _, test = README.split("\n\n")[:7]
    assert title == "# Inkread"
    assert sentence.count(".") == 1
    assert re.fullmatch(r"!\[.+\]\(assets/screenshot\.png\)", picture)
    assert run == "```sh\npython3 -m pip install . && inkread\n```"
    assert test == '```sh\npython3 -m pip install -e ".[dev]" && python3 -m pytest\n```'


def test_ci_runs_the_test_command_of_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    install, test = commands("python3 -m pip ")
    assert test in CI.splitlines()
    assert install == "python3 -m pip install . && inkread"
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
    module, function = project["scripts"]["inkread"].split(":")
    monkeypatch.setattr("inkread.cli.main", lambda: 7)
    assert getattr(importlib.import_module(module), function)() == 7


def test_ci_installs_the_system_packages_of_the_readme() -> None:
    (command,) = commands("sudo apt-get ")
    named = command.split("--no-install-recommends")[1].split()
    (listed,) = re.findall(r"qt_packages=\((.*?)\)", CI, re.DOTALL)
    assert named == listed.split()
    assert len(named) > 10


def test_scripts_named_in_the_readme_are_there() -> None:
    for command in commands("python3 -m tests."):
        module = importlib.import_module(command.split()[2])
        assert callable(module.make)
    assert os.access(TOP / ".ci" / "run", os.X_OK)


def test_links_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    }
    targets = re.findall(r"\]\(([^)]+)\)", README)
    assert targets
    for target in targets:
        if target.startswith("#"):
            assert target[1:] in headings, target
        elif "://" not in target:
            assert (TOP / target).is_file(), target


@pytest.mark.parametrize("command", ["read", "train"])
def test_every_option_is_named(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    options = set(re.findall(r"(--[a-z][a-z-]+)", capsys.readouterr().out)) - {"--help"}
    assert {"--json", "--home"} <= options
    for option in options:
        assert f"`{option}" in README, option


def test_the_architecture_has_at_most_thirty_lines() -> None:
    architecture = README.split("## Architecture\n")[1].split("\n## ")[0]
    assert len(architecture.strip().splitlines()) <= 30 + len(["```text", "```"])


def entries(menu: QMenu) -> list[str]:
    return [_plain(action.text()) for action in menu.actions() if not action.isSeparator()]


def _plain(text: str) -> str:
    return text.replace("&", "").removesuffix("...").strip()


def test_every_menu_entry_is_named(qtbot: QtBot, tmp_path: Path) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    owner = QObject(parent)
    bar = MenuBar(Actions(owner), Settings(home(tmp_path).config / "settings.ini"), parent)
    real = [
        (_plain(action.text()), entry)
        for action in bar.actions()
        for entry in entries(_menu_of(action.menu()))
    ]
    table = README.split("| menu | entry |")[1].split("\n\n")[0]
    rows = [line.split(" | ") for line in table.splitlines()[2:]]
    assert [(row[0].removeprefix("| "), row[1]) for row in rows] == real


def _menu_of(menu: object) -> QMenu:
    assert isinstance(menu, QMenu)
    return menu
