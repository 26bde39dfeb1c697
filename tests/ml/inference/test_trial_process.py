"""What the process of a trial does, in this one."""

from __future__ import annotations

import os
import time

import pytest

from inkread.core.errors import ModelUnusable
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.trial_process import MAX_BATCH, _is_orphan, tried
from tests.ml import foreign, graphs


class Clock:
    """Processor time that passes by the batches that are run."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds_a_cell: float) -> None:
        self.now = 0.0
        self.batches: list[int] = []
        self._each = seconds_a_cell
        monkeypatch.setattr(time, "process_time", lambda: self.now)
        monkeypatch.setattr(OnnxClassifier, "run_batch", lambda _, count: self._run(count))

    def _run(self, count: int) -> None:
        self.batches.append(count)
        self.now += self._each * count


def test_every_size_of_batch_is_tried_that_will_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, 0.001)
    assert tried(graphs.dense()) == {"max_batch": MAX_BATCH}
    assert clock.batches == [1, 2, 4, 8, 16, 32, 64, 128, 256]


def test_a_slow_model_is_run_in_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, 0.1)
    assert tried(graphs.dense()) == {"max_batch": 8}
    assert clock.batches == [1, 2, 4, 8]


def test_a_model_that_takes_too_long_for_one_picture_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch, 1.1)
    assert tried(graphs.dense()) == {"reason": "it takes more than 1 s a picture"}
    assert clock.batches == [1]


def test_a_fixed_batch_is_run_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, 0.1)
    assert tried(graphs.dense(shape=(16, 1, 28, 28))) == {"max_batch": 1}
    assert clock.batches == [16]


def test_a_model_that_fails_in_a_larger_batch_is_run_in_the_smaller_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def run(_: OnnxClassifier, count: int) -> None:
        if count > 4:
            raise ModelUnusable(name="m", reason="it fails while it reads")

    monkeypatch.setattr(OnnxClassifier, "run_batch", run)
    assert tried(graphs.dense()) == {"max_batch": 4}


@pytest.mark.parametrize("said", ["std::bad_alloc", "Failed to allocate memory for requested"])
def test_want_of_memory_is_told_from_other_failures(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ModelUnusable(name="m", reason="it fails while it reads") from RuntimeError(said)

    monkeypatch.setattr(OnnxClassifier, "__init__", fail)
    assert tried(graphs.dense()) == {"reason": "it takes more than 1000 MB of memory"}


def test_python_without_memory_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(OnnxClassifier, "__init__", fail)
    assert tried(graphs.dense()) == {"reason": "it takes more than 1000 MB of memory"}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no model", "it is no ONNX model that runs"),
        (foreign.loop(), "its operator 'Loop' may run without end"),
        (graphs.dense(classes=7), "it does not say what its 7 outputs stand for"),
    ],
)
def test_the_reason_is_that_of_the_first_check_that_fails(data: bytes, reason: str) -> None:
    assert tried(data) == {"reason": reason}


def test_another_parent_means_an_orphan_but_not_on_windows() -> None:
    """There a virtual environment starts Python by a launcher, which is the parent."""
    parent = os.getppid()
    assert not _is_orphan(parent, "posix")
    assert _is_orphan(parent + 1, "posix")
    assert not _is_orphan(parent + 1, "nt")
