from __future__ import annotations

import ast
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

import inkread
from inkread.core.errors import FileMissing, ModelUnusable, TrialUndecided
from inkread.core.generators import finished
from inkread.ml.inference import model_file, trial
from inkread.ml.inference.gate import TRUSTED, Gate
from tests.ml import graphs


class Memory:
    """Remembers trials."""

    def __init__(self) -> None:
        self.known: dict[bytes, int] = {}

    def max_batch(self, data: bytes) -> int | None:
        return self.known.get(data)

    def note(self, data: bytes, max_batch: int) -> None:
        self.known[data] = max_batch


class Trials:
    """Stands for other processes; counts the models that are tried."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, max_batch: int = 64) -> None:
        self.names: list[str] = []
        self.refuses = ""
        self._max_batch = max_batch
        monkeypatch.setattr(trial, "trying", self._trying)

    def _trying(self, data: bytes, name: str) -> Generator[None, None, int]:
        self.names.append(name)
        yield
        if self.refuses:
            raise ModelUnusable(name=name, reason=self.refuses)
        return self._max_batch


def test_a_foreign_model_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    trials, memory = Trials(monkeypatch), Memory()
    assert Gate(memory).open(graphs.dense(), "first").labels == tuple("0123456789")
    Gate(memory).open(graphs.dense(), "second")
    assert trials.names == ["first"]
    Gate(memory).open(graphs.dense(seed=1), "another")
    assert trials.names == ["first", "another"]


def test_without_a_memory_it_is_tried_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    trials = Trials(monkeypatch)
    for name in ("first", "second"):
        Gate().open(graphs.dense(), name)
    assert trials.names == ["first", "second"]


def test_a_trusted_model_is_not_tried_and_takes_batches_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trials, memory = Trials(monkeypatch), Memory()
    memory.note(graphs.dense(), TRUSTED)
    sizes = batches(monkeypatch, Gate(memory), count=300)
    assert trials.names == []
    assert sizes == [256, 44]


def test_a_foreign_model_runs_at_the_sizes_that_were_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    Trials(monkeypatch)
    assert batches(monkeypatch, Gate(), count=64 + 64 + 5) == [64, 64, 8]
    assert batches(monkeypatch, Gate(), count=1) == [1]


def batches(monkeypatch: pytest.MonkeyPatch, gate: Gate, count: int) -> list[int]:
    """The sizes of the batches in which cells are read."""
    classifier = gate.open(graphs.dense(), "m")
    sizes: list[int] = []
    session = classifier._session

    class Noted:
        def run(self, names: None, feed: dict[str, np.ndarray], options: object) -> object:
            sizes.extend(len(array) for array in feed.values())
            return session.run(names, feed, options)

    monkeypatch.setattr(classifier, "_session", Noted())
    cells = np.random.default_rng(0).random((count, 1, 28, 28), np.float32)
    assert len(classifier.probabilities(cells)) == count
    return sizes


def test_a_refused_model_is_not_noted_nor_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    trials, memory = Trials(monkeypatch), Memory()
    trials.refuses = "it is odd"
    gate = Gate(memory)
    for name in ("first", "second"):
        with pytest.raises(ModelUnusable) as refused:
            gate.open(graphs.dense(), name)
        assert str(refused.value).startswith(f"{name}: this model cannot be used (it is odd)")
    assert trials.names == ["first"]
    assert memory.known == {}


def test_a_trial_that_could_not_be_started_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Want of processes or memory is over some time, and says nothing of the model."""
    gate = Gate()
    with monkeypatch.context() as patched:
        patched.setattr(trial, "command", lambda: ["/none/such"])
        with pytest.raises(TrialUndecided, match="no process could be started"):
            gate.open(graphs.dense(), "m")
    trials = Trials(monkeypatch)
    gate.open(graphs.dense(), "m")
    assert trials.names == ["m"]


def test_a_trial_can_be_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    trials, memory = Trials(monkeypatch), Memory()
    answers = iter([False, True])
    steps = Gate(memory).opening(graphs.dense(), "m")
    assert finished(steps, is_cancelled=lambda: next(answers)) is None
    assert trials.names == ["m"]
    assert memory.known == {}


def test_a_file_is_opened_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trials = Trials(monkeypatch)
    path = tmp_path / "m.onnx"
    path.write_bytes(graphs.dense())
    Gate().open_file(path)
    assert trials.names == [str(path)]
    with pytest.raises(FileMissing):
        Gate().open_file(tmp_path / "none.onnx")


def test_what_is_too_large_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    trials = Trials(monkeypatch)
    monkeypatch.setattr(model_file, "MAX_MODEL_BYTES", 10)
    with pytest.raises(ModelUnusable, match="it has more than"):
        Gate().describe(bytes(11), "m")
    assert trials.names == []


#: Where models are opened without a trial: they were made or tried here.
_TRUSTING = {
    "inkread.api",  # the model that ships
    "inkread.cli.learn.run",  # what was learned
    "inkread.cli.train.from_recipe",  # a teacher that was trained
    "inkread.ml.adaptation.split_network",  # the model in use, which came by the gate
    "inkread.ml.inference.classifier",
    "inkread.ml.inference.gate",
    "inkread.ml.inference.trial_process",
    "inkread.ml.retraining.preparation",  # the model in use
    "inkread.ml.retraining.run",  # the model in use, and what was trained
    "inkread.ml.synthesis.model_recipe",  # what was trained
    "inkread.services.learning",  # what was learned
    "inkread.services.reader",  # the window gives it a function that has a gate
}


def test_nothing_else_opens_models() -> None:
    package = Path(inkread.__file__).parent
    opening = set()
    for path in package.rglob("*.py"):
        text = path.read_text("utf-8")
        tree = ast.parse(text if "OnnxClassifier" in text else "")
        called = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
        if any(ast.unparse(func).startswith("OnnxClassifier") for func in called):
            opening.add(".".join(path.relative_to(package.parent).with_suffix("").parts))
    assert opening <= _TRUSTING
