"""Small forward models, written with onnx's helper alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

Array = npt.NDArray[Any]


def model(
    nodes: Sequence[NodeProto],
    values: dict[str, Array],
    shape: Sequence[int | str],
    classes: int = 3,
    opset: int = 20,
) -> ModelProto:
    """A model from ``x`` of this shape to ``y`` of (N, classes), of the type of its values."""
    dtype = helper.np_dtype_to_tensor_dtype(next(iter(values.values())).dtype)
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", dtype, shape)],
        [helper.make_tensor_value_info("y", dtype, [shape[0], classes])],
        [numpy_helper.from_array(v, k) for k, v in values.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)


def evaluate(network: ModelProto, feed: dict[str, Array]) -> list[Array]:
    """All outputs, by onnx's reference evaluator."""
    return list(ReferenceEvaluator(network).run(None, feed))


def convolutional(
    dtype: npt.DTypeLike = np.float64, seed: int = 0, extra: bool = True
) -> ModelProto:
    """(N, 1, 6, 6) -> conv, [norm,] relu, pool, conv, relu, flatten, [dropout,] dense -> (N, 3)."""
    rng = np.random.default_rng(seed)
    values = {
        "w1": rng.normal(size=(4, 1, 3, 3)) / 2,
        "b1": rng.normal(size=4),
        "scale": rng.normal(size=4) + 1,
        "shift": rng.normal(size=4),
        "mean": rng.normal(size=4),
        "variance": rng.random(4) + 0.5,
        "w2": rng.normal(size=(5, 4, 2, 2)) / 3,
        "b2": rng.normal(size=5),
        "w3": rng.normal(size=(20, 3)) / 3,
        "b3": rng.normal(size=3),
        "ratio": np.array(0.25),
    }
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "w1", "b1"], ["c1"], pads=[1, 1, 1, 1]),
        node("BatchNormalization", ["c1", "scale", "shift", "mean", "variance"], ["n1"]),
        node("Relu", ["n1" if extra else "c1"], ["r1"]),
        node("MaxPool", ["r1"], ["p1"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", ["p1", "w2", "b2"], ["c2"]),
        node("Relu", ["c2"], ["r2"]),
        node("Flatten", ["r2"], ["f"]),
        node("Dropout", ["f", "ratio"], ["d"]),
        node("Gemm", ["d" if extra else "f", "w3", "b3"], ["y"]),
    ]
    if not extra:
        nodes = [n for n in nodes if n.op_type not in ("BatchNormalization", "Dropout")]
        for name in ("scale", "shift", "mean", "variance", "ratio"):
            del values[name]
    typed = {k: np.asarray(v, dtype) for k, v in values.items()}
    return model(nodes, typed, ["N", 1, 6, 6])
