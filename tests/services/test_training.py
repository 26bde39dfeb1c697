from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from inkread.core.errors import ClassSingle
from inkread.data.models.library import ModelLibrary
from inkread.data.paths import bundled
from inkread.services.models import Models
from inkread.services.training import Places, Training, TrainingRequest
from tests.services.manual import ManualExecutor
from tests.template_model import template_model
from tests.ui.training.training_data import LETTERS, write_data


class Bench:
    """A Training with a library in a folder; nothing runs until it is drained."""

    def __init__(self, folder: Path) -> None:
        shipped = folder / "shipped.onnx"
        shipped.write_bytes(template_model())
        self.executor = ManualExecutor()
        self.library = ModelLibrary(folder / "models", shipped)
        self.models = Models(lambda: self.library, self.executor)
        places = Places(folder / "none.npz", bundled("models/architectures"), folder / "cache")
        self.training = Training(self.models, places, self.executor)
        self.heard: list[tuple[str, Any]] = []
        for name in ("stage_changed", "judged", "failed"):
            self._listen(name)
        self.training.stopped.connect(lambda: self.heard.append(("stopped", None)))
        self.training.settled.connect(lambda: self.heard.append(("settled", None)))
        self.used: list[str] = []
        self.models.used.connect(lambda kept: self.used.append(kept.card.name))

    def _listen(self, name: str) -> None:
        getattr(self.training, name).connect(lambda value: self.heard.append((name, value)))

    @property
    def ends(self) -> list[str]:
        return [name for name, _ in self.heard if name != "stage_changed"]


@pytest.fixture
def bench(qapp: QCoreApplication, tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def wanted(tmp_path: Path) -> TrainingRequest:
    data = write_data(tmp_path / "letters.npz", LETTERS)
    architecture = bundled("models/architectures/mlp-256-64.toml")
    return TrainingRequest((str(data),), architecture, 6, 32, 0.003, False, "Letters")


def test_a_run_goes_through_all_stages_and_waits(bench: Bench, wanted: TrainingRequest) -> None:
    bench.training.start(wanted)
    assert bench.training.is_running
    bench.executor.drain()
    kinds = [type(stage).__name__ for name, stage in bench.heard if name == "stage_changed"]
    assert list(dict.fromkeys(kinds)) == ["Loading", "DataSplit", "Progress", "Evaluating"]
    assert bench.ends == ["judged"]
    assert not bench.training.is_running
    assert bench.training.outcome is bench.heard[-1][1]
    assert len(bench.library.models()) == 1


def test_what_is_kept_is_used(bench: Bench, wanted: TrainingRequest) -> None:
    bench.training.start(wanted)
    bench.executor.drain()
    bench.training.keep("Mine")
    bench.executor.drain()
    assert bench.used == ["Mine"]
    assert bench.library.current().card.source == "trained"
    assert bench.training.outcome is None
    assert bench.ends == ["judged", "settled"]
    bench.training.keep("Again")
    assert not bench.executor.queue


def test_what_is_discarded_leaves_nothing(bench: Bench, wanted: TrainingRequest) -> None:
    bench.training.start(wanted)
    bench.executor.drain()
    bench.training.discard()
    assert bench.training.outcome is None
    assert not bench.executor.queue
    assert len(bench.library.models()) == 1


def test_after_a_stop_nothing_comes_any_more(bench: Bench, wanted: TrainingRequest) -> None:
    bench.training.start(wanted)
    bench.training.stop()
    assert not bench.training.is_running
    bench.executor.drain()
    assert bench.heard == [("stopped", None)]


def test_only_one_run_at_a_time(bench: Bench, wanted: TrainingRequest) -> None:
    bench.training.start(wanted)
    bench.training.start(wanted)
    assert len(bench.executor.queue) == 1


def test_bad_data_are_reported(bench: Bench, wanted: TrainingRequest, tmp_path: Path) -> None:
    cells = np.eye(28, dtype=np.uint8)[np.newaxis].repeat(9, 0) * 255
    np.savez(tmp_path / "ones.npz", images=cells, labels=[1] * 9)
    bench.training.start(
        TrainingRequest((str(tmp_path / "ones.npz"),), wanted.architecture, 1, 8, 0.01)
    )
    bench.executor.drain()
    assert bench.ends == ["failed"]
    assert isinstance(bench.heard[-1][1], ClassSingle)
    assert not bench.training.is_running


def test_a_continued_model_knows_its_parent(bench: Bench, tmp_path: Path) -> None:
    data = write_data(tmp_path / "digits.npz")
    bench.training.start(TrainingRequest((str(data),), None, 1, 32, 0.001, name="On"))
    bench.executor.drain()
    bench.training.keep("On")
    bench.executor.drain()
    (parent,) = bench.library.current().card.parents
    assert parent.startswith("Templates (SHA-256 ")
