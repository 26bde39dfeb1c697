"""Networks in several forms, cut and put together again."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import ModelProto, helper

from app.core.steps import finished
from app.ml.adapting.cut import CutNetwork
from app.ml.adapting.head import Head
from app.ml.classifier import OnnxClassifier
from app.ml.surgery import NotTrainable
from tests.ml.adapting.hands import reader, reference
from tests.ml.networks import model

RNG = np.random.default_rng(0)
CELLS = reference(2).cells
READ = CELLS[:, np.newaxis].astype(np.float32) / np.float32(255)


def network(*nodes: onnx.NodeProto, batch: int | str = "N", **values: np.ndarray) -> bytes:
    typed = {name: np.asarray(value, np.float32) for name, value in values.items()}
    flat = helper.make_node("Flatten", ["x"], ["f"])
    made: ModelProto = model([flat, *nodes], typed, [batch, 1, 28, 28], 10)
    return bytes(made.SerializeToString())


W, B = RNG.normal(0, 0.1, (784, 10)), RNG.normal(size=10)
GEMM = helper.make_node("Gemm", ["f", "w", "b"], ["y"])
MATMUL = (helper.make_node("MatMul", ["f", "w"], ["m"]), helper.make_node("Add", ["m", "b"], ["y"]))
SOFTMAX = (
    helper.make_node("Gemm", ["f", "w", "b"], ["m"]),
    helper.make_node("Softmax", ["m"], ["y"]),
)


@pytest.mark.parametrize(
    ("data", "layers"),
    [
        (reader(), 2),
        (network(GEMM, w=W, b=B), 1),
        (network(*MATMUL, w=W, b=B), 1),
        (network(*MATMUL, w=W, b=B.reshape(1, 10)), 1),
        (network(*SOFTMAX, w=W, b=B), 1),
    ],
    ids=["two layers", "gemm", "matmul", "row of biases", "softmax"],
)
def test_head_and_features_make_the_networks_own_answers(data: bytes, layers: int) -> None:
    cut = CutNetwork(data, "network", 1)
    assert len(cut.head.layers) == layers
    features = finished(cut.features(CELLS))
    own = OnnxClassifier(data, "network").probabilities(READ)
    assert (cut.head.answers(features) == own.argmax(axis=1)).all()
    again = OnnxClassifier(cut.with_head(cut.head, cut.info), "again")
    same = again.probabilities(READ)
    assert same == pytest.approx(own, abs=1e-5)


def test_a_grown_head_makes_a_model_of_more_classes() -> None:
    cut = CutNetwork(reader(), "network", 1)
    labels = (*cut.info.labels, "tick")
    grown = OnnxClassifier(cut.with_head(cut.head.grown(labels), cut.info), "grown")
    assert grown.labels == labels
    assert grown.probabilities(np.zeros((1, 1, 28, 28), np.float32)).shape == (1, 11)


@pytest.mark.parametrize(
    "data",
    [
        network(helper.make_node("Gemm", ["f", "w"], ["y"]), w=W),
        network(helper.make_node("Gemm", ["f", "w", "b"], ["y"], alpha=2.0), w=W, b=B),
        network(SOFTMAX[0], helper.make_node("Sigmoid", ["m"], ["y"]), w=W, b=B),
    ],
    ids=["no bias", "scaled", "another end"],
)
def test_what_does_not_end_in_a_plain_dense_layer_is_refused(data: bytes) -> None:
    with pytest.raises(NotTrainable, match="dense layer"):
        CutNetwork(data, "network", 1)


def test_heads_of_one_layer_hide_nothing() -> None:
    features = RNG.normal(size=(3, 4))
    assert Head(("a", "b"), (RNG.normal(size=(2, 5)),)).hidden(features) is features
