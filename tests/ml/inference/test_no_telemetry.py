from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inkread.data.paths import bundled

SAMPLE = bundled("assets/samples/digit.png")

WATCH = """
import onnxruntime
called = []
onnxruntime.disable_telemetry_events = lambda: called.append(True)
import {module}
print(bool(called))
"""


@pytest.mark.parametrize(
    "module", ["inference.classifier", "inference.reading_session", "training.session"]
)
def test_onnxruntime_reports_nothing(module: str) -> None:
    code = WATCH.format(module=f"inkread.ml.{module}")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"]


def test_onnxruntime_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    suppressing = {"CI", "TF_BUILD", "GITHUB_ACTIONS", "ORT_RUNNING_UNIT_TESTS"}
    clean = {k: v for k, v in os.environ.items() if k not in suppressing and "ORT_" not in k}
    code = "import inkread, sys; from inkread.cli import main; sys.exit(main(sys.argv[1:]))"
    subprocess.run(
        [sys.executable, "-c", code, "--home", str(tmp_path / "inkread"), "read", str(SAMPLE)],
        env={**clean, "HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "cache")},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    assert [p for p in tmp_path.rglob("*") if p.is_file() and "onnxruntime" in str(p)] == []
