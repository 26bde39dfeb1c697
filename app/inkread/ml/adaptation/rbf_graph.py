"""A memory as nodes of an ONNX graph, beside a network's last layers: put in, and taken out."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, helper, numpy_helper

from inkread.ml.adaptation.rbf_memory import Memory
from inkread.ml.gradients.registry import Array

_OWN = "memory/"
_PLAIN, _SUM = f"{_OWN}plain", f"{_OWN}sum"
"""The scores without the memory, and the node that adds what it says."""


def add_memory(model: ModelProto, features: str, scores: str, memory: Memory) -> None:
    """Let a network remember.

    Parameters
    ----------
    model : ModelProto
        Changed; of operator set 18 or newer, without a memory.
    features, scores : str
        Values of its graph: (N, d), which the memory is given, and (N, k), which it corrects.
    memory : Memory
        Of so many features and classes.
    """
    graph = model.graph
    place = next(i for i, node in enumerate(graph.node) if scores in node.output)
    dtype = next(t for t in graph.initializer if t.name in graph.node[place].input).data_type
    nodes = [*graph.node[: place + 1], *_nodes(features, scores, memory), *graph.node[place + 1 :]]
    made = nodes[place].output
    made[list(made).index(scores)] = _PLAIN
    copies = [_copied(node) for node in nodes]
    del graph.node[:]
    graph.node.extend(copies)
    for name, value in _values(memory).items():
        if value.dtype != np.int64:
            value = value.astype(helper.tensor_dtype_to_np_dtype(dtype))
        graph.initializer.append(numpy_helper.from_array(value, name))


def take_memory(model: ModelProto) -> Memory | None:
    """Take the memory out of a network that has one; it is as it was before it got it."""
    graph = model.graph
    own = {node.name: node for node in graph.node if node.name.startswith(_OWN)}
    values = {t.name: t for t in graph.initializer if t.name.startswith(_OWN)}
    if _SUM not in own or not {f"{_OWN}centres", f"{_OWN}weights"} <= set(values):
        return None
    centres, fall, weights = (
        numpy_helper.to_array(values[f"{_OWN}{name}"]).astype(np.float32)
        for name in ("centres", "fall", "weights")
    )
    for node in graph.node:
        if _PLAIN in node.output:
            node.output[list(node.output).index(_PLAIN)] = own[_SUM].output[0]
    for node in own.values():
        graph.node.remove(node)
    for tensor in values.values():
        graph.initializer.remove(tensor)
    reach = float(np.sqrt(centres.shape[1] / (2 * float(fall[0]))))
    return Memory(centres, reach, weights)


def _nodes(features: str, scores: str, memory: Memory) -> list[NodeProto]:
    """-|x - c|² / 2r² = x·c / r² - |c|² / 2r² - |x|² / 2r²."""

    def node(operator: str, inputs: list[str], output: str, **settings: Any) -> NodeProto:
        names = [name if name in (features, _PLAIN) else _OWN + name for name in inputs]
        made = output if output == scores else _OWN + output
        name = _SUM if output == scores else _OWN + output
        return helper.make_node(operator, names, [made], name=name, **settings)

    return [
        node("Mul", [features, features], "squares"),
        node("ReduceMean", ["squares", "axes"], "mean", keepdims=1),
        node("Mul", ["mean", "fall"], "length"),
        node(
            "Gemm", [features, "centres", "offsets"], "products",
            alpha=1 / memory.reach**2, transB=1,
        ),
        node("Sub", ["products", "length"], "exponents"),
        node("Exp", ["exponents"], "likeness"),
        node("MatMul", ["likeness", "weights"], "correction"),
        node("Add", [_PLAIN, "correction"], scores),
    ]  # fmt: skip


def _values(memory: Memory) -> dict[str, Array]:
    squared = 2 * memory.reach**2
    return {
        f"{_OWN}axes": np.array([1]),
        f"{_OWN}fall": np.array([memory.centres.shape[1] / squared]),
        f"{_OWN}centres": memory.centres,
        f"{_OWN}offsets": -(memory.centres**2).sum(axis=1) / squared,
        f"{_OWN}weights": memory.weights,
    }


def _copied(node: NodeProto) -> NodeProto:
    copy = NodeProto()
    copy.CopyFrom(node)
    return copy
