"""Layers of network descriptions, each written as ONNX nodes.

A shape is (channels, height, width) of pictures, (units,) of vectors, or (steps, units) of
vectors that follow each other along a line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from onnx import NodeProto, helper

from inkread.ml.architecture.initialise import Initialiser, initial_weights
from inkread.ml.architecture.toml_options import Options, Wrong
from inkread.ml.gradients.registry import Array, size

CLASSES = "classes"
"""Value of `units` for the last dense layer: the count of classes."""
_MAX_PARAMETERS = 20_000_000
"""80 MB, and three times that with the state of an optimiser."""

_MAX_ACTIVATIONS = 4_000_000
"""Values between two layers, per cell."""


@dataclass
class NetworkWriter:
    """Builds nodes and initial values of a network, layer by layer."""

    shape: tuple[int, ...]
    classes: int
    initialiser: Initialiser
    rng: np.random.Generator
    nodes: list[NodeProto] = field(default_factory=list)
    values: dict[str, Array] = field(default_factory=dict)
    output: str = "pictures"
    layer: int = 0
    parameters: int = 0

    def node(self, op_type: str, *inputs: str, **attributes: int | float | list[int]) -> None:
        """Append a node after the last one."""
        name = f"{self.layer}_{op_type.lower()}"
        node = helper.make_node(op_type, [self.output, *inputs], [name], name=name)
        node.attribute.extend(helper.make_attribute(k, v) for k, v in attributes.items())
        self.nodes.append(node)
        self.output = name

    def value(self, kind: str, array: Array) -> str:
        """Store an initial value of this layer and return its name."""
        name = f"{self.layer}_{kind}"
        self.values[name] = array
        self.parameters += array.size
        if self.parameters > _MAX_PARAMETERS:
            raise Wrong(f"makes the network larger than {_MAX_PARAMETERS:,} parameters")
        return name

    def weights(self, shape: tuple[int, ...], inputs: int, outputs: int) -> str:
        """Random weights by the network's initialiser."""
        if size(shape) > _MAX_PARAMETERS:
            raise Wrong(f"has {_figure(size(shape))} weights, more than {_MAX_PARAMETERS:,}")
        drawn = initial_weights(self.initialiser, shape, inputs, outputs, self.rng)
        return self.value("weight", drawn)

    def constant(self, kind: str, values: list[int]) -> str:
        """Store integers that are no parameters (axes, shapes) and return their name."""
        name = f"{self.layer}_{kind}"
        self.values[name] = np.array(values, np.int64)
        return name

    def zeros(self, kind: str, count: int) -> str:
        return self.value(kind, np.zeros(count, np.float32))

    def picture(self) -> tuple[int, int, int]:
        """The shape, which must be that of pictures."""
        if len(self.shape) != 3:
            raise Wrong("needs pictures, but the layer before it makes rows")
        channels, height, width = self.shape
        return channels, height, width

    def slide(
        self, channels: int, kernel: tuple[int, int], stride: tuple[int, int], pads: list[int]
    ) -> None:
        """Set the shape after a kernel slides over the picture.

        `kernel` is the extent, with the gaps of a dilation; `pads` are top, left, bottom, right.
        """
        _, height, width = self.picture()
        sides = [
            (side + before + after - k) // step + 1
            for side, before, after, k, step in zip(
                (height, width), pads[:2], pads[2:], kernel, stride, strict=True
            )
        ]
        if min(sides) < 1:
            raise Wrong(f"its kernel is larger than the picture of {height} x {width}")
        self.shape = (channels, *sides)
        if size(self.shape) > _MAX_ACTIVATIONS:
            raise Wrong(f"makes {_figure(size(self.shape))} values of each cell, too many")


def _figure(count: int) -> str:
    """A count for a sentence; Python writes no number of over 4,300 digits."""
    return f"{count:,}" if count < 10**18 else "over 10^18"


Layer = Callable[[NetworkWriter, Options], None]
LAYERS: dict[str, Layer] = {}
_ACTIVATIONS = {"relu": "Relu", "sigmoid": "Sigmoid", "tanh": "Tanh", "gelu": "Gelu"}
_POOLS = {"max_pool": "MaxPool", "average_pool": "AveragePool"}


def _layer(name: str) -> Callable[[Layer], Layer]:
    def register(layer: Layer) -> Layer:
        LAYERS[name] = layer
        return layer

    return register


def write_layer(network: NetworkWriter, description: Mapping[str, object]) -> None:
    """Append the layer that a table describes.

    Raises
    ------
    Wrong
        With the reason in words.
    """
    network.layer += 1
    options = Options(description)
    kind = options.choice("type", LAYERS)
    LAYERS[kind](network, options)
    options.done()


@_layer("conv")
def _conv(network: NetworkWriter, options: Options) -> None:
    inputs, _, _ = network.picture()
    outputs = options.whole("channels", minimum=1)
    kernel = options.pair("kernel", minimum=1)
    stride = options.pair("stride", 1, minimum=1)
    dilation = options.pair("dilation", 1, minimum=1)
    groups = options.whole("groups", 1, minimum=1)
    if inputs % groups or outputs % groups:
        raise Wrong(f"{inputs} and {outputs} channels cannot be divided into {groups} groups")
    extent = ((kernel[0] - 1) * dilation[0] + 1, (kernel[1] - 1) * dilation[1] + 1)
    pads = _pads(options, extent)
    network.slide(outputs, extent, stride, pads)
    area = size(kernel)
    shape = (outputs, inputs // groups, *kernel)
    weight = network.weights(shape, inputs // groups * area, outputs // groups * area)
    bias = network.zeros("bias", outputs)
    network.node("Conv", weight, bias, kernel_shape=list(kernel), strides=list(stride),
                 dilations=list(dilation), pads=pads, group=groups)  # fmt: skip


def _pads(options: Options, extent: tuple[int, int]) -> list[int]:
    """Top, left, bottom, right."""
    given = options.get("padding", "valid")
    if isinstance(given, list):
        return [*options.pair("padding", minimum=0)] * 2
    padding = options.either("padding", "valid", ("same", "valid"))
    if padding == "same":
        return [(side - 1) // 2 for side in extent] + [side // 2 for side in extent]
    return [0 if padding == "valid" else int(padding)] * 4


@_layer("dense")
def _dense(network: NetworkWriter, options: Options) -> None:
    if len(network.shape) == 3:
        _flatten(network, options)
    units = options.either("units", None, (CLASSES,))
    count = network.classes if units == CLASSES else int(units)
    if count < 1:
        raise Wrong("units must be at least 1")
    *steps, inputs = network.shape
    if steps:
        network.node("MatMul", network.weights((inputs, count), inputs, count))
        network.node("Add", network.zeros("bias", count))
        network.shape = (*steps, count)
        return
    weight = network.weights((count, inputs), inputs, count)
    network.node("Gemm", weight, network.zeros("bias", count), transB=1)
    network.shape = (count,)


@_layer("flatten")
def _flatten(network: NetworkWriter, _options: Options) -> None:
    network.node("Flatten")
    network.shape = (size(network.shape),)


@_layer("steps")
def _steps(network: NetworkWriter, _options: Options) -> None:
    """Each column of a picture of height 1 becomes a vector."""
    channels, height, width = network.picture()
    if height != 1:
        raise Wrong(f"needs pictures of height 1, but the layer before it makes {height}")
    network.node("Squeeze", network.constant("height", [2]))
    network.node("Transpose", perm=[0, 2, 1])
    network.shape = (width, channels)


@_layer("residual")
def _residual(network: NetworkWriter, options: Options) -> None:
    """y = x + f(x), f the inner layers (He et al. 2016)."""
    layers = options.get("layers")
    if not isinstance(layers, list) or not all(isinstance(layer, Mapping) for layer in layers):
        raise Wrong("must list its inner layers, each as { type = ... }")
    shape, start = network.shape, network.output
    for layer in layers:
        write_layer(network, layer)
    if network.shape != shape or network.output == start:
        raise Wrong("its inner layers must make values of the shape that they get")
    network.layer += 1
    network.node("Add", start)


@_layer("leaky_relu")
def _leaky_relu(network: NetworkWriter, options: Options) -> None:
    network.node("LeakyRelu", alpha=options.number("slope", 0.01, minimum=0))


def _activation(op_type: str, network: NetworkWriter, _options: Options) -> None:
    network.node(op_type)


def _pool(op_type: str, network: NetworkWriter, options: Options) -> None:
    channels, _, _ = network.picture()
    sides = options.pair("size", 2, minimum=1)
    stride = options.pair("stride", minimum=1) if options.has("stride") else sides
    network.slide(channels, sides, stride, [0, 0, 0, 0])
    network.node(op_type, kernel_shape=list(sides), strides=list(stride))


LAYERS |= {name: partial(_activation, op_type) for name, op_type in _ACTIVATIONS.items()}
LAYERS |= {name: partial(_pool, op_type) for name, op_type in _POOLS.items()}


@_layer("global_average_pool")
def _global_average_pool(network: NetworkWriter, _options: Options) -> None:
    channels, _, _ = network.picture()
    network.node("GlobalAveragePool")
    network.shape = (channels, 1, 1)


@_layer("batch_norm")
def _batch_norm(network: NetworkWriter, options: Options) -> None:
    count = network.shape[0]
    ones = np.ones(count, np.float32)
    network.node(
        "BatchNormalization",
        network.value("scale", ones),
        network.zeros("shift", count),
        network.zeros("mean", count),
        network.value("variance", ones),
        momentum=options.number("momentum", 0.9, minimum=0, below=1),
        epsilon=options.number("epsilon", 1e-5, above=0),
    )


@_layer("dropout")
def _dropout(network: NetworkWriter, options: Options) -> None:
    ratio = np.array(options.number("rate", 0.5, minimum=0, below=1), np.float32)
    network.node("Dropout", network.value("rate", ratio))
