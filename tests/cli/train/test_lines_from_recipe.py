"""``inkread train --recipe`` with the recipe of a line network."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.cli import main
from inkread.cli.train.lines_from_recipe import check_line
from inkread.data.paths import bundled
from inkread.ml.training.line_validation import LineScore
from inkread.ml.training.lines import LineCheck


def _run(tmp_path: Path, *args: str) -> int:
    recipe = tmp_path / "lines.toml"
    recipe.write_bytes(bundled("models/lines.toml").read_bytes())
    return main(["train", "--recipe", str(recipe), "--data", str(tmp_path), *args])


def test_a_line_network_needs_a_file_to_go_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(tmp_path) != 0
    assert "--out" in capsys.readouterr().err


def test_missing_data_are_named_before_anything_is_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(tmp_path, "--out", str(tmp_path / "m.onnx")) != 0
    assert "unipen-digits.json.gz" in capsys.readouterr().err
    assert not (tmp_path / "m.onnx").exists()


def test_a_check_is_one_line_with_both_kinds_of_lines() -> None:
    line = check_line(LineCheck(5120, 0.25, LineScore(200, 150, 100, 60), 12.0))
    assert "150 of 200" in line
    assert "60 of 100" in line
    assert "\n" not in line
