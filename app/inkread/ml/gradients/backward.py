"""Reverse accumulation: from the gradient of one output to those of the parameters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from onnx import NodeProto

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Array, Shape, Site, rule_of


def backward(
    g: GraphBuilder,
    nodes: Sequence[NodeProto],
    seed: tuple[str, str],
    parameters: Collection[str],
    shapes: Mapping[str, Shape],
    constants: Mapping[str, Array],
) -> dict[str, str]:
    """Emit the gradients of the parameters into the graph.

    Parameters
    ----------
    g : GraphBuilder
        Receives the gradient's nodes, after the forward nodes.
    nodes : sequence of NodeProto
        The forward graph in topological order.
    seed : (str, str)
        An output of the graph and the name of its gradient.
    parameters : collection of str
        Values whose gradients are needed.
    shapes, constants : mapping
        Known shapes and values.

    Returns
    -------
    dict
        Parameter -> name of its gradient; parameters that the output does not depend on
        are missing.

    Raises
    ------
    NotDifferentiable
        For a node without a rule between a parameter and the output.

    References
    ----------
    Griewank and Walther 2008, "Evaluating Derivatives", chapter 3.2.
    """
    depends = set(parameters)
    for node in nodes:
        if depends.intersection(node.input):
            depends.update(node.output)
    parts: defaultdict[str, list[str]] = defaultdict(list)
    parts[seed[0]].append(seed[1])
    for node in reversed(nodes):
        if not depends.intersection(node.output) or not any(name in parts for name in node.output):
            continue
        site = Site(node, tuple(name in depends for name in node.input), shapes, constants)
        if any(name in parts for name in node.output[1:]):
            raise site.refusal("gives more than one value")
        dy = _total(g, parts.pop(node.output[0]))
        for name, dx in zip(node.input, rule_of(site)(g, site, dy), strict=False):
            if dx is not None and name in depends:
                parts[name].append(dx)
    return {name: _total(g, parts[name]) for name in parameters if name in parts}


def _total(g: GraphBuilder, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else g.op("Sum", *parts)
