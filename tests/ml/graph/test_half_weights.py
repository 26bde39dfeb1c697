from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from inkread.data.paths import bundled
from inkread.ml.architecture.description import parse_architecture
from inkread.ml.graph.fold_batchnorm import fold_batch_normalisation
from inkread.ml.graph.half_weights import with_half_weights
from inkread.ml.graph.surgery import with_initialisers
from inkread.ml.inference.line_model import LINE_PICTURE_VERSION, OnnxLineReader
from inkread.ml.inference.metadata import LINES, ModelInfo
from inkread.ml.inference.static_check import check_model
from inkread.ml.training.line_batches import pictures_of
from tests.ml.networks import Array, evaluate, model
from tests.ml.training.line_sources import LABELS, BlotSource

LAYOUT = bundled("models/architectures/lines.toml")
PICTURES = pictures_of([BlotSource().line(index) for index in range(4)], 96)


@pytest.fixture(scope="module")
def single() -> ModelProto:
    """The line network as it begins, with statistics as after some training."""
    network = parse_architecture(LAYOUT.read_bytes(), "lines").model(len(LABELS) + 1)
    rng = np.random.default_rng(0)
    norms = [node for node in network.graph.node if node.op_type == "BatchNormalization"]
    names = {name for norm in norms for name in norm.input[1:]}
    drawn = {
        tensor.name: (0.5 + rng.random(tuple(tensor.dims))).astype(np.float32)
        for tensor in network.graph.initializer
        if tensor.name in names
    }
    folded = fold_batch_normalisation(with_initialisers(network, drawn))
    info = ModelInfo(labels=LABELS, preprocess_version=LINE_PICTURE_VERSION, kind=LINES)
    helper.set_model_props(folded, info.to_metadata())
    return folded


@pytest.fixture(scope="module")
def half(single: ModelProto) -> ModelProto:
    return with_half_weights(single)


def _run(network: ModelProto) -> Array:
    session = onnxruntime.InferenceSession(network.SerializeToString())
    return np.asarray(session.run(None, {"pictures": PICTURES})[0])


def _small(weights: Array) -> ModelProto:
    """One dense layer with these weights."""
    nodes = [helper.make_node("Gemm", ["x", "w"], ["y"])]
    return model(nodes, {"w": weights}, ["N", len(weights)])


def _weights(scale: float = 1.0, rows: int = 400) -> Array:
    drawn = np.random.default_rng(0).normal(0, scale, (rows, 3))
    return drawn.astype(np.float32)


def test_large_weights_take_half_the_bytes(single: ModelProto, half: ModelProto) -> None:
    before, after = (len(each.SerializeToString()) for each in (single, half))
    large = sum(
        4 * int(np.prod(t.dims)) for t in single.graph.initializer if np.prod(t.dims) > 1024
    )
    assert large > 0.95 * before
    assert after < before - 0.49 * large


def test_logits_change_by_the_rounding_of_the_weights(single: ModelProto, half: ModelProto) -> None:
    """Rounding to 11 bits errs by up to 2 ** -11 of a weight, a third of that as root mean square.

    The errors of a layer's weights are independent, so its sums err by as much, relatively, and
    those of nine layers add up as squares: 3 * 2 ** -11 / 3. Measured: 2 ** -11 of the logits'
    standard deviation. Twice that is allowed; bfloat16, of 8 bits, errs by eight times as much.
    """
    expected, found = _run(single), _run(half)
    assert found.dtype == np.float32
    assert expected.std() > 0.5
    error = np.sqrt(np.mean((found - expected) ** 2)) / expected.std()
    assert 0 < error < 2.0**-10


def test_onnxruntime_computes_what_onnx_itself_does(half: ModelProto) -> None:
    (expected,) = evaluate(half, {"pictures": PICTURES})
    np.testing.assert_allclose(_run(half), expected, rtol=0, atol=1e-5 * expected.std())


def test_it_is_a_sound_model_and_passes_for_a_foreign_one(half: ModelProto) -> None:
    onnx.checker.check_model(half, full_check=True)
    check_model(half.SerializeToString())


def test_line_reader_reads_with_it(half: ModelProto) -> None:
    reader = OnnxLineReader(half.SerializeToString(), "lines.onnx")
    image = np.round(PICTURES[0, 0] * 255).astype(np.uint8)
    np.testing.assert_allclose(reader.logits([image])[0], _run(half)[0], atol=1e-3)


def test_onnxruntime_runs_the_same_operators_as_in_single_precision(
    single: ModelProto, half: ModelProto, tmp_path: Path
) -> None:
    def optimised(network: ModelProto, name: str) -> list[str]:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        options.optimized_model_filepath = str(tmp_path / name)
        onnxruntime.InferenceSession(network.SerializeToString(), options)
        return [node.op_type for node in onnx.load(tmp_path / name).graph.node]

    assert "Cast" in [node.op_type for node in half.graph.node]
    assert optimised(half, "half.onnx") == optimised(single, "single.onnx")


def test_metadata_and_other_nodes_stay(single: ModelProto, half: ModelProto) -> None:
    assert list(half.metadata_props) == list(single.metadata_props)
    casts = sum(node.op_type == "Cast" for node in half.graph.node)
    assert list(half.graph.node)[casts:] == list(single.graph.node)


def test_the_given_model_is_not_changed() -> None:
    given = _small(_weights())
    before = given.SerializeToString(deterministic=True)
    assert with_half_weights(given) is not given
    assert given.SerializeToString(deterministic=True) == before


def test_a_second_time_changes_nothing(half: ModelProto) -> None:
    assert with_half_weights(half) is half


def test_weights_are_rounded_to_the_nearest() -> None:
    stored = with_half_weights(_small(_weights())).graph.initializer[0]
    assert stored.data_type == TensorProto.FLOAT16
    np.testing.assert_array_equal(
        numpy_helper.to_array(stored), _weights().astype(np.float16), strict=True
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "weights",
    [
        _weights(1e5),
        np.where(np.arange(1200).reshape(400, 3) == 7, np.float32(65520), _weights()),
        np.where(np.arange(1200).reshape(400, 3) == 7, np.float32("inf"), _weights()),
        np.where(np.arange(1200).reshape(400, 3) == 7, np.float32("nan"), _weights()),
        _weights(1e-6),
        _weights(rows=300),
        _weights().astype(np.float64),
    ],
    ids=["overflow", "one overflows", "infinity", "nan", "subnormal", "few", "double"],
)
def test_what_float16_cannot_hold_stays(weights: Array) -> None:
    given = _small(weights)
    assert with_half_weights(given) is given


@pytest.mark.parametrize("weights", [65504, 0, 1e-9], ids=str)
def test_one_weight_at_the_edge_does_not_keep_the_others(weights: float) -> None:
    values = _weights()
    values[2, 1] = weights
    stored = with_half_weights(_small(values)).graph.initializer[0]
    assert stored.data_type == TensorProto.FLOAT16


def test_defaults_of_inputs_stay() -> None:
    given = _small(_weights())
    given.graph.input.append(helper.make_tensor_value_info("w", TensorProto.FLOAT, [400, 3]))
    assert with_half_weights(given) is given
