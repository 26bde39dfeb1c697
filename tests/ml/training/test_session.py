from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.graph.forward import read_forward
from inkread.ml.training.graph import build
from inkread.ml.training.losses import SoftmaxCrossEntropy
from inkread.ml.training.optimisers import Adam
from inkread.ml.training.session import Batch, TrainingSession
from inkread.ml.training.step import CORRECT, COUNT, LABELS, LOSS, RATE, WEIGHTS, TrainingGraph
from tests.ml.bars import network
from tests.ml.networks import Array, evaluate


def _graph() -> TrainingGraph:
    return build(read_forward(network()), SoftmaxCrossEntropy(), Adam())


def _fill(batch: Batch, seed: int) -> None:
    rng = np.random.default_rng(seed)
    batch.pictures[...] = rng.random(batch.pictures.shape)
    batch.labels[...] = rng.integers(0, 2, batch.labels.shape)
    for noise in batch.noise.values():
        noise[...] = rng.random(noise.shape)


def test_steps_are_those_of_the_graph() -> None:
    graph = _graph()
    session = TrainingSession(graph, batch=6, threads=1)
    values = {v.name: v.value for v in graph.variables}
    for step in range(5):
        batch = session.batches[step % 2]
        _fill(batch, step)
        feed: dict[str, Array] = {
            "x": batch.pictures,
            LABELS: batch.labels,
            WEIGHTS: batch.weights,
            RATE: np.array(0.01, np.float32),
            **batch.noise,
            **values,
        }
        names = [o.name for o in graph.model.graph.output]
        expected = dict(zip(names, evaluate(graph.model, feed), strict=True))
        result = session.step(0.01)
        assert result.loss == pytest.approx(float(expected[LOSS]), rel=1e-4)
        assert result.right == int(expected[CORRECT])
        values = {v.name: expected[v.next] for v in graph.variables}
    for name, array in session.values().items():
        np.testing.assert_allclose(array, values[name], rtol=1e-3, atol=1e-5, err_msg=name)
    assert session.values()[COUNT] == 5


def test_values_handed_out_are_nobody_elses() -> None:
    graph = _graph()
    session = TrainingSession(graph, batch=3, threads=1)
    first = session.values()
    before = {name: array.copy() for name, array in first.items()}
    for step in range(4):
        _fill(session.batches[step % 2], step)
        session.step(0.1)
    for name, array in first.items():
        np.testing.assert_array_equal(array, before[name])
    for variable in graph.variables:
        np.testing.assert_array_equal(variable.value, before[variable.name])
