"""A small model that can read what `tests.written` writes."""

from __future__ import annotations

import numpy as np

from inkread.core.cell import PREPROCESS_VERSION, cell_from_ink
from inkread.ml.inference.metadata import ModelInfo
from tests.ml import graphs
from tests.written import write

LABELS = tuple("0123456789")


def template_model(name: str = "Templates", labels: tuple[str, ...] = LABELS) -> bytes:
    """An ONNX file that compares cells with those of the ten written digits, 0 to 9.

    It calls them `labels`.
    """
    cells = np.stack([cell_from_ink(write(digit).strokes)[0].ravel() for digit in LABELS])
    templates = (cells / np.linalg.norm(cells, axis=1, keepdims=True)).T
    info = ModelInfo(labels=labels, preprocess_version=PREPROCESS_VERSION, name=name)
    return graphs.linear(templates.astype(np.float32), info.to_metadata())
