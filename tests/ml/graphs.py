"""Small ONNX models of every shape and kind, made where a test needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

Shape = Sequence[int | str | None]


def model(
    nodes: Sequence[NodeProto],
    input_shape: Shape,
    output_shape: Shape,
    *,
    weights: Mapping[str, NDArray[np.generic]] | None = None,
    metadata: Mapping[str, str] | None = None,
    input_type: int = TensorProto.FLOAT,
    output_type: int = TensorProto.FLOAT,
) -> bytes:
    """An ONNX file whose nodes lead from the tensor ``x`` to the tensor ``y``."""
    graph = helper.make_graph(
        list(nodes),
        "test",
        [helper.make_tensor_value_info("x", input_type, input_shape)],
        [helper.make_tensor_value_info("y", output_type, output_shape)],
        [numpy_helper.from_array(np.asarray(a), name) for name, a in (weights or {}).items()],
    )
    built = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(built, dict(metadata or {}))
    onnx.checker.check_model(built)
    return bytes(built.SerializeToString())


def dense_weights(
    pixels: int = 784, classes: int = 10, seed: int = 0
) -> dict[str, NDArray[np.generic]]:
    rng = np.random.default_rng(seed)
    return {
        "w": rng.normal(0, 0.2, (pixels, classes)).astype(np.float32),
        "b": rng.normal(0, 1, classes).astype(np.float32),
    }


def dense(
    *,
    shape: Shape = ("n", 1, 28, 28),
    classes: int = 10,
    last: str | None = None,
    metadata: Mapping[str, str] | None = None,
    seed: int = 0,
) -> bytes:
    """A one-layer network: flatten, multiply, add, and `last` (an operator) if given."""
    pixels = int(np.prod([length for length in shape[1:] if isinstance(length, int)]))
    scores = "y" if last is None else "scores"
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w", "b"], [scores]),
    ]
    if last is not None:
        nodes.append(helper.make_node(last, ["scores"], ["y"]))
    return model(
        nodes,
        shape,
        [shape[0], classes],
        weights=dense_weights(pixels, classes, seed),
        metadata=metadata,
    )


def linear(
    weights: NDArray[np.float32], metadata: Mapping[str, str] | None = None, gain: float = 20.0
) -> bytes:
    """A network whose scores are `gain` times the (784, classes) `weights` applied to a cell."""
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"]),
        helper.make_node("Gemm", ["flat", "w"], ["y"], alpha=gain),
    ]
    classes = weights.shape[1]
    return model(nodes, ("n", 1, 28, 28), ("n", classes), weights={"w": weights}, metadata=metadata)
