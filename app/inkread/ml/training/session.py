"""Run a training graph in onnxruntime; two sets of arrays are bound once and swapped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import onnxruntime

import inkread.ml.inference.no_telemetry  # noqa: F401
from inkread.ml.gradients.registry import Array
from inkread.ml.training.losses import TEACHER
from inkread.ml.training.step import CORRECT, LABELS, LOSS, RATE, WEIGHTS, TrainingGraph


@dataclass(frozen=True)
class Batch:
    """Input arrays of a step; fill them in place.

    Attributes
    ----------
    pictures : ndarray
        (n, ...) in the network's input layout.
    labels : ndarray
        (n,) int64.
    weights : ndarray
        (n,), all 1 at first.
    noise : dict
        Name -> (n, ...) uniform random numbers in [0, 1).
    teacher : ndarray
        (n, classes) probabilities of the teacher; no rows if the loss needs none.
    """

    pictures: Array
    labels: Array
    weights: Array
    noise: dict[str, Array]
    teacher: Array


@dataclass(frozen=True)
class StepResult:
    """Mean loss of a batch, and count of correct answers, both before the weights change."""

    loss: float
    right: int


class TrainingSession:
    """A training graph and its variables.

    Parameters
    ----------
    graph : TrainingGraph
        From ``build``.
    batch : int
        Samples in each step, >= 1.
    threads : int
        0 for one per core.

    Notes
    -----
    Step k, counted from 0, reads ``batches[k % 2]``; the other batch can be filled meanwhile.
    Nothing is copied between steps: each reads the arrays that the one before has written.
    """

    def __init__(self, graph: TrainingGraph, batch: int, threads: int = 0) -> None:
        self._graph = graph
        self._session = open_session(graph, batch, threads)
        self._rate = np.zeros((), graph.forward.dtype)
        self._results = [np.zeros((), graph.forward.dtype) for _ in range(2)]
        self.batches = tuple(_empty_batch(graph, batch) for _ in range(2))
        self._values = [first_values(graph) for _ in range(2)]
        self._bindings = [self._bind(0), self._bind(1)]
        self._turn = 0

    def step(self, rate: float) -> StepResult:
        """Do one step with the batch whose turn it is.

        Parameters
        ----------
        rate : float
            Learning rate.
        """
        self._rate[()] = rate
        self._session.run_with_iobinding(self._bindings[self._turn])
        self._turn = 1 - self._turn
        loss, right = self._results
        return StepResult(float(loss), int(right))

    def values(self) -> dict[str, Array]:
        """Copies of the present values of all variables."""
        return {name: array.copy() for name, array in self._values[self._turn].items()}

    def evaluation_values(self) -> dict[str, Array]:
        """Values for the forward model: parameters and statistics, averages where there are some.

        Not copied: valid until the next step; do not change them.
        """
        return self._graph.evaluation_values(self._values[self._turn])

    def _bind(self, turn: int) -> Any:
        """Bind inputs to one set of arrays and outputs to the other."""
        binding = self._session.io_binding()
        batch = self.batches[turn]
        inputs = {
            self._graph.forward.input: batch.pictures,
            LABELS: batch.labels,
            WEIGHTS: batch.weights,
            TEACHER: batch.teacher,
            RATE: self._rate,
            **batch.noise,
            **self._values[turn],
        }
        outputs = dict(zip((LOSS, CORRECT), self._results, strict=True))
        outputs |= {v.next: self._values[1 - turn][v.name] for v in self._graph.variables}
        declared = {i.name for i in self._session.get_inputs()}
        for name, array in inputs.items():
            if name in declared:
                binding.bind_ortvalue_input(name, shared(array))
        for name, array in outputs.items():
            binding.bind_ortvalue_output(name, shared(array))
        return binding


def shared(array: Array) -> Any:
    """An OrtValue over the array's own memory."""
    return onnxruntime.OrtValue.ortvalue_from_numpy(array)


def first_values(graph: TrainingGraph) -> dict[str, Array]:
    """Own copies of the variables' initial values."""
    return {v.name: np.array(v.value, order="C") for v in graph.variables}


def _empty_batch(graph: TrainingGraph, size: int) -> Batch:
    forward = graph.forward
    teacher_rows = size if any(i.name == TEACHER for i in graph.model.graph.input) else 0
    return Batch(
        np.zeros((size, *forward.cell_shape), forward.input_dtype),
        np.zeros(size, np.int64),
        np.ones(size, forward.dtype),
        {name: np.zeros((size, *shape), forward.dtype) for name, shape in graph.noise.items()},
        np.zeros((teacher_rows, forward.classes), forward.dtype),
    )


def open_session(
    graph: TrainingGraph, batch: int, threads: int, *, is_one_of_many: bool = False
) -> Any:
    """Open a training graph for batches of a fixed size; `threads` 0 for one per core.

    Those that are one of many take their memory from one arena: what one is done with, the next
    one uses. Their threads sleep when there is nothing to do; others spin for a moment, which
    saves waking them up and costs whatever else runs.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # The memory pattern takes a quarter more memory here and saves no time.
    options.enable_mem_pattern = False
    if is_one_of_many:
        _make_common_arena()
    options.add_session_config_entry("session.use_env_allocators", str(int(is_one_of_many)))
    options.add_session_config_entry(
        "session.intra_op.allow_spinning", str(int(not is_one_of_many))
    )
    options.add_free_dimension_override_by_name("N", batch)
    return onnxruntime.InferenceSession(
        graph.model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


@cache
def _make_common_arena() -> None:
    """Once in a process, for the sessions that ask for it; it grows only."""
    kind = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR
    info = onnxruntime.OrtMemoryInfo("Cpu", kind, 0, onnxruntime.OrtMemType.DEFAULT)
    onnxruntime.create_and_register_allocator(info, onnxruntime.OrtArenaCfg(0, -1, -1, -1))
