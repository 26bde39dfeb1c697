"""Network descriptions in TOML: layers, first weights, and how to train them.

.. code-block:: toml

    title = "Two layers"
    source = "who described it"          # optional
    input = [28, 28]                     # height, width of a cell in px; width "any" for lines
    initialiser = "he"                   # he, xavier, normal

    layers = [
        { type = "dense", units = 50 },
        { type = "sigmoid" },
        { type = "dense", units = "classes" },
    ]

    [training]
    epochs = 12
    batch = 64
    rate = 0.003                         # the highest
    optimiser = { type = "adamw", weight_decay = 0.01 }
    schedule = { type = "one-cycle" }
    loss = { type = "cross-entropy", smoothing = 0.0 }
    # clip = 1.0, average = 0.99: optional
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError
from inkread.ml.architecture.initialise import INITIALISERS, Initialiser
from inkread.ml.architecture.layers import NetworkWriter, write_layer
from inkread.ml.architecture.toml_options import Options, Wrong, read_toml
from inkread.ml.graph.surgery import OPSET
from inkread.ml.training.losses import SoftmaxCrossEntropy, SquaredError
from inkread.ml.training.optimisers import AdaGrad, Adam, AdamW, Sgd
from inkread.ml.training.recipe import Recipe
from inkread.ml.training.schedules import Constant, Cosine, OneCycle, StepDecay

_IR_VERSION = 9
_MAX_SIDE = 512
#: Maximum number of layers; chosen: the deepest of our networks has 20, ResNet-152 about 500.
_MAX_LAYERS = 1000
#: To try a description with.
_SOME_CLASSES = 10
_SOME_WIDTH = 256
_BELOW_ONE = {"momentum", "beta1", "beta2", "smoothing", "warm_up", "peak"}
_LOSSES = {"cross-entropy": SoftmaxCrossEntropy, "squared-error": SquaredError}
_OPTIMISERS = {"sgd": Sgd, "adagrad": AdaGrad, "adam": Adam, "adamw": AdamW}
_SCHEDULES = {
    "constant": Constant,
    "step": StepDecay,
    "cosine": Cosine,
    "one-cycle": OneCycle,
}


class ArchitectureWrong(InkreadError):
    template = QT_TRANSLATE_NOOP("errors", "{name}: {place} {reason}; correct the description.")


@dataclass(frozen=True)
class Architecture:
    """A network that is described, not yet made.

    Attributes
    ----------
    name : str
        Of the file, for error sentences.
    title, source : str
        For people.
    height : int
        Of a cell or line picture, px.
    width : int or None
        Of a cell, px; None for line networks, which take any.
    initialiser : str
    layers : tuple of dict
        As in the file.
    recipe : Recipe
        How the description says to train it.
    """

    name: str
    title: str
    source: str
    height: int
    width: int | None
    initialiser: Initialiser
    layers: tuple[dict[str, object], ...]
    recipe: Recipe

    def model(self, classes: int, seed: int = 0) -> ModelProto:
        """The network with random weights.

        Parameters
        ----------
        classes : int
            How many it distinguishes, >= 2; for lines with *blank*.
        seed : int
            Of the random weights.

        Returns
        -------
        ModelProto
            (N, 1, height, width) float32 -> (N, classes) float32; for lines
            (N, 1, height, W) -> (N, T, classes).

        Raises
        ------
        ArchitectureWrong
            If the layers do not fit together; names file, layer and reason.
        """
        network = NetworkWriter(
            (1, self.height, self.width or _SOME_WIDTH),
            classes,
            self.initialiser,
            np.random.default_rng(seed),
        )
        for index, layer in enumerate(self.layers, start=1):
            try:
                write_layer(network, layer)
            except Wrong as wrong:
                place = f"layer {index} ({layer.get('type', 'without type')})"
                raise self._wrong(place, str(wrong)) from None
        if network.shape[-1] != classes or len(network.shape) != (2 if self.width is None else 1):
            of_what = "for each step" if self.width is None else "one for each class"
            raise self._wrong("the last layer", f"does not make {classes} values, {of_what}")
        return self._assembled(network)

    def _assembled(self, network: NetworkWriter) -> ModelProto:
        network.nodes[-1].output[0] = "scores"
        real = TensorProto.FLOAT
        shape: list[int | str | None] = ["N", 1, self.height, self.width or "W"]
        steps = ["T"] if self.width is None else []
        graph = helper.make_graph(
            network.nodes,
            "network",
            [helper.make_tensor_value_info("pictures", real, shape)],
            [helper.make_tensor_value_info("scores", real, ["N", *steps, network.classes])],
            [numpy_helper.from_array(array, name) for name, array in network.values.items()],
        )
        opset = [helper.make_opsetid("", OPSET)]
        return helper.make_model(graph, opset_imports=opset, ir_version=_IR_VERSION)

    def _wrong(self, place: str, reason: str) -> ArchitectureWrong:
        return ArchitectureWrong(name=self.name, place=place, reason=reason)


def parse_architecture(data: bytes, name: str) -> Architecture:
    """Read a description, and try whether its layers fit together.

    Parameters
    ----------
    data : bytes
        A TOML file.
    name : str
        What error sentences call it.

    Raises
    ------
    ArchitectureWrong
        With file, place (layer or table) and reason.
    """
    try:
        architecture = _described(read_toml(data, "the description"), name)
    except Wrong as wrong:
        raise ArchitectureWrong(name=name, place=wrong.place, reason=str(wrong)) from None
    architecture.model(_SOME_CLASSES)
    return architecture


def _described(options: Options, name: str) -> Architecture:
    height, width = _sides(options.get("input"))
    layers = options.get("layers")
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise Wrong("must list its layers, each as { type = ... }")
    if len(layers) > _MAX_LAYERS:
        raise Wrong(f"has {len(layers)} layers, more than {_MAX_LAYERS}")
    architecture = Architecture(
        name=name,
        title=options.text("title", name),
        source=options.text("source", ""),
        height=height,
        width=width,
        initialiser=cast(Initialiser, options.choice("initialiser", INITIALISERS, "he")),
        layers=tuple(layers),
        recipe=_recipe(options.table("training", {})),
    )
    options.done()
    return architecture


def _sides(given: object) -> tuple[int, int | None]:
    match given:
        case [int(height), "any"] if type(height) is int and 1 <= height <= _MAX_SIDE:
            return height, None
        case [int(height), int(width)] if (
            not {type(height), type(width)} - {int}
            and 1 <= height <= _MAX_SIDE
            and 1 <= width <= _MAX_SIDE
        ):
            return height, width
    raise Wrong(f'must say input = [height, width] in pixels, 1 to {_MAX_SIDE}, or [height, "any"]')


def _recipe(options: Options) -> Recipe:
    defaults = Recipe()
    recipe = dataclasses.replace(
        defaults,
        epochs=options.whole("epochs", defaults.epochs, minimum=1),
        batch=options.whole("batch", defaults.batch, minimum=1),
        rate=options.number("rate", defaults.rate, above=0),
        loss=_part(options, "loss", _LOSSES, "cross-entropy"),
        optimiser=_part(options, "optimiser", _OPTIMISERS, "adamw"),
        schedule=_part(options, "schedule", _SCHEDULES, "one-cycle"),
        clip=options.number("clip", above=0) if options.has("clip") else None,
        average=options.number("average", minimum=0, below=1) if options.has("average") else None,
    )
    options.done()
    return recipe


def _part(options: Options, key: str, kinds: Mapping[str, type[Any]], default: str) -> Any:
    """A loss, optimiser or schedule: the keys of its table are the fields of its class."""
    inner = options.table(key, {"type": default}, f"[training] {key}:")
    return inner.fill(kinds[inner.choice("type", kinds)], below_one=_BELOW_ONE)
