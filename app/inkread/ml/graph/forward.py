"""Analyse a forward model for training: parameters, shapes and constants."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from onnx import (
    ModelProto,
    NodeProto,
    helper,
    numpy_helper,
    shape_inference,
)

from inkread.ml.gradients.registry import Array, Shape
from inkread.ml.graph.rewrites import pool_before_relu
from inkread.ml.graph.surgery import (
    NotTrainable,
    at_min_opset,
    constants_to_initialisers,
    declare_outputs,
    fold_integer_constants,
    initialisers_as_inputs,
    make_batch_dynamic,
    separate_statistics,
    with_initialisers,
    without_initialisers,
)

_MAX_SHAPE_SIZE = 64
"""Maximum number of elements of arrays that may be shapes; shape inference skips larger ones."""


@dataclass(frozen=True)
class Forward:
    """An ONNX classifier of cells, or of the steps of lines, with a dynamic batch.

    Attributes
    ----------
    model : ModelProto
        Parameters and other constants are initialisers.
    nodes : tuple of NodeProto
        The model's, rewritten into an equivalent form that trains faster.
    input, output : str
        Its only input, (N, ...), and its first output, (N, K) or (N, T, K).
    parameters : tuple of str
        The initialisers that are trained.
    shapes : dict
        Value -> dimensions, None where they depend on N.
    constants : dict
        Value -> array, where it is known in advance; without parameters.
    """

    model: ModelProto
    nodes: tuple[NodeProto, ...]
    input: str
    output: str
    parameters: tuple[str, ...]
    shapes: dict[str, Shape]
    constants: dict[str, Array]

    @property
    def values(self) -> dict[str, Array]:
        """Arrays of all initialisers."""
        return {t.name: numpy_helper.to_array(t) for t in self.model.graph.initializer}

    @property
    def dtype(self) -> np.dtype[Any]:
        """float32, or float64 for tests."""
        return self.values[self.parameters[0]].dtype

    @property
    def input_dtype(self) -> np.dtype[Any]:
        """Type of the input; usually that of the parameters."""
        (given,) = (i for i in self.model.graph.input if i.name == self.input)
        return np.dtype(helper.tensor_dtype_to_np_dtype(given.type.tensor_type.elem_type))

    @property
    def cell_shape(self) -> tuple[int, ...]:
        """The input's shape without N."""
        return tuple(int(d or 0) for d in self.shapes[self.input][1:])

    @property
    def classes(self) -> int:
        return int(self.shapes[self.output][-1] or 0)

    def with_values(self, values: Mapping[str, Array]) -> ModelProto:
        """Copy the model with other parameters."""
        return with_initialisers(self.model, values)

    def with_inputs(self, names: Collection[str]) -> ModelProto:
        """Copy the model with these initialisers turned into further inputs."""
        return initialisers_as_inputs(self.model, names)


def read_forward(
    model: ModelProto, frozen: Collection[str] = (), width: int | None = None
) -> Forward:
    """Prepare a classifier for training.

    Parameters
    ----------
    model : ModelProto
        One input, (N, ...) or of a fixed batch, which is made dynamic; first output (N, K).
    frozen : collection of str
        Initialisers that are not trained.
    width : int, optional
        Fixed width of the pictures of a line network, px; its first output is (N, T, K).

    Raises
    ------
    NotTrainable
        If it is not such a classifier, or has no weights.
    """
    model = at_min_opset(model)
    constants_to_initialisers(model)
    fold_integer_constants(model)
    separate_statistics(model)
    values = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    inputs = [i for i in model.graph.input if i.name not in values]
    if len(inputs) != 1 or not model.graph.output:
        raise NotTrainable(reason=f"it has {len(inputs)} inputs")
    make_batch_dynamic(model, inputs[0], values)
    if width is not None:
        inputs[0].type.tensor_type.shape.dim[-1].dim_value = width
    nodes = pool_before_relu(list(model.graph.node), [o.name for o in model.graph.output])
    shapes = _shapes(model, nodes, inputs[0])
    parameters = _parameters(model, inputs[0].name, values, frozen)
    if not parameters:
        raise NotTrainable(reason="it has no weights")
    if None in shapes.get(inputs[0].name, (None, None))[1:]:
        raise NotTrainable(reason="it leaves the size of its pictures open")
    output = model.graph.output[0].name
    if len(shapes.get(output, ())) != (2 if width is None else 3) or None in shapes[output][1:]:
        of_what = "picture" if width is None else "step"
        raise NotTrainable(reason=f"its output is not one row of classes for each {of_what}")
    declare_outputs(model, shapes)
    constants = {name: value for name, value in values.items() if name not in parameters}
    return Forward(model, tuple(nodes), inputs[0].name, output, parameters, shapes, constants)


def _shapes(model: ModelProto, nodes: Sequence[NodeProto], picture: Any) -> dict[str, Shape]:
    """Infer the shapes for two batch sizes: dimensions that differ depend on the batch."""
    copy = without_initialisers(model)
    del copy.graph.node[:]
    copy.graph.node.extend(nodes)
    for tensor in model.graph.initializer:
        if np.prod(tensor.dims) <= _MAX_SHAPE_SIZE:
            copy.graph.initializer.append(tensor)
        elif tensor.name not in {i.name for i in copy.graph.input}:
            weights = helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
            copy.graph.input.append(weights)
    two, three = (_shapes_for(copy, picture.name, n) for n in (2, 3))
    return {
        name: tuple(a if a == b else None for a, b in zip(shape, three[name], strict=True))
        for name, shape in two.items()
        if name in three and len(three[name]) == len(shape)
    }


def _shapes_for(model: ModelProto, picture: str, batch: int) -> dict[str, tuple[int, ...]]:
    for value in model.graph.input:
        if value.name == picture:
            value.type.tensor_type.shape.dim[0].dim_value = batch
    inferred = shape_inference.infer_shapes(model, data_prop=True).graph
    found = {t.name: tuple(t.dims) for t in inferred.initializer}
    for value in [*inferred.input, *inferred.value_info, *inferred.output]:
        dims = value.type.tensor_type.shape.dim
        if value.type.tensor_type.HasField("shape") and all(d.HasField("dim_value") for d in dims):
            found[value.name] = tuple(d.dim_value for d in dims)
    return found


def _parameters(
    model: ModelProto, picture: str, values: dict[str, Array], frozen: Collection[str]
) -> tuple[str, ...]:
    """Float arrays except running statistics, scalars, and arrays that scale the input.

    A scalar, or an array that is combined with the input before the first layer, scales pixels.
    """
    kept = set(frozen)
    raw = {picture}
    of_layers = set[str]()
    for node in model.graph.node:
        if node.op_type in ("Conv", "Gemm", "MatMul", "BatchNormalization"):
            of_layers.update(node.input)
        if node.op_type == "BatchNormalization":
            kept.update(node.input[3:5])
        elif node.op_type in ("Add", "Sub", "Mul", "Div", "Cast", "Reshape", "Transpose"):
            if raw.intersection(node.input):
                kept.update(node.input)
                raw.update(node.output)
        elif node.op_type in ("Clip", "Dropout", "Pad"):
            kept.update(node.input[1:])
    return tuple(
        name
        for name, value in values.items()
        if value.dtype.kind == "f" and name not in kept and (value.size > 1 or name in of_layers)
    )
