"""A network cut in two before its last dense layers: what it sees there, it can remember."""

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
from inkread.ml.adaptation.rbf_graph import add_memory, take_memory
from inkread.ml.adaptation.rbf_memory import Memory
from inkread.ml.gradients.registry import Array
from inkread.ml.graph.forward import Forward, read_forward
from inkread.ml.graph.surgery import (
    NotTrainable,
    constants_to_initialisers,
    reshape_initialisers,
    without_values,
)
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.training.batches import layout_of, scaled

_READ_AT_ONCE = 256
_PASSED_OVER = ("Softmax", "LogSoftmax", "Identity")


class CutNetwork:
    """A classifier that can be given a memory, and classes.

    Parameters
    ----------
    data : bytes
        An ONNX file.
    name : str
        What errors call it.
    threads : int
        Of onnxruntime; 0: as many as there are cores.

    Raises
    ------
    ModelUnusable
        If it is no classifier.
    NotTrainable
        If it does not end in a dense layer.

    Attributes
    ----------
    info : ModelInfo
        What it says of itself.
    memory : Memory or None
        The one that it came with. It is taken out: nothing else of the class has part in it.
    """

    def __init__(self, data: bytes, name: str, threads: int = 0) -> None:
        self.info = OnnxClassifier(data, name).info
        model = onnx.load_from_string(data)
        constants_to_initialisers(model)
        reshape_initialisers(model)
        self.memory = take_memory(model)
        self._forward = read_forward(model)
        self._places = _places(self._forward)
        self._layout = layout_of(self._forward)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            _trunk(self._forward, self._places[0].given).SerializeToString(),
            options,
            providers=["CPUExecutionProvider"],
        )

    @property
    def head(self) -> Head:
        """The last dense layers as they are."""
        values = self._forward.values
        return Head(self.info.labels, tuple(place.layer(values) for place in self._places))

    def features(self, cells: Grey) -> Generator[int, None, Array]:
        """What the head is given for each cell.

        Parameters
        ----------
        cells : (n, h, w) array of uint8
            n at least 1.

        Yields
        ------
        int
            How many have been read.

        Returns
        -------
        (n, d) array of float32
        """
        pieces = []
        for start in range(0, len(cells), _READ_AT_ONCE):
            piece = scaled(cells[start : start + _READ_AT_ONCE])
            fed = {self._forward.input: self._layout.feed(piece)}
            found = np.asarray(self._session.run(None, fed)[0], np.float32)
            pieces.append(found.reshape(len(piece), -1))
            yield start + len(piece)
        return np.concatenate(pieces)

    def remembering(self, head: Head, memory: Memory | None, info: ModelInfo) -> bytes:
        """The ONNX file of this network with other last layers, and a memory beside them.

        Parameters
        ----------
        head : Head
            Of as many features; its labels become the model's.
        memory : Memory or None
            Of the same features and classes.
        info : ModelInfo
            What the model shall say of itself.
        """
        values = dict[str, Array]()
        for place, layer in zip(self._places, head.layers, strict=True):
            values |= place.values(layer, self._forward)
        model = self._forward.with_values(values)
        if memory is not None:
            add_memory(model, self._places[0].given, self._places[-1].made, memory)
        for output in model.graph.output:
            output.type.tensor_type.shape.dim[1].dim_value = len(head.labels)
        helper.set_model_props(model, replace(info, labels=head.labels).to_metadata())
        return bytes(model.SerializeToString())


@dataclass(frozen=True, slots=True)
class _Place:
    """A dense layer in the graph: its input and output, its weights, how they lie, its bias."""

    given: str
    made: str
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


def _places(forward: Forward) -> tuple[_Place, ...]:
    """The last dense layer, and the one before if there is only a Relu between them."""
    makers = {name: node for node in forward.model.graph.node for name in node.output}
    node = makers[forward.output]
    while node.op_type in _PASSED_OVER and node.input[0] in makers:
        node = makers[node.input[0]]
    last = _place(node, makers, forward)
    if last is None:
        raise NotTrainable(reason="it does not end in a dense layer with a bias of its own")
    before = makers.get(last.given)
    if before is None or before.op_type != "Relu" or before.input[0] not in makers:
        return (last,)
    uses = [name for node in forward.model.graph.node for name in node.input]
    first = _place(makers[before.input[0]], makers, forward)
    return (last,) if first is None or uses.count(last.given) != 1 else (first, last)


def _place(node: NodeProto, makers: dict[str, NodeProto], forward: Forward) -> _Place | None:
    """A dense layer that ends in that node; None if it is none, or shares its weights."""
    given = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    place = None
    if node.op_type == "Gemm" and len(node.input) == 3:
        if given.get("alpha", 1.0) == given.get("beta", 1.0) == 1.0 and not given.get("transA"):
            outputs_first = bool(given.get("transB"))
            place = _Place(
                node.input[0], node.output[0], node.input[1], outputs_first, node.input[2]
            )
    elif node.op_type == "Add":
        products = [makers[n] for n in node.input if n in makers]
        biases = [n for n in node.input if n not in makers]
        if len(products) == len(biases) == 1 and products[0].op_type == "MatMul":
            given_to, weights = products[0].input
            place = _Place(given_to, node.output[0], weights, False, biases[0])
    return place if place is not None and _is_own(place, forward) else None


def _is_own(place: _Place, forward: Forward) -> bool:
    """Whether its weights are there to be trained, and nobody else's."""
    uses = [name for node in forward.model.graph.node for name in node.input]
    named = (place.weights, place.bias)
    if any(name not in forward.parameters or uses.count(name) != 1 for name in named):
        return False
    values = forward.values
    weights, bias = values[place.weights], values[place.bias]
    return weights.ndim == 2 and bias.size == weights.shape[0 if place.outputs_first else 1]


def _trunk(forward: Forward, features: str) -> ModelProto:
    """The network up to that value, which becomes its output."""
    trunk = without_values(forward.model)
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
