from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import platformdirs
import pytest

from inkread.data import paths


def folders(home: paths.Home) -> list[Path]:
    return [home.config, home.data, home.cache]


def test_the_chosen_folder_holds_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INKREAD_HOME", str(tmp_path / "other"))
    found = folders(paths.home(tmp_path / "chosen"))
    assert len(set(found)) == 3
    assert all(folder.is_relative_to(tmp_path / "chosen") for folder in found)


def test_the_environment_moves_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKREAD_HOME", str(tmp_path))
    assert all(folder.is_relative_to(tmp_path) for folder in folders(paths.home()))


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.home("here").data == tmp_path / "here" / "data"


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_wish_the_system_decides(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv("INKREAD_HOME", raising=False)
    else:
        monkeypatch.setenv("INKREAD_HOME", value)
    found = paths.home()
    assert found.config == platformdirs.user_config_path("inkread", appauthor=False)
    assert found.data == platformdirs.user_data_path("inkread", appauthor=False)
    assert found.cache == platformdirs.user_cache_path("inkread", appauthor=False)


def test_asking_creates_nothing(tmp_path: Path) -> None:
    paths.home(tmp_path / "chosen")
    assert list(tmp_path.iterdir()) == []


def test_the_checkout_finds_its_files() -> None:
    assert paths.bundled("models/digits.onnx").parent.is_dir()
    assert paths.bundled("assets/samples").is_dir()


def test_a_wheel_carries_all_networks_of_the_checkout_and_nothing_that_is_missing() -> None:
    top = Path(__file__).parents[2]
    build = tomllib.loads((top / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    carried = build["targets"]["wheel"]["force-include"]
    assert {f"models/{path.name}" for path in (top / "models").glob("*.onnx")} <= set(carried)
    assert [name for name in carried if not (top / name).exists()] == []
    assert all(installed == f"inkread/{name}" for name, installed in carried.items())


def test_an_installed_package_finds_the_files_it_carries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "inkread"
    (package / "models").mkdir(parents=True)
    (tmp_path / "site-packages" / "models").mkdir()
    monkeypatch.setattr(paths, "__file__", str(package / "data" / "paths.py"))
    assert paths.bundled("models/digits.onnx") == package / "models" / "digits.onnx"
    assert paths.bundled("assets/samples") == package / "assets" / "samples"


def test_platformdirs_is_only_loaded_when_needed() -> None:
    script = (
        "import sys; from inkread.data import paths; paths.bundled('models'); paths.home('x');"
        "assert 'platformdirs' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
