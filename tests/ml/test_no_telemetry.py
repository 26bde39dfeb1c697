from __future__ import annotations

import subprocess
import sys

import pytest

WATCH = """
import onnxruntime
called = []
onnxruntime.disable_telemetry_events = lambda: called.append(True)
import {module}
print(bool(called))
"""


@pytest.mark.parametrize("module", ["classifier", "reading_session", "training_session"])
def test_onnxruntime_reports_nothing(module: str) -> None:
    code = WATCH.format(module=f"app.ml.{module}")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"]
