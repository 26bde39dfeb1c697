"""A whole step, run by onnx's reference evaluator in float64 and by onnxruntime in float32."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper
from onnx.reference import ReferenceEvaluator

from inkread.ml.gradients.registry import NotDifferentiable
from inkread.ml.graph.forward import read_forward
from inkread.ml.training.graph import Settings, build
from inkread.ml.training.losses import Distillation, Loss, SoftmaxCrossEntropy, SquaredError
from inkread.ml.training.optimisers import Adam, Optimiser, Sgd
from inkread.ml.training.step import LOSS
from tests.ml.gradients.finite_differences import Array, central_differences
from tests.ml.networks import convolutional, evaluate, model
from tests.ml.training.steps import PLAIN, feed_of, next_values, run, value

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
