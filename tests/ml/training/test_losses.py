"""Losses, beside their definitions."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import helper

from inkread.ml.graph.forward import read_forward
from inkread.ml.training.graph import build
from inkread.ml.training.losses import SoftmaxCrossEntropy
from inkread.ml.training.step import CORRECT, LABELS, LOSS, WEIGHTS, TrainingGraph
from tests.ml.gradients.finite_differences import Array
from tests.ml.networks import convolutional, evaluate, model
from tests.ml.training.steps import PLAIN, feed_of, next_values, run, value


def test_cross_entropy_is_the_weighted_mean_of_minus_log_probability() -> None:
    graph = build(read_forward(convolutional(extra=False)), SoftmaxCrossEntropy(), PLAIN)
    feed = feed_of(graph)
    found = run(graph, feed)
    z = _output(graph, feed)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    each = -np.log(p[np.arange(3), feed[LABELS]])
    assert found[LOSS] == pytest.approx(np.average(each, weights=feed[WEIGHTS]))
    assert found[CORRECT] == (z.argmax(axis=1) == feed[LABELS]).sum()


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_for_what_is_of_no_class_the_loss_asks_for_indecision(smoothing: float) -> None:
    forward = read_forward(convolutional(extra=False))
    graph = build(forward, SoftmaxCrossEntropy(smoothing=smoothing), PLAIN)
    feed = feed_of(graph)
    z = _output(graph, feed)
    feed[LABELS] = np.full(3, z.shape[1], np.int64)
    found = run(graph, feed)
    each = -(z - np.log(np.exp(z).sum(axis=1, keepdims=True))).mean(axis=1)
    assert found[LOSS] == pytest.approx(np.average(each, weights=feed[WEIGHTS]))
    assert found[CORRECT] == 0


def test_smoothing_mixes_in_the_uniform_distribution() -> None:
    forward = read_forward(convolutional(extra=False))
    graph = build(forward, SoftmaxCrossEntropy(smoothing=0.3), PLAIN)
    feed = feed_of(graph)
    z = _output(graph, feed)
    logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    target = np.eye(3)[feed[LABELS]] * 0.7 + 0.1
    expected = np.average(-(target * logs).sum(axis=1), weights=feed[WEIGHTS])
    assert run(graph, feed)[LOSS] == pytest.approx(expected)


def test_a_softmax_at_the_end_belongs_to_the_cross_entropy() -> None:
    values = {"w": np.random.default_rng(0).normal(size=(4, 3))}
    ends: tuple[list[onnx.NodeProto], ...] = ([], [helper.make_node("Softmax", ["z"], ["y"])])
    losses = []
    for end in ends:
        gemm = helper.make_node("Gemm", ["x", "w"], ["z" if end else "y"])
        graph = build(
            read_forward(model([gemm, *end], values, ["N", 4])), SoftmaxCrossEntropy(), PLAIN
        )
        found = run(graph, feed_of(graph))
        losses.append((float(found[LOSS]), next_values(graph, found)["w"].sum()))
    assert losses[0] == pytest.approx(losses[1])


def test_a_sample_of_weight_zero_does_not_count() -> None:
    graph = build(read_forward(convolutional(extra=False)), SoftmaxCrossEntropy(), PLAIN)
    feed = feed_of(graph)
    feed[WEIGHTS][1] = 0
    kept = {**feed, WEIGHTS: feed[WEIGHTS][[0, 2]], LABELS: feed[LABELS][[0, 2]]}
    kept["x"] = feed["x"][[0, 2]]
    with_zero, without = run(graph, feed), run(graph, kept)
    assert with_zero[LOSS] == pytest.approx(without[LOSS])
    np.testing.assert_allclose(
        next_values(graph, with_zero)["w3"], next_values(graph, without)["w3"]
    )


def test_weights_of_zero_alone_change_nothing() -> None:
    graph = build(read_forward(convolutional(extra=False)), SoftmaxCrossEntropy(), PLAIN)
    feed = feed_of(graph)
    feed[WEIGHTS][:] = 0
    found = run(graph, feed)
    assert found[LOSS] == 0
    np.testing.assert_array_equal(next_values(graph, found)["w1"], value(graph, "w1"))


def _output(graph: TrainingGraph, feed: dict[str, Array]) -> Array:
    return evaluate(graph.forward.model, {"x": feed["x"]})[0]
