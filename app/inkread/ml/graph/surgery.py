"""Prepare a model for training: operator version, batch dimension, constants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

import numpy as np
from onnx import (
    GraphProto,
    ModelProto,
    TensorProto,
    helper,
    numpy_helper,
    version_converter,
)

from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError
from inkread.ml.gradients.registry import Array, Shape

OPSET = 20
"""Older models are converted to this operator set; it is the first with Gelu."""


class NotTrainable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "This network cannot be trained ({reason}); choose another network, or train a new one.",
    )


def without_initialisers(model: ModelProto) -> ModelProto:
    """Copy a model without its initialisers, which are most of its memory."""
    graph = GraphProto()
    for field, value in model.graph.ListFields():
        if field.name != "initializer":
            _set(graph, field.name, value)
    copy = ModelProto()
    for field, value in model.ListFields():
        _set(copy, field.name, graph if field.name == "graph" else value)
    return copy


def with_initialisers(model: ModelProto, values: Mapping[str, Array]) -> ModelProto:
    """Copy a model with other values of these initialisers."""
    copy = without_initialisers(model)
    for tensor in model.graph.initializer:
        given = values.get(tensor.name)
        new = tensor if given is None else numpy_helper.from_array(given, tensor.name)
        # extend() takes five times as long, and holds the interpreter lock meanwhile.
        copy.graph.initializer.add().CopyFrom(new)
    return copy


def initialisers_as_inputs(model: ModelProto, names: Collection[str]) -> ModelProto:
    """Copy a model with these initialisers turned into further inputs."""
    copy = without_initialisers(model)
    declared = {i.name for i in copy.graph.input}
    for tensor in model.graph.initializer:
        if tensor.name not in names:
            copy.graph.initializer.add().CopyFrom(tensor)
        elif tensor.name not in declared:
            given = helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
            copy.graph.input.append(given)
    return copy


def _set(message: Any, name: str, value: Any) -> None:
    if isinstance(value, (int, float, str, bytes)):
        setattr(message, name, value)
    elif hasattr(value, "ListFields"):
        getattr(message, name).CopyFrom(value)
    else:
        getattr(message, name).extend(value)


def at_min_opset(model: ModelProto) -> ModelProto:
    """Copy a model, converted to `OPSET` if it is older.

    Raises
    ------
    NotTrainable
        If it cannot be converted.
    """
    version = max(o.version for o in model.opset_import if o.domain in ("", "ai.onnx"))
    if version < OPSET:
        try:
            return version_converter.convert_version(model, OPSET)
        except Exception as error:  # the converter raises bare RuntimeError and others
            raise NotTrainable(reason=f"its operators of version {version} are too old") from error
    return deepcopy(model)


def constants_to_initialisers(model: ModelProto) -> None:
    """Turn Constant nodes into initialisers, so that their values are known in advance."""
    for node in [n for n in model.graph.node if n.op_type == "Constant"]:
        attribute = node.attribute[0]
        value = helper.get_attribute_value(attribute)
        if attribute.name == "value":
            tensor = TensorProto()
            tensor.CopyFrom(value)
            tensor.name = node.output[0]
        else:
            dtype = np.float32 if "float" in attribute.name else np.int64
            tensor = numpy_helper.from_array(np.asarray(value, dtype), node.output[0])
        model.graph.initializer.append(tensor)
        model.graph.node.remove(node)


def fold_initialiser_reshapes(model: ModelProto) -> None:
    """Apply a Reshape of an initialiser in advance, if nothing else uses the initialiser."""
    tensors = {t.name: t for t in model.graph.initializer}
    uses = Counter(name for node in model.graph.node for name in node.input)
    for node in [n for n in model.graph.node if n.op_type == "Reshape"]:
        given, shape = (tensors.get(name) for name in node.input[:2])
        if given is None or shape is None or uses[given.name] != 1 or node.attribute:
            continue
        sides = numpy_helper.to_array(shape).tolist()  # 0: unchanged
        sides = [side or int(given.dims[i]) for i, side in enumerate(sides)]
        value = numpy_helper.to_array(given).reshape(sides)
        given.CopyFrom(numpy_helper.from_array(value, node.output[0]))
        model.graph.node.remove(node)


def fold_integer_constants(model: ModelProto) -> None:
    """Evaluate nodes with constant integer inputs alone: exporters compute shapes that way."""
    known = {
        t.name: numpy_helper.to_array(t)
        for t in model.graph.initializer
        if t.data_type in (TensorProto.INT32, TensorProto.INT64)
    }
    for node in list(model.graph.node):
        if not node.input or node.domain or not set(node.input) <= set(known):
            continue
        from onnx.reference import ReferenceEvaluator  # takes 0.3 s; few models need it

        results = ReferenceEvaluator(node).run(None, {name: known[name] for name in node.input})
        found = dict(zip(node.output, map(np.asarray, results), strict=True))
        if all(array.dtype.kind == "i" for array in found.values()):
            known |= found
            model.graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in found.items())
            model.graph.node.remove(node)


def separate_statistics(model: ModelProto) -> None:
    """Give each batch normalisation running averages of its own.

    Exporters write equal arrays once: in an untrained network the averages share the arrays of
    biases and scales.
    """
    tensors = {t.name: t for t in model.graph.initializer}
    copies = {
        node.output[0]: node.input[0]
        for node in model.graph.node
        if node.op_type == "Identity" and node.input[0] in tensors
    }
    uses = Counter(name for node in model.graph.node for name in node.input)
    for node in model.graph.node:
        if node.op_type != "BatchNormalization":
            continue
        for index, name_of in ((3, "mean"), (4, "variance")):
            name = node.input[index]
            source = copies.get(name, name)
            if source in tensors and (source != name or uses[name] > 1):
                own = model.graph.initializer.add()
                own.CopyFrom(tensors[source])
                own.name = node.input[index] = f"{node.output[0]}/{name_of}"


def make_batch_dynamic(model: ModelProto, picture: Any, values: dict[str, Array]) -> None:
    """Make the first dimension of the input dynamic, in Reshapes too."""
    first = picture.type.tensor_type.shape.dim[0]
    batch = int(first.dim_value)
    first.ClearField("dim_value")
    first.dim_param = "N"
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    if batch == 0:
        return
    dependent = _dependents(model, {picture.name})
    for node in model.graph.node:
        if node.op_type != "Reshape" or node.input[0] not in dependent:
            continue
        shape = values.get(node.input[1])
        if shape is not None and len(shape) and shape[0] == batch:
            free = shape.copy()
            free[0] = 0 if -1 in shape else -1
            name = f"{node.output[0]}/shape"
            model.graph.initializer.append(numpy_helper.from_array(free, name))
            values[name] = free
            node.input[1] = name


def _dependents(model: ModelProto, start: Collection[str]) -> set[str]:
    reached = set(start)
    for node in model.graph.node:
        if reached.intersection(node.input):
            reached.update(node.output)
    return reached


def declare_outputs(model: ModelProto, shapes: dict[str, Shape]) -> None:
    """Declare the outputs' shapes anew; the old ones may have had a fixed batch."""
    for output in model.graph.output:
        element = output.type.tensor_type.elem_type
        shape = ["N" if d is None else d for d in shapes.get(output.name, ())]
        output.CopyFrom(helper.make_tensor_value_info(output.name, element, shape))
