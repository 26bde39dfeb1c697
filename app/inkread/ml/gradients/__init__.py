"""Gradient rules, one for each ONNX operator, and the graph builder that they use."""

from __future__ import annotations

from inkread.ml.gradients import (  # noqa: F401  (importing a module registers its rules)
    activations,
    arithmetic,
    convolution,
    dense,
    normalisation,
    pooling,
    shaping,
)
from inkread.ml.gradients.backward import backward
from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import (
    GRADIENTS,
    TRAINING_FORMS,
    Extras,
    NotDifferentiable,
    Shape,
    Site,
)

__all__ = [
    "GRADIENTS",
    "TRAINING_FORMS",
    "Extras",
    "GraphBuilder",
    "NotDifferentiable",
    "Shape",
    "Site",
    "backward",
]
