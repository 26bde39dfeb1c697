"""Evaluate a line network on held-out lines while it is being trained."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
from onnx import ModelProto

from inkread.ml.gradients.registry import Array
from inkread.ml.graph.surgery import initialisers_as_inputs
from inkread.ml.inference.calibration import ReadLine, best_line_temperature
from inkread.ml.inference.reading_session import open_for_reading
from inkread.ml.training.line_batches import TrainingLine, pictures_of, width_for

_BATCH = 32


@dataclass(frozen=True)
class LineScore:
    """Counts of lines, and of those that are wholly right.

    Attributes
    ----------
    count, right : int
        Of lines that have all labels.
    free_count, free_right : int
        Of lines with free signs, of which only digits count.
    """

    count: int = 0
    right: int = 0
    free_count: int = 0
    free_right: int = 0

    @property
    def share(self) -> float:
        """Share of all lines that is right, 0 to 1; 0 without lines."""
        return (self.right + self.free_right) / max(1, self.count + self.free_count)

    def plus(self, is_free: bool, is_right: bool) -> LineScore:
        """The score with one more line."""
        return LineScore(
            self.count + (not is_free),
            self.right + (is_right and not is_free),
            self.free_count + is_free,
            self.free_right + (is_right and is_free),
        )


class LineValidator:
    """Reads held-out lines repeatedly with different weights.

    Parameters
    ----------
    network : ModelProto
        (N, 1, H, W) -> (N, T, K + 1), W and T open.
    lines : sequence of TrainingLine
        Of any width.
    signs : collection of int
        Classes that do not count in lines with free signs.
    threads : int
        Of onnxruntime; 0 for one per core.
    """

    def __init__(
        self,
        network: ModelProto,
        lines: Sequence[TrainingLine],
        signs: Collection[int],
        threads: int = 0,
    ) -> None:
        self._network = network
        self._lines = sorted(lines, key=_width)
        self._signs = frozenset(signs)
        self._threads = threads
        self._session: Any = None

    def validate(
        self, weights: Mapping[str, Array]
    ) -> Generator[None, None, tuple[LineScore, float]]:
        """Read all lines by greedy decoding.

        Yields
        ------
        None
            After each batch.

        Returns
        -------
        LineScore
        float
            The best temperature for the logits of all lines, see `best_line_temperature`.
        """
        if self._session is None:
            model = initialisers_as_inputs(self._network, weights)
            self._session = open_for_reading(model, self._threads)
        name, score = self._network.graph.input[0].name, LineScore()
        read = list[ReadLine]()
        for start in range(0, len(self._lines), _BATCH):
            for width, group in groupby(self._lines[start : start + _BATCH], _width):
                lines = list(group)
                logits = self._session.run(None, {name: pictures_of(lines, width), **weights})[0]
                for line, rows in zip(lines, logits, strict=True):
                    score = score.plus(line.free_signs, self._is_right(line, rows))
                    free = self._signs if line.free_signs else ()
                    read.append(ReadLine(rows, tuple(line.labels), tuple(free)))
                yield
        return score, best_line_temperature(read)

    def _is_right(self, line: TrainingLine, logits: Array) -> bool:
        found = greedy(logits)
        if line.free_signs:
            found = tuple(sign for sign in found if sign not in self._signs)
        return found == tuple(line.labels)


def _width(line: TrainingLine) -> int:
    return width_for(int(line.image.shape[1]))


def greedy(logits: Array) -> tuple[int, ...]:
    """The labels of the most probable class of each step, (T, K + 1), once for each run of it."""
    blank = logits.shape[1] - 1
    runs = (int(best) for best, _ in groupby(np.argmax(logits, axis=1)))
    return tuple(sign for sign in runs if sign != blank)
