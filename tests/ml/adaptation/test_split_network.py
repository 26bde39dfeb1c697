"""Networks in several forms, cut and put together again."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import ModelProto, helper

from inkread.core.generators import finished
from inkread.ml.adaptation.rbf_memory import RbfMemory
from inkread.ml.adaptation.split_network import SplitNetwork
from inkread.ml.graph.forward import read_forward
from inkread.ml.graph.surgery import NotTrainable
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.training.graph import build
from inkread.ml.training.losses import SoftmaxCrossEntropy
from inkread.ml.training.optimisers import Adam
from inkread.ml.training.session import TrainingSession
from tests.ml.adaptation.hands import reader, reference
from tests.ml.networks import model

RNG = np.random.default_rng(0)
CELLS = reference(2).cells
READ = CELLS[:, np.newaxis].astype(np.float32) / np.float32(255)


def network(*nodes: onnx.NodeProto, batch: int | str = "N", **values: np.ndarray) -> bytes:
    typed = {
        name: value if value.dtype == np.int64 else np.asarray(value, np.float32)
        for name, value in values.items()
    }
    flat = helper.make_node("Flatten", ["x"], ["f"])
    made: ModelProto = model([flat, *nodes], typed, [batch, 1, 28, 28], 10)
    return bytes(made.SerializeToString())


W, B = RNG.normal(0, 0.1, (784, 10)), RNG.normal(size=10)
WEIGHTS = RNG.normal(size=(5, 10)).astype(np.float32)
GEMM = helper.make_node("Gemm", ["f", "w", "b"], ["y"])
MATMUL = (helper.make_node("MatMul", ["f", "w"], ["m"]), helper.make_node("Add", ["m", "b"], ["y"]))
SOFTMAX = (
    helper.make_node("Gemm", ["f", "w", "b"], ["m"]),
    helper.make_node("Softmax", ["m"], ["y"]),
)


RESHAPED = (
    helper.make_node("Reshape", ["w", "shape"], ["v"]),
    helper.make_node("MatMul", ["f", "v"], ["m"]),
    MATMUL[1],
)
"""As the ONNX model zoo's mnist-12 keeps the weights of its last layer."""


FORMS = (
    reader(),
    network(GEMM, w=W, b=B),
    network(*MATMUL, w=W, b=B),
    network(*MATMUL, w=W, b=B.reshape(1, 10)),
    network(*RESHAPED, w=W.reshape(16, 7, 7, 10), b=B, shape=np.array([784, 10])),
    network(*RESHAPED, w=W.reshape(784, 2, 5), b=B, shape=np.array([0, -1])),
    network(*SOFTMAX, w=W, b=B),
)
NAMES = (
    "two layers",
    "gemm",
    "matmul",
    "row of biases",
    "reshaped weights",
    "sides kept",
    "softmax",
)


@pytest.mark.parametrize(
    ("data", "layers"), list(zip(FORMS, (2, 1, 1, 1, 1, 1, 1), strict=True)), ids=NAMES
)
def test_head_and_features_make_the_networks_own_answers(data: bytes, layers: int) -> None:
    split = SplitNetwork(data, "network", 1)
    assert len(split.head.layers) == layers
    features = finished(split.features(CELLS))
    own = OnnxClassifier(data, "network").probabilities(READ)
    assert (split.head.logits(features).argmax(axis=1) == own.argmax(axis=1)).all()
    again = OnnxClassifier(split.export(split.head, None, split.info), "again")
    same = again.probabilities(READ)
    assert same == pytest.approx(own, abs=1e-5)


def test_a_grown_head_makes_a_model_of_more_classes() -> None:
    split = SplitNetwork(reader(), "network", 1)
    labels = (*split.info.labels, "tick")
    grown = OnnxClassifier(split.export(split.head.with_classes(labels), None, split.info), "grown")
    assert grown.labels == labels
    assert grown.probabilities(np.zeros((1, 1, 28, 28), np.float32)).shape == (1, 11)


@pytest.mark.parametrize(
    "data",
    [
        network(helper.make_node("Gemm", ["f", "w"], ["y"]), w=W),
        network(helper.make_node("Gemm", ["f", "w", "b"], ["y"], alpha=2.0), w=W, b=B),
        network(SOFTMAX[0], helper.make_node("Sigmoid", ["m"], ["y"]), w=W, b=B),
        network(
            *RESHAPED,
            helper.make_node("Reshape", ["w", "other"], ["u"]),
            w=W.reshape(16, 7, 7, 10),
            b=B,
            shape=np.array([784, 10]),
            other=np.array([7840]),
        ),
    ],
    ids=["no bias", "scaled", "another end", "weights for two"],
)
def test_what_does_not_end_in_a_plain_dense_layer_is_refused(data: bytes) -> None:
    with pytest.raises(NotTrainable, match="dense layer"):
        SplitNetwork(data, "network", 1)


@pytest.mark.parametrize("data", FORMS, ids=NAMES)
def test_a_memory_corrects_the_scores_and_can_be_taken_out_again(data: bytes) -> None:
    split = SplitNetwork(data, "network", 1)
    assert split.memory is None
    features = finished(split.features(CELLS))
    memory = RbfMemory(features[:5], 0.5 * float(np.linalg.norm(features[0])), WEIGHTS)
    made = split.export(split.head, memory, split.info)
    plain = OnnxClassifier(data, "network").logits(READ)
    expected = plain + memory.correction(features)
    if data is FORMS[-1]:  # its logits are logarithms of probabilities
        expected -= np.log(np.exp(expected).sum(axis=1, keepdims=True))
    read = OnnxClassifier(made, "made")
    assert read.logits(READ) == pytest.approx(expected, abs=1e-3)
    probabilities, taught = read.probabilities_and_taught(READ)
    assert probabilities == pytest.approx(read.probabilities(READ))
    temperature = split.info.temperature or 1.0
    assert taught == pytest.approx(memory.correction(features) / temperature, abs=1e-3)
    again = SplitNetwork(made, "made", 1)
    assert again.memory is not None
    assert again.memory.centres == pytest.approx(memory.centres)
    assert again.memory.weights == pytest.approx(memory.weights)
    assert again.memory.bandwidth == pytest.approx(memory.bandwidth)
    assert again.export(again.head, None, split.info) == split.export(split.head, None, split.info)


def test_a_network_with_a_memory_can_be_trained_on() -> None:
    split = SplitNetwork(reader(), "network", 1)
    features = finished(split.features(CELLS))
    memory = RbfMemory(features[:5], float(np.linalg.norm(features[0])), WEIGHTS)
    forward = read_forward(onnx.load_from_string(split.export(split.head, memory, split.info)))
    assert {"memory/centres", "memory/weights"} < set(forward.parameters)
    session = TrainingSession(build(forward, SoftmaxCrossEntropy(), Adam()), len(CELLS), 1)
    losses = []
    for step in range(30):
        batch = session.batches[step % 2]
        batch.pictures[...] = READ
        batch.labels[...] = np.tile(np.arange(10), 2)[::-1]
        losses.append(session.step(0.01).loss)
    assert losses[-1] < 0.7 * losses[0]
