from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.core.ink import rasterise_page
from inkread.core.reading import Seen, StageName
from inkread.core.recognition.read_page import read_page
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.core.recognition.test_recognise import holds, page_of
from tests.core.templates import Templates
from tests.written import write

TEMPLATES = Templates()
coordinate = st.floats(-1e4, 1e4, width=32)


def test_boxes_of_a_reduced_page_are_in_px_of_the_file() -> None:
    grey = rasterise_page(write("7", height=100, width=8), margin=20)
    (full,) = read_page(page_of(grey), TEMPLATES).glyphs
    (reduced,) = read_page(page_of(grey, scale=0.5), TEMPLATES).glyphs
    assert reduced.box == full.box.scaled(2)


def test_every_stage_of_a_picture_is_kept() -> None:
    (glyph,) = read_page(page_of(rasterise_page(write("3"))), TEMPLATES).glyphs
    assert [stage.name for stage in glyph.stages] == [
        StageName.GREY,
        StageName.THRESHOLD,
        StageName.INVERT,
        StageName.CROP,
        StageName.CENTRE,
        StageName.CELL,
    ]


@pytest.mark.slow
def test_the_work_on_a_page_of_specks_is_bounded() -> None:
    grain = np.random.default_rng(0).random((125, 250)) < 0.3
    specks = np.kron(grain, np.ones((8, 8))).astype(bool)
    counted = Templates()
    read_page(page_of(np.where(specks, 20, 240).astype(np.uint8)), counted)
    assert sum(counted.batches) < 10_000


@given(st.integers(1, 40), st.integers(1, 40), st.randoms(use_true_random=False))
def test_any_page_is_read(height: int, width: int, random: Random) -> None:
    grey = np.frombuffer(random.randbytes(height * width), np.uint8).reshape(height, width)
    holds(read_page(page_of(grey), TEMPLATES))


def test_a_reading_says_how_its_page_was_seen() -> None:
    page = page_of(rasterise_page(write("4", height=120, width=12)), 0.5)
    seen = read_page(page, TEMPLATES).seen
    assert seen == Seen(matrix=((2.0, 0.0, 0.0), (0.0, 2.0, 0.0), (0.0, 0.0, 1.0)))


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_lies_keeps_its_spaces(quarters: int) -> None:
    network = OnnxClassifier.open(bundled("models/digits.onnx"))
    upright = np.full((160, 640), 255, np.uint8)
    for text, x in (("25", 30), ("47", 400)):
        ink = rasterise_page(write(text, height=90, width=9), margin=0)
        upright[30 : 30 + ink.shape[0], x : x + ink.shape[1]] = ink
    page = page_of(np.ascontiguousarray(np.rot90(upright, -quarters)))
    reading = read_page(page, network)
    assert reading.seen is not None
    assert reading.seen.quarters == quarters
    assert reading.text == "25 47"
