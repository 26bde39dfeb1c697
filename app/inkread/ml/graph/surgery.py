"""Changes to a model before it is trained: its operators' version, its batch, its constants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
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
from inkread.ml.gradients import Shape
from inkread.ml.gradients.registry import Array

OPSET = 20
"""Models of an older operator set are converted to this one; Gelu came with it."""


class NotTrainable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "This network cannot be trained ({reason}); choose another network, or train a new one.",
    )


def without_values(model: ModelProto) -> ModelProto:
    """A copy without initialisers, which are most of a model's memory."""
    graph = GraphProto()
    for field, value in model.graph.ListFields():
        if field.name != "initializer":
            _set(graph, field.name, value)
    copy = ModelProto()
    for field, value in model.ListFields():
        _set(copy, field.name, graph if field.name == "graph" else value)
    return copy


def _set(message: Any, name: str, value: Any) -> None:
    if isinstance(value, (int, float, str, bytes)):
        setattr(message, name, value)
    elif hasattr(value, "ListFields"):
        getattr(message, name).CopyFrom(value)
    else:
        getattr(message, name).extend(value)


def of_opset(model: ModelProto) -> ModelProto:
    """A copy in the operators' version that the gradient rules are written for, or a newer one.

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
    copy = ModelProto()
    copy.CopyFrom(model)
    return copy


def constants_to_initialisers(model: ModelProto) -> None:
    """Turn Constant nodes into initialisers, so that their values are known beforehand."""
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


def reshape_initialisers(model: ModelProto) -> None:
    """Give an initialiser the shape that a Reshape gives it, where nothing else needs another."""
    tensors = {t.name: t for t in model.graph.initializer}
    uses = Counter(name for node in model.graph.node for name in node.input)
    for node in [n for n in model.graph.node if n.op_type == "Reshape"]:
        given, shape = (tensors.get(name) for name in node.input[:2])
        if given is None or shape is None or uses[given.name] != 1 or node.attribute:
            continue
        sides = numpy_helper.to_array(shape).tolist()  # 0: as it is
        sides = [side or int(given.dims[i]) for i, side in enumerate(sides)]
        value = numpy_helper.to_array(given).reshape(sides)
        given.CopyFrom(numpy_helper.from_array(value, node.output[0]))
        model.graph.node.remove(node)


def compute_shapes(model: ModelProto) -> None:
    """Do beforehand what is calculated with whole numbers alone: exporters write shapes so."""
    known = {
        t.name: numpy_helper.to_array(t)
        for t in model.graph.initializer
        if t.data_type in (TensorProto.INT32, TensorProto.INT64)
    }
    for node in list(model.graph.node):
        if not node.input or node.domain or not set(node.input) <= set(known):
            continue
        from onnx.reference import ReferenceEvaluator  # 0.3 s, which few models need

        results = ReferenceEvaluator(node).run(None, {name: known[name] for name in node.input})
        found = dict(zip(node.output, map(np.asarray, results), strict=True))
        if all(array.dtype.kind == "i" for array in found.values()):
            known |= found
            model.graph.initializer.extend(numpy_helper.from_array(v, k) for k, v in found.items())
            model.graph.node.remove(node)


def own_statistics(model: ModelProto) -> None:
    """Give each normalisation running averages that it shares with nobody.

    Exporters write equal arrays once: the averages of a network that has not been trained yet
    are its biases and scales.
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
        for place, what in ((3, "mean"), (4, "variance")):
            name = node.input[place]
            source = copies.get(name, name)
            if source in tensors and (source != name or uses[name] > 1):
                own = model.graph.initializer.add()
                own.CopyFrom(tensors[source])
                own.name = node.input[place] = f"{node.output[0]}/{what}"


def free_batch(model: ModelProto, picture: Any, values: dict[str, Array]) -> None:
    """Let the first dimension of the input be anything, in Reshapes too."""
    first = picture.type.tensor_type.shape.dim[0]
    batch = int(first.dim_value)
    first.ClearField("dim_value")
    first.dim_param = "N"
    del model.graph.value_info[:]
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    if batch == 0:
        return
    follows = _reached(model, {picture.name})
    for node in model.graph.node:
        if node.op_type != "Reshape" or node.input[0] not in follows:
            continue
        shape = values.get(node.input[1])
        if shape is not None and len(shape) and shape[0] == batch:
            free = shape.copy()
            free[0] = 0 if -1 in shape else -1
            name = f"{node.output[0]}/shape"
            model.graph.initializer.append(numpy_helper.from_array(free, name))
            values[name] = free
            node.input[1] = name


def _reached(model: ModelProto, start: Collection[str]) -> set[str]:
    reached = set(start)
    for node in model.graph.node:
        if reached.intersection(node.input):
            reached.update(node.output)
    return reached


def declare_outputs(model: ModelProto, shapes: dict[str, Shape]) -> None:
    """Write the outputs' shapes, which belonged to a fixed batch perhaps."""
    for output in model.graph.output:
        element = output.type.tensor_type.elem_type
        shape = ["N" if d is None else d for d in shapes.get(output.name, ())]
        output.CopyFrom(helper.make_tensor_value_info(output.name, element, shape))
