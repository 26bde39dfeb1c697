"""The loss of CTC against a sum over all paths, and its gradient against differences."""

from __future__ import annotations

from itertools import groupby, product

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from inkread.ml.gradients.builder import GraphBuilder
from inkread.ml.gradients.registry import Array
from inkread.ml.training.ctc import (
    EMISSIONS,
    ENDS,
    SHARES,
    TRANSITIONS,
    ctc_inputs,
    ctc_targets,
    emit_ctc,
    steps_needed,
)
from tests.ml.gradients.finite_differences import central_differences, normal

SIGN, BLANK, CLASSES, STEPS = 2, 3, 4, 5
CASES: dict[str, tuple[list[list[int]], list[bool]]] = {
    "one line": ([[0, 1]], [False]),
    "a label that repeats": ([[1, 1], [0, 0]], [False, False]),
    "no label": ([[], []], [False, True]),
    "lines of many lengths": ([[], [1], [0, 1, 0], [0, 0, 1]], [False] * 4),
    "signs without labels": ([[0], [1, 1], [0, 1]], [True, True, False]),
}


def run(logits: Array, labels: list[list[int]], free: list[bool], shares: Array) -> list[Array]:
    """Loss and gradient by onnxruntime, in float64 unless the logits are float32."""
    g = GraphBuilder(logits.dtype)
    loss, gradient = emit_ctc(g, "logits")
    given = helper.make_tensor_value_info("logits", g.element_type, logits.shape)
    outputs = [
        helper.make_tensor_value_info(name, g.element_type, None) for name in (loss, gradient)
    ]
    inputs = [given, *ctc_inputs(logits.shape[2])]
    graph = helper.make_graph(g.nodes, "loss", inputs, outputs, g.constants)
    opset = [helper.make_opsetid("", 20)]
    model = helper.make_model(graph, opset_imports=opset, ir_version=9)
    targets = ctc_targets(labels, logits.shape[2], free, (SIGN,))
    feed = {
        "logits": logits,
        EMISSIONS: targets.emissions,
        TRANSITIONS: targets.transitions,
        ENDS: targets.ends,
        SHARES: shares,
    }
    assert TensorProto.DOUBLE in {i.type.tensor_type.elem_type for i in inputs}
    found: list[Array] = onnxruntime.InferenceSession(model.SerializeToString()).run(None, feed)
    return found


def over_all_paths(logits: Array, labels: list[int], free: bool) -> float:
    """-log of the sum of the probabilities of all paths that read as the labels."""
    y = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    total = 0.0
    for path in product(range(CLASSES), repeat=len(logits)):
        seen = (BLANK if free and label == SIGN else label for label in path)
        if [label for label, _ in groupby(seen) if label != BLANK] == labels:
            total += float(np.prod(y[range(len(logits)), path]))
    return -float(np.log(total))


@pytest.mark.parametrize("name", CASES)
def test_the_loss_is_that_of_all_paths_together(name: str) -> None:
    labels, free = CASES[name]
    logits = 2 * normal(len(labels), STEPS, CLASSES)
    shares = np.arange(1.0, len(labels) + 1)
    expected = [over_all_paths(*each) for each in zip(logits, labels, free, strict=True)]
    loss, _ = run(logits, labels, free, shares)
    np.testing.assert_allclose(loss, np.dot(shares, expected), rtol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_the_gradient_is_that_of_differences(name: str) -> None:
    labels, free = CASES[name]
    logits = 2 * normal(len(labels), STEPS, CLASSES, seed=1)
    shares = np.linspace(0.5, 1.5, len(labels))
    expected = central_differences(lambda x: float(run(x, labels, free, shares)[0]), logits)
    np.testing.assert_allclose(run(logits, labels, free, shares)[1], expected, atol=1e-8)


def test_a_network_that_is_sure_of_something_else_still_gets_a_gradient() -> None:
    logits = np.zeros((1, 40, CLASSES), np.float32)
    logits[:, :, BLANK] = 80
    loss, gradient = run(logits, [[0, 1, 0]], [False], np.ones(1))
    assert loss == pytest.approx(3 * 80 - np.log(40 * 39 * 38 / 6), rel=1e-3)
    assert np.isfinite(gradient).all()
    assert gradient[0, :, 0].sum() == pytest.approx(-2, abs=1e-3)


def test_a_line_of_share_0_leaves_no_trace_even_if_no_path_can_read_it() -> None:
    logits = normal(2, 3, CLASSES)
    loss, gradient = run(logits, [[0], [1, 1, 1]], [False, False], np.array([1.0, 0.0]))
    alone, own = run(logits[:1], [[0]], [False], np.ones(1))
    assert loss == pytest.approx(alone)
    np.testing.assert_allclose(gradient[0], own[0])
    assert not gradient[1].any()


@pytest.mark.parametrize(
    ("labels", "steps"), [((), 0), ((1,), 1), ((1, 2, 1), 3), ((1, 1, 1), 5), ((0, 0, 1, 1), 6)]
)
def test_equal_neighbours_need_a_blank_between_them(labels: tuple[int, ...], steps: int) -> None:
    assert steps_needed(labels) == steps
