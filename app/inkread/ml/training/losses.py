"""Losses as parts of a graph: from the network's output to a scalar and its gradient.

Samples are weighted: the loss is Σ wᵢ lᵢ / Σ wᵢ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from onnx import NodeProto

from inkread.ml.gradients.builder import GraphBuilder

TEACHER = "train/teacher"
"""The input of a training graph that holds a teacher's probabilities, (N, classes)."""


class Loss(Protocol):
    """Function that training minimises."""

    def output_of(self, last: NodeProto) -> str:
        """Name of the value to compare with the labels, given the last node."""
        ...

    def emit(
        self, g: GraphBuilder, output: str, labels: str, weights: str, classes: int
    ) -> tuple[str, str]:
        """Write the loss.

        Parameters
        ----------
        g : GraphBuilder
            Receives the nodes.
        output : str
            (N, classes), of the graph's type.
        labels : str
            (N,) int64 in [0, classes]; `classes` stands for none of them.
        weights : str
            (N,) of the graph's type, >= 0.
        classes : int
            Columns of ``output``.

        Returns
        -------
        (str, str)
            The loss, a scalar, and its gradient with respect to ``output``.
        """
        ...


@dataclass(frozen=True)
class SoftmaxCrossEntropy:
    """l = -Σₖ qₖ log softmax(z)ₖ; dz = softmax(z) - q (Bridle 1990).

    Parameters
    ----------
    smoothing : float
        ε in [0, 1): q is 1 - ε at the label plus ε/K everywhere (Szegedy et al. 2016, 7).

    Notes
    -----
    For cells of no class q is 1/K everywhere: the network learns to be undecided about them
    (Hendrycks, Mazeika and Dietterich 2019, "Deep anomaly detection with outlier exposure").
    """

    smoothing: float = 0.0

    def output_of(self, last: NodeProto) -> str:
        """The logits; a final Softmax is part of this loss."""
        return str(last.input[0] if last.op_type == "Softmax" else last.output[0])

    def emit(
        self, g: GraphBuilder, output: str, labels: str, weights: str, classes: int
    ) -> tuple[str, str]:
        return _cross_entropy(g, output, self.target(g, labels, classes), weights)

    def target(self, g: GraphBuilder, labels: str, classes: int) -> str:
        """(N, classes): q of each sample."""
        off = self.smoothing / classes
        target = _one_hot(g, labels, classes, off, 1 - self.smoothing + off)
        is_none = g.reshape(g.op("Equal", labels, g.constant(classes, np.int64)), -1, 1)
        return g.op("Where", is_none, g.constant(1 / classes), target)


@dataclass(frozen=True)
class Distillation:
    """Cross-entropy with a mixture of the label and a teacher's probabilities.

    q = (1 - s) q' + s p, q' the target of the plain loss, p the teacher's probabilities (Hinton,
    Vinyals and Dean 2015, "Distilling the knowledge in a neural network").

    Parameters
    ----------
    plain : SoftmaxCrossEntropy
        Loss for the labels.
    share : float
        s in [0, 1], the weight of the teacher.
    """

    plain: SoftmaxCrossEntropy
    share: float = 0.7

    def output_of(self, last: NodeProto) -> str:
        """The logits."""
        return self.plain.output_of(last)

    def emit(
        self, g: GraphBuilder, output: str, labels: str, weights: str, classes: int
    ) -> tuple[str, str]:
        own = g.op("Mul", self.plain.target(g, labels, classes), g.constant(1 - self.share))
        target = g.op("Add", own, g.op("Mul", TEACHER, g.constant(self.share)))
        return _cross_entropy(g, output, target, weights)


@dataclass(frozen=True)
class SquaredError:
    """l = ½ Σₖ (yₖ - qₖ)², q = 1 at the label; dy = y - q (Rumelhart et al. 1986).

    For cells of no class q is 0 everywhere.
    """

    def output_of(self, last: NodeProto) -> str:
        """The output itself."""
        return str(last.output[0])

    def emit(
        self, g: GraphBuilder, output: str, labels: str, weights: str, classes: int
    ) -> tuple[str, str]:
        difference = g.op("Sub", output, _one_hot(g, labels, classes, 0, 1))
        share = _share(g, weights)
        gradient = g.op("Mul", share, difference)
        loss = g.op("Mul", g.sum(g.op("Mul", gradient, difference), 0, 1), g.constant(0.5))
        return loss, gradient


def _cross_entropy(g: GraphBuilder, output: str, target: str, weights: str) -> tuple[str, str]:
    share = _share(g, weights)
    logs = g.op("LogSoftmax", output, axis=-1)
    loss = g.op("Neg", g.sum(g.op("Mul", share, g.op("Mul", target, logs)), 0, 1))
    gradient = g.op("Mul", share, g.op("Sub", g.op("Exp", logs), target))
    return loss, gradient


def _one_hot(g: GraphBuilder, labels: str, classes: int, off: float, on: float) -> str:
    depth = g.constant(classes, np.int64)
    return g.op("OneHot", labels, depth, g.constant([off, on]), axis=-1)


def _share(g: GraphBuilder, weights: str) -> str:
    """(N, 1) share of each sample in the loss; 0 if all weights are 0."""
    total = g.op("Max", g.sum(weights, 0), g.constant(1e-12))
    return g.reshape(g.op("Div", weights, total), -1, 1)
