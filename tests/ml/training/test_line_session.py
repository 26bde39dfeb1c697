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
from inkread.services.background.free_memory import resident

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


LARGE = b"""
input = [256, "any"]
layers = [
    { type = "conv", channels = 16, kernel = 1 },
    { type = "tanh" },
    { type = "conv", channels = 3, kernel = [256, 4], stride = [256, 4] },
    { type = "steps" },
    { type = "dense", units = "classes" },
]
"""


def _session(description: bytes = NETWORK) -> LineSession:
    network = parse_architecture(description, "n").model(3)
    return LineSession(network, Sgd(momentum=0), Settings(), threads=1)


def _pictures(width: int, count: int = 2) -> Array:
    return np.random.default_rng(width).random((count, 1, 4, width), np.float32)


def _step(session: LineSession, width: int, rate: float, count: int = 2) -> float:
    targets, rng = ctc_targets([[0, 1], [1], [0]][:count], 3), np.random.default_rng(0)
    shares = np.full(count, 1 / count)
    return session.step(_pictures(width, count), targets, shares, rate, rng)


def test_steps_of_one_width_show_at_the_others() -> None:
    session = _session()
    before = _step(session, 20, 0)
    for _ in range(30):
        _step(session, 32, 0.1)
    assert _step(session, 20, 0) < before - 0.5


def test_batches_may_have_different_counts_of_lines() -> None:
    """The loss of the first of two lines, alone and with a share of 1 and 0."""
    session = _session()
    alone = _step(session, 20, 0, count=1)
    targets = ctc_targets([[0, 1], [1]], 3)
    pictures = np.concatenate([_pictures(20, 1), _pictures(20, 1)[:, :, ::-1]])
    both = session.step(pictures, targets, np.array([1.0, 0.0]), 0, np.random.default_rng(0))
    assert both == pytest.approx(alone, rel=1e-5)


@pytest.mark.skipif(not resident(), reason="the system does not say what a process holds")
def test_one_width_uses_the_memory_of_another() -> None:
    """Each step has several arrays of 16 channels of 256 rows; at 128 px, 17 MB each."""
    session, targets, held = _session(LARGE), ctc_targets([[0, 1]] * 8, 3), list[int]()
    for width in (128, 124, 120, 116):
        pictures = np.zeros((8, 1, 256, width), np.float32)
        session.step(pictures, targets, np.full(8, 1 / 8), 0, np.random.default_rng(0))
        held.append(resident())
    assert held[-1] - held[0] < 3 * 17e6


def test_the_loss_falls_by_what_the_gradient_promises() -> None:
    """With plain descent a small step lowers the loss by rate * |gradient|²."""
    session, rate = _session(), 1e-3
    first = _step(session, 24, 0)
    old = {name: value.copy() for name, value in session.evaluation_values().items()}
    _step(session, 24, rate)
    new = session.evaluation_values()
    squares = sum(float((((old[k] - new[k]) / rate) ** 2).sum()) for k in old)
    assert first - _step(session, 24, 0) == pytest.approx(rate * squares, rel=0.05)
