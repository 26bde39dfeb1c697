"""Fewer multiplications, the same convolution."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import helper

from inkread.ml.gradients import winograd
from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.convolution import conv_form
from inkread.ml.gradients.registry import Site
from inkread.ml.gradients.windows import Windows
from tests.ml.gradients.finite_differences import Array, check_rule, evaluator, normal, run

SHAPES: list[tuple[str, tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ("one tile", (2, 2, 6, 6), (3, 2, 3, 3), {}),
    ("whole tiles", (2, 2, 8, 12), (1, 2, 3, 3), {"pads": [1, 1, 1, 1]}),
    ("cut tiles", (3, 1, 7, 9), (2, 1, 3, 3), {"pads": [1, 1, 1, 1]}),
    ("less than a tile", (2, 2, 3, 4), (3, 2, 3, 3), {}),
    ("five by five", (2, 2, 7, 6), (2, 2, 5, 5), {"pads": [2, 2, 2, 2]}),
    ("five by five, no padding", (1, 2, 9, 8), (2, 2, 5, 5), {}),
    ("uneven padding", (2, 1, 6, 5), (2, 1, 3, 3), {"pads": [2, 0, 1, 2]}),
    ("same", (2, 2, 6, 5), (2, 2, 5, 5), {"auto_pad": "SAME_LOWER"}),
]
CASES = pytest.mark.parametrize(
    ("x", "w", "attributes"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES]
)


@pytest.fixture(autouse=True)
def for_few_channels_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winograd, "MIN_CHANNELS", 1)


@CASES
def test_gradients(x: tuple[int, ...], w: tuple[int, ...], attributes: dict[str, Any]) -> None:
    arrays = [normal(*x), normal(*w, seed=1), normal(w[0], seed=2)]
    check_rule("Conv", arrays, wanted=(0, 1, 2), tolerance=1e-6, **attributes)
    check_rule("Conv", arrays[:2], wanted=(1,), tolerance=1e-6, **attributes)


@CASES
@pytest.mark.parametrize("bias", [True, False])
def test_forward(
    x: tuple[int, ...], w: tuple[int, ...], attributes: dict[str, Any], bias: bool
) -> None:
    feed: dict[str, Array] = {"x": normal(*x), "w": normal(*w, seed=1), "b": normal(w[0], seed=2)}
    if not bias:
        del feed["b"]
    node = helper.make_node("Conv", list(feed), ["y"])
    node.attribute.extend(helper.make_attribute(k, v) for k, v in attributes.items())
    expected = run(evaluator([node], feed, ["y"]), feed)[0]
    g = GraphBuilder(np.float64)
    shapes: dict[str, Any] = {name: a.shape for name, a in feed.items()}
    conv_form(g, Site(node, (), shapes | {"y": expected.shape}, {}))
    assert "Conv" not in [n.op_type for n in g.nodes]
    found = run(evaluator(g.nodes, feed, ["y"], g.constants), feed)[0]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("kernel", [3, 5])
def test_rounding_in_float32_stays_small(kernel: int) -> None:
    inverse, kernels, input_transform = (m.astype(np.float32) for m in winograd.matrices(kernel))
    rng = np.random.default_rng(0)
    worst = 0.0
    for _ in range(200):
        d = rng.random((kernel + 3, kernel + 3), dtype=np.float32)
        w = rng.normal(size=(kernel, kernel)).astype(np.float32)
        y = (
            inverse
            @ ((kernels @ w @ kernels.T) * (input_transform @ d @ input_transform.T))
            @ inverse.T
        )
        windows = np.lib.stride_tricks.sliding_window_view(d.astype(np.float64), w.shape)
        exact = np.einsum("abij,ij->ab", windows, w.astype(np.float64))
        worst = max(worst, float(abs(y - exact).max()) / kernel)
    assert worst < 3e-5


@pytest.mark.parametrize(
    "change",
    [
        {"strides": (2, 2)},
        {"dilations": (1, 2)},
        {"kernel": (3, 5)},
        {"kernel": (7, 7)},
        {"kernel": (1, 1)},
    ],
    ids=str,
)
def test_other_convolutions_are_left_alone(change: dict[str, Any]) -> None:
    plain: dict[str, Any] = {
        "picture": (9, 9),
        "kernel": (3, 3),
        "strides": (1, 1),
        "dilations": (1, 1),
        "before": (0, 0),
        "positions": (7, 7),
    }
    assert winograd.winograd_of(Windows(**plain), 1, 4, 4) is not None
    assert winograd.winograd_of(Windows(**plain), 2, 4, 4) is None
    assert winograd.winograd_of(Windows(**plain | change), 1, 4, 4) is None


def test_few_channels_do_not_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winograd, "MIN_CHANNELS", 24)
    windows = Windows((9, 9), (3, 3), (1, 1), (1, 1), (0, 0), (7, 7))
    assert winograd.winograd_of(windows, 1, 23, 64) is None
    assert winograd.winograd_of(windows, 1, 24, 64) is not None
