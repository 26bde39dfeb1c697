"""Fold batch normalisation into the layer before it: equal outputs with less work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from inkread.ml.gradients.registry import Array
from inkread.ml.graph.surgery import without_initialisers


def fold_batch_normalisation(model: ModelProto) -> ModelProto:
    """Fold BatchNormalization after Conv or Gemm into weights and bias, and remove Dropout.

    γ (w x + b - μ) / σ + β = (γ w / σ) x + (γ (b - μ) / σ + β), σ = sqrt(variance + ε)
    (Jacob et al. 2018, section 3.2).

    Parameters
    ----------
    model : ModelProto
        A trained network, with the running averages as initialisers.

    Returns
    -------
    ModelProto
        A copy, or the model itself if there is nothing to fold. A normalisation that follows no
        such layer is kept.
    """
    if not {"BatchNormalization", "Dropout"}.intersection(n.op_type for n in model.graph.node):
        return model
    folded = without_initialisers(model)
    tensors = {t.name: t for t in model.graph.initializer}
    values = dict[str, Array]()
    outputs = {o.name for o in folded.graph.output}
    uses = Counter(name for node in folded.graph.node for name in node.input)
    makers = {node.output[0]: node for node in folded.graph.node}
    for node in list(folded.graph.node):
        before = makers.get(node.input[0]) if node.input else None
        if node.op_type == "Dropout" and node.output[0] not in outputs:
            _skip(folded, node)
        elif (
            node.op_type == "BatchNormalization"
            and before is not None
            and before.op_type in ("Conv", "Gemm")
            and uses[node.input[0]] == 1
            and before.input[1] in tensors
            and uses[before.input[1]] == 1
        ):
            for name in (*before.input[1:], *node.input[1:5]):
                values[name] = numpy_helper.to_array(tensors[name])
            _fold(before, node, values)
            folded.graph.node.remove(node)
    _keep_used(folded, tensors, values)
    return folded


def _skip(model: ModelProto, node: NodeProto) -> None:
    for other in model.graph.node:
        for i, name in enumerate(other.input):
            if name == node.output[0]:
                other.input[i] = node.input[0]
    model.graph.node.remove(node)


def _fold(layer: NodeProto, norm: NodeProto, values: dict[str, Array]) -> None:
    scale, shift, mean, variance = (values[name].astype(np.float64) for name in norm.input[1:5])
    attributes = {a.name: helper.get_attribute_value(a) for a in norm.attribute}
    factor = scale / np.sqrt(variance + attributes.get("epsilon", 1e-5))
    weight = values[layer.input[1]]
    settings = {a.name: helper.get_attribute_value(a) for a in layer.attribute}
    outputs_first = layer.op_type == "Conv" or settings.get("transB", 0)
    along = factor.reshape(-1, *(1,) * (weight.ndim - 1)) if outputs_first else factor
    beta = settings.get("beta", 1.0)
    bias = values[layer.input[2]] * beta if len(layer.input) > 2 else np.zeros(len(factor))
    values[layer.input[1]] = (weight * along).astype(weight.dtype)
    name = f"{norm.output[0]}/bias"
    values[name] = ((bias - mean) * factor + shift).astype(weight.dtype)
    inputs = [layer.input[0], layer.input[1], name]
    del layer.input[:]
    layer.input.extend(inputs)
    for attribute in list(layer.attribute):
        if attribute.name == "beta":
            layer.attribute.remove(attribute)
    layer.output[0] = norm.output[0]


def _keep_used(
    model: ModelProto, tensors: Mapping[str, TensorProto], values: Mapping[str, Array]
) -> None:
    used = {name for node in model.graph.node for name in node.input}
    for name in dict.fromkeys((*tensors, *values)):
        if name in used:
            new = numpy_helper.from_array(values[name], name) if name in values else tensors[name]
            model.graph.initializer.add().CopyFrom(new)
