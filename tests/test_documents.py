"""The documents are true of the tree: places, commands, words, links."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]
CODE = TOP / "app" / "inkread"
DOCUMENTS = [
    "README.md",
    "app/README.md",
    "models/README.md",
    "assets/README.md",
    ".github/CONTRIBUTING.md",
]
PRE_COMMIT = (TOP / ".pre-commit-config.yaml").read_text("utf-8")
WORKFLOW = (TOP / ".github" / "workflows" / "checks.yml").read_text("utf-8")
CI = (TOP / ".ci" / "run").read_text("utf-8")
MAP = (TOP / "app" / "README.md").read_text("utf-8")


def text_of(document: str) -> str:
    return (TOP / document).read_text("utf-8")


def section(heading: str) -> str:
    return MAP.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def first_column(heading: str) -> list[str]:
    return re.findall(r"^\| ([^|]+) \|", section(heading), re.MULTILINE)[1:]


def rooms() -> set[str]:
    """Every package of the code, and the modules that are layers of their own."""
    packages = {path.parent for path in CODE.rglob("__init__.py")} - {CODE}
    single = {path.stem for path in CODE.glob("*.py")} - {"__init__", "__main__"}
    return {path.relative_to(CODE).as_posix() for path in packages} | single


def test_the_map_names_every_room_once() -> None:
    named = re.findall(r"`([^`]+)`", " ".join(first_column("The rooms")))
    assert len(named) == len(set(named))
    # A layer whose files all stand in rooms needs no line; each command has a room like the others.
    unnamed = rooms() - set(named)
    assert set(named) <= rooms()
    assert {room for room in unnamed if not room.startswith("cli/")} <= {"ml", "ui"}


def test_files_that_the_map_names_are_there() -> None:
    named = re.findall(r"`([\w/]+\.py)`", MAP)
    assert len(named) > 15
    files = [path.relative_to(TOP).as_posix() for path in (TOP / "app").rglob("*.py")]
    files += [path.relative_to(TOP).as_posix() for path in (TOP / "tests").rglob("*.py")]
    for name in set(named) - {"tests/ROOM/test_x.py"}:
        if not name.endswith("ROOM/x.py"):
            assert any(f"/{path}".endswith(f"/{name}") for path in files), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_places_that_a_document_names_are_there(document: str) -> None:
    named = re.findall(r"`((?:app|tests|models|assets|\.ci|\.github)/[\w./-]*)`", text_of(document))
    for name in named:
        assert (TOP / name).exists() or "ROOM" in name, name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_modules_that_a_document_runs_are_there(document: str) -> None:
    for name in re.findall(r"python3? -m (tests\.[\w.]+)", text_of(document)):
        assert importlib.util.find_spec(name), name


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_files(document: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text_of(document)):
        if "://" not in target:
            assert (TOP / document).parent.joinpath(target).is_file(), target


def test_every_word_of_the_glossary_is_used_in_the_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in CODE.rglob("*.py"))
    terms = first_column("Glossary")
    assert len(terms) > 20
    for term in terms:
        words = r"[\s_-]+".join(re.escape(word) for word in re.split(r"[ -]", term))
        assert re.search(words, code, re.IGNORECASE), term


def test_the_words_of_the_check_are_those_that_contributing_names() -> None:
    (offered,) = re.findall(r"usage: \.ci/run \[(.+)\]", CI)
    named = re.findall(r"`\.ci/run ?(\w*)`", text_of(".github/CONTRIBUTING.md"))
    assert [word or "all" for word in named] == offered.split("|")


@pytest.mark.skipif(os.name == "nt", reason="a script of the shell")
@pytest.mark.parametrize("words", [["styl"], ["style", "types"]])
def test_a_check_that_is_not_offered_is_refused(words: list[str]) -> None:
    """Of two words only the first was checked, silently."""
    asked = subprocess.run(
        [TOP / ".ci" / "run", *words], capture_output=True, text=True, check=False
    )
    assert asked.returncode == 2
    assert asked.stderr.startswith("usage: .ci/run [")


def test_quick_tests_are_the_same_everywhere() -> None:
    command = 'python3 -m pytest -m "not slow" -n 2'
    assert command in CI
    assert f"entry: {command}" in PRE_COMMIT


def test_the_workflow_runs_the_commands_of_the_readme_on_three_systems() -> None:
    run, test = re.findall(r"^python3 -m pip .+$", text_of("README.md"), re.MULTILINE)
    assert f"run: {test}\n" in WORKFLOW
    assert f"run: {run} read assets/samples/number.png\n" in WORKFLOW
    for system in ("ubuntu", "macos", "windows"):
        assert f"{system}-latest" in WORKFLOW


def test_the_workflow_installs_the_system_packages_of_the_check() -> None:
    (listed,) = re.findall(r"qt_packages=\((.*?)\)", CI, re.DOTALL)
    (installed,) = re.findall(r"--no-install-recommends(.*?)- name", WORKFLOW, re.DOTALL)
    assert installed.replace("\\", "").split() == listed.split()
