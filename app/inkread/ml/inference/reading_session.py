"""Inference with a network during its training, to measure its accuracy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnxruntime
from onnx import ModelProto

import inkread.ml.inference.no_telemetry  # noqa: F401
from inkread.ml.gradients.registry import Array


def open_for_reading(model: ModelProto, threads: int = 0) -> Any:
    """A session of onnxruntime; `threads` 0 for one per core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


class ReadingSession:
    """Runs a classifier over batches of any size.

    Parameters
    ----------
    model : ModelProto
        First input cells, first output (N, K); further inputs are weights.
    threads : int
        0 for one per core.
    """

    def __init__(self, model: ModelProto, threads: int = 0) -> None:
        self._ends_in_softmax = model.graph.node[-1].op_type == "Softmax"
        self._session = open_for_reading(model, threads)

    def log_probabilities(
        self, pictures: Array, weights: Mapping[str, Array] | None = None
    ) -> Array:
        """Log-probabilities of the classes: (n, ...) pictures -> (n, k).

        Weights that are inputs of the model are passed by name and not copied.
        """
        name = self._session.get_inputs()[0].name
        rows: Array = self._session.run(None, {name: pictures, **(weights or {})})[0]
        if self._ends_in_softmax:
            rows = np.log(np.maximum(rows, np.finfo(rows.dtype).tiny))
        with np.errstate(invalid="ignore"):  # infinite logits give NaN
            rows = rows - rows.max(axis=1, keepdims=True)
            total: Array = np.exp(rows).sum(axis=1, keepdims=True)
            return rows - np.log(total)
