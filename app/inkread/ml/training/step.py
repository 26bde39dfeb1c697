"""The graph of a training step: its inputs, outputs and variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from inkread.ml.gradients.blocked import DOMAIN
from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Array
from inkread.ml.graph.forward import Forward
from inkread.ml.graph.rewrites import momentum_into_gemm

LABELS, WEIGHTS, RATE, COUNT = "train/labels", "train/weights", "train/rate", "train/count"
LOSS, CORRECT = "train/loss", "train/right"
_IR_VERSION = 9
"""IR version of the ONNX file; a newer one would demand a newer onnxruntime than needed."""


@dataclass(frozen=True)
class Variable:
    """An array that is carried from step to step.

    Attributes
    ----------
    name, next : str
        The graph's input, and the output that replaces it in the next step.
    value : ndarray
        Initial value.
    kind : str
        An ``average`` replaces the parameter ``of`` when the model is evaluated.
    """

    name: str
    next: str
    value: Array
    kind: Literal["parameter", "statistic", "slot", "average", "count"]
    of: str = ""


@dataclass(frozen=True)
class TrainingGraph:
    """A training step, ready for onnxruntime.

    Attributes
    ----------
    model : ModelProto
        Inputs: the forward model's input; LABELS (N,) int64; WEIGHTS (N,); TEACHER (N, classes),
        if the loss asks for it; RATE, a scalar; the noise; the variables. Outputs: LOSS and
        CORRECT, scalars; the variables' next values.
    forward : Forward
        The model that is trained.
    variables : tuple of Variable
    noise : dict
        Inputs to fill with uniform random numbers in [0, 1): name -> shape without the batch.
    """

    model: ModelProto
    forward: Forward
    variables: tuple[Variable, ...]
    noise: dict[str, tuple[int, ...]]

    def evaluation_values(self, values: Mapping[str, Array]) -> dict[str, Array]:
        """Values for the forward model: parameters and statistics, averages where kept."""
        found = {
            v.name: values[v.name] for v in self.variables if v.kind in ("parameter", "statistic")
        }
        return found | {v.of: values[v.name] for v in self.variables if v.of}


def assemble(
    g: GraphBuilder,
    forward: Forward,
    variables: Sequence[Variable],
    noise: dict[str, tuple[int, ...]],
    targets: Sequence[ValueInfoProto],
    results: Sequence[str],
) -> TrainingGraph:
    """Declare inputs and outputs, and remove nodes that no output depends on.

    `targets` are the inputs that say what is right; those that the loss does not use are left
    out. `results` are the scalars that a step reports.
    """
    real = g.element_type
    n = "N"
    declared, pictures = helper.make_tensor_value_info, forward.input_dtype
    inputs = [
        declared(
            forward.input, helper.np_dtype_to_tensor_dtype(pictures), [n, *forward.cell_shape]
        ),
        *targets,
        declared(RATE, real, []),
        *(declared(k, real, [n, *s]) for k, s in noise.items()),
        *(declared(v.name, real, v.value.shape) for v in variables),
    ]
    outputs = [declared(name, real, []) for name in results]
    outputs += [declared(v.next, real, v.value.shape) for v in variables]
    inputs_of_step = {v.name for v in variables}
    nodes = _needed(g.nodes, [o.name for o in outputs])
    nodes = momentum_into_gemm(nodes, _scalars(g.constants), inputs_of_step)
    used = {name for node in nodes for name in node.input}
    initialisers = [t for t in forward.model.graph.initializer if t.name not in inputs_of_step]
    kept = [t for t in [*initialisers, *g.constants] if t.name in used]
    unused = {target.name for target in targets} - used
    inputs = [i for i in inputs if i.name not in unused]
    graph = helper.make_graph(nodes, "training_step", inputs, outputs, kept)
    opsets = [*forward.model.opset_import, helper.make_opsetid(DOMAIN, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
    return TrainingGraph(model, forward, tuple(variables), noise)


def _scalars(constants: Sequence[TensorProto]) -> dict[str, float]:
    return {t.name: float(numpy_helper.to_array(t)) for t in constants if not t.dims}


def _needed(nodes: Sequence[NodeProto], outputs: Sequence[str]) -> list[NodeProto]:
    """The nodes that the outputs depend on, in the same order."""
    needed = set(outputs)
    kept = []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    return kept[::-1]
