"""Build ONE graph that does a whole training step from forward model, loss and optimiser.

Inputs: the batch, its labels and weights, the learning rate, and every variable (parameters,
running statistics, the optimiser's slots). Outputs: loss, count of correct answers,
and every variable's next value. The session binds inputs and outputs to two sets of arrays and
swaps them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from onnx import NodeProto, TensorProto, helper

from inkread.ml.gradients.backward import backward
from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import TRAINING_FORMS, Array, Site
from inkread.ml.graph.forward import Forward
from inkread.ml.training.ctc import ctc_inputs, emit_ctc
from inkread.ml.training.losses import TEACHER, Loss
from inkread.ml.training.optimisers import Optimiser, Step, Weights
from inkread.ml.training.step import (
    CORRECT,
    COUNT,
    LABELS,
    LOSS,
    RATE,
    WEIGHTS,
    TrainingGraph,
    Variable,
    assemble,
)

_TINY = 1e-30


@dataclass(frozen=True)
class Settings:
    """Settings of a step that do not belong to the optimiser.

    Parameters
    ----------
    clip : float, optional
        Gradients are scaled so that their common Euclidean norm is at most this
        (Pascanu, Mikolov and Bengio 2013, algorithm 1).
    average : float, optional
        Decay of an exponential average of the parameters, for evaluation (Polyak and
        Juditsky 1992); early on min(average, (1 + t) / (10 + t)), as in TensorFlow.
    """

    clip: float | None = None
    average: float | None = None


def build(
    forward: Forward,
    loss: Loss,
    optimiser: Optimiser,
    settings: Settings | None = None,
    block: int = 0,
) -> TrainingGraph:
    """Differentiate a model into a training step.

    Parameters
    ----------
    forward : Forward
        From ``read_forward``.
    loss : Loss
        Minimised.
    optimiser : Optimiser
        Update rule of the parameters.
    settings : Settings, optional
        Clipping and averaging.
    block : int
        Channels in a block, from ``block_size``; 0 for ONNX's own operators alone.

    Returns
    -------
    TrainingGraph

    Raises
    ------
    NotDifferentiable
        For an operator without a gradient rule; names operator and node.
    """
    g = GraphBuilder(forward.dtype, block)

    def emit(compared: str) -> tuple[str, str]:
        return loss.emit(g, compared, LABELS, WEIGHTS, forward.classes)

    variables, noise = _write_step(g, forward, emit, optimiser, settings, loss.output_of)
    _write_correct(g, forward.output)
    declared, real = helper.make_tensor_value_info, g.element_type
    targets = [
        declared(LABELS, TensorProto.INT64, ["N"]),
        declared(WEIGHTS, real, ["N"]),
        declared(TEACHER, real, ["N", forward.classes]),
    ]
    return assemble(g, forward, variables, noise, targets, (LOSS, CORRECT))


def build_lines(
    forward: Forward,
    optimiser: Optimiser,
    settings: Settings | None = None,
    block: int = 0,
) -> TrainingGraph:
    """Differentiate a line network of a fixed width into a training step, with the loss of CTC.

    Parameters
    ----------
    forward : Forward
        From ``read_forward`` with a width.
    optimiser, settings, block
        As for `build`.

    Returns
    -------
    TrainingGraph
        With the inputs of `inkread.ml.training.ctc` instead of labels and weights.

    Raises
    ------
    NotDifferentiable
        For an operator without a gradient rule; names operator and node.
    """
    g = GraphBuilder(forward.dtype, block)
    variables, noise = _write_step(
        g, forward, lambda logits: emit_ctc(g, logits), optimiser, settings
    )
    return assemble(g, forward, variables, noise, ctc_inputs(forward.classes), (LOSS,))


def _write_step(
    g: GraphBuilder,
    forward: Forward,
    emit: Callable[[str], tuple[str, str]],
    optimiser: Optimiser,
    settings: Settings | None,
    output_of: Callable[[NodeProto], str] = lambda last: str(last.output[0]),
) -> tuple[list[Variable], dict[str, tuple[int, ...]]]:
    """Emit forward pass, loss, gradients and updates; returns variables and noise inputs."""
    settings = settings or Settings()
    nodes = list(forward.nodes)
    noise, updates = _write_forward(g, forward)
    (last,) = (node for node in nodes if forward.output in node.output)
    compared = output_of(last)
    value, seed = emit(compared)
    if optimiser.takes_scaled_gradient:
        seed = g.op("Mul", seed, g.op("Neg", RATE))
    gradients = backward(
        g, nodes, (compared, seed), forward.parameters, forward.shapes, forward.constants
    )
    if settings.clip is not None:
        limit = g.constant(settings.clip)
        if optimiser.takes_scaled_gradient:
            limit = g.op("Mul", limit, RATE)
        gradients = _clipped(g, gradients, limit)
    variables = _write_updates(g, forward, gradients, optimiser, settings)
    variables += [
        Variable(name, new, forward.values[name], "statistic") for name, new in updates.items()
    ]
    g.op("Identity", value, name=LOSS)
    return variables, noise


def _write_forward(
    g: GraphBuilder, forward: Forward
) -> tuple[dict[str, tuple[int, ...]], dict[str, str]]:
    noise: dict[str, tuple[int, ...]] = {}
    updates: dict[str, str] = {}
    for node in forward.nodes:
        form = TRAINING_FORMS.get(node.op_type)
        if form is None:
            g.nodes.append(node)
            continue
        extras = form(g, Site(node, (), forward.shapes, forward.constants))
        noise.update(extras.noise)
        updates.update(extras.updates)
    return noise, updates


def _clipped(g: GraphBuilder, gradients: dict[str, str], limit: str) -> dict[str, str]:
    squares = [g.op("ReduceSumSquare", dw, keepdims=0) for dw in gradients.values()]
    norm = g.op("Sqrt", g.op("Sum", *squares))
    scale = g.op("Div", limit, g.op("Max", norm, limit, g.constant(_TINY)))
    return {name: g.op("Mul", dw, scale) for name, dw in gradients.items()}


def _write_updates(
    g: GraphBuilder,
    forward: Forward,
    gradients: dict[str, str],
    optimiser: Optimiser,
    settings: Settings,
) -> list[Variable]:
    count = g.op("Add", COUNT, g.constant(1))
    variables = [Variable(COUNT, count, np.zeros((), g.dtype), "count")]
    step = Step(RATE, count)
    for name, gradient in gradients.items():
        value = forward.values[name]
        slots = [f"{name}/{slot}" for slot in optimiser.slots]
        weights = Weights(name, gradient, slots, decays=value.ndim > 1)
        update = optimiser.emit(g, weights, step)
        variables.append(Variable(name, update.parameter, value, "parameter"))
        variables += [
            Variable(slot, new, np.broadcast_to(value.dtype.type(first), value.shape), "slot")
            for slot, new, first in zip(slots, update.slots, optimiser.slots.values(), strict=True)
        ]
        if settings.average is not None:
            variables.append(_average(g, name, update.parameter, value, settings.average, count))
    return variables


def _average(
    g: GraphBuilder, name: str, new: str, value: Array, decay: float, count: str
) -> Variable:
    average = f"{name}/average"
    early = g.op("Div", count, g.op("Add", count, g.constant(9)))
    rest = g.op("Sub", g.constant(1), g.op("Min", early, g.constant(decay)))
    towards = g.op("Mul", g.op("Sub", new, average), rest)
    return Variable(average, g.op("Add", average, towards), value, "average", of=name)


def _write_correct(g: GraphBuilder, output: str) -> None:
    guess = g.op("ArgMax", output, axis=-1, keepdims=0)
    g.op("ReduceSum", g.step(g.op("Equal", guess, LABELS)), keepdims=0, name=CORRECT)
