"""The sample pictures: read as they are written, and really made by their script."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from inkread.core.picture.page import open_page
from inkread.core.recognition.read_page import read_page
from inkread.core.recognition.recognise import read_ink
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.make_samples import SAMPLES, make
from tests.written import write


@pytest.fixture(scope="module")
def classifier() -> OnnxClassifier:
    return OnnxClassifier.open(bundled("models/digits.onnx"))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_as_it_is_written(name: str, classifier: OnnxClassifier) -> None:
    page = open_page(bundled(f"assets/samples/{name}").read_bytes(), name)
    assert read_page(page, classifier).text == SAMPLES[name][1]


def test_the_samples_are_what_the_script_makes(tmp_path: Path) -> None:
    make(tmp_path)
    for name in SAMPLES:
        new, kept = pixels(tmp_path / name), pixels(bundled("assets/samples") / name)
        # Another release of Pillow or OpenCV may round or compress a little differently.
        assert np.abs(new - kept).mean() < 1, name


def pixels(path: Path) -> NDArray[np.float64]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float64)


def test_there_is_no_sample_that_nobody_made() -> None:
    kept = {path.name for path in bundled("assets/samples").iterdir()}
    assert kept == set(SAMPLES)


@pytest.mark.parametrize("hand", range(6))
def test_written_ink_is_read(hand: int, classifier: OnnxClassifier) -> None:
    assert read_ink(write("0123456789", seed=hand), classifier).text == "0123456789"
