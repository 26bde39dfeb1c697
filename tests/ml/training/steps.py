"""One training step by the reference evaluator."""

from __future__ import annotations

from typing import Any

import numpy as np

from inkread.ml.training.losses import TEACHER
from inkread.ml.training.optimisers import Sgd
from inkread.ml.training.step import LABELS, RATE, WEIGHTS, TrainingGraph
from tests.ml.gradients.finite_differences import Array
from tests.ml.networks import evaluate

PLAIN = Sgd(momentum=0)
"""With rate 1: the gradient is what the parameter loses."""


def feed_of(graph: TrainingGraph, count: int = 3, rate: float = 1.0, seed: int = 7) -> Any:
    rng = np.random.default_rng(seed)
    dtype = graph.forward.dtype
    shape = [d or count for d in graph.forward.shapes[graph.forward.input]]
    feed = {
        graph.forward.input: rng.normal(size=shape),
        WEIGHTS: rng.random(count) + 0.5,
        RATE: np.array(rate),
        **{name: rng.random((count, *shape)) for name, shape in graph.noise.items()},
        **{v.name: v.value for v in graph.variables},
    }
    if any(i.name == TEACHER for i in graph.model.graph.input):
        feed[TEACHER] = rng.dirichlet(np.ones(graph.forward.classes), count)
    typed = {name: np.asarray(value, dtype) for name, value in feed.items()}
    return {**typed, LABELS: rng.integers(0, graph.forward.classes, count)}


def run(graph: TrainingGraph, feed: dict[str, Array]) -> dict[str, Array]:
    """One step by the reference evaluator."""
    names = [o.name for o in graph.model.graph.output]
    return dict(zip(names, evaluate(graph.model, feed), strict=True))


def next_values(graph: TrainingGraph, found: dict[str, Array]) -> dict[str, Array]:
    return {v.name: found[v.next] for v in graph.variables}


def value(graph: TrainingGraph, name: str) -> Array:
    return next(v.value for v in graph.variables if v.name == name)
