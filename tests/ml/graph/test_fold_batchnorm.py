from __future__ import annotations

import numpy as np
import pytest
from onnx import NodeProto, helper

from inkread.ml.architecture.description import parse_architecture
from inkread.ml.graph.fold_batchnorm import fold_batch_normalisation
from inkread.ml.graph.surgery import with_initialisers
from tests.ml.networks import Array, convolutional, evaluate, model

node = helper.make_node
RNG = np.random.default_rng(0)


def _types(network: object) -> list[str]:
    return [n.op_type for n in network.graph.node]  # type: ignore[attr-defined]


def test_answers_stay_and_normalisation_and_dropout_go() -> None:
    given = convolutional()
    folded = fold_batch_normalisation(given)
    assert {"BatchNormalization", "Dropout"}.isdisjoint(_types(folded))
    assert {t.name for t in folded.graph.initializer}.isdisjoint({"mean", "scale", "ratio"})
    x = RNG.normal(size=(4, 1, 6, 6))
    np.testing.assert_allclose(evaluate(folded, {"x": x}), evaluate(given, {"x": x}), rtol=1e-9)


NORM: dict[str, Array] = {
    "s": RNG.normal(size=3),
    "t": RNG.normal(size=3),
    "m": RNG.normal(size=3),
    "v": RNG.random(3) + 0.1,
}


LINES = b"""
input = [4, "any"]
layers = [
    { type = "conv", channels = 4, kernel = 3, padding = "same" },
    { type = "batch_norm" },
    { type = "max_pool", size = [2, 1] },
    { type = "relu" },
    { type = "conv", channels = 5, kernel = [2, 3], padding = [0, 1] },
    { type = "batch_norm" },
    { type = "residual", layers = [
        { type = "conv", channels = 5, kernel = [1, 3], padding = [0, 2], dilation = [1, 2] },
        { type = "batch_norm" },
        { type = "relu" },
    ] },
    { type = "steps" },
    { type = "dense", units = "classes" },
]
"""


def test_line_networks_answer_the_same() -> None:
    plain = parse_architecture(LINES, "lines").model(3)
    norms = [n for n in plain.graph.node if n.op_type == "BatchNormalization"]
    names = {name for norm in norms for name in norm.input[1:]}
    drawn = {
        t.name: (0.5 + RNG.random(tuple(t.dims))).astype(np.float32)
        for t in plain.graph.initializer
        if t.name in names
    }
    assert len(drawn) == 4 * 3
    given = with_initialisers(plain, drawn)
    folded = fold_batch_normalisation(given)
    assert "BatchNormalization" not in _types(folded)
    feed = {given.graph.input[0].name: RNG.random((2, 1, 4, 20), np.float32)}
    expected = evaluate(given, feed)
    assert np.ptp(expected[0]) > 0.5
    np.testing.assert_allclose(evaluate(folded, feed), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("settings", [{}, {"transB": 1}, {"beta": 0.3, "alpha": 2.0}], ids=str)
@pytest.mark.parametrize("bias", [True, False])
def test_dense_layers(settings: dict[str, float], bias: bool) -> None:
    w = RNG.normal(size=(3, 4) if "transB" in settings else (4, 3))
    nodes = [
        node("Gemm", ["x", "w", "b"] if bias else ["x", "w"], ["g"]),
        node("BatchNormalization", ["g", *NORM], ["y"], epsilon=0.01),
    ]
    nodes[0].attribute.extend(helper.make_attribute(k, v) for k, v in settings.items())
    given = model(nodes, {"w": w, **({"b": RNG.normal(size=3)} if bias else {}), **NORM}, ["N", 4])
    folded = fold_batch_normalisation(given)
    assert _types(folded) == ["Gemm"]
    x = RNG.normal(size=(5, 4))
    np.testing.assert_allclose(evaluate(folded, {"x": x}), evaluate(given, {"x": x}), rtol=1e-9)


@pytest.mark.parametrize(
    "nodes",
    [
        [node("Relu", ["x"], ["r"]), node("BatchNormalization", ["r", *NORM], ["y"])],
        [
            node("Gemm", ["x", "w"], ["g"]),
            node("BatchNormalization", ["g", *NORM], ["n"]),
            node("Add", ["n", "g"], ["y"]),
        ],
    ],
    ids=["after no layer", "layer used twice"],
)
def test_what_cannot_be_folded_stays(nodes: list[NodeProto]) -> None:
    given = model(nodes, {"w": RNG.normal(size=(3, 3)), **NORM}, ["N", 3])
    assert _types(fold_batch_normalisation(given)) == [n.op_type for n in nodes]
