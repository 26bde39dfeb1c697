"""onnxruntime's own layout must change the speed and no number."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
import pytest
from onnx import helper

from inkread.ml.gradients import blocked
from inkread.ml.graph.forward import read_forward
from inkread.ml.training.graph import build
from inkread.ml.training.losses import SoftmaxCrossEntropy
from inkread.ml.training.optimisers import Sgd
from inkread.ml.training.step import LABELS, RATE, WEIGHTS
from tests.ml.networks import model

SIZE = blocked.block_size()


def _network(settings: dict[str, Any]) -> Any:
    """Convolutions of 1 to 16 to 32 to 16 to 5 channels."""
    rng, kernel = np.random.default_rng(0), settings.get("kernel_shape", (3, 3))
    nodes, values = [], {}
    for i, (inputs, outputs) in enumerate([(1, 16), (16, 32), (32, 16), (16, 5)]):
        values[f"w{i}"] = rng.normal(0, 0.1, (outputs, inputs, *kernel))
        values[f"b{i}"] = rng.normal(size=outputs)
        node = helper.make_node("Conv", [f"r{i}", f"w{i}", f"b{i}"], [f"c{i}"])
        node.attribute.extend(helper.make_attribute(k, v) for k, v in settings.items())
        nodes += [node, helper.make_node("Relu", [f"c{i}"], [f"r{i + 1}"])]
    nodes[0].input[0] = "x"
    nodes += [
        helper.make_node("GlobalAveragePool", ["r4"], ["g"]),
        helper.make_node("Flatten", ["g"], ["y"]),
    ]
    typed = {name: np.asarray(v, np.float32) for name, v in values.items()}
    return model(nodes, typed, ["N", 1, 19, 18], 5)


@pytest.mark.skipif(SIZE == 0, reason="onnxruntime has no blocks on this machine")
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"pads": [1, 1, 1, 1]},
        {"pads": [2, 0, 1, 2]},
        {"strides": [2, 1], "pads": [1, 1, 1, 1]},
        {"dilations": [2, 1]},
        {"auto_pad": "SAME_UPPER"},
        {"kernel_shape": [2, 3], "pads": [0, 1, 0, 1]},
        {"kernel_shape": [1, 3], "pads": [0, 2, 0, 2], "dilations": [1, 2]},
    ],
    ids=str,
)
def test_a_step_gives_the_same_numbers(settings: dict[str, Any]) -> None:
    forward = read_forward(_network(settings))
    rng = np.random.default_rng(1)
    feed = {
        "x": rng.normal(size=(3, 1, 19, 18)).astype(np.float32),
        LABELS: np.array([0, 4, 2]),
        WEIGHTS: np.ones(3, np.float32),
        RATE: np.array(1, np.float32),
    }
    steps = []
    for size in (0, SIZE):
        graph = build(forward, SoftmaxCrossEntropy(), Sgd(momentum=0), block=size)
        uses = {n.domain for n in graph.model.graph.node}
        assert (blocked.DOMAIN in uses) == (size > 0)
        session = onnxruntime.InferenceSession(graph.model.SerializeToString())
        found = session.run(None, feed | {v.name: v.value for v in graph.variables})
        steps.append(dict(zip([o.name for o in session.get_outputs()], found, strict=True)))
    for plain, other in zip(steps[0].values(), steps[1].values(), strict=True):
        np.testing.assert_allclose(other, plain, rtol=1e-3, atol=1e-5)


def test_channels_that_fill_no_block_are_left_alone() -> None:
    assert blocked.is_divisible(16, 16, 64)
    assert not blocked.is_divisible(16, 16, 24)
    assert not blocked.is_divisible(0, 16, 16)


def test_a_machine_without_blocks_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Any:
        raise RuntimeError("no such operator")

    def lies(_graph: object, feed: dict[str, Any], _outputs: object) -> Any:
        return feed["b"], feed["b"] + 1

    for run in (fails, lies):
        monkeypatch.setattr(blocked, "_run", run)
        assert blocked.block_size.__wrapped__() == 0


def test_the_size_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocked, "_works", lambda size: size == 8)
    assert blocked.block_size.__wrapped__() == 8
