"""Optimisers as parts of a graph: from a parameter and its gradient to the next parameter.

η is the learning rate, an input of the graph; λ the weight decay. As is common, it is not
applied to vectors (biases, scales of a normalisation).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from inkread.ml.gradients.builder import GraphBuilder


@dataclass(frozen=True)
class Weights:
    """Names of a parameter, its gradient and its slots; `decays`: whether weight decay applies."""

    name: str
    gradient: str
    slots: Sequence[str]
    decays: bool


@dataclass(frozen=True)
class Update:
    """Names of the next values of one parameter and its slots."""

    parameter: str
    slots: tuple[str, ...]


class Optimiser(Protocol):
    """Update rule of parameters, given their gradients."""

    #: Whether ``emit`` takes -η g instead of the gradient g. If the update is linear in the
    #: gradient, -η is multiplied into the gradient of the loss, a small array, and
    #: backpropagation carries it to all others.
    takes_scaled_gradient: ClassVar[bool]

    @property
    def slots(self) -> Mapping[str, float]:
        """State arrays of a parameter's shape, carried from step to step: name -> first value."""
        ...

    def emit(self, g: GraphBuilder, weights: Weights, step: Step) -> Update:
        """Emit the update of one parameter."""
        ...


@dataclass(frozen=True)
class Step:
    """Scalars of the graph that updates may use."""

    rate: str
    count: str
    """Index of this step, from 1, in the graph's type."""


@dataclass(frozen=True)
class Sgd:
    """v ← μ v - η (g + λ w); w ← w + v (Polyak 1964, as in Sutskever et al. 2013, 2).

    With ``nesterov``: w ← w + μ v - η (g + λ w), after v (Bengio et al. 2012, 3.5).
    """

    momentum: float = 0.9
    nesterov: bool = False
    weight_decay: float = 0.0
    takes_scaled_gradient: ClassVar[bool] = True

    @property
    def slots(self) -> Mapping[str, float]:
        return {"velocity": 0.0} if self.momentum else {}

    def emit(self, g: GraphBuilder, weights: Weights, step: Step) -> Update:
        move = weights.gradient
        if weights.decays and self.weight_decay:
            shrink = g.op("Mul", step.rate, g.constant(-self.weight_decay))
            move = g.op("Add", move, g.op("Mul", weights.name, shrink))
        if not self.momentum:
            return Update(g.op("Add", weights.name, move), ())
        momentum = g.constant(self.momentum)
        velocity = g.op("Add", g.op("Mul", weights.slots[0], momentum), move)
        ahead = velocity
        if self.nesterov:
            ahead = g.op("Add", g.op("Mul", velocity, momentum), move)
        return Update(g.op("Add", weights.name, ahead), (velocity,))


@dataclass(frozen=True)
class AdaGrad:
    """s ← s + g²; w ← w - η g / (sqrt(s) + ε) (Duchi, Hazan and Singer 2011)."""

    initial: float = 0.1
    epsilon: float = 1e-7
    weight_decay: float = 0.0
    takes_scaled_gradient: ClassVar[bool] = False

    @property
    def slots(self) -> Mapping[str, float]:
        return {"squares": self.initial}

    def emit(self, g: GraphBuilder, weights: Weights, step: Step) -> Update:
        gradient = _decayed(g, weights, self.weight_decay)
        squares = g.op("Add", weights.slots[0], g.op("Mul", gradient, gradient))
        root = g.op("Add", g.op("Sqrt", squares), g.constant(self.epsilon))
        change = g.op("Mul", g.op("Div", gradient, root), step.rate)
        return Update(g.op("Sub", weights.name, change), (squares,))


@dataclass(frozen=True)
class Adam:
    """m ← β₁ m + (1-β₁) g; v ← β₂ v + (1-β₂) g²; w ← w - η m̂ / (sqrt(v̂) + ε).

    m̂ = m / (1-β₁ᵗ), v̂ = v / (1-β₂ᵗ) (Kingma and Ba 2015, algorithm 1, in the order of its
    section 2: both corrections go into the rate). Decay is part of the gradient. m and v are
    kept without their factors 1-β, which go into the rate too; saves two passes over the weights.
    """

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-7
    weight_decay: float = 0.0
    decoupled: ClassVar[bool] = False
    takes_scaled_gradient: ClassVar[bool] = False

    @property
    def slots(self) -> Mapping[str, float]:
        return {"mean": 0.0, "squares": 0.0}

    def emit(self, g: GraphBuilder, weights: Weights, step: Step) -> Update:
        parameter = weights.name
        gradient = _decayed(g, weights, 0.0 if self.decoupled else self.weight_decay)
        mean = _decaying_sum(g, weights.slots[0], gradient, self.beta1)
        squares = _decaying_sum(g, weights.slots[1], g.op("Mul", gradient, gradient), self.beta2)
        epsilon = g.constant(self.epsilon / math.sqrt(1 - self.beta2))
        root = g.op("Add", g.op("Sqrt", squares), epsilon)
        change = g.op("Mul", g.op("Div", mean, root), self._rate(g, step))
        if weights.decays and self.decoupled and self.weight_decay:
            shrink = g.op("Mul", step.rate, g.constant(-self.weight_decay))
            parameter = g.op("Mul", parameter, g.op("Add", g.constant(1), shrink))
        return Update(g.op("Sub", parameter, change), (mean, squares))

    def _rate(self, g: GraphBuilder, step: Step) -> str:
        """η sqrt(1-β₂ᵗ) / (1-β₁ᵗ) (1-β₁) / sqrt(1-β₂)."""
        one = g.constant(1)
        first = g.op("Sub", one, g.op("Pow", g.constant(self.beta1), step.count))
        second = g.op("Sub", one, g.op("Pow", g.constant(self.beta2), step.count))
        factor = g.constant((1 - self.beta1) / math.sqrt(1 - self.beta2))
        rate = g.op("Mul", step.rate, factor)
        return g.op("Mul", rate, g.op("Div", g.op("Sqrt", second), first))


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam with decoupled decay: w ← (1 - η λ) w - ... (Loshchilov, Hutter 2019)."""

    weight_decay: float = 0.01
    decoupled: ClassVar[bool] = True


def _decayed(g: GraphBuilder, weights: Weights, decay: float) -> str:
    if not decay or not weights.decays:
        return weights.gradient
    return g.op("Add", weights.gradient, g.op("Mul", weights.name, g.constant(decay)))


def _decaying_sum(g: GraphBuilder, old: str, new: str, keep: float) -> str:
    return g.op("Add", g.op("Mul", old, g.constant(keep)), new)
