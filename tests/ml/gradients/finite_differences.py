"""Gradient rules against central differences, in float64, run by onnx's reference evaluator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Shape, Site, rule_of

Array = npt.NDArray[Any]
STEP = 1e-5


def central_differences(evaluate: Any, x: Array, step: float = STEP) -> Array:
    """d evaluate(x) / dx, element by element; evaluate gives one number."""
    slope = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        moved = x.copy()
        moved[index] = x[index] + step
        high = evaluate(moved)
        moved[index] = x[index] - step
        slope[index] = (high - evaluate(moved)) / (2 * step)
    return slope


def _info(name: str, array: Array) -> Any:
    return helper.make_tensor_value_info(
        name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape
    )


def check_rule(
    op_type: str,
    arrays: Sequence[Array],
    *,
    wanted: Sequence[int] = (0,),
    batched: Sequence[int] = (0,),
    tolerance: float = 1e-7,
    **attributes: Any,
) -> None:
    """Hold the rule of one operator against differences of the operator itself.

    ``wanted`` names the inputs whose gradients are compared, ``batched`` those whose first
    dimension the rule must take for the size of a batch.
    """
    names = [f"in{i}" for i in range(len(arrays))]
    feed = dict(zip(names, arrays, strict=True))
    node = helper.make_node(op_type, names, ["y"], **attributes)
    forward = evaluator([node], feed, ["y"])
    y = run(forward, feed)[0]
    dy = np.random.default_rng(1).normal(size=y.shape)

    shapes: dict[str, Shape] = {
        name: (None, *a.shape[1:]) if i in batched else a.shape
        for i, (name, a) in enumerate(feed.items())
    }
    shapes["y"] = (None, *y.shape[1:]) if batched else y.shape
    constants = {n: a for i, (n, a) in enumerate(feed.items()) if i not in wanted}
    g = GraphBuilder(np.float64)
    site = Site(node, tuple(i in wanted for i in range(len(arrays))), shapes, constants)
    made = rule_of(site)(g, site, "dy")
    gradients = [name for i in wanted if (name := made[i]) is not None]
    assert len(gradients) == len(wanted)
    # An Identity each, since a rule may hand dy on as it is.
    ends = [helper.make_node("Identity", [name], [f"d{i}"]) for i, name in enumerate(gradients)]
    outputs = [f"d{i}" for i in range(len(wanted))]
    backward = evaluator([node, *g.nodes, *ends], {**feed, "dy": dy}, outputs, g.constants)

    found = run(backward, {**feed, "dy": dy})
    for index, gradient in zip(wanted, found, strict=True):

        def loss(x: Array, name: str = names[index]) -> float:
            return float((run(forward, {**feed, name: x})[0] * dy).sum())

        expected = central_differences(loss, arrays[index])
        assert gradient.shape == expected.shape
        np.testing.assert_allclose(gradient, expected, rtol=tolerance, atol=tolerance)


def evaluator(
    nodes: Sequence[Any],
    feed: dict[str, Array],
    outputs: Sequence[str],
    constants: Sequence[TensorProto] = (),
) -> ReferenceEvaluator:
    """A graph of these nodes, run by onnx itself."""
    graph = helper.make_graph(
        nodes,
        "g",
        [_info(name, array) for name, array in feed.items()],
        [helper.make_tensor_value_info(name, TensorProto.DOUBLE, None) for name in outputs],
        list(constants),
    )
    return ReferenceEvaluator(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)]))


def run(evaluator: ReferenceEvaluator, feed: dict[str, Array]) -> list[Array]:
    """All outputs."""
    return list(evaluator.run(None, feed))


def distinct(*shape: int, seed: int = 0) -> Array:
    """Values that no two elements share, none near 0: no ties, no kinks within a step."""
    rng = np.random.default_rng(seed)
    count = int(np.prod(shape))
    steps = np.arange(count) - count // 2
    return rng.permutation(steps + 0.5).reshape(shape) / 7


def check_linear_rule(
    op_type: str, arrays: Sequence[Array], wanted: Sequence[int], **attributes: Any
) -> None:
    """`check_rule` by onnxruntime in float32, for what the reference evaluator cannot do.

    The operator must be linear in each input by itself: then differences are exact for any
    step, and a step of 1 leaves them all the digits there are.
    """
    names = [f"in{i}" for i in range(len(arrays))]
    feed = {n: a.astype(np.float32) for n, a in zip(names, arrays, strict=True)}
    node = helper.make_node(op_type, names, ["y"], **attributes)
    forward = _session([node], feed, ["y"])
    y = forward.run(None, feed)[0]
    dy = np.random.default_rng(1).normal(size=y.shape).astype(np.float32)
    g = GraphBuilder(np.float32)
    shapes: dict[str, Shape] = {name: a.shape for name, a in feed.items()} | {"y": y.shape}
    site = Site(node, tuple(i in wanted for i in range(len(arrays))), shapes, {})
    made = rule_of(site)(g, site, "dy")
    outputs = [name for i in wanted if (name := made[i]) is not None]
    fed = {**feed, "dy": dy}
    found = _session([node, *g.nodes], fed, outputs, g.constants).run(outputs, fed)
    for index, gradient in zip(wanted, found, strict=True):

        def loss(x: Array, name: str = names[index]) -> float:
            return float((forward.run(None, {**feed, name: x})[0] * dy).sum(dtype=np.float64))

        expected = central_differences(loss, feed[names[index]], step=1)
        np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-4)


def _session(
    nodes: Sequence[Any],
    feed: dict[str, Array],
    outputs: Sequence[str],
    constants: Sequence[TensorProto] = (),
) -> Any:
    graph = helper.make_graph(
        nodes,
        "g",
        [_info(name, array) for name, array in feed.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
        list(constants),
    )
    opset = helper.make_opsetid("", 20)
    made = helper.make_model(graph, opset_imports=[opset], ir_version=9)
    return onnxruntime.InferenceSession(made.SerializeToString())


def normal(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)
