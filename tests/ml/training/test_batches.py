from __future__ import annotations

import numpy as np
import pytest
from onnx import helper

from inkread.core.reading import Cells, Grey
from inkread.ml.graph.forward import Forward, read_forward
from inkread.ml.graph.surgery import NotTrainable
from inkread.ml.training.batches import BatchMaker, Outliers, layout_of, scaled
from inkread.ml.training.session import Batch
from tests.ml.bars import bars, network
from tests.ml.networks import model


def _batches(size: int, noise: tuple[int, ...] = (5,), taught: int = 0) -> tuple[Batch, Batch]:
    first, second = (
        Batch(
            np.zeros((size, 1, 8, 8), np.float32),
            np.zeros(size, np.int64),
            np.ones(size, np.float32),
            {"u": np.zeros((size, *noise), np.float32)},
            np.zeros((taught, 2), np.float32),
        )
        for _ in range(2)
    )
    return first, second


def _forward() -> Forward:
    return read_forward(network())


def test_an_epoch_shows_every_sample_and_fills_up_from_its_start() -> None:
    data = bars(10)
    batches = _batches(4)
    maker = BatchMaker(_forward(), data, batches, None, seed=1)
    seen = [maker.make(step).pictures[:, 0].copy() for step in range(3)]
    pictures = np.concatenate(seen) * 255
    assert {p.astype(np.uint8).tobytes() for p in pictures} == {c.tobytes() for c in data.cells}
    np.testing.assert_array_equal(pictures[10:], pictures[:2])


def test_pictures_and_labels_stay_together() -> None:
    data = bars(10)
    batches = _batches(5)
    maker = BatchMaker(_forward(), data, batches, None, seed=1, weights=np.arange(10.0))
    index = {cell.tobytes(): i for i, cell in enumerate(data.cells)}
    for step in range(4):
        batch = maker.make(step)
        assert batch is batches[step % 2]
        cells = np.rint(batch.pictures[:, 0] * 255).astype(np.uint8)
        chosen = [index[cell.tobytes()] for cell in cells]
        assert batch.labels.tolist() == data.targets[chosen].tolist()
        assert batch.weights.tolist() == chosen


def test_what_is_of_no_class_is_mixed_in_with_its_weight() -> None:
    data, foreign = bars(6), bars(4, seed=5).cells
    batches = _batches(10)
    outliers = Outliers(foreign, 0.25)
    maker = BatchMaker(_forward(), data, batches, None, seed=1, outliers=outliers)
    for step in range(3):
        batch = maker.make(step)
        cells = np.rint(batch.pictures[:, 0] * 255).astype(np.uint8)
        known = {
            cell.tobytes(): (target, 1.0)
            for cell, target in zip(data.cells, data.targets, strict=True)
        }
        known |= {cell.tobytes(): (2, 0.25) for cell in foreign}
        assert {cell.tobytes() for cell in cells} == set(known)
        assert list(zip(batch.labels, batch.weights, strict=True)) == [
            known[c.tobytes()] for c in cells
        ]


def test_the_last_epochs_are_calm() -> None:
    def loud(cells: Grey, rng: np.random.Generator) -> Grey:
        return np.full_like(cells, 255)

    def late_augment(cells: Grey, rng: np.random.Generator) -> Grey:
        return np.full_like(cells, 51)

    maker = BatchMaker(
        _forward(), bars(10), _batches(5), loud, seed=1, late_augment=late_augment, late_from=2
    )
    seen = [float(maker.make(step).pictures.mean()) for step in range(6)]
    assert seen == pytest.approx([1, 1, 1, 1, 0.2, 0.2])


def test_epochs_differ_in_order() -> None:
    maker = BatchMaker(_forward(), bars(40), _batches(40), None, seed=1)
    first = maker.make(0).labels.copy()
    assert maker.make(1).labels.tolist() != first.tolist()


def test_the_seed_and_the_step_decide_alone() -> None:
    def noisy(cells: Grey, rng: np.random.Generator) -> Grey:
        return rng.integers(0, 255, cells.shape, dtype=np.uint8)

    def made(step: int, seed: int, others: tuple[int, ...] = ()) -> Batch:
        maker = BatchMaker(_forward(), bars(10), _batches(4), noisy, seed)
        for other in others:
            maker.make(other)
        return maker.make(step)

    one, two = made(4, seed=3), made(4, seed=3, others=(0, 1, 2, 3, 7))
    for field in ("pictures", "labels"):
        np.testing.assert_array_equal(getattr(one, field), getattr(two, field))
    np.testing.assert_array_equal(one.noise["u"], two.noise["u"])
    assert (made(4, seed=4).noise["u"] != one.noise["u"]).any()
    assert (made(5, seed=3).noise["u"] != one.noise["u"]).any()


def test_noise_is_uniform() -> None:
    maker = BatchMaker(_forward(), bars(10), _batches(8, noise=(2000,)), None, seed=0)
    noise = maker.make(0).noise["u"]
    assert 0 <= noise.min() < 0.001
    assert 0.999 < noise.max() < 1
    assert noise.mean() == pytest.approx(0.5, abs=0.01)


def test_augmentation_gets_a_copy() -> None:
    def blacken(cells: Grey, rng: np.random.Generator) -> Grey:
        cells[...] = 0
        return cells

    data = bars(10)
    before = data.cells.copy()
    maker = BatchMaker(_forward(), data, _batches(10), blacken, seed=0)
    assert not maker.make(0).pictures.any()
    np.testing.assert_array_equal(data.cells, before)


def test_cells_are_scaled_to_one_and_fitted_to_the_input() -> None:
    cells = np.array([[[0, 51], [102, 255]]], np.uint8)
    assert scaled(cells).ravel().tolist() == pytest.approx([0, 0.2, 0.4, 1])
    flat = model([helper.make_node("Gemm", ["x", "w"], ["y"])],
                 {"w": np.ones((16, 3), np.float32)}, ["N", 16])  # fmt: skip
    assert layout_of(read_forward(flat)).feed(scaled(cells)).shape == (1, 16)


def test_an_input_for_something_else_is_refused() -> None:
    network = model([helper.make_node("Gemm", ["x", "w"], ["y"])],
                    {"w": np.ones((15, 3), np.float32)}, ["N", 15])  # fmt: skip
    with pytest.raises(NotTrainable, match="15 numbers"):
        layout_of(read_forward(network))


def test_a_teacher_is_asked_about_the_cells_as_they_are_learned() -> None:
    asked: list[tuple[bytes, int]] = []

    def teacher(cells: Cells, step: int) -> Cells:
        asked.append((cells.tobytes(), step))
        return np.full((len(cells), 2), step, np.float32)

    def whitened(cells: Grey, rng: np.random.Generator) -> Grey:
        return np.asarray(255 - cells, np.uint8)

    batches = _batches(4, taught=4)
    maker = BatchMaker(_forward(), bars(8), batches, whitened, seed=1, teacher=teacher)
    batch = maker.make(1)
    assert asked == [(batch.pictures.tobytes(), 1)]
    assert (batch.teacher == 1).all()


def test_a_teacher_whom_the_loss_does_not_need_is_not_asked() -> None:
    def teacher(cells: Cells, step: int) -> Cells:
        raise AssertionError

    maker = BatchMaker(_forward(), bars(8), _batches(4), None, seed=1, teacher=teacher)
    assert maker.make(0).teacher.size == 0
