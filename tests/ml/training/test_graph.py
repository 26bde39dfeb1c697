"""A whole step, run by onnx's reference evaluator in float64 and by onnxruntime in float32."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper
from onnx.reference import ReferenceEvaluator

from inkread.ml.gradients import NotDifferentiable
from inkread.ml.graph.forward import read_forward
from inkread.ml.training.graph import Settings, build
from inkread.ml.training.losses import (
    TEACHER,
    Distillation,
    Loss,
    SoftmaxCrossEntropy,
    SquaredError,
)
from inkread.ml.training.optimisers import AdaGrad, Adam, AdamW, Optimiser, Sgd
from inkread.ml.training.step import CORRECT, COUNT, LABELS, LOSS, RATE, WEIGHTS, TrainingGraph
from tests.ml.gradients.finite_differences import Array, central_differences
from tests.ml.networks import convolutional, evaluate, model

PLAIN = Sgd(momentum=0)
"""With rate 1: the gradient is what the parameter loses."""


def feed_of(graph: TrainingGraph, count: int = 3, rate: float = 1.0, seed: int = 7) -> Any:
    rng = np.random.default_rng(seed)
    dtype = graph.forward.dtype
    shape = [d or count for d in graph.forward.shapes[graph.forward.input]]
    feed = {
        graph.forward.input: rng.normal(size=shape),
        WEIGHTS: rng.random(count) + 0.5,
        RATE: np.array(rate),
        **{name: rng.random((count, *shape)) for name, shape in graph.noise.items()},
        **{v.name: v.value for v in graph.variables},
    }
    if any(i.name == TEACHER for i in graph.model.graph.input):
        feed[TEACHER] = rng.dirichlet(np.ones(graph.forward.classes), count)
    typed = {name: np.asarray(value, dtype) for name, value in feed.items()}
    return {**typed, LABELS: rng.integers(0, graph.forward.classes, count)}


def run(graph: TrainingGraph, feed: dict[str, Array]) -> dict[str, Array]:
    """One step by the reference evaluator."""
    names = [o.name for o in graph.model.graph.output]
    return dict(zip(names, evaluate(graph.model, feed), strict=True))


def next_values(graph: TrainingGraph, found: dict[str, Array]) -> dict[str, Array]:
    return {v.name: found[v.next] for v in graph.variables}


def value(graph: TrainingGraph, name: str) -> Array:
    return next(v.value for v in graph.variables if v.name == name)


LOSSES: list[Loss] = [
    SoftmaxCrossEntropy(),
    SoftmaxCrossEntropy(smoothing=0.2),
    SquaredError(),
    Distillation(SoftmaxCrossEntropy(smoothing=0.1), share=0.6),
]


@pytest.mark.slow
@pytest.mark.parametrize("loss", LOSSES, ids=str)
def test_gradients_of_a_whole_network(loss: Loss) -> None:
    graph = build(read_forward(convolutional()), loss, PLAIN)
    feed = feed_of(graph)
    evaluator = ReferenceEvaluator(graph.model)
    after = next_values(graph, run(graph, feed))
    parameters = [v for v in graph.variables if v.kind == "parameter"]
    assert len(parameters) == 8
    for parameter in parameters:

        def loss_at(x: Array, name: str = parameter.name) -> float:
            return float(next(iter(evaluator.run([LOSS], {**feed, name: x}))))

        expected = central_differences(loss_at, parameter.value)
        found = parameter.value - after[parameter.name]
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8, err_msg=parameter.name)


@pytest.mark.parametrize(("optimiser", "extra"), [(Sgd(), True), (Adam(), False)], ids=str)
def test_onnxruntime_does_the_same_step_in_float32(optimiser: Optimiser, extra: bool) -> None:
    forward = read_forward(convolutional(np.float32, extra=extra))
    graph = build(forward, SoftmaxCrossEntropy(), optimiser, Settings(1.0, 0.99))
    onnx.checker.check_model(graph.model, full_check=True)
    feed = feed_of(graph, count=5, rate=0.01)
    names = [o.name for o in graph.model.graph.output]
    session = onnxruntime.InferenceSession(graph.model.SerializeToString())
    found = session.run(names, feed)
    expected = run(graph, feed)
    for name, array in zip(names, found, strict=True):
        np.testing.assert_allclose(array, expected[name], rtol=2e-4, atol=2e-6, err_msg=name)


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
        graph = build(read_forward(model([gemm, *end], values, ["N", 4])), LOSSES[0], PLAIN)
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


# Optimisers: three steps of each beside the same written out in numpy.


def _numpy_steps(optimiser: Optimiser, w: Array, gradients: list[Array], rate: float) -> Array:
    v, m, s = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    if isinstance(optimiser, AdaGrad):
        s += optimiser.initial
    for t, g in enumerate(gradients, start=1):
        if isinstance(optimiser, Sgd):
            g = g + optimiser.weight_decay * w
            v = optimiser.momentum * v - rate * g
            w = w + (optimiser.momentum * v - rate * g if optimiser.nesterov else v)
        elif isinstance(optimiser, AdaGrad):
            s = s + g**2
            w = w - rate * g / (np.sqrt(s) + optimiser.epsilon)
        elif isinstance(optimiser, Adam):
            decay = optimiser.weight_decay
            g = g if optimiser.decoupled else g + decay * w
            m = optimiser.beta1 * m + (1 - optimiser.beta1) * g
            s = optimiser.beta2 * s + (1 - optimiser.beta2) * g**2
            unbiased = m / (1 - optimiser.beta1**t), s / (1 - optimiser.beta2**t)
            # ε is added before the corrections, as the paper's section 2 suggests.
            epsilon = optimiser.epsilon / np.sqrt(1 - optimiser.beta2**t)
            shrunk = w * (1 - rate * decay) if optimiser.decoupled else w
            w = shrunk - rate * unbiased[0] / (np.sqrt(unbiased[1]) + epsilon)
    return w


OPTIMISERS: list[Optimiser] = [
    Sgd(momentum=0),
    Sgd(),
    Sgd(nesterov=True),
    Sgd(weight_decay=0.1),
    AdaGrad(),
    Adam(),
    Adam(weight_decay=0.1),
    AdamW(weight_decay=0.1),
]


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=str)
def test_optimisers(optimiser: Optimiser) -> None:
    forward = read_forward(convolutional(extra=False))
    graph = build(forward, SoftmaxCrossEntropy(), optimiser)
    feed = feed_of(graph, rate=0.05)
    slope = build(forward, SoftmaxCrossEntropy(), PLAIN)
    gradients = []
    for _ in range(3):
        parameters = {v.name: feed[v.name] for v in slope.variables}
        lost = next_values(slope, run(slope, {**feed_of(slope), **parameters}))
        gradients.append(feed["w2"] - lost["w2"])
        feed.update(next_values(graph, run(graph, feed)))
    expected = _numpy_steps(optimiser, value(graph, "w2"), gradients, 0.05)
    np.testing.assert_allclose(feed["w2"], expected, rtol=1e-10)
    assert feed[COUNT] == 3


def test_weight_decay_spares_vectors() -> None:
    forward = read_forward(convolutional(extra=False))
    with_decay = build(forward, SoftmaxCrossEntropy(), Sgd(momentum=0, weight_decay=0.5))
    without = build(forward, SoftmaxCrossEntropy(), PLAIN)
    a = next_values(with_decay, run(with_decay, feed_of(with_decay)))
    b = next_values(without, run(without, feed_of(without)))
    np.testing.assert_array_equal(a["b1"], b["b1"])
    np.testing.assert_allclose(a["w1"], b["w1"] - 0.5 * value(without, "w1"))


@pytest.mark.parametrize("limit", [0.01, 1e6])
@pytest.mark.parametrize("optimiser", [PLAIN, Sgd()], ids=str)
def test_clipping_bounds_the_norm_of_all_gradients_together(
    limit: float, optimiser: Optimiser
) -> None:
    forward = read_forward(convolutional(extra=False))
    clipped = build(forward, SoftmaxCrossEntropy(), optimiser, Settings(clip=limit))
    free = build(forward, SoftmaxCrossEntropy(), PLAIN)
    gradient, wanted = (
        {
            v.name: v.value - after[v.name]
            for after in [next_values(graph, run(graph, feed_of(graph, rate=rate)))]
            for v in graph.variables
            if v.kind == "parameter"
        }
        for graph, rate in ((clipped, 0.3), (free, 1.0))
    )
    norm = np.sqrt(sum((g**2).sum() for g in wanted.values()))
    scale = 0.3 * min(1, limit / norm)
    for name, g in wanted.items():
        np.testing.assert_allclose(gradient[name], g * scale, rtol=1e-9, atol=1e-15)


def test_clipping_at_rate_zero_moves_nothing() -> None:
    forward = read_forward(convolutional(extra=False))
    graph = build(forward, SoftmaxCrossEntropy(), Sgd(), Settings(clip=1))
    after = next_values(graph, run(graph, feed_of(graph, rate=0)))
    np.testing.assert_array_equal(after["w1"], value(graph, "w1"))


def test_the_average_follows_the_parameters() -> None:
    forward = read_forward(convolutional(extra=False))
    graph = build(forward, SoftmaxCrossEntropy(), Sgd(), Settings(average=0.6))
    feed = feed_of(graph, rate=0.1)
    average = feed["w1"]
    for t in range(1, 9):
        feed.update(next_values(graph, run(graph, feed)))
        decay = min(0.6, t / (t + 9))
        average = decay * average + (1 - decay) * feed["w1"]
    np.testing.assert_allclose(feed["w1/average"], average, rtol=1e-12)
    made = forward.with_values(graph.evaluation_values(feed))
    trained = {t.name: t for t in made.graph.initializer}
    np.testing.assert_array_equal(onnx.numpy_helper.to_array(trained["w1"]), feed["w1/average"])


# Operators that are something else while training.


def test_batch_normalisation_uses_the_batch_and_keeps_running_averages() -> None:
    graph = build(read_forward(convolutional()), SoftmaxCrossEntropy(), PLAIN)
    feed = feed_of(graph, count=4)
    after = next_values(graph, run(graph, feed))
    conv = helper.make_node("Conv", ["x", "w1", "b1"], ["y"], pads=[1, 1, 1, 1])
    values = {name: value(graph, name) for name in ("w1", "b1")}
    c = evaluate(model([conv], values, ["N", 1, 6, 6]), {"x": feed["x"]})[0]
    mean, variance = c.mean(axis=(0, 2, 3)), c.var(axis=(0, 2, 3))
    np.testing.assert_allclose(after["mean"], 0.9 * value(graph, "mean") + 0.1 * mean)
    np.testing.assert_allclose(after["variance"], 0.9 * value(graph, "variance") + 0.1 * variance)
    assert {v.name for v in graph.variables if v.kind == "statistic"} == {"mean", "variance"}


def test_dropout_drops_what_its_noise_says() -> None:
    graph = build(read_forward(convolutional()), SoftmaxCrossEntropy(), PLAIN)
    (noise,) = graph.noise
    assert graph.noise[noise] == (20,)
    feed = feed_of(graph)
    feed[noise][:] = 0.1  # below the ratio of 0.25: everything is dropped
    after = next_values(graph, run(graph, feed))
    np.testing.assert_array_equal(after["w3"], value(graph, "w3"))
    assert (after["b3"] != value(graph, "b3")).all()


def test_dropout_scales_what_it_keeps() -> None:
    graph = build(read_forward(convolutional()), SquaredError(), PLAIN)
    (noise,) = graph.noise
    feed = feed_of(graph)
    feed["b3"] = np.zeros(3)
    feed[noise][:] = 0.9
    scaled = run(graph, feed)[LOSS]
    feed["w3"] = feed["w3"] / 0.75
    graph = build(read_forward(_without_dropout()), SquaredError(), PLAIN)
    assert scaled == pytest.approx(
        float(run(graph, {k: feed[k] for k in feed if k != noise})[LOSS])
    )


def _without_dropout() -> onnx.ModelProto:
    changed = convolutional()
    for node in changed.graph.node:
        if node.op_type == "Dropout":
            node.op_type = "Identity"
            del node.input[1]
    return changed


# Networks as exporters write them.


def test_a_shape_that_is_worked_out_on_the_way() -> None:
    # x.view(x.size(0), -1), as PyTorch exports it.
    node = helper.make_node
    rng = np.random.default_rng(0)
    values = {"w": rng.normal(size=(2, 1, 3, 3)), "m": rng.normal(size=(8, 3))}
    ends = {
        "worked out": [
            node("Shape", ["c"], ["shape"]),
            node("Gather", ["shape", "first"], ["n"]),
            node("Unsqueeze", ["n", "axis"], ["n1"]),
            node("Concat", ["n1", "rest"], ["to"], axis=0),
            node("Reshape", ["c", "to"], ["f"]),
        ],
        "flat": [node("Flatten", ["c"], ["f"])],
    }
    known = {"first": np.array(0), "axis": np.array([0]), "rest": np.array([-1])}
    results = []
    for middle in ends.values():
        nodes = [node("Conv", ["x", "w"], ["c"]), *middle, node("MatMul", ["f", "m"], ["y"])]
        network = model(nodes, values | known, ["N", 1, 4, 4])
        graph = build(read_forward(network), SoftmaxCrossEntropy(), PLAIN)
        results.append(next_values(graph, run(graph, feed_of(graph))))
    np.testing.assert_allclose(results[0]["w"], results[1]["w"], rtol=1e-12)


# What cannot be trained.


def test_an_unsupported_operator_is_named_with_its_node() -> None:
    values = {"w": np.ones((4, 3))}
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["z"]),
        helper.make_node("Hardmax", ["z"], ["y"], name="last"),
    ]
    with pytest.raises(NotDifferentiable, match=r"Hardmax \(node last\)"):
        build(read_forward(model(nodes, values, ["N", 4])), SquaredError(), PLAIN)


def test_an_unsupported_operator_before_all_parameters_does_no_harm() -> None:
    values = {"w": np.random.default_rng(0).normal(size=(4, 3))}
    nodes = [
        helper.make_node("Sign", ["x"], ["s"]),
        helper.make_node("MatMul", ["s", "w"], ["y"]),
    ]
    graph = build(read_forward(model(nodes, values, ["N", 4])), SquaredError(), PLAIN)
    assert np.isfinite(run(graph, feed_of(graph))[LOSS])


def _output(graph: TrainingGraph, feed: dict[str, Array]) -> Array:
    return evaluate(graph.forward.model, {"x": feed["x"]})[0]


@pytest.mark.parametrize("used", ["first", "second"])
def test_a_node_of_several_values_is_refused_whichever_leads_to_the_loss(used: str) -> None:
    values = {"w": np.ones((4, 4), np.float32), "v": np.ones((2, 3), np.float32)}
    nodes = [
        helper.make_node("Gemm", ["x", "w"], ["h"]),
        helper.make_node("Split", ["h"], ["first", "second"], "halves", axis=1, num_outputs=2),
        helper.make_node("Gemm", [used, "v"], ["y"]),
    ]
    forward = read_forward(model(nodes, values, ["N", 4]))
    with pytest.raises(NotDifferentiable, match=r"Split \(node halves\)"):
        build(forward, SoftmaxCrossEntropy(), Sgd())


def test_dropout_of_everything_is_refused() -> None:
    values = {"w": np.ones((4, 3), np.float32), "all": np.array(1, np.float32)}
    nodes = [
        helper.make_node("Gemm", ["x", "w"], ["h"]),
        helper.make_node("Dropout", ["h", "all"], ["y"], "drop"),
    ]
    with pytest.raises(NotDifferentiable, match=r"Dropout \(node drop\) drops a share of 1"):
        build(read_forward(model(nodes, values, ["N", 4])), SoftmaxCrossEntropy(), Sgd())
