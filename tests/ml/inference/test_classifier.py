from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper
from onnx.reference import ReferenceEvaluator

from inkread.core.batch.process_pool import in_processes
from inkread.core.batch.read_many import Portable
from inkread.core.cell import PREPROCESS_VERSION
from inkread.core.classifier import Classifier
from inkread.core.errors import FileIsFolder, FileMissing, ModelUnusable
from inkread.core.reading import Cells
from inkread.ml.inference import model_file
from inkread.ml.inference.classifier import TAUGHT, OnnxClassifier
from inkread.ml.inference.metadata import ModelInfo
from tests.ml import graphs

OURS = ModelInfo(labels=tuple("0123456789"), preprocess_version=PREPROCESS_VERSION, name="test")


def cells(count: int, seed: int = 1) -> Cells:
    return np.random.default_rng(seed).random((count, 1, 28, 28), dtype=np.float32)


def softmax(scores: Cells) -> Cells:
    odds = np.exp(scores.astype(np.float64))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)


def reference(data: bytes, fed: NDArray[Any]) -> Cells:
    """The answer of onnx's own evaluator."""
    outputs: Any = ReferenceEvaluator(onnx.load_from_string(data)).run(None, {"x": fed})
    return np.asarray(outputs[0], dtype=np.float32)


def refusal(data: bytes) -> str:
    with pytest.raises(ModelUnusable) as refused:
        OnnxClassifier(data, "odd.onnx")
    sentence = str(refused.value)
    assert sentence.startswith("odd.onnx: this model cannot be used (")
    assert "\n" not in sentence
    return sentence


def test_it_reads_as_the_reference_evaluator_does() -> None:
    data = graphs.dense(metadata=OURS.to_metadata())
    net: Classifier = OnnxClassifier(data, "m")
    batch = cells(7)
    assert net.labels == OURS.labels
    np.testing.assert_allclose(net.probabilities(batch), softmax(reference(data, batch)), atol=1e-5)


def test_temperature_divides_the_logits() -> None:
    info = ModelInfo(labels=OURS.labels, preprocess_version=PREPROCESS_VERSION, temperature=2.5)
    data = graphs.dense(metadata=info.to_metadata())
    net = OnnxClassifier(data, "m")
    batch = cells(5)
    expected = reference(data, batch)
    np.testing.assert_allclose(net.logits(batch), expected, atol=1e-4)
    np.testing.assert_allclose(net.probabilities(batch), softmax(expected / 2.5), atol=1e-5)


@pytest.mark.parametrize(
    ("said", "calibrated", "threshold"),
    [
        ({}, False, None),
        ({"temperature": 1.0}, True, None),
        ({"rejection_threshold": 0.0}, False, None),
        ({"temperature": 0.7, "rejection_threshold": 0.4}, True, 0.4),
    ],
)
def test_it_tells_whether_it_is_calibrated_and_from_where_on_it_rejects(
    said: dict[str, float], calibrated: bool, threshold: float | None
) -> None:
    info = replace(OURS, **said)  # type: ignore[arg-type]
    net = OnnxClassifier(graphs.dense(metadata=info.to_metadata()), "m")
    assert (net.is_calibrated, net.rejection_threshold) == (calibrated, threshold)


def test_somebody_elses_model_is_taken_at_its_word() -> None:
    foreign = {"temperature": "3.0", "rejection_threshold": "0.9"}
    data = graphs.dense(metadata=foreign)
    net = OnnxClassifier(data, "m")
    assert not net.is_calibrated
    assert net.rejection_threshold is None
    batch = cells(5)
    np.testing.assert_allclose(net.probabilities(batch), softmax(reference(data, batch)), atol=1e-5)


def test_it_tells_what_the_model_says_of_itself() -> None:
    net = OnnxClassifier(graphs.dense(metadata=OURS.to_metadata()), "m")
    assert net.info == OURS


def test_the_checksum_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(graphs.dense())
    expected = subprocess.run(
        [sys.executable, "-c", "import hashlib, sys; "
         "print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())", str(path)],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert OnnxClassifier.open(path).checksum == expected


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 600])
def test_batches_of_any_size(count: int) -> None:
    data = graphs.dense()
    batch = cells(count)
    found = OnnxClassifier(data, "m", threads=2).probabilities(batch)
    assert found.shape == (count, 10)
    assert found.dtype == np.float32
    if count:
        np.testing.assert_allclose(found, softmax(reference(data, batch)), atol=1e-5)


def test_it_can_be_sent_to_another_process() -> None:
    net = OnnxClassifier(graphs.dense(metadata=OURS.to_metadata()), "m")
    assert isinstance(net, Portable)
    (other,) = in_processes([cells(3)], partial(probabilities_of, net.maker), lambda _: cells(0), 1)
    np.testing.assert_array_equal(other, net.probabilities(cells(3)))


def probabilities_of(maker: Callable[[], Classifier]) -> Callable[[Cells], Cells]:
    return maker().probabilities


def test_cells_of_another_shape_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="cells of shape"):
        OnnxClassifier(graphs.dense(), "m").probabilities(np.zeros((1, 28, 28), np.float32))


@pytest.mark.parametrize("side", [20, 28, 32])
def test_cells_of_the_networks_own_size_are_not_resized(side: int) -> None:
    data = graphs.dense(shape=("n", 1, side, side))
    some = np.random.default_rng(0).random((3, 1, side, side), np.float32)
    found = OnnxClassifier(data, "m").probabilities(some)
    np.testing.assert_allclose(found, softmax(reference(data, some)), atol=1e-5)


class TestOtherPeoplesModels:
    def test_labels_are_digits_if_there_are_ten_outputs(self) -> None:
        assert OnnxClassifier(graphs.dense(), "m").labels == tuple("0123456789")

    def test_labels_of_the_metadata_count(self) -> None:
        data = graphs.dense(classes=3, metadata={"labels": '["a", "b", "c"]'})
        assert OnnxClassifier(data, "m").labels == ("a", "b", "c")

    @pytest.mark.parametrize("batch", [1, 4])
    def test_a_fixed_batch(self, batch: int) -> None:
        data = graphs.dense(shape=(batch, 1, 28, 28))
        some = cells(6)
        rows = [reference(data, np.repeat(cell[None], batch, axis=0))[:1] for cell in some]
        found = OnnxClassifier(data, "m").probabilities(some)
        np.testing.assert_allclose(found, softmax(np.concatenate(rows)), atol=1e-5)

    def test_an_open_batch_that_only_takes_one(self) -> None:
        nodes = [
            helper.make_node("Reshape", ["x", "shape"], ["flat"]),
            helper.make_node("Gemm", ["flat", "w", "b"], ["y"]),
        ]
        weights = graphs.dense_weights() | {"shape": np.array([1, 784])}
        data = graphs.model(nodes, ("n", 1, 28, 28), ("n", 10), weights=weights)
        some = cells(3)
        rows = [reference(data, cell[None]) for cell in some]
        found = OnnxClassifier(data, "m").probabilities(some)
        np.testing.assert_allclose(found, softmax(np.concatenate(rows)), atol=1e-5)

    @pytest.mark.parametrize("shape", [(28, 28, 1), (28, 28), (784,)])
    def test_other_layouts(self, shape: tuple[int, ...]) -> None:
        data = graphs.dense(shape=("n", *shape))
        some = cells(3)
        expected = softmax(reference(data, some.reshape(3, *shape)))
        np.testing.assert_allclose(
            OnnxClassifier(data, "m").probabilities(some), expected, atol=1e-5
        )

    @pytest.mark.parametrize(
        ("side", "how"), [(32, cv2.INTER_LINEAR), (14, cv2.INTER_AREA), (8, cv2.INTER_AREA)]
    )
    def test_other_sizes_get_resized_cells(self, side: int, how: int) -> None:
        data = graphs.dense(shape=("n", 1, side, side))
        some = cells(3)
        resized = np.stack(
            [cv2.resize(cell[0], (side, side), interpolation=how)[None] for cell in some]
        )
        found = OnnxClassifier(data, "m").probabilities(some)
        np.testing.assert_allclose(found, softmax(reference(data, resized)), atol=1e-5)

    def test_open_sides_are_the_cells_own(self) -> None:
        nodes = [
            helper.make_node("Conv", ["x", "k"], ["c"]),
            helper.make_node("GlobalAveragePool", ["c"], ["y"]),
        ]
        kernels = np.random.default_rng(0).normal(0, 1, (10, 1, 3, 3)).astype(np.float32)
        data = graphs.model(nodes, ("n", 1, "h", "w"), ("n", 10, 1, 1), weights={"k": kernels})
        some = cells(3)
        expected = softmax(reference(data, some).reshape(3, 10))
        np.testing.assert_allclose(
            OnnxClassifier(data, "m").probabilities(some), expected, atol=1e-5
        )

    def test_softmax_is_not_applied_twice(self) -> None:
        data = graphs.dense(last="Softmax")
        some = cells(4)
        np.testing.assert_allclose(
            OnnxClassifier(data, "m").probabilities(some), reference(data, some), atol=1e-5
        )

    def test_logarithms_of_probabilities_are_logits_too(self) -> None:
        data = graphs.dense(last="LogSoftmax")
        some = cells(4)
        np.testing.assert_allclose(
            OnnxClassifier(data, "m").probabilities(some),
            np.exp(reference(data, some)),
            atol=1e-5,
        )

    def test_an_impossible_class_has_probability_zero(self) -> None:
        nodes = [
            helper.make_node("Flatten", ["x"], ["flat"]),
            helper.make_node("Gemm", ["flat", "w", "b"], ["scores"]),
            helper.make_node("Add", ["scores", "never"], ["y"]),
        ]
        never = np.array([-np.inf] + [0] * 9, np.float32)
        weights = graphs.dense_weights() | {"never": never}
        data = graphs.model(nodes, ("n", 1, 28, 28), ("n", 10), weights=weights)
        found = OnnxClassifier(data, "m").probabilities(cells(2))
        assert (found[:, 0] == 0).all()
        np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)

    def test_bytes_as_input_range_from_0_to_255(self) -> None:
        nodes = [
            helper.make_node("Cast", ["x"], ["float"], to=TensorProto.FLOAT),
            helper.make_node("Flatten", ["float"], ["flat"]),
            helper.make_node("Gemm", ["flat", "w", "b"], ["y"], alpha=1 / 255),
        ]
        data = graphs.model(
            nodes,
            ("n", 1, 28, 28),
            ("n", 10),
            weights=graphs.dense_weights(),
            input_type=TensorProto.UINT8,
        )
        some = np.round(cells(3) * 255) / np.float32(255)
        expected = softmax(reference(data, np.round(some * 255).astype(np.uint8)))
        np.testing.assert_allclose(
            OnnxClassifier(data, "m").probabilities(some), expected, atol=1e-5
        )

    def test_double_precision(self) -> None:
        weights = {k: v.astype(np.float64) for k, v in graphs.dense_weights().items()}
        data = graphs.model(
            [
                helper.make_node("Flatten", ["x"], ["flat"]),
                helper.make_node("Gemm", ["flat", "w", "b"], ["y"]),
            ],
            ("n", 1, 28, 28),
            ("n", 10),
            weights=weights,
            input_type=TensorProto.DOUBLE,
            output_type=TensorProto.DOUBLE,
        )
        some = cells(3)
        expected = softmax(reference(data, some.astype(np.float64)))
        found = OnnxClassifier(data, "m").probabilities(some)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, atol=1e-5)


class TestRefused:
    def test_another_recipe_of_cells(self) -> None:
        other = ModelInfo(labels=OURS.labels, preprocess_version=PREPROCESS_VERSION + 1)
        sentence = refusal(graphs.dense(metadata=other.to_metadata()))
        assert f"recipe {PREPROCESS_VERSION + 1}" in sentence
        assert f"recipe {PREPROCESS_VERSION}" in sentence

    def test_metadata_that_cannot_be_understood(self) -> None:
        assert "JSON" in refusal(graphs.dense(metadata={"labels": "0,1,2"}))

    def test_outputs_without_labels(self) -> None:
        assert "7 outputs stand for" in refusal(graphs.dense(classes=7))

    def test_labels_that_do_not_fit(self) -> None:
        sentence = refusal(graphs.dense(metadata={"labels": '["a", "b"]'}))
        assert "2 labels for 10 outputs" in sentence

    def test_a_single_class(self) -> None:
        assert "it has only one class" in refusal(
            graphs.dense(classes=1, metadata={"labels": '["a"]'})
        )

    @pytest.mark.parametrize(
        ("shape", "reason"),
        [
            (("n", 3, 28, 28), "one channel"),
            (("n", 28, 28, 3), "one channel"),
            (("n", 101), "square"),
            (("n",), "batch of pictures"),
            (("n", 1, 1, 28, 28), "layout"),
            (("n", 1, 1024, 1024), "wide and high"),
            (("n", 1, 1, 784), "wide and high"),
            ((100_000, 1, 28, 28), "at once"),
        ],
    )
    def test_inputs_that_are_no_cells(self, shape: tuple[int | str, ...], reason: str) -> None:
        node = helper.make_node("ReduceSum", ["x"], ["y"], keepdims=0)
        assert reason in refusal(graphs.model([node], shape, ()))

    def test_an_input_whose_layout_is_open(self) -> None:
        node = helper.make_node("GlobalAveragePool", ["x"], ["y"])
        assert "layout" in refusal(graphs.model([node], ("n", "a", "b", "c"), ("n", "a", 1, 1)))

    def test_an_input_of_text(self) -> None:
        node = helper.make_node("Identity", ["x"], ["y"])
        text = TensorProto.STRING
        shape = ("n", 1, 28, 28)
        data = graphs.model([node], shape, shape, input_type=text, output_type=text)
        assert "tensor(string)" in refusal(data)

    def test_a_network_without_a_memory_was_taught_nothing(self) -> None:
        read = OnnxClassifier(graphs.dense(), "m")
        cells = np.ones((3, 1, 28, 28), np.float32)
        probabilities, taught = read.probabilities_and_taught(cells)
        assert np.array_equal(probabilities, read.probabilities(cells))
        assert taught.shape == probabilities.shape and not taught.any()

    def test_two_outputs(self) -> None:
        built = onnx.load_from_string(graphs.dense())
        built.graph.output.append(helper.make_tensor_value_info("flat", TensorProto.FLOAT, None))
        assert "2 outputs" in refusal(built.SerializeToString())

    def test_a_memory_of_another_shape_than_the_scores(self) -> None:
        built = onnx.load_from_string(graphs.dense())
        narrow = helper.make_node("ReduceMax", [built.graph.output[0].name], [TAUGHT], axes=[1])
        built.graph.node.append(narrow)
        built.graph.output.append(helper.make_tensor_value_info(TAUGHT, TensorProto.FLOAT, None))
        assert "memory" in refusal(built.SerializeToString())

    @pytest.mark.parametrize(
        ("nodes", "output"),
        [
            ([helper.make_node("Identity", ["x"], ["y"])], ("n", 1, 28, 28)),
            ([helper.make_node("ReduceSum", ["x"], ["y"], keepdims=0)], ()),
            ([helper.make_node("Transpose", ["x"], ["y"], perm=[3, 0, 1, 2])], (28, "n", 1, 28)),
        ],
    )
    def test_an_output_that_is_no_row_of_scores(
        self, nodes: list[NodeProto], output: tuple[int | str, ...]
    ) -> None:
        assert "row of scores" in refusal(graphs.model(nodes, ("n", 1, 28, 28), output))

    def test_an_output_of_whole_numbers(self) -> None:
        nodes = [
            helper.make_node("Flatten", ["x"], ["flat"]),
            helper.make_node("ArgMax", ["flat"], ["y"], axis=1),
        ]
        data = graphs.model(nodes, ("n", 1, 28, 28), ("n", 1), output_type=TensorProto.INT64)
        assert "not numbers" in refusal(data)

    def test_numbers_that_are_not_finite(self) -> None:
        nodes = [
            helper.make_node("Flatten", ["x"], ["flat"]),
            helper.make_node("Gemm", ["flat", "w", "b"], ["y"]),
        ]
        weights = graphs.dense_weights()
        weights["b"] = np.full(10, np.nan, np.float32)
        data = graphs.model(nodes, ("n", 1, 28, 28), ("n", 10), weights=weights)
        assert "finite" in refusal(data)

    def test_a_network_that_fails_when_it_runs(self, capfd: pytest.CaptureFixture[str]) -> None:
        node = helper.make_node("Reshape", ["x", "shape"], ["y"])
        data = graphs.model([node], ("n", 1, 28, 28), (3, 5), weights={"shape": np.array([3, 5])})
        assert "fails" in refusal(data)
        assert capfd.readouterr() == ("", "")

    def test_a_size_that_overflows(self, capfd: pytest.CaptureFixture[str]) -> None:
        model = onnx.load_from_string(graphs.dense())
        model.graph.initializer[1].dims[:] = [2**62]
        assert "no ONNX model that runs" in refusal(model.SerializeToString())
        assert capfd.readouterr() == ("", "")

    def test_an_operator_that_nobody_knows(self, capfd: pytest.CaptureFixture[str]) -> None:
        built = onnx.load_from_string(graphs.dense())
        built.graph.node[0].op_type = "Frobnicate"
        assert "no ONNX model that runs" in refusal(built.SerializeToString())
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize("location", ["w.bin", "../here/w.bin"])
    def test_parts_in_other_files(
        self, location: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "here"
        folder.mkdir()
        monkeypatch.chdir(folder)
        built = onnx.load_from_string(graphs.dense())
        onnx.save(built, "m.onnx", save_as_external_data=True, location="w.bin", size_threshold=0)
        moved = onnx.load("m.onnx", load_external_data=False)
        for tensor in moved.graph.initializer:
            for entry in tensor.external_data:
                if entry.key == "location":
                    entry.value = location
        assert "in another file" in refusal(moved.SerializeToString())

    def test_a_file_beyond_the_limit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(model_file, "MAX_MODEL_BYTES", 1_000_000)
        path = tmp_path / "large.onnx"
        path.write_bytes(bytes(1_000_001))
        with pytest.raises(ModelUnusable, match="more than 1 MB"):
            OnnxClassifier.open(path)
        assert "more than 1 MB" in refusal(bytes(1_000_001))

    def test_files_that_cannot_be_had(self, tmp_path: Path) -> None:
        with pytest.raises(FileMissing):
            OnnxClassifier.open(tmp_path / "none.onnx")
        with pytest.raises(FileIsFolder):
            OnnxClassifier.open(tmp_path)

    @given(st.binary(max_size=200))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_any_bytes(self, capfd: pytest.CaptureFixture[str], data: bytes) -> None:
        refusal(data)
        assert capfd.readouterr() == ("", "")

    @given(at=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_a_changed_byte_is_read_or_refused(
        self, capfd: pytest.CaptureFixture[str], at: float, byte: int
    ) -> None:
        data = bytearray(graphs.dense(shape=("n", 1, 4, 4), classes=2, metadata=OURS.to_metadata()))
        data[int(at * len(data))] = byte
        try:
            found = OnnxClassifier(bytes(data), "m").probabilities(cells(3))
        except ModelUnusable:
            pass
        else:
            np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-4)
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
    def test_a_model_cut_off(self, part: float) -> None:
        data = graphs.dense()
        refusal(data[: int(len(data) * part)])


def test_reading_does_not_need_onnx() -> None:
    script = "import sys; import inkread.ml.inference.classifier; assert 'onnx' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
