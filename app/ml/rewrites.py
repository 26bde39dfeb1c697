"""Changes to the forward graph that leave every number as it was and make training faster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from onnx import NodeProto


def pool_before_relu(nodes: Sequence[NodeProto], kept: Sequence[str]) -> list[NodeProto]:
    """Turn Relu, MaxPool into MaxPool, Relu: the Relu then works on what is left.

    max(relu(x)) = relu(max(x)), and where the gradient is not 0 it takes the same way: the
    greatest of several elements is the same, and if it is not positive nothing passes.

    Parameters
    ----------
    nodes : sequence of NodeProto
        A graph in an order in which it can run.
    kept : sequence of str
        Values that must stay: the graph's outputs.

    Returns
    -------
    list of NodeProto
    """
    uses = Counter(name for node in nodes for name in node.input) + Counter(kept)
    makers = {name: node for node in nodes for name in node.output}
    swapped: dict[int, NodeProto] = {}
    for node in nodes:
        relu = makers.get(node.input[0]) if node.op_type == "MaxPool" else None
        if relu is None or relu.op_type != "Relu" or uses[node.input[0]] > 1:
            continue
        if len(node.output) > 1:
            continue
        pool, after = NodeProto(), NodeProto()
        pool.CopyFrom(node)
        after.CopyFrom(relu)
        pool.input[0], pool.output[0] = relu.input[0], f"{node.output[0]}/before_relu"
        after.input[0], after.output[0] = pool.output[0], node.output[0]
        swapped[id(relu)], swapped[id(node)] = pool, after
    return [swapped.get(id(node), node) for node in nodes]
