"""A network split before its last dense layers into a trunk and a head."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
import onnx
import onnxruntime
from onnx import ModelProto, NodeProto, helper

import inkread.ml.inference.no_telemetry  # noqa: F401
from inkread.core.reading import Grey
from inkread.ml.adaptation.head import Head
from inkread.ml.adaptation.rbf_graph import add_memory, pop_memory
from inkread.ml.adaptation.rbf_memory import RbfMemory
from inkread.ml.gradients.registry import Array
from inkread.ml.graph.forward import Forward, read_forward
from inkread.ml.graph.surgery import (
    NotTrainable,
    constants_to_initialisers,
    fold_initialiser_reshapes,
    without_initialisers,
)
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.training.batches import layout_of, scaled

_BATCH = 256
_OUTPUT_OPERATORS = ("Softmax", "LogSoftmax", "Identity")


class SplitNetwork:
    """A classifier to which an RBF memory and classes can be added.

    Parameters
    ----------
    data : bytes
        An ONNX file.
    name : str
        Its name in error messages.
    threads : int
        Of onnxruntime; 0 for one per core.

    Raises
    ------
    ModelUnusable
        If it is not a classifier.
    NotTrainable
        If it does not end in a dense layer with a bias.

    Attributes
    ----------
    info : ModelInfo
        Its metadata.
    memory : RbfMemory or None
        The one in the file. It is removed: features, head and export are without it.
    """

    def __init__(self, data: bytes, name: str, threads: int = 0) -> None:
        self.info = OnnxClassifier(data, name).info
        model = onnx.load_from_string(data)
        constants_to_initialisers(model)
        fold_initialiser_reshapes(model)
        self.memory = pop_memory(model)
        self._forward = read_forward(model)
        self._dense_layers = _dense_layers(self._forward)
        self._layout = layout_of(self._forward)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            _trunk(self._forward, self._dense_layers[0].input).SerializeToString(),
            options,
            providers=["CPUExecutionProvider"],
        )

    @property
    def head(self) -> Head:
        """The last dense layers."""
        values = self._forward.values
        return Head(self.info.labels, tuple(names.layer(values) for names in self._dense_layers))

    def features(self, cells: Grey) -> Generator[int, None, Array]:
        """Inputs of the head for each cell.

        Parameters
        ----------
        cells : (n, h, w) array of uint8
            n at least 1.

        Yields
        ------
        int
            Count of cells that are done.

        Returns
        -------
        (n, d) array of float32
        """
        parts = []
        for start in range(0, len(cells), _BATCH):
            batch = scaled(cells[start : start + _BATCH])
            inputs = {self._forward.input: self._layout.feed(batch)}
            found = np.asarray(self._session.run(None, inputs)[0], np.float32)
            parts.append(found.reshape(len(batch), -1))
            yield start + len(batch)
        return np.concatenate(parts)

    def export(self, head: Head, memory: RbfMemory | None, info: ModelInfo) -> bytes:
        """Write an ONNX file with another head and a memory beside it.

        Parameters
        ----------
        head : Head
            With the same number of features; its labels become the model's.
        memory : RbfMemory or None
            With the same features and classes.
        info : ModelInfo
            The model's metadata.
        """
        values = dict[str, Array]()
        for names, layer in zip(self._dense_layers, head.layers, strict=True):
            values |= names.values(layer, self._forward)
        model = self._forward.with_values(values)
        if memory is not None:
            add_memory(model, self._dense_layers[0].input, self._dense_layers[-1].output, memory)
        for output in model.graph.output:
            output.type.tensor_type.shape.dim[1].dim_value = len(head.labels)
        helper.set_model_props(model, replace(info, labels=head.labels).to_metadata())
        return bytes(model.SerializeToString())


@dataclass(frozen=True, slots=True)
class _DenseLayer:
    """Names of the values of a dense layer, and whether its weights are (outputs, inputs)."""

    input: str
    output: str
    weights: str
    outputs_first: bool
    bias: str

    def layer(self, values: dict[str, Array]) -> Array:
        weights = values[self.weights] if self.outputs_first else values[self.weights].T
        bias = values[self.bias].reshape(-1, 1)
        return np.concatenate([weights, bias], axis=1).astype(np.float32)

    def values(self, layer: Array, forward: Forward) -> dict[str, Array]:
        weights = layer[:, :-1] if self.outputs_first else layer[:, :-1].T
        return {
            self.weights: np.ascontiguousarray(weights, forward.dtype),
            self.bias: layer[:, -1].astype(forward.dtype),
        }


def _dense_layers(forward: Forward) -> tuple[_DenseLayer, ...]:
    """The last dense layer, and the one before if there is only a Relu between them."""
    makers = {name: node for node in forward.model.graph.node for name in node.output}
    node = makers[forward.output]
    while node.op_type in _OUTPUT_OPERATORS and node.input[0] in makers:
        node = makers[node.input[0]]
    last = _dense_layer(node, makers, forward)
    if last is None:
        raise NotTrainable(reason="it does not end in a dense layer with a bias of its own")
    before = makers.get(last.input)
    if before is None or before.op_type != "Relu" or before.input[0] not in makers:
        return (last,)
    uses = [name for node in forward.model.graph.node for name in node.input]
    first = _dense_layer(makers[before.input[0]], makers, forward)
    return (last,) if first is None or uses.count(last.input) != 1 else (first, last)


def _dense_layer(
    node: NodeProto, makers: dict[str, NodeProto], forward: Forward
) -> _DenseLayer | None:
    """The dense layer that ends in a node; None if it is none, or shares its weights."""
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    layer = None
    if node.op_type == "Gemm" and len(node.input) == 3:
        if attributes.get("alpha", 1.0) == attributes.get(
            "beta", 1.0
        ) == 1.0 and not attributes.get("transA"):
            outputs_first = bool(attributes.get("transB"))
            layer = _DenseLayer(
                node.input[0], node.output[0], node.input[1], outputs_first, node.input[2]
            )
    elif node.op_type == "Add":
        products = [makers[n] for n in node.input if n in makers]
        biases = [n for n in node.input if n not in makers]
        if len(products) == len(biases) == 1 and products[0].op_type == "MatMul":
            inputs, weights = products[0].input
            layer = _DenseLayer(inputs, node.output[0], weights, False, biases[0])
    return layer if layer is not None and _is_trainable(layer, forward) else None


def _is_trainable(layer: _DenseLayer, forward: Forward) -> bool:
    """Whether its weights are parameters that no other node uses."""
    uses = [name for node in forward.model.graph.node for name in node.input]
    names = (layer.weights, layer.bias)
    if any(name not in forward.parameters or uses.count(name) != 1 for name in names):
        return False
    values = forward.values
    weights, bias = values[layer.weights], values[layer.bias]
    return weights.ndim == 2 and bias.size == weights.shape[0 if layer.outputs_first else 1]


def _trunk(forward: Forward, features: str) -> ModelProto:
    """The network up to a value, which becomes its output."""
    trunk = without_initialisers(forward.model)
    needed, kept = {features}, list[NodeProto]()
    for node in reversed(forward.model.graph.node):
        if needed.intersection(node.output):
            kept.append(node)
            needed.update(node.input)
    del trunk.graph.node[:], trunk.graph.output[:]
    trunk.graph.node.extend(reversed(kept))
    for tensor in forward.model.graph.initializer:
        if tensor.name in needed:
            trunk.graph.initializer.add().CopyFrom(tensor)
    element = helper.np_dtype_to_tensor_dtype(forward.dtype)
    trunk.graph.output.append(helper.make_tensor_value_info(features, element, None))
    return trunk
