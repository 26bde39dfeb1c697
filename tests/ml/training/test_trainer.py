"""Whole training runs, short ones."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import onnx
import pytest

from inkread.core.reading import Grey
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.inference.calibration import best_temperature
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.inference.reading_session import ReadingSession
from inkread.ml.training.batches import Outliers
from inkread.ml.training.losses import SquaredError
from inkread.ml.training.optimisers import Adam, Optimiser, Sgd
from inkread.ml.training.progress import TrainedModel
from inkread.ml.training.schedules import Constant, OneCycle
from inkread.ml.training.trainer import LabelsDiffer, Trainer
from tests.ml.bars import bars, network
from tests.ml.training.runs import RECIPE, train


def _accuracy(trained: TrainedModel, data: Dataset) -> float:
    session = ReadingSession(onnx.load_from_string(trained.data), threads=1)
    rows = session.log_probabilities(data.cells[:, None].astype(np.float32) / 255)
    return float((rows.argmax(axis=1) == data.targets).mean())


def test_it_learns() -> None:
    held_out = bars(200, seed=9)
    reports, trained = train(held_out=held_out)
    assert _accuracy(trained, held_out) > 0.97
    assert trained.epochs[-1].loss < trained.epochs[0].loss
    assert [e.number for e in trained.epochs] == [1, 2, 3, 4]
    assert [r.finished for r in reports if r.finished] == list(trained.epochs)


def test_it_learns_to_be_undecided_about_what_is_of_no_class() -> None:
    rng = np.random.default_rng(4)
    noise = rng.integers(0, 256, (150, 8, 8), dtype=np.uint8)
    trainer = Trainer(
        network(), bars(300), None, replace(RECIPE, epochs=12), threads=1, outliers=Outliers(noise)
    )
    reports = list(trainer.run())
    assert trainer.best is not None
    session = ReadingSession(onnx.load_from_string(trainer.best.data), threads=1)

    def surest(cells: Grey) -> npt.NDArray[np.float32]:
        sure: npt.NDArray[np.float32] = np.exp(
            session.log_probabilities(cells[:, None].astype(np.float32) / 255)
        ).max(axis=1)
        return sure

    other = rng.integers(0, 256, (100, 8, 8), dtype=np.uint8)
    assert np.median(surest(other)) < 0.7
    assert np.median(surest(bars(100, seed=9).cells)) > 0.9
    assert 0.9 < reports[-1].accuracy <= 1


def test_the_last_network_is_kept_if_asked_for() -> None:
    held_out = bars(40, seed=9)
    recipe = replace(RECIPE, epochs=3, rate=0.3, schedule=Constant(), average=None)
    _, best = train(recipe, held_out=held_out)
    _, last = train(replace(recipe, keeps_last=True), held_out=held_out)
    assert last.best_epoch == 3
    assert best.epochs[best.best_epoch - 1].validation_accuracy == max(
        e.validation_accuracy or 0 for e in best.epochs
    )


@pytest.mark.parametrize("optimiser", [Sgd(), Adam()], ids=str)
def test_the_same_seed_gives_the_same_weights(optimiser: Optimiser) -> None:
    recipe = replace(RECIPE, optimiser=optimiser, epochs=2)
    assert train(recipe)[1].data == train(recipe)[1].data
    assert train(recipe)[1].data != train(replace(recipe, seed=6))[1].data


def test_the_best_epoch_on_held_out_data_is_kept() -> None:
    # A rate that grows until everything is spoilt: the best is not the last.
    class Rising:
        def factor(self, progress: float) -> float:
            return 0.001 if progress < 0.5 else 1.0

    recipe = replace(RECIPE, rate=2.0, optimiser=Sgd(), schedule=Rising(), average=None, epochs=6)
    held_out = bars(200, seed=9)
    _, trained = train(recipe, held_out=held_out)
    figures = [e.validation_accuracy for e in trained.epochs]
    assert figures[trained.best_epoch - 1] == max(f for f in figures if f is not None)
    assert trained.best_epoch < 6
    assert _accuracy(trained, held_out) == pytest.approx(figures[trained.best_epoch - 1])


def test_without_held_out_data_the_last_epoch_counts() -> None:
    _, trained = train(replace(RECIPE, epochs=3))
    assert trained.best_epoch == 3
    assert trained.epochs[-1].validation_accuracy is None


def test_the_model_describes_itself() -> None:
    info = ModelInfo(preprocess_version=1, name="bars", data=("made up",), scores={"size": 3.0})
    trainer = Trainer(network(), bars(50), bars(20, seed=1), replace(RECIPE, epochs=1), info=info)
    *_, _last = trainer.run()
    assert trainer.best is not None
    model = onnx.load_from_string(trainer.best.data)
    onnx.checker.check_model(model, full_check=True)
    info = ModelInfo.from_metadata({p.key: p.value for p in model.metadata_props}, "bars")
    assert (info.labels, info.name, info.data) == (("up", "flat"), "bars", ("made up",))
    assert info.scores == {
        "size": 3.0,
        "validation_accuracy": trainer.best.epochs[0].validation_accuracy,
    }
    assert "Dropout" not in [n.op_type for n in model.graph.node]


def test_the_model_says_how_sure_to_be() -> None:
    held_out = bars(300, seed=9)
    _, trained = train(held_out=held_out)
    model = onnx.load_from_string(trained.data)
    info = ModelInfo.from_metadata({p.key: p.value for p in model.metadata_props}, "bars")
    rows = ReadingSession(model, threads=1).log_probabilities(
        held_out.cells[:, None].astype(np.float32) / 255
    )
    assert info.temperature == pytest.approx(best_temperature(rows, held_out.targets), rel=0.01)
    assert info.temperature != 1


@pytest.mark.parametrize("count", [1, 7, 255, 256, 257, 600])
def test_held_out_samples_of_any_number_calibrate(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []

    def calibrated(rows: npt.NDArray[np.float32], targets: npt.NDArray[np.int64]) -> float:
        asked.append((len(rows), len(targets)))
        return 1.0

    monkeypatch.setattr("inkread.ml.training.validation.MAX_SAMPLES", 100)
    monkeypatch.setattr("inkread.ml.training.validation.best_temperature", calibrated)
    train(replace(RECIPE, epochs=1), bars(20), bars(count, seed=3))
    ((rows, targets),) = asked
    assert rows == targets
    assert min(count, 50) <= rows <= 100


def test_progress_counts_up_and_time_goes_down() -> None:
    reports, _ = train(held_out=bars(40, seed=2))
    places = [(r.epoch, r.step) for r in reports]
    assert places == sorted(places)
    assert reports[-1].finished is not None
    assert reports[-1].seconds_left == 0
    assert all(r.steps == 19 and 0 <= r.accuracy <= 1 and r.cells_per_second > 0 for r in reports)


def test_the_rate_follows_the_schedule_to_its_end() -> None:
    reports, _ = train(replace(RECIPE, schedule=OneCycle(end=0.25), rate=0.04))
    assert reports[-1].rate == pytest.approx(0.01)


def test_stopping_keeps_the_best_so_far_and_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    trainer = Trainer(network(), bars(300), None, RECIPE, threads=1)
    run = trainer.run()
    assert trainer.best is None
    while next(run).finished is None:
        pass
    run.close()
    assert set(threading.enumerate()) <= before
    assert trainer.best is not None
    assert len(trainer.best.epochs) == 1


def test_samples_of_weight_zero_are_not_learned() -> None:
    data = bars(200)
    wrong = Dataset(data.cells, np.where(np.arange(200) < 150, 1 - data.targets, data.targets),
                    data.labels)  # fmt: skip
    weights = np.where(np.arange(200) < 150, 0.0, 1.0)
    trainer = Trainer(network(), wrong, None, replace(RECIPE, epochs=20), weights=weights)
    *_, _last = trainer.run()
    assert trainer.best is not None
    assert _accuracy(trainer.best, bars(200, seed=9)) > 0.9


def test_squared_error_and_fewer_samples_than_a_batch() -> None:
    reports, _ = train(replace(RECIPE, loss=SquaredError(), epochs=2), bars(7))
    assert reports[-1].steps == 1


def test_other_labels_are_refused() -> None:
    with pytest.raises(LabelsDiffer, match="2 classes, the data have 3"):
        Trainer(network(), bars(9, labels=("a", "b", "c")), None, RECIPE)


def test_no_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing to learn"):
        Trainer(network(), bars(0), None, RECIPE)
