"""Lines of every kind that is easily read wrong are read, and none of them wrong without a word."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.core.recognition.read_page import read_page
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from inkread.ml.inference.line_model import open_lines
from tests.benchmarks.case_kinds import outcomes
from tests.case_kinds import KINDS, case_of

SEEDS = range(3)
#: Kinds of which a line may be read wrong, if it is doubtful.
MAY_BE_DOUBTFUL = ("fraction",)


@pytest.fixture(scope="module")
def classifier() -> OnnxClassifier:
    found = OnnxClassifier.open(bundled("models/digits.onnx"))
    found.lines = open_lines(bundled("models/lines.onnx"))
    return found


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_lines_of_each_kind_are_read(kind: str, seed: int, classifier: OnnxClassifier) -> None:
    case = case_of(kind, seed)
    reading = read_page(case.page, classifier)
    found = outcomes(case, reading)
    assert all(is_right or is_flagged for is_right, is_flagged in found), reading.text
    assert kind in MAY_BE_DOUBTFUL or all(is_right for is_right, _ in found), reading.text


def test_the_seed_decides_what_is_made() -> None:
    for kind in KINDS:
        first, again, other = (case_of(kind, seed) for seed in (1, 1, 2))
        assert first.text == again.text
        assert np.array_equal(first.page.grey, again.page.grey)
        assert not np.array_equal(first.page.grey, other.page.grey)


def test_nothing_where_nothing_is_written_is_right(classifier: OnnxClassifier) -> None:
    case = case_of("empty tick boxes", 0)
    assert case.text == ""
    written = read_page(case_of("date", 0).page, classifier)
    assert outcomes(case, written) == [(False, bool(written.doubtful))]
