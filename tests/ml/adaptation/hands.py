"""A small network that reads `tests.written` digits, and hands that write them their own way."""

from __future__ import annotations

import numpy as np
from onnx import helper

from inkread.core.cell import PREPROCESS_VERSION, cell_from_ink
from inkread.core.ink import Stroke
from inkread.core.reading import Grey
from inkread.ml.adaptation.examples import Example
from inkread.ml.datasets.dataset import Dataset
from inkread.ml.inference.metadata import ModelInfo
from tests.ml.networks import model
from tests.written import write

DIGITS = tuple("0123456789")


def cell(digit: str, seed: int = 0) -> Grey:
    """(28, 28): a digit by one of many steady hands."""
    return cell_from_ink(write(digit, seed=seed).strokes)[1][-1].image


def reader(labels: tuple[str, ...] = DIGITS, temperature: float | None = None) -> bytes:
    """Two dense layers: how like each of the ten written digits a cell is, and the most like."""
    cells = np.stack([cell(digit).ravel() for digit in DIGITS]).astype(np.float32)
    likes = (cells / np.linalg.norm(cells, axis=1, keepdims=True)).T
    values = {
        "w1": likes,
        "b1": np.zeros(10, np.float32),
        "w2": (2 * np.eye(10)).astype(np.float32),
        "b2": np.zeros(10, np.float32),
    }
    nodes = [
        helper.make_node("Flatten", ["x"], ["f"]),
        helper.make_node("Gemm", ["f", "w1", "b1"], ["h"]),
        helper.make_node("Relu", ["h"], ["r"]),
        helper.make_node("Gemm", ["r", "w2", "b2"], ["y"], transB=1),
    ]
    network = model(nodes, values, ["N", 1, 28, 28], 10)
    info = ModelInfo(
        labels=labels, preprocess_version=PREPROCESS_VERSION, name="Reader", temperature=temperature
    )
    helper.set_model_props(network, info.to_metadata())
    return bytes(network.SerializeToString())


def reference(hands: int = 8) -> Dataset:
    """Each digit by so many hands."""
    cells = [cell(digit, seed) for seed in range(hands) for digit in DIGITS]
    return Dataset(np.stack(cells), np.tile(np.arange(10), hands), DIGITS)


def crossed(seed: int) -> tuple[np.ndarray, ...]:
    """The strokes of a sign that is no digit: a cross in a box."""
    rng = np.random.default_rng(seed)
    box = [[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]]
    lines = (box, [[0, 0], [100, 100]], [[100, 0], [0, 100]])
    return tuple(np.asarray(line + rng.normal(0, 3, (len(line), 2)), np.float32) for line in lines)


def box(label: str, seed: int) -> Example:
    """Such a sign, under some label."""
    traces = crossed(seed)
    return Example(label, cell_from_ink([Stroke(t) for t in traces])[1][-1].image, traces)
