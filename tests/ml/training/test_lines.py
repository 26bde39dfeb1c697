"""Training of a line network, with lines of a few random glyphs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx.reference import ReferenceEvaluator

from inkread.core.generators import finished
from inkread.ml.architecture.description import parse_architecture
from inkread.ml.inference.metadata import ModelInfo
from inkread.ml.training.line_batches import pictures_of
from inkread.ml.training.lines import LineProgress, LinesDiverged, LineTrainer
from tests.ml.training.line_sources import LABELS, BlotSource

SMALL = """
input = [32, "any"]
layers = [
    { type = "conv", channels = 8, kernel = 4, stride = 4 },
    { type = "batch_norm" },
    { type = "relu" },
    { type = "conv", channels = 32, kernel = [8, 3], padding = [0, 1] },
    { type = "batch_norm" },
    { type = "relu" },
    { type = "steps" },
    { type = "dense", units = "classes" },
]
[training]
batch = 8
rate = 0.01
average = 0.9
schedule = { type = "cosine", warm_up = 0.05 }
"""
HELD_OUT = [BlotSource().line(10_000 + index) for index in range(40)]


def _trainer(lines: int, *, seed: int = 0, rate: float = 0.01) -> LineTrainer:
    architecture = parse_architecture(SMALL.encode(), "small")
    return LineTrainer(
        architecture.model(len(LABELS) + 1, seed),
        replace(architecture.recipe, seed=seed, rate=rate),
        lines,
        BlotSource(),
        HELD_OUT,
        ModelInfo(labels=LABELS, preprocess_version=1, name="blots"),
        checks=2,
        threads=1,
    )


@pytest.mark.slow
def test_it_learns_to_read_lines() -> None:
    trainer = _trainer(4000)
    finished(trainer.run())
    assert trainer.checks[-1].score.share > 0.9
    assert trainer.checks[-1].loss < trainer.checks[0].loss


def test_the_same_seed_gives_the_same_weights() -> None:
    one, same, other = (finished(_trainer(48, seed=seed).run()) for seed in (1, 1, 2))
    assert one == same != other


def test_the_model_is_the_same_for_onnx_itself_and_has_no_batch_normalisation() -> None:
    data = finished(_trainer(160).run())
    pictures = pictures_of(HELD_OUT[:3], 96)
    (found,) = onnxruntime.InferenceSession(data).run(None, {"pictures": pictures})
    evaluator = ReferenceEvaluator(onnx.load_from_string(data))
    expected: Any = evaluator.run(None, {"pictures": pictures})
    assert found.shape == (3, pictures.shape[3] // 4, len(LABELS) + 1)
    np.testing.assert_allclose(found, expected[0], rtol=1e-3, atol=1e-3)
    nodes = {node.op_type for node in onnx.load_from_string(data).graph.node}
    assert "BatchNormalization" not in nodes


def test_the_model_stores_its_large_weights_in_half_precision() -> None:
    stored = onnx.load_from_string(finished(_trainer(16).run())).graph.initializer
    types = {t.data_type for t in stored if np.prod(t.dims) > 1024}
    assert types == {onnx.TensorProto.FLOAT16}


def test_the_model_says_what_it_reads() -> None:
    trainer = _trainer(16)
    data = finished(trainer.run())
    metadata = {p.key: p.value for p in onnx.load_from_string(data).metadata_props}
    assert metadata["kind"] == "lines"
    info = ModelInfo.from_metadata(metadata, "blots")
    assert info.labels == LABELS
    assert info.scores["validation_accuracy"] == trainer.checks[-1].score.share
    assert info.temperature == trainer.checks[-1].temperature


def test_progress_counts_lines_and_checks_come_evenly() -> None:
    seen: list[LineProgress] = []
    trainer = _trainer(1024)
    assert trainer.model is None
    finished(trainer.run(), seen.append)
    lines = [each.lines for each in seen]
    assert lines == sorted(lines)
    assert seen[-1].lines == seen[-1].total == 1024
    assert [each.check.lines for each in seen if each.check] == [512, 1024]


def test_a_run_that_diverges_says_so_in_one_sentence() -> None:
    trainer = _trainer(800, rate=1e25)
    with pytest.raises(LinesDiverged, match="lower learning rate"):
        finished(trainer.run())
