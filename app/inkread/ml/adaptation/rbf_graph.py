"""An RBF memory as nodes of an ONNX graph, beside a network's last layers."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, helper, numpy_helper

from inkread.ml.adaptation.rbf_memory import RbfMemory
from inkread.ml.gradients.registry import Array
from inkread.ml.inference.classifier import TAUGHT

_PREFIX = "memory/"
_PLAIN, _SUM = f"{_PREFIX}plain", f"{_PREFIX}sum"
"""Value of the logits without the memory, and the node that adds its correction."""
_CORRECTION = TAUGHT.removeprefix(_PREFIX)


def add_memory(model: ModelProto, features: str, logits: str, memory: RbfMemory) -> None:
    """Insert a memory; its correction is an output beside the logits.

    Parameters
    ----------
    model : ModelProto
        Changed in place; of operator set 18 or newer, without a memory.
    features, logits : str
        Values of its graph: (N, d), the input of the memory, and (N, k), which it corrects.
    memory : RbfMemory
        With d features and k classes.
    """
    graph = model.graph
    index = next(i for i, node in enumerate(graph.node) if logits in node.output)
    dtype = next(t for t in graph.initializer if t.name in graph.node[index].input).data_type
    nodes = [*graph.node[: index + 1], *_nodes(features, logits, memory), *graph.node[index + 1 :]]
    made = nodes[index].output
    made[list(made).index(logits)] = _PLAIN
    copies = [deepcopy(node) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)
    for name, value in _values(memory).items():
        if value.dtype != np.int64:
            value = value.astype(helper.tensor_dtype_to_np_dtype(dtype))
        graph.initializer.append(numpy_helper.from_array(value, name))
    graph.output.append(helper.make_tensor_value_info(TAUGHT, dtype, ["N", len(memory.weights.T)]))


def pop_memory(model: ModelProto) -> RbfMemory | None:
    """Remove the memory, if there is one, and restore the graph to what it was before."""
    graph = model.graph
    own = {node.name: node for node in graph.node if node.name.startswith(_PREFIX)}
    values = {t.name: t for t in graph.initializer if t.name.startswith(_PREFIX)}
    if _SUM not in own or not {f"{_PREFIX}centres", f"{_PREFIX}weights"} <= set(values):
        return None
    centres, fall, weights = (
        numpy_helper.to_array(values[f"{_PREFIX}{name}"]).astype(np.float32)
        for name in ("centres", "fall", "weights")
    )
    for node in graph.node:
        if _PLAIN in node.output:
            node.output[list(node.output).index(_PLAIN)] = own[_SUM].output[0]
    for node in own.values():
        graph.node.remove(node)
    for tensor in values.values():
        graph.initializer.remove(tensor)
    for output in [output for output in graph.output if output.name == TAUGHT]:
        graph.output.remove(output)
    bandwidth = float(np.sqrt(centres.shape[1] / (2 * float(fall[0]))))
    return RbfMemory(centres, bandwidth, weights)


def _nodes(features: str, logits: str, memory: RbfMemory) -> list[NodeProto]:
    """-|x - c|² / 2r² = x·c / r² - |c|² / 2r² - |x|² / 2r²."""

    def node(operator: str, inputs: list[str], output: str, **settings: Any) -> NodeProto:
        names = [name if name in (features, _PLAIN) else _PREFIX + name for name in inputs]
        made = output if output == logits else _PREFIX + output
        name = _SUM if output == logits else _PREFIX + output
        return helper.make_node(operator, names, [made], name=name, **settings)

    return [
        node("Mul", [features, features], "squares"),
        node("ReduceMean", ["squares", "axes"], "mean", keepdims=1),
        node("Mul", ["mean", "fall"], "length"),
        node(
            "Gemm", [features, "centres", "offsets"], "products",
            alpha=1 / memory.bandwidth**2, transB=1,
        ),
        node("Sub", ["products", "length"], "exponents"),
        node("Exp", ["exponents"], "likeness"),
        node("MatMul", ["likeness", "weights"], _CORRECTION),
        node("Add", [_PLAIN, _CORRECTION], logits),
    ]  # fmt: skip


def _values(memory: RbfMemory) -> dict[str, Array]:
    squared = 2 * memory.bandwidth**2
    return {
        f"{_PREFIX}axes": np.array([1]),
        f"{_PREFIX}fall": np.array([memory.centres.shape[1] / squared]),
        f"{_PREFIX}centres": memory.centres,
        f"{_PREFIX}offsets": -(memory.centres**2).sum(axis=1) / squared,
        f"{_PREFIX}weights": memory.weights,
    }
