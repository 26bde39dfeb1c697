"""Graph rewrites that make training faster and leave the results equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy

from onnx import NodeProto, helper


def pool_before_relu(nodes: Sequence[NodeProto], kept: Sequence[str]) -> list[NodeProto]:
    """Replace Relu, MaxPool by MaxPool, Relu: the Relu then works on fewer elements.

    max(relu(x)) = relu(max(x)), and nonzero gradients take the same path: the largest element is
    the same one, and if it is not positive the gradient is 0 either way.

    Parameters
    ----------
    nodes : sequence of NodeProto
        In topological order.
    kept : sequence of str
        Values that must remain: the graph's outputs.

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
        pool, after = deepcopy(node), deepcopy(relu)
        pool.input[0], pool.output[0] = relu.input[0], f"{node.output[0]}/before_relu"
        after.input[0], after.output[0] = pool.output[0], node.output[0]
        swapped[id(relu)], swapped[id(node)] = pool, after
    return [swapped.get(id(node), node) for node in nodes]


def momentum_into_gemm(
    nodes: Sequence[NodeProto], scalars: Mapping[str, float], slots: Collection[str]
) -> list[NodeProto]:
    """Replace Gemm(A, B) + v μ by Gemm(A, B, v, beta=μ): saves two passes over a large array.

    Parameters
    ----------
    nodes : sequence of NodeProto
        In topological order.
    scalars : mapping
        Values of the scalar constants.
    slots : collection of str
        Names that v may have: inputs of the same shape as the product.

    Returns
    -------
    list of NodeProto
    """
    uses = Counter(name for node in nodes for name in node.input)
    makers = {name: node for node in nodes for name in node.output}
    changed: dict[int, NodeProto | None] = {}
    for node in nodes:
        if node.op_type != "Add":
            continue
        scaled, gemm = (makers.get(name) for name in node.input)
        if (
            scaled is None
            or gemm is None
            or scaled.op_type != "Mul"
            or scaled.input[0] not in slots
            or scaled.input[1] not in scalars
            or gemm.op_type != "Gemm"
            or len(gemm.input) > 2
            or uses[gemm.output[0]] > 1
        ):
            continue
        fused = deepcopy(gemm)
        fused.input.append(scaled.input[0])
        fused.output[0] = node.output[0]
        fused.attribute.append(helper.make_attribute("beta", scalars[scaled.input[1]]))
        changed[id(gemm)], changed[id(node)] = None, fused
        if uses[scaled.output[0]] == 1:
            changed[id(scaled)] = None
    return [kept for node in nodes if (kept := changed.get(id(node), node)) is not None]
