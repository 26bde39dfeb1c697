"""Registry of gradient rules by operator, and the node context that they receive."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt
from onnx import NodeProto, helper

from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError
from inkread.ml.gradients.builder import GraphBuilder

Shape = tuple[int | None, ...]
"""Dimensions; None where they depend on the batch size."""
Array = npt.NDArray[Any]


class NotDifferentiable(InkreadError):
    """A node between the parameters and the loss has no gradient rule."""

    template = QT_TRANSLATE_NOOP(
        "errors",
        "The network cannot be trained: {operator} (node {node}) {reason}; "
        "choose a network made of other layers.",
    )


@dataclass(frozen=True)
class Site:
    """A node of the forward graph with the shapes and constants that are known in advance."""

    node: NodeProto
    needed: tuple[bool, ...]
    """Whether the gradient of each input is needed."""
    shapes: Mapping[str, Shape]
    constants: Mapping[str, Array]

    @property
    def inputs(self) -> Sequence[str]:
        return list(self.node.input)

    @property
    def output(self) -> str:
        return str(self.node.output[0])

    def has_input(self, index: int) -> bool:
        """Whether an optional input is present."""
        return index < len(self.node.input) and self.node.input[index] != ""

    def shape(self, index: int) -> Shape:
        """Shape of an input."""
        return self.shapes[self.node.input[index]]

    @property
    def output_shape(self) -> Shape:
        return self.shapes[self.output]

    def constant(self, index: int) -> Array | None:
        """Value of an input that is known in advance; None for others."""
        return self.constants.get(self.node.input[index]) if self.has_input(index) else None

    def number(self, name: str, default: float) -> float:
        return float(self._attribute(name, default))

    def integer(self, name: str, default: int) -> int:
        return int(self._attribute(name, default))

    def integers(self, name: str, default: Sequence[int]) -> tuple[int, ...]:
        return tuple(int(v) for v in self._attribute(name, default))

    def text(self, name: str, default: str) -> str:
        value = self._attribute(name, default)
        return value.decode() if isinstance(value, bytes) else str(value)

    def fixed(self, shape: Shape, first: int = 1) -> tuple[int, ...]:
        """The dimensions from ``first`` on, which must not depend on the batch."""
        rest = tuple(d for d in shape[first:] if d is not None)
        if len(rest) != len(shape[first:]):
            raise self.refusal("has a size that is not fixed")
        return rest

    def refusal(self, reason: str) -> NotDifferentiable:
        """An error that names this node."""
        name = self.node.name or self.output
        return NotDifferentiable(operator=self.node.op_type, node=name, reason=reason)

    def _attribute(self, name: str, default: Any) -> Any:
        for attribute in self.node.attribute:
            if attribute.name == name:
                return helper.get_attribute_value(attribute)
        return default


Rule = Callable[[GraphBuilder, Site, str], Sequence[str | None]]
"""(graph, node, gradient of its output) -> gradients of its inputs; None where not needed."""


@dataclass(frozen=True)
class Extras:
    """Further inputs and outputs of a training form."""

    noise: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Inputs of uniform random numbers in [0, 1): name -> shape without the batch."""
    updates: Mapping[str, str] = field(default_factory=dict)
    """Initialiser -> the value that replaces it after the step."""


TrainingForm = Callable[[GraphBuilder, Site], Extras]
"""Emits the training form of a node under the same output name."""

GRADIENTS: dict[str, Rule] = {}
TRAINING_FORMS: dict[str, TrainingForm] = {}


def gradient(*op_types: str) -> Callable[[Rule], Rule]:
    """Register a rule for operators."""

    def register(rule: Rule) -> Rule:
        GRADIENTS.update(dict.fromkeys(op_types, rule))
        return rule

    return register


def training_form(op_type: str) -> Callable[[TrainingForm], TrainingForm]:
    """Register a training form for an operator."""

    def register(form: TrainingForm) -> TrainingForm:
        TRAINING_FORMS[op_type] = form
        return form

    return register


def rule_of(site: Site) -> Rule:
    """Look up the rule for a node.

    Raises
    ------
    NotDifferentiable
        If there is none.
    """
    rule = GRADIENTS.get(site.node.op_type)
    if rule is None or site.node.domain not in ("", "ai.onnx"):
        raise site.refusal("has no gradient rule here")
    return rule


def only_first(dx: str) -> Sequence[str | None]:
    """Gradients of an operator whose further inputs are settings."""
    return (dx,)


def size(shape: tuple[int, ...]) -> int:
    """Number of elements."""
    return math.prod(shape)
