"""Softening a network's first layer, held against softening its cells."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from inkread.data.paths import bundled
from inkread.ml.graph.soften_input import soften_input

SIDE = 9
SOFTNESS = np.array([3, 26, 3], np.float32) / 32


def network(first: str = "Conv", **settings: Any) -> onnx.ModelProto:
    """One layer of two kernels, 3x3 or 5x3, or of something else."""
    rng = np.random.default_rng(3)
    shape = (2, 1, 5, 3) if first == "Conv" else (2, 1, SIDE, SIDE)
    weights = numpy_helper.from_array(rng.normal(size=shape).astype(np.float32), "w")
    node = helper.make_node(first, ["cells", "w"], ["out"], **settings)
    graph = helper.make_graph(
        [node],
        "layer",
        [helper.make_tensor_value_info("cells", TensorProto.FLOAT, ["n", 1, SIDE, SIDE])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 2, "h", "w"])],
        [weights],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])


def answers(model: onnx.ModelProto, cells: NDArray[np.float32]) -> NDArray[np.float32]:
    found = ReferenceEvaluator(model).run(None, {"cells": cells})
    return np.asarray(found[0])  # type: ignore[index]


def cells_with_ink_inside() -> NDArray[np.float32]:
    inside = np.random.default_rng(4).random((3, 1, SIDE - 2, SIDE - 2)).astype(np.float32)
    return np.pad(inside, ((0, 0), (0, 0), (1, 1), (1, 1)))


def softened(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    along = SOFTNESS
    border = cv2.BORDER_CONSTANT
    return np.stack([
        cv2.sepFilter2D(cell[0], -1, along, along, borderType=border)[np.newaxis] for cell in cells
    ])  # fmt: skip


@pytest.mark.parametrize(
    "settings",
    [
        {"pads": [2, 1, 2, 1]},
        {"pads": [2, 1, 2, 1], "kernel_shape": [5, 3], "strides": [1, 1], "dilations": [1, 1]},
        {"pads": [0, 0, 0, 0]},
        {},
    ],
)
def test_it_answers_as_if_the_cells_were_soft(settings: dict[str, Any]) -> None:
    model, cells = network(**settings), cells_with_ink_inside()
    onnx.checker.check_model(soften_input(model))
    expected = answers(model, softened(cells))
    assert answers(soften_input(model), cells) == pytest.approx(expected, abs=1e-5)
    assert np.abs(answers(model, cells) - expected).max() > 0.1


def test_it_softens_by_three_quarters_of_the_mean_of_interpolation() -> None:
    """Against OpenCV, which moves a point by each t from -1/2 to 1/2."""
    point = np.zeros((1, 9), np.float32)
    point[0, 4] = 1
    steps = (np.arange(256) + 0.5) / 256 - 0.5
    moved = [
        cv2.warpAffine(point, np.array([[1, 0, t], [0, 1, 0]]), (9, 1), flags=cv2.INTER_LINEAR)
        for t in steps
    ]
    mean = np.mean([*moved, *moved, *moved, *([point] * len(moved))], axis=0)
    assert mean[0, 3:6] == pytest.approx(SOFTNESS, abs=0.01)


@pytest.mark.parametrize(
    "model",
    [
        network("Add"),
        network(strides=[2, 2]),
        network(dilations=[2, 2]),
        network(auto_pad="SAME_UPPER"),
    ],
)
def test_other_first_layers_stay_as_they_are(model: onnx.ModelProto) -> None:
    assert soften_input(model) is model


def test_the_given_model_stays_as_it_is() -> None:
    model = onnx.load(bundled("models/digits.onnx"))
    before = model.SerializeToString()
    assert soften_input(model).SerializeToString() != before
    assert model.SerializeToString() == before
