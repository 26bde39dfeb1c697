from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inkread.core.generators import Steps, finished
from inkread.core.ink import rasterise_page
from inkread.core.page import pipeline
from inkread.core.page.pipeline import turning
from inkread.core.page.state import PageState
from inkread.core.reading import Seen, StageName
from inkread.core.recognition import large_pages
from inkread.core.recognition import read_page as read_page_module
from inkread.core.recognition.read_page import read_page, reading_page
from inkread.data.paths import bundled
from inkread.ml.inference.classifier import OnnxClassifier
from tests.core.recognition.test_recognise import holds, page_of
from tests.core.templates import Templates
from tests.hostile import kinds
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


def test_reading_is_cancelled_between_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = list[str]()

    def watched(stage: pipeline.Stage) -> pipeline.Stage:
        def run(state: PageState) -> PageState:
            ran.append(getattr(stage, "__name__", ""))
            return stage(state)

        return run

    stages = tuple(map(watched, pipeline.STAGES))
    monkeypatch.setattr(pipeline, "STAGES", stages)
    page = page_of(rasterise_page(write("12")))
    for most in range(len(stages)):
        ran.clear()
        is_enough = partial(lambda most: len(ran) >= most, most)
        assert finished(reading_page(page, TEMPLATES), is_cancelled=is_enough) is None
        assert len(ran) == most


def test_reading_is_cancelled_between_lines() -> None:
    page = page_of(rasterise_page(write("12\n34\n56\n78")))
    whole, part = Templates(), Templates()
    found = finished(reading_page(page, whole))
    assert len(found.lines) == 4
    assert finished(reading_page(page, part), is_cancelled=lambda: bool(part.batches)) is None
    assert 0 < sum(part.batches) < sum(whole.batches) / 2


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


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_large_page_that_lies_is_turned_at_half_its_size(
    quarters: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = OnnxClassifier.open(bundled("models/digits.onnx"))
    monkeypatch.setattr(large_pages, "PARAMS", replace(large_pages.PARAMS, min_pixels=100_000))
    sizes = list[tuple[int, int]]()

    def seen(state: PageState, turns: int) -> Steps[PageState]:
        sizes.append((state.grey.size, turns))
        return turning(state, turns)

    monkeypatch.setattr(read_page_module, "turning", seen)
    upright = np.full((400, 480), 255, np.uint8)
    ink = rasterise_page(write("2047\n6183", height=60, width=6), margin=0)
    upright[40 : 40 + ink.shape[0], 30 : 30 + ink.shape[1]] = ink
    grey = np.ascontiguousarray(np.rot90(upright, -quarters))
    reading = read_page(page_of(grey), network)
    assert reading.text == "2047\n6183"
    assert reading.seen is not None
    assert (reading.seen.quarters, reading.seen.half_size) == (quarters, False)
    assert reading.seen.matrix[0][0] in (0.0, 1.0, -1.0)
    half = grey.size // 4
    assert sizes == [(half, 1), (half, 2), (half, 3), (grey.size, quarters)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", kinds())
def test_any_hostile_page_is_read_with_bounded_work(kind: str) -> None:
    counted = Templates()
    grey = kinds()[kind]((700, 900), np.random.default_rng(0))
    holds(read_page(page_of(grey), counted))
    assert sum(counted.batches) < 10_000


@pytest.mark.parametrize("shape", [(1, 3000), (3000, 1), (2, 2000), (40, 4000), (4000, 40)])
@pytest.mark.parametrize("kind", ["checker 3", "pixels 0.02", "bars 5 upright", "digits of 20"])
def test_pages_of_any_shape_are_read(kind: str, shape: tuple[int, int]) -> None:
    grey = kinds()[kind](shape, np.random.default_rng(0))
    holds(read_page(page_of(grey), TEMPLATES))


def test_a_page_of_too_much_says_that_some_was_left_out() -> None:
    dashes = kinds()["dashes 4 20"]((900, 900), np.random.default_rng(0))
    assert read_page(page_of(dashes), TEMPLATES).is_partial
    page = rasterise_page(write("2046", height=100, width=8), margin=20)
    assert not read_page(page_of(page), TEMPLATES).is_partial


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["checker 3", "blotches 10"])
def test_sixteen_megapixels_of_anything_are_read_to_an_end(kind: str, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "hostile.png"
    page = kinds()[kind]((4000, 4000), np.random.default_rng(0))
    path.write_bytes(cv2.imencode(".png", page)[1].tobytes())
    limits = (60, 60)  # s of processor; without the bounds it took minutes
    process = subprocess.run(
        [sys.executable, "-m", "inkread", "read", str(path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, limits),
    )
    assert process.returncode == 0, process.stderr
    assert process.stdout.startswith(str(path))
