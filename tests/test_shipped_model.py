"""The network that ships: what it says of itself, and how it reads what it has never seen."""

from __future__ import annotations

import sys

import cv2
import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator
from sklearn.datasets import load_digits

from inkread.core.cell import PREPROCESS_VERSION, cell_from_ink
from inkread.core.ink import Ink, Stroke
from inkread.core.picture.page import Page
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.synthesis.scribbles import scribble
from inkread.services.background.free_memory import allocated
from tests.written import write

MODEL = bundled("models/digits.onnx")


@pytest.fixture(scope="module")
def classifier() -> OnnxClassifier:
    return OnnxClassifier.open(MODEL)


def test_it_is_small_and_describes_itself(classifier: OnnxClassifier) -> None:
    assert MODEL.stat().st_size <= 1_000_000
    info = classifier.info
    assert info.labels == tuple("0123456789")
    assert info.preprocess_version == PREPROCESS_VERSION
    assert info.scores["mnist_test_accuracy"] >= 0.997
    assert info.scores["canvas_fold1_accuracy"] >= 0.985
    assert info.scores["calibration_error"] <= 0.005
    assert classifier.is_calibrated
    assert 0.3 < (classifier.rejection_threshold or 0) < 0.95
    assert info.data
    assert info.licence


@pytest.mark.slow
def test_scribbles_are_refused_and_digits_are_not(classifier: OnnxClassifier) -> None:
    rng = np.random.default_rng(77)
    scribbles = [Ink(tuple(Stroke(trace) for trace in scribble(rng))) for _ in range(300)]
    accepted = sum(len(glyphs := read_ink(ink, classifier).glyphs) == 1 and not glyphs[0].rejected
                   for ink in scribbles)  # fmt: skip
    assert accepted <= 0.2 * len(scribbles)
    digits = [write(digit, seed=seed) for digit in "0123456789" for seed in range(10)]
    refused = sum(len(read_ink(ink, classifier).rejected) for ink in digits)
    assert refused <= 1


def test_its_graph_is_valid_and_holds_its_own_weights() -> None:
    model = onnx.load(MODEL, load_external_data=False)
    onnx.checker.check_model(model, full_check=True)
    assert not any(tensor.external_data for tensor in model.graph.initializer)


def test_it_computes_what_onnx_defines(classifier: OnnxClassifier) -> None:
    cells = np.stack([cell_from_ink(write(digit).strokes)[0] for digit in "0123456789"])
    cells = cells[:, np.newaxis]
    (logits,) = ReferenceEvaluator(str(MODEL)).run(None, {classifier_input(): cells})
    scaled = np.asarray(logits, np.float64) / (classifier.info.temperature or 1.0)
    expected = np.exp(scaled) / np.exp(scaled).sum(axis=1, keepdims=True)
    assert classifier.probabilities(cells) == pytest.approx(expected, abs=1e-4)


def classifier_input() -> str:
    name: str = onnx.load(MODEL).graph.input[0].name
    return name


def test_one_and_many_give_the_same_answers(classifier: OnnxClassifier) -> None:
    cells = np.random.default_rng(0).random((7, 1, 28, 28)).astype(np.float32)
    single = np.concatenate([classifier.probabilities(cell[np.newaxis]) for cell in cells])
    assert classifier.probabilities(cells) == pytest.approx(single, abs=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_five_hands_write_every_digit(classifier: OnnxClassifier, seed: int) -> None:
    for digit in "0123456789":
        assert read_ink(write(digit, seed=seed), classifier).text == digit


@pytest.mark.slow
def test_scikit_learns_digits_are_read(classifier: OnnxClassifier) -> None:
    """1,797 digits of 43 people at 8 x 8 pixels, enlarged: as pages, light on dark."""
    digits = load_digits()
    right = 0
    for image, digit in zip(digits.images, digits.target, strict=True):
        large = cv2.resize(
            (image / 16 * 255).astype(np.uint8), (160, 160), interpolation=cv2.INTER_CUBIC
        )
        grey = np.asarray(cv2.copyMakeBorder(large, 40, 40, 40, 40, cv2.BORDER_CONSTANT), np.uint8)
        page = Page(np.repeat(grey[..., np.newaxis], 3, axis=2), grey)
        right += read_page(page, classifier).text == str(digit)
    assert right / len(digits.target) >= 0.97


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody counts what is allocated")
def test_a_large_batch_leaves_no_memory_behind() -> None:
    classifier = OnnxClassifier.open(MODEL)
    classifier.probabilities(np.zeros((1, 1, 28, 28), np.float32))
    before = allocated()
    classifier.probabilities(np.zeros((256, 1, 28, 28), np.float32))
    assert allocated() - before < 10 << 20
