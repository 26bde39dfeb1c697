"""Gradient rules, one for each ONNX operator, and what they are written with."""

from __future__ import annotations

from app.ml.gradients import (  # noqa: F401  (importing a module enters its rules)
    activations,
    arithmetic,
    convolution,
    dense,
    normalisation,
    pooling,
    shaping,
)
from app.ml.gradients.backward import backward
from app.ml.gradients.builder import GraphBuilder
from app.ml.gradients.registry import (
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
