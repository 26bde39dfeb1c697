"""Training steps over lines: one graph for each width of pictures, over the same variables."""

from __future__ import annotations

from typing import Any

import numpy as np
from onnx import ModelProto

from inkread.ml.gradients.blocked import block_size
from inkread.ml.gradients.registry import Array
from inkread.ml.graph.forward import read_forward
from inkread.ml.training.ctc import EMISSIONS, ENDS, SHARES, TRANSITIONS, CtcTargets, Real
from inkread.ml.training.graph import Settings, build_lines
from inkread.ml.training.optimisers import Optimiser
from inkread.ml.training.session import first_values, open_session, shared
from inkread.ml.training.step import LOSS, RATE, TrainingGraph


class LineSession:
    """A line network in training.

    Parameters
    ----------
    network : ModelProto
        (N, 1, H, W) -> (N, T, K + 1).
    optimiser : Optimiser
    settings : Settings
        Clipping and averaging.
    threads : int
        Of onnxruntime; 0 for one per core.

    Raises
    ------
    NotTrainable, NotDifferentiable
        On the first step, if the network cannot be trained.

    Notes
    -----
    The gradients' tables of windows hold for one width, so each width, and each count of lines,
    has its own graph, made when its first batch comes. All read and write the same two sets of
    arrays in turns, as `TrainingSession` does.
    """

    def __init__(
        self,
        network: ModelProto,
        optimiser: Optimiser,
        settings: Settings,
        threads: int = 0,
    ) -> None:
        self._network = network
        self._optimiser = optimiser
        self._settings = settings
        self._threads = threads
        self._steps: dict[tuple[int, int], _Step] = {}
        self._values: list[dict[str, Array]] = []
        self._turn = 0

    def step(
        self, pictures: Array, targets: CtcTargets, shares: Real, rate: float,
        noise: np.random.Generator,
    ) -> float:  # fmt: skip
        """Do one step.

        Parameters
        ----------
        pictures : (n, 1, H, W) ndarray of float32
            In 0..1.
        targets : CtcTargets
            Of these lines.
        shares : (n,) ndarray of float64
            Of the lines in the loss; of sum 1 for their mean.
        rate : float
            Learning rate.
        noise : Generator
            Draws what dropout needs.

        Returns
        -------
        float
            Loss before the weights change.
        """
        step = self._step_of(len(pictures), pictures.shape[3])
        inputs = {
            step.graph.forward.input: pictures,
            EMISSIONS: targets.emissions,
            TRANSITIONS: targets.transitions,
            ENDS: targets.ends,
            SHARES: shares,
            RATE: np.array(rate, step.graph.forward.dtype),
        }
        for name, shape in step.graph.noise.items():
            inputs[name] = noise.random((len(pictures), *shape), dtype=np.float32)
        loss = step.run(inputs, self._turn)
        self._turn = 1 - self._turn
        return loss

    def evaluation_values(self) -> dict[str, Array]:
        """Values for the forward model, as `TrainingSession.evaluation_values` gives them."""
        (step, *_) = self._steps.values()
        return step.graph.evaluation_values(self._values[self._turn])

    def _step_of(self, lines: int, width: int) -> _Step:
        if (lines, width) not in self._steps:
            forward = read_forward(self._network, width=width)
            graph = build_lines(forward, self._optimiser, self._settings, block_size())
            if not self._values:
                self._values = [first_values(graph) for _ in range(2)]
            self._steps[lines, width] = _Step(graph, lines, self._threads, self._values)
        return self._steps[lines, width]


class _Step:
    """The graph of one width, bound to the common variables."""

    def __init__(
        self, graph: TrainingGraph, lines: int, threads: int, values: list[dict[str, Array]]
    ) -> None:
        self.graph = graph
        # Spinning takes twice the CPU beside the thread that makes lines: 13.8 for 6.8 ms a line.
        # With an arena each, 14 widths take 4.4 GB.
        self._session = open_session(graph, lines, threads, is_one_of_many=True)
        self._loss = np.zeros((), graph.forward.dtype)
        self._bindings = [self._bound(values[turn], values[1 - turn]) for turn in (0, 1)]

    def run(self, inputs: dict[str, Array], turn: int) -> float:
        binding = self._bindings[turn]
        held = {name: shared(np.ascontiguousarray(array)) for name, array in inputs.items()}
        for name, value in held.items():
            binding.bind_ortvalue_input(name, value)
        self._session.run_with_iobinding(binding)
        return float(self._loss)

    def _bound(self, now: dict[str, Array], after: dict[str, Array]) -> Any:
        """Bind the variables as inputs from one set of arrays and as outputs to the other."""
        binding = self._session.io_binding()
        for name, array in now.items():
            binding.bind_ortvalue_input(name, shared(array))
        binding.bind_ortvalue_output(LOSS, shared(self._loss))
        for variable in self.graph.variables:
            binding.bind_ortvalue_output(variable.next, shared(after[variable.name]))
        return binding
