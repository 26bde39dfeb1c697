"""Connectionist temporal classification: the loss of a line whose signs have no places.

A line of L labels has S = 2 L + 1 states: its labels, with blank before, between and behind them.
In each step of time the path through the states stays, goes to the next state, or passes over a
blank between two different labels. The loss is -log of the sum over all paths of the product of
their emissions (Graves, Fernández, Gomez and Schmidhuber 2006, "Connectionist temporal
classification").

State s of line n emits p[n, t, s] = Σₖ y[n, t, k] M[n, k, s], y the softmax of the logits. In
plain CTC each column of M has a single 1; in a line with *free signs* its blanks emit every sign
that its labels leave out.

The recursions over time are one Scan of products with the matrix of transitions A, for both
directions at once, normalised in each step (Rabiner 1989, "A tutorial on hidden Markov models",
V.A):

    a[t] ∝ (a[t-1] A) ⊙ p[t]        b[t] ∝ (b[t+1] Aᵀ) ⊙ p[t]
    γ[t] ∝ a[t] ⊙ b[t] / p[t]       d loss / d logits = y - y ⊙ ((γ / p) Mᵀ)

γ[t] is normalised by itself, so that the scales cancel. Float64, as a state that the network
believes impossible may be 1e-300 at first.

Loss and gradient of 32 lines take 2.2 ms of CPU for 60 steps and 17 states, 4.8 ms for 90 steps and
29 states (*measured*); the same in NumPy beside the graph takes 2.0 and 5.1 ms, and would need the
forward pass twice or the graph cut in two. The whole step of 32 lines of 160 px takes 160 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, ValueInfoProto, helper

from inkread.ml.gradients.builder import GraphBuilder

EMISSIONS, TRANSITIONS, ENDS = "train/emissions", "train/transitions", "train/ends"
SHARES = "train/shares"
#: Below any sum that a path of float64 probabilities gives; keeps an impossible line finite.
_TINY = 1e-300

Real = npt.NDArray[np.float64]


@dataclass(frozen=True)
class CtcTargets:
    """Some lines in the form that the loss takes.

    Attributes
    ----------
    emissions : (N, K + 1, S) ndarray of float64
        M: 1 where a state emits a class; states beyond a line's own emit nothing.
    transitions : (2, N, S, S) ndarray of float64
        A, 1 where a path may go from one state to another, and its transpose.
    ends : (2, N, 1, S) ndarray of float64
        1 at the first state of a line, and at its last.
    """

    emissions: Real
    transitions: Real
    ends: Real


def ctc_targets(
    labels: Sequence[Sequence[int]],
    classes: int,
    free_signs: Sequence[bool] | None = None,
    signs: Sequence[int] = (),
) -> CtcTargets:
    """States, emissions and transitions of some lines.

    Parameters
    ----------
    labels : sequence of sequence of int
        Of each line, 0 to classes - 2.
    classes : int
        Columns of the logits; the last is blank.
    free_signs : sequence of bool, optional
        Lines whose pictures show signs that their labels leave out.
    signs : sequence of int
        Classes that the blanks of such lines emit, too.
    """
    free_signs = free_signs if free_signs is not None else [False] * len(labels)
    count = 2 * max(map(len, labels), default=0) + 1
    emissions = np.zeros((len(labels), classes, count))
    ahead = np.zeros((len(labels), count, count))
    ends = np.zeros((2, len(labels), 1, count))
    for n, (line, free) in enumerate(zip(labels, free_signs, strict=True)):
        states = np.full(2 * len(line) + 1, classes - 1)
        states[1::2] = line
        own = len(states)
        emissions[n, states, np.arange(own)] = 1
        if free:
            emissions[n, list(signs), :own:2] = 1
        ahead[n, :own, :own] = np.eye(own) + np.eye(own, k=1)
        skips = 2 * np.flatnonzero(np.diff(line)) + 1
        ahead[n, skips, skips + 2] = 1
        ends[0, n, 0, 0] = ends[1, n, 0, own - 1] = 1
    return CtcTargets(emissions, np.stack([ahead, ahead.transpose(0, 2, 1)]), ends)


def steps_needed(labels: Sequence[int]) -> int:
    """Steps of time of the shortest path: one for each label, and a blank between equal ones."""
    return len(labels) + int((np.diff(labels) == 0).sum())


def ctc_inputs(classes: int) -> list[ValueInfoProto]:
    """Declare the inputs of the loss: `CtcTargets`, and (N,) shares of the lines in the mean."""
    shapes: dict[str, list[str | int | None]] = {
        EMISSIONS: ["N", classes, "S"],
        TRANSITIONS: [2, "N", "S", "S"],
        ENDS: [2, "N", 1, "S"],
        SHARES: ["N"],
    }
    return [helper.make_tensor_value_info(k, TensorProto.DOUBLE, s) for k, s in shapes.items()]


def emit_ctc(g: GraphBuilder, logits: str) -> tuple[str, str]:
    """Emit the loss.

    Parameters
    ----------
    g : GraphBuilder
        Receives the nodes; float32 or float64.
    logits : str
        (N, T, K + 1).

    Returns
    -------
    (str, str)
        Σₙ share[n] loss[n], a scalar, and its gradient with respect to the logits, both of the
        graph's type.
    """
    y = g.op("Softmax", g.op("Cast", logits, to=TensorProto.DOUBLE), axis=-1)
    p = g.op("MatMul", y, EMISSIONS)
    paths, scales = _scan(g, _both_ways(g, p))
    ahead, back = _direction(g, paths, 0), _reversed(g, _direction(g, paths, 1))
    floor = g.constant(_TINY, np.float64)
    divisor = g.op("Max", p, floor)
    shared = g.op("Div", g.op("Mul", ahead, back), divisor)
    total = g.op("Max", g.sum(shared, 2, keepdims=True), floor)
    gamma = g.op("Div", g.op("Div", shared, divisor), total)
    by_class = g.op("MatMul", gamma, g.op("Transpose", EMISSIONS, perm=[0, 2, 1]))
    slope = g.op("Mul", y, g.op("Sub", g.constant(1, np.float64), by_class))
    shares = g.reshape(SHARES, -1, 1, 1)
    seed = g.op("Cast", g.op("Mul", slope, shares), to=g.element_type)
    return _loss(g, ahead, scales), seed


def _both_ways(g: GraphBuilder, p: str) -> str:
    """(N, T, S) -> (T, 2, N, 1, S), the second of 2 backwards in time."""
    both = [g.op("Unsqueeze", x, g.integers(0, 3)) for x in (p, _reversed(g, p))]
    return g.op("Transpose", g.op("Concat", *both, axis=0), perm=[2, 0, 1, 3, 4])


def _scan(g: GraphBuilder, p: str) -> tuple[str, str]:
    """States of each step, (T, 2, N, 1, S), of sum 1, and their sums before, (T, 2, N, 1, 1)."""
    b = GraphBuilder(np.float64)
    moved = b.op("Mul", b.op("MatMul", "ctc/state", TRANSITIONS), "ctc/p")
    total = b.op("Max", b.sum(moved, -1, keepdims=True), b.constant(_TINY), name="ctc/sum")
    after = b.op("Div", moved, total, name="ctc/after")
    b.op("Identity", after, name="ctc/path")
    real = TensorProto.DOUBLE

    def declared(name: str, states: str | int = "S") -> ValueInfoProto:
        return helper.make_tensor_value_info(name, real, [2, "N", 1, states])

    body = helper.make_graph(
        b.nodes,
        "ctc_step",
        [declared("ctc/state"), declared("ctc/p")],
        [declared("ctc/after"), declared("ctc/path"), declared("ctc/sum", 1)],
        b.constants,
    )
    outputs = ["ctc/final", "ctc/paths", "ctc/scales"]
    g.nodes.append(helper.make_node("Scan", [ENDS, p], outputs, num_scan_inputs=1, body=body))
    return outputs[1], outputs[2]


def _direction(g: GraphBuilder, paths: str, index: int) -> str:
    """(T, 2, N, 1, S) -> (N, T, S)."""
    one = g.op("Gather", paths, g.constant(index, np.int64), axis=1)
    return g.op("Transpose", g.op("Squeeze", one, g.integers(2)), perm=[1, 0, 2])


def _reversed(g: GraphBuilder, x: str) -> str:
    """(N, T, S), backwards in time."""
    end = np.iinfo(np.int64).min
    return g.op("Slice", x, *(g.integers(i) for i in (-1, end, 1, -1)))


def _loss(g: GraphBuilder, ahead: str, scales: str) -> str:
    """-Σₜ log of the scales, and log of the share of the paths that end where they may."""
    may_end = g.op("MatMul", _half(g, ENDS, 1), _half(g, TRANSITIONS, 1))
    at_end = g.op("Slice", ahead, *(g.integers(i) for i in (-1, 2**31 - 1, 1)))
    ended = g.sum(g.op("Mul", at_end, may_end), 1, 2)
    floor = g.constant(_TINY, np.float64)
    logs = g.op("Log", g.op("Gather", scales, g.constant(0, np.int64), axis=1))
    total = g.op("Add", g.sum(logs, 0, 2, 3), g.op("Log", g.op("Max", ended, floor)))
    loss = g.op("Neg", g.sum(g.op("Mul", total, SHARES), 0))
    return g.op("Cast", loss, to=g.element_type)


def _half(g: GraphBuilder, x: str, index: int) -> str:
    return g.op("Gather", x, g.constant(index, np.int64), axis=0)
