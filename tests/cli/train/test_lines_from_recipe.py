"""``inkread train --recipe`` with the recipe of a line network."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.cli import main
from inkread.cli.common.progress_bars import bar
from inkread.cli.train.lines_from_recipe import Display, check_line
from inkread.data.paths import bundled
from inkread.ml.training.line_validation import LineScore
from inkread.ml.training.lines import LineCheck, LineProgress


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
    line = check_line(LineCheck(5120, 0.25, LineScore(200, 150, 100, 60), 12.0, 1.0))
    assert "150 of 200" in line
    assert "60 of 100" in line
    assert "\n" not in line


def _progress(seconds: int, check: LineCheck | None = None) -> LineProgress:
    return LineProgress(32 * seconds, 10_000, float(seconds), 0.002, 32.0, seconds, 90.0, check)


def test_without_a_terminal_a_log_gets_a_line_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    with bar(100) as hidden:
        display = Display(hidden)
        for second in range(200):
            display.show(_progress(second))
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" of ")[0] for line in lines] == [
        f"inkread: {32 * second}" for second in (60, 120, 180)
    ]
    assert "loss 90.5" in lines[1]  # the mean of 61 to 120
    assert "32 lines/s, 01:30 left" in lines[2]


def test_a_check_begins_another_minute(capsys: pytest.CaptureFixture[str]) -> None:
    with bar(100) as hidden:
        display = Display(hidden)
        display.show(_progress(50, LineCheck(1600, 0.25, LineScore(200, 150, 100, 60), 50, 1.0)))
        for second in range(51, 110):
            display.show(_progress(second))
    (line,) = capsys.readouterr().err.splitlines()
    assert "150 of 200" in line
