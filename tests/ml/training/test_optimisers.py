"""Optimisers: three steps of each beside the same written out in numpy."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.graph.forward import read_forward
from inkread.ml.training.graph import build
from inkread.ml.training.losses import SoftmaxCrossEntropy
from inkread.ml.training.optimisers import AdaGrad, Adam, AdamW, Optimiser, Sgd
from inkread.ml.training.step import COUNT
from tests.ml.gradients.finite_differences import Array
from tests.ml.networks import convolutional
from tests.ml.training.steps import PLAIN, feed_of, next_values, run, value


def _numpy_steps(optimiser: Optimiser, w: Array, gradients: list[Array], rate: float) -> Array:
    v, m, s = np.zeros_like(w), np.zeros_like(w), np.zeros_like(w)
    if isinstance(optimiser, AdaGrad):
        s += optimiser.initial
    for t, g in enumerate(gradients, start=1):
        if isinstance(optimiser, Sgd):
            g = g + optimiser.weight_decay * w
            v = optimiser.momentum * v - rate * g
            w = w + (optimiser.momentum * v - rate * g if optimiser.nesterov else v)
        elif isinstance(optimiser, AdaGrad):
            s = s + g**2
            w = w - rate * g / (np.sqrt(s) + optimiser.epsilon)
        elif isinstance(optimiser, Adam):
            decay = optimiser.weight_decay
            g = g if optimiser.decoupled else g + decay * w
            m = optimiser.beta1 * m + (1 - optimiser.beta1) * g
            s = optimiser.beta2 * s + (1 - optimiser.beta2) * g**2
            unbiased = m / (1 - optimiser.beta1**t), s / (1 - optimiser.beta2**t)
            # ε is added before the corrections, as the paper's section 2 suggests.
            epsilon = optimiser.epsilon / np.sqrt(1 - optimiser.beta2**t)
            shrunk = w * (1 - rate * decay) if optimiser.decoupled else w
            w = shrunk - rate * unbiased[0] / (np.sqrt(unbiased[1]) + epsilon)
    return w


OPTIMISERS: list[Optimiser] = [
    Sgd(momentum=0),
    Sgd(),
    Sgd(nesterov=True),
    Sgd(weight_decay=0.1),
    AdaGrad(),
    Adam(),
    Adam(weight_decay=0.1),
    AdamW(weight_decay=0.1),
]


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=str)
def test_optimisers(optimiser: Optimiser) -> None:
    forward = read_forward(convolutional(extra=False))
    graph = build(forward, SoftmaxCrossEntropy(), optimiser)
    feed = feed_of(graph, rate=0.05)
    slope = build(forward, SoftmaxCrossEntropy(), PLAIN)
    gradients = []
    for _ in range(3):
        parameters = {v.name: feed[v.name] for v in slope.variables}
        lost = next_values(slope, run(slope, {**feed_of(slope), **parameters}))
        gradients.append(feed["w2"] - lost["w2"])
        feed.update(next_values(graph, run(graph, feed)))
    expected = _numpy_steps(optimiser, value(graph, "w2"), gradients, 0.05)
    np.testing.assert_allclose(feed["w2"], expected, rtol=1e-10)
    assert feed[COUNT] == 3


def test_weight_decay_spares_vectors() -> None:
    forward = read_forward(convolutional(extra=False))
    with_decay = build(forward, SoftmaxCrossEntropy(), Sgd(momentum=0, weight_decay=0.5))
    without = build(forward, SoftmaxCrossEntropy(), PLAIN)
    a = next_values(with_decay, run(with_decay, feed_of(with_decay)))
    b = next_values(without, run(without, feed_of(without)))
    np.testing.assert_array_equal(a["b1"], b["b1"])
    np.testing.assert_allclose(a["w1"], b["w1"] - 0.5 * value(without, "w1"))
