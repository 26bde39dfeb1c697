"""Held-out lines: what counts as right."""

from __future__ import annotations

import numpy as np
import pytest
from onnx import helper

from inkread.core.generators import finished
from inkread.core.reading import Grey
from inkread.ml.gradients.registry import Array
from inkread.ml.training.line_validation import LineScore, LineValidator, greedy
from tests.ml.networks import model
from tests.ml.training.line_sources import BlotLine


@pytest.mark.parametrize(
    ("path", "labels"),
    [([2, 2, 2], ()), ([0, 0, 1], (0, 1)), ([0, 2, 0, 0, 2], (0, 0)), ([2, 1, 2], (1,))],
)
def test_runs_of_a_label_count_once_and_blanks_not(path: list[int], labels: tuple[int]) -> None:
    assert greedy(np.eye(3)[path]) == labels


def _validator(lines: list[BlotLine]) -> LineValidator:
    """Its network is the picture's first rows: label 0, 1 (a sign), 2 (blank)."""
    nodes = [
        helper.make_node("MaxPool", ["x"], ["p"], kernel_shape=[1, 4], strides=[1, 4]),
        helper.make_node("Squeeze", ["p", "axes"], ["rows"]),
        helper.make_node("Transpose", ["rows"], ["y"], perm=[0, 2, 1]),
    ]
    values: dict[str, Array] = {"real": np.zeros(1, np.float32), "axes": np.array([1], np.int64)}
    return LineValidator(model(nodes, values, ["N", 1, 3, "W"]), lines, (1,), threads=1)


def _image(width: int) -> Grey:
    """Shows label 0 and the sign at the left, and nothing else."""
    image = np.zeros((3, width), np.uint8)
    image[2], image[0, 4], image[1, 12], image[2, [4, 12]] = 200, 255, 255, 0
    return image


def test_signs_count_only_where_all_labels_are_known() -> None:
    image = _image(32)
    lines = [
        BlotLine(image, (0, 1)),
        BlotLine(image, (0,)),
        BlotLine(image, (0,), free_signs=True),
        BlotLine(image, (1,), free_signs=True),
    ]
    score, _ = finished(_validator(lines).validate({}))
    assert score == LineScore(count=2, right=1, free_count=2, free_right=1)
    assert score.share == 0.5


def test_lines_of_every_width_are_read() -> None:
    lines = [BlotLine(_image(width), (0, 1)) for width in (5120, 32, 1024)]
    score, _ = finished(_validator(lines).validate({}))
    assert score == LineScore(count=3, right=3)


def test_the_temperature_is_low_where_all_is_right_and_high_where_it_is_not() -> None:
    image = np.zeros((3, 32), np.uint8)
    image[0] = 255  # one long label 0
    right, wrong = (
        finished(_validator([BlotLine(image, labels)] * 100).validate({}))[1]
        for labels in ((0,), (1,))
    )
    assert right < 0.5
    assert wrong > 2
