from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from inkread.core.errors import InkreadError, LibraryFailed
from inkread.core.ink import Ink, Stroke
from inkread.data.models.library import Card, ModelLibrary
from inkread.data.samples.sample import Sample, sample_from_ink
from inkread.data.samples.store import SampleStore
from inkread.ml.adaptation.minimum import MIN_SAMPLES
from inkread.ml.adaptation.verdict import Phase, Reason
from inkread.ml.graph.surgery import NotTrainable
from inkread.services.learning import Learned, Learning
from inkread.services.models import Models
from inkread.services.training import Places
from tests.data.stores import store_in
from tests.ml.adaptation.hands import crossed, reader, reference
from tests.services.manual import ManualExecutor
from tests.template_model import template_model


def signs(count: int, label: str = "4") -> list[Sample]:
    """A sign that the reader does not know, under a label."""
    inks = (Ink(tuple(Stroke(trace) for trace in crossed(seed))) for seed in range(count))
    return [sample_from_ink(label, ink) for ink in inks]


class Bench:
    """Learning with store, library and a small reference set; nothing runs until it is drained."""

    def __init__(self, folder: Path, model: bytes) -> None:
        shipped = folder / "shipped.onnx"
        shipped.write_bytes(model)
        data = reference()
        np.savez(folder / "starter.npz", images=data.cells, labels=data.targets.astype(str))
        self.executor = ManualExecutor()
        self.store: SampleStore = store_in(folder)
        self.library = ModelLibrary(folder / "models", shipped)
        self.models = Models(lambda: self.library, self.executor)
        places = Places(folder / "starter.npz", folder, folder / "cache")
        self.learning = Learning(lambda: self.store, self.models, places, self.executor)
        self.steps: list[Any] = []
        self.ends: list[tuple[str, Any]] = []
        self.learning.progressed.connect(self.steps.append)
        for name in ("judged", "too_few", "failed"):
            signal = getattr(self.learning, name)
            signal.connect(lambda value, name=name: self.ends.append((name, value)))
        self.learning.stopped.connect(lambda: self.ends.append(("stopped", None)))
        self.used: list[str] = []
        self.models.used.connect(lambda kept: self.used.append(kept.id))

    def learn(self, samples: Sequence[Sample] = ()) -> tuple[str, Any]:
        """Learn with these samples more; returns how it ended."""
        if samples:
            self.store.add_many(samples)
        self.learning.start()
        assert self.learning.is_running
        self.executor.drain()
        assert not self.learning.is_running
        return self.ends.pop()


@pytest.fixture
def bench(qapp: QCoreApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    # One of so few is more than 0.1 points.
    monkeypatch.setattr("inkread.ml.adaptation.cross_validation.MAX_REFERENCE_LOSS", 3.0)
    return Bench(tmp_path, reader(temperature=0.5))


def test_what_is_better_is_in_the_library_and_in_use(bench: Bench) -> None:
    name, learned = bench.learn(signs(6))
    assert name == "judged"
    assert isinstance(learned, Learned)
    assert learned.verdict is not None
    assert learned.verdict.reason is Reason.BETTER
    assert (learned.samples, learned.newest) == (6, 6)
    assert {step.phase for step in bench.steps} == set(Phase)
    current = bench.library.current()
    assert bench.used == [current.id]
    assert learned.kept == current
    assert current.card.source == "trained"
    assert current.card.before == learned.verdict.before
    assert current.card.after == learned.verdict.after
    assert current.card.parents[0].startswith("Reader (SHA-256 ")
    bench.learning.revert()
    bench.executor.drain()
    assert bench.library.current().id == "shipped"


def test_new_labels_become_classes_and_learning_goes_on_from_there(bench: Bench) -> None:
    for labels in (("tick",), ("tick", "box")):
        _, learned = bench.learn(signs(4, labels[-1]))
        assert learned.verdict is not None
        assert learned.verdict.labels[10:] == labels
        assert learned.verdict.new_labels == labels[-1:]


@pytest.mark.slow
def test_what_reads_goes_by_the_name_that_the_library_has(bench: Bench) -> None:
    assert bench.models.open_current().info.name == "Reader"  # type: ignore[attr-defined]
    bench.learn(signs(6))
    learned = bench.library.current()
    bench.library.rename(learned.id, "Anna")
    assert bench.models.open_current().info.name == "Anna"  # type: ignore[attr-defined]
    for number in (2, 3):  # what goes on from it keeps the name
        bench.learn(signs(6, label=f"x{number}"))
        assert bench.library.current().card.name == f"Anna ({number})"


@pytest.mark.slow
def test_what_is_known_by_heart_is_no_reason_not_to_learn_more(bench: Bench) -> None:
    bench.learn(signs(6))
    _, learned = bench.learn(signs(12)[6:])
    assert learned.verdict is not None
    assert learned.verdict.is_accepted
    assert learned.verdict.reference_before.right < 150  # of 160: as before it learned them
    assert len(bench.library.models()) == 3


def test_what_forgets_is_not_taken(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inkread.ml.adaptation.cross_validation.MAX_REFERENCE_LOSS", -100.0)
    name, learned = bench.learn(signs(4))
    assert name == "judged"
    assert learned.verdict.reason is Reason.FORGETS
    assert learned.kept is None
    assert bench.used == []
    assert len(bench.library.models()) == 1


@pytest.mark.parametrize("count", [0, MIN_SAMPLES - 1])
def test_with_too_few_samples_nothing_is_learned(bench: Bench, count: int) -> None:
    name, learned = bench.learn(signs(count))
    assert (name, learned.samples, learned.newest) == ("too_few", count, count)
    assert bench.steps == []


def test_stopped_it_leaves_nothing(bench: Bench) -> None:
    bench.store.add_many(signs(4))
    bench.learning.progressed.connect(lambda _: bench.learning.stop())
    bench.learning.start()
    bench.executor.drain()
    assert bench.ends == [("stopped", None)]
    assert not bench.learning.is_running
    assert len(bench.steps) == 1
    assert len(bench.library.models()) == 1
    bench.learning.stop()
    assert len(bench.ends) == 1


def test_a_model_that_was_chosen_meanwhile_stays_in_use(bench: Bench) -> None:
    other = bench.library.keep(template_model("Other"), Card("Other", "imported"), use=False)
    bench.learning.progressed.connect(lambda _: bench.library.use(other.id))
    name, learned = bench.learn(signs(6))
    assert name == "judged"
    assert learned.instead == "Other"
    assert bench.library.current() == other
    assert bench.used == []
    assert learned.kept.id in [one.kept.id for one in bench.library.models()]
    bench.models.use(learned.kept.id)
    bench.executor.drain()
    assert bench.library.current().card.parents[0].startswith("Reader (SHA-256 ")


def test_only_one_run_at_a_time(bench: Bench) -> None:
    bench.learning.start()
    bench.learning.start()
    assert len(bench.executor.queue) == 1


def test_a_model_that_cannot_learn_is_reported(qapp: QCoreApplication, tmp_path: Path) -> None:
    name, error = Bench(tmp_path, template_model()).learn(signs(4))
    assert name == "failed"
    assert isinstance(error, NotTrainable)


def test_a_store_that_cannot_be_read_is_reported(bench: Bench) -> None:
    bench.store.path.mkdir()
    name, error = bench.learn()
    assert name == "failed"
    assert isinstance(error, InkreadError)


def test_a_library_that_refuses_is_reported_and_the_old_model_stays(
    bench: Bench, tmp_path: Path
) -> None:
    (tmp_path / "models").write_text("a file in the place of the folder")
    name, error = bench.learn(signs(6))
    assert name == "failed"
    assert isinstance(error, LibraryFailed)
    assert bench.used == []
