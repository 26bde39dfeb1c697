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
