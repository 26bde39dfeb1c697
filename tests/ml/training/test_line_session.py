"""Steps over lines of several widths, which share their weights."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.ml.architecture.description import parse_architecture
from inkread.ml.gradients.registry import Array
from inkread.ml.training.ctc import ctc_targets
from inkread.ml.training.graph import Settings
from inkread.ml.training.line_session import LineSession
from inkread.ml.training.optimisers import Sgd

NETWORK = b"""
input = [4, "any"]
layers = [
    { type = "conv", channels = 3, kernel = [4, 4], stride = [1, 4] },
    { type = "residual", layers = [
        { type = "conv", channels = 3, kernel = [1, 3], padding = "same", dilation = [1, 2] },
        { type = "tanh" },
    ] },
    { type = "steps" },
    { type = "dense", units = "classes" },
]
"""


def _session() -> LineSession:
    network = parse_architecture(NETWORK, "n").model(3)
    return LineSession(network, Sgd(momentum=0), Settings(), batch=2, threads=1)


def _pictures(width: int) -> Array:
    return np.random.default_rng(width).random((2, 1, 4, width), np.float32)


def _step(session: LineSession, width: int, rate: float) -> float:
    targets, rng = ctc_targets([[0, 1], [1]], 3), np.random.default_rng(0)
    return session.step(_pictures(width), targets, np.full(2, 0.5), rate, rng)


def test_steps_of_one_width_show_at_the_others() -> None:
    session = _session()
    before = _step(session, 20, 0)
    for _ in range(30):
        _step(session, 32, 0.1)
    assert _step(session, 20, 0) < before - 0.5


def test_the_loss_falls_by_what_the_gradient_promises() -> None:
    """With plain descent a small step lowers the loss by rate * |gradient|²."""
    session, rate = _session(), 1e-3
    first = _step(session, 24, 0)
    old = {name: value.copy() for name, value in session.evaluation_values().items()}
    _step(session, 24, rate)
    new = session.evaluation_values()
    squares = sum(float((((old[k] - new[k]) / rate) ** 2).sum()) for k in old)
    assert first - _step(session, 24, 0) == pytest.approx(rate * squares, rel=0.05)
