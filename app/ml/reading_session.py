"""A network that is being trained, run to see how good it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
from onnx import ModelProto

import app.ml.no_telemetry  # noqa: F401
from app.ml.gradients.registry import Array


class ReadingSession:
    """Runs a classifier over batches of any size.

    Parameters
    ----------
    model : ModelProto
        One input, first output (N, K).
    threads : int
        0: as many as there are cores.
    """

    def __init__(self, model: ModelProto, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._ends_in_softmax = model.graph.node[-1].op_type == "Softmax"
        self._session: Any = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def log_probabilities(self, pictures: Array) -> Array:
        """Logarithms of the classes' probabilities: (n, ...) pictures -> (n, k)."""
        name = self._session.get_inputs()[0].name
        rows: Array = self._session.run(None, {name: pictures})[0]
        if self._ends_in_softmax:
            rows = np.log(np.maximum(rows, np.finfo(rows.dtype).tiny))
        rows = rows - rows.max(axis=1, keepdims=True)
        total: Array = np.exp(rows).sum(axis=1, keepdims=True)
        return rows - np.log(total)
