from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from inkread.core.errors import FileMissing, LineModelUnusable, ModelUnusable
from inkread.core.line_labels import LINE_LABELS
from inkread.core.reading import Grey
from inkread.core.recognition.line_reader import LineReader
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.gate import Gate
from inkread.ml.inference.line_model import LINE_PICTURE_VERSION, OnnxLineReader, open_lines
from inkread.ml.inference.metadata import LINES, ModelInfo
from tests.ml import graphs

OURS = ModelInfo(labels=("0", "1"), preprocess_version=LINE_PICTURE_VERSION, kind=LINES)


def line_model(
    metadata: Mapping[str, str] | None = None, *, stride: int = 4, outputs: int = 3
) -> bytes:
    """One convolution over 4 columns each, and its outputs behind one another."""
    weights = np.random.default_rng(0).normal(0, 0.3, (outputs, 1, 32, 4)).astype(np.float32)
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], strides=[1, stride]),
        helper.make_node("Squeeze", ["c", "axes"], ["s"]),
        helper.make_node("Transpose", ["s"], ["y"], perm=[0, 2, 1]),
    ]
    return graphs.model(
        nodes,
        ["n", 1, 32, "w"],
        ["n", "t", outputs],
        weights={"w": weights, "axes": np.array([2])},
        metadata=OURS.to_metadata() if metadata is None else metadata,
    )


def line(width: int, seed: int = 1) -> Grey:
    return np.random.default_rng(seed).integers(0, 256, (32, width)).astype(np.uint8)


def refusal(data: bytes) -> str:
    with pytest.raises(ModelUnusable) as refused:
        OnnxLineReader(data, "odd.onnx")
    return str(refused.value)


def test_lines_of_any_width_are_read_as_the_reference_evaluator_does() -> None:
    data = line_model()
    reader: LineReader = OnnxLineReader(data, "m")
    pictures = [line(16), line(400), line(52)]
    found = reader.logits(pictures)
    assert [steps.shape for steps in found] == [(4, 3), (100, 3), (13, 3)]
    evaluator = ReferenceEvaluator(onnx.load_from_string(data))
    for picture, steps in zip(pictures, found, strict=True):
        fed = (picture / np.float32(255)).astype(np.float32)[np.newaxis, np.newaxis]
        outputs: Any = evaluator.run(None, {"x": fed})
        np.testing.assert_allclose(steps, outputs[0][0], atol=1e-4)
    assert reader.labels == ("0", "1")


def test_no_pictures_give_no_logits() -> None:
    assert OnnxLineReader(line_model(), "m").logits([]) == []


def test_the_temperature_divides_the_logits() -> None:
    warm = ModelInfo(
        labels=OURS.labels, preprocess_version=LINE_PICTURE_VERSION, kind=LINES, temperature=2.0
    )
    plain = OnnxLineReader(line_model(), "m")
    reader = OnnxLineReader(line_model(warm.to_metadata()), "m")
    assert (plain.is_calibrated, reader.is_calibrated) == (False, True)
    np.testing.assert_allclose(
        reader.logits([line(32)])[0] * 2, plain.logits([line(32)])[0], rtol=1e-6
    )


def test_a_model_of_lines_is_no_model_of_digits() -> None:
    for opened in (OnnxClassifier, Gate().open):
        with pytest.raises(ModelUnusable) as refused:
            opened(line_model(), "lines.onnx")
        assert "it reads whole lines, not single digits" in str(refused.value)


def test_a_model_of_digits_is_no_model_of_lines() -> None:
    assert "it reads single digits, not whole lines" in refusal(graphs.dense())


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no model", "it is no ONNX model that runs"),
        (line_model(stride=2), "its output is not 4 steps of 3"),
        (line_model(outputs=5), "its output is not 4 steps of 3"),
        (line_model(ModelInfo(("0", "ab"), kind=LINES).to_metadata()), "which sign"),
        (line_model({"kind": LINES}), "which sign"),
        (line_model({"kind": "pages"}), "of a kind that this program does not know"),
        (
            line_model(ModelInfo(OURS.labels, 99, kind=LINES).to_metadata()),
            "lines of recipe 99",
        ),
    ],
)
def test_a_model_that_does_not_fit_is_refused_in_one_sentence(data: bytes, reason: str) -> None:
    sentence = refusal(data)
    assert sentence.startswith("odd.onnx: this model cannot be used (")
    assert reason in sentence
    assert "\n" not in sentence


def test_an_output_that_is_not_finite_is_refused() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], strides=[1, 4]),
        helper.make_node("Squeeze", ["c", "axes"], ["s"]),
        helper.make_node("Transpose", ["s"], ["t"], perm=[0, 2, 1]),
        helper.make_node("Log", ["t"], ["y"]),
    ]
    weights = {"w": np.zeros((3, 1, 32, 4), np.float32), "axes": np.array([2])}
    data = graphs.model(
        nodes, ["n", 1, 32, "w"], ["n", "t", 3], weights=weights, metadata=OURS.to_metadata()
    )
    assert "its output is not finite" in refusal(data)


def test_an_input_of_bytes_is_refused() -> None:
    nodes = [
        helper.make_node("Cast", ["x"], ["f"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMax", ["f"], ["y"], axes=[2], keepdims=0),
    ]
    data = graphs.model(
        nodes,
        ["n", 1, 32, "w"],
        ["n", 1, "w"],
        metadata=OURS.to_metadata(),
        input_type=TensorProto.UINT8,
    )
    assert "takes no line" in refusal(data)


@pytest.mark.parametrize("shape", [(32, 18), (32, 12), (28, 28)])
def test_a_picture_that_is_no_line_is_an_error_of_the_program(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="picture of a line"):
        OnnxLineReader(line_model(), "m").logits([np.zeros(shape, np.uint8)])


def test_a_file_is_opened_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "lines.onnx"
    path.write_bytes(line_model())
    assert OnnxLineReader.open(path).checksum == OnnxLineReader(line_model(), "m").checksum
    with pytest.raises(FileMissing):
        OnnxLineReader.open(tmp_path / "none.onnx")


def test_a_version_without_a_network_for_lines_has_none(tmp_path: Path) -> None:
    assert open_lines(tmp_path / "lines.onnx") is None


@pytest.mark.parametrize("data", [b"", b"no model", graphs.dense(), line_model()])
def test_a_broken_network_for_lines_is_named_with_what_happens_instead(
    tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "lines.onnx"
    path.write_bytes(data)
    with pytest.raises(LineModelUnusable, match=r"lines\.onnx: .*; lines are read digit by digit"):
        open_lines(path)


@pytest.mark.parametrize("label", ["5", "a"])
def test_a_network_for_lines_knows_all_digits_and_no_letters(tmp_path: Path, label: str) -> None:
    path = tmp_path / "lines.onnx"

    def written(labels: tuple[str, ...]) -> Path:
        info = replace(OURS, labels=labels)
        path.write_bytes(line_model(info.to_metadata(), outputs=len(labels) + 1))
        return path

    opened = open_lines(written(LINE_LABELS))
    assert opened is not None
    assert opened.labels == LINE_LABELS
    changed = tuple(each for each in LINE_LABELS if each != label)
    with pytest.raises(LineModelUnusable, match="its signs are not those of lines of digits"):
        open_lines(written(changed if label == "5" else (*changed, label)))


def test_a_reader_goes_with_its_classifier_to_other_processes() -> None:
    classifier = OnnxClassifier(graphs.dense(), "m")
    assert getattr(classifier.maker(), "lines", None) is None
    classifier.lines = OnnxLineReader(line_model(), "lines")
    made: OnnxClassifier = pickle.loads(pickle.dumps(classifier.maker))()  # noqa: S301
    assert made.lines is not None
    picture = line(48)
    np.testing.assert_array_equal(
        made.lines.logits([picture])[0], classifier.lines.logits([picture])[0]
    )
