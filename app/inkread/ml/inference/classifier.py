"""A `Classifier` on an onnxruntime session; adapts to other people's models."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from inkread.core.cell import CELL_SIDE, PREPROCESS_VERSION
from inkread.core.errors import ModelUnusable
from inkread.core.reading import Cells
from inkread.core.recognition.line_reader import LineReader
from inkread.ml.inference.input_layout import InputLayout
from inkread.ml.inference.metadata import CELLS, ModelInfo
from inkread.ml.inference.model_file import check_size, read_model
from inkread.ml.inference.session import info_of, open_session, run_options

#: Cells per call of the session; bounds the memory.
_CHUNK = 256
_DIGITS = tuple("0123456789")
#: Second output of a model that learned a hand: what its memory adds to the logits.
TAUGHT = "memory/correction"
#: Replaces minus infinity, the logit of an impossible class.
_MIN_LOGIT = np.float32(-1e30)


class OnnxClassifier:
    """A network in an ONNX file as a `Classifier`.

    Accepts any network with one picture as input and one row of class scores as output: fixed
    or open batch, NCHW, NHWC or flat, other side lengths (cells are resized), 0..255 if the
    input is uint8, else 0..1; logits or probabilities as output. Labels come from the metadata,
    or are 0 to 9 if it has none and there are ten outputs.

    It trusts the model: foreign ones are opened by `inkread.ml.inference.gate`, which tries them
    in a process of their own first.
    """

    def __init__(
        self, data: bytes, name: str, threads: int = 1, max_batch: int | None = None
    ) -> None:
        """Open a model from the bytes of its file, and run it on some cells.

        Parameters
        ----------
        data : bytes
            A whole ONNX file.
        name : str
            Name of the model in error messages.
        threads : int
            Per operator. More than one pays off only for large batches.
        max_batch : int, optional
            Largest batch that a foreign model was tried with, a power of two. Smaller batches are
            filled up to a power of two: it runs at no other size than it was tried with.

        Raises
        ------
        ModelUnusable
            If the bytes are not a usable model.
        """
        self._name, self._data, self._max_batch = name, data, max_batch
        #: Reads whole lines beside it, if it reads digits; None: they are read cell by cell.
        self.lines: LineReader | None = None
        check_size(data, name)
        #: SHA-256 of the file, hexadecimal.
        self.checksum = hashlib.sha256(data).hexdigest()
        self._session = open_session(data, name, threads)
        self._run_options = run_options()
        info = info_of(self._session, name)
        if info.kind != CELLS:
            raise self._unusable("it reads whole lines, not single digits")
        if info.preprocess_version not in (None, PREPROCESS_VERSION):
            raise self._unusable(
                f"it was trained on cells of recipe {info.preprocess_version}, "
                f"this program makes recipe {PREPROCESS_VERSION}"
            )
        self._input, self._layout = self._input_layout()
        self._batch = self._layout.batch
        self._outputs_probabilities = False
        #: The model's metadata; the labels are always filled in.
        self.info = self._with_labels(info, self._probe())

    @classmethod
    def open(cls, path: str | os.PathLike[str], threads: int = 1) -> OnnxClassifier:
        """Open a model file; `threads` as in the constructor.

        Raises
        ------
        ModelUnusable, FileMissing, FileNotAllowed, FileIsFolder, FileUnusable
        """
        return cls(read_model(path), os.fspath(path), threads)

    @property
    def maker(self) -> Callable[[], OnnxClassifier]:
        """A picklable factory of equal classifiers, with one thread per operator."""
        lines = getattr(self.lines, "maker", None)
        return partial(_made, self._data, self._name, self._max_batch, lines)

    @property
    def batch(self) -> int | None:
        """Its fixed batch size; None for any."""
        return self._batch

    def run_batch(self, count: int) -> None:
        """Run it once on as many blank cells, to see whether it can.

        Raises
        ------
        ModelUnusable
            If the network fails.
        """
        self._run(np.zeros((count, 1, CELL_SIDE, CELL_SIDE), np.float32), count)

    def rename(self, name: str) -> None:
        """Replace the name in its metadata: people may rename models."""
        self.info = replace(self.info, name=name)

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order of the probabilities."""
        return self.info.labels

    @property
    def rejection_threshold(self) -> float | None:
        """A best probability below this means "none of the classes"; None if not known."""
        return self.info.rejection_threshold or None

    @property
    def is_calibrated(self) -> bool:
        """Whether the model has a temperature; other people's models have none."""
        return self.info.temperature is not None

    def probabilities(self, cells: Cells) -> Cells:
        """Class probabilities: softmax(logits / temperature) (Guo et al. 2017).

        The temperature is 1 if the model has none.

        Parameters
        ----------
        cells : (n, 1, 28, 28) array of float32
            0 (background) to 1 (ink); n may be 0. Cells of another size, as data sets have them,
            are resized only if they do not fit the network.

        Returns
        -------
        (n, k) array of float32
            Each row adds up to 1.

        Raises
        ------
        ModelUnusable
            If the network fails, or its output is not finite.
        """
        return self.probabilities_and_taught(cells)[0]

    def probabilities_and_taught(self, cells: Cells) -> tuple[Cells, Cells]:
        """As `probabilities`, and what a person's samples say for each class.

        Returns
        -------
        two (n, k) arrays of float32
            The second in nats, far from all samples 0: how much the memory of a learned hand adds
            to the logits, divided by the temperature as they are.
        """
        scores, taught = self._scores(cells)
        temperature = np.float32(self.info.temperature or 1.0)
        logits = self._logits_of(scores)
        with np.errstate(over="ignore"):  # overflow to -inf: probability 0
            shifted = logits - logits.max(axis=1, keepdims=True)
            odds = np.exp(shifted / temperature)
        probabilities: Cells = odds / odds.sum(axis=1, keepdims=True)
        return probabilities, taught / temperature

    def logits(self, cells: Cells) -> Cells:
        """Inputs of the softmax: (n, 1, 28, 28) cells -> (n, k) float32.

        If the network ends in a softmax, the logarithms of its probabilities.

        Raises
        ------
        ModelUnusable
            If the network fails, or its output is not finite.
        """
        return self._logits_of(self._scores(cells)[0])

    def _logits_of(self, scores: Cells) -> Cells:
        if self._outputs_probabilities:
            return np.log(np.maximum(scores, np.finfo(np.float32).tiny))
        return scores

    def _scores(self, cells: Cells) -> tuple[Cells, Cells]:
        """What the network says of each class, and of it, what its memory adds."""
        if cells.ndim != 4 or cells.shape[1] != 1:
            raise ValueError(f"cells of shape {cells.shape}")
        size = self._batch or self._max_batch or _CHUNK
        chunks = (cells[i : i + size] for i in range(0, len(cells), size))
        parts = [self._run(chunk, self._size(len(chunk))) for chunk in chunks]
        if not parts:
            none = np.empty((0, len(self.labels)), np.float32)
            return none, none
        scores = np.concatenate([rows for rows, _ in parts])
        if not self._has_memory:
            return scores, np.zeros_like(scores)
        return scores, np.concatenate([taught for _, taught in parts])

    def _size(self, count: int) -> int:
        """Batch size for `count` cells."""
        if self._batch is not None:
            return self._batch
        return count if self._max_batch is None else 1 << (count - 1).bit_length()

    def _run(self, cells: Cells, size: int) -> tuple[Cells, Cells]:
        """As `_scores`, of at most one batch, filled up with blank cells to its size."""
        missing = size - len(cells)
        full = np.pad(cells, ((0, missing), (0, 0), (0, 0), (0, 0))) if missing else cells
        feed = {self._input: self._layout.feed(full)}
        try:
            outputs = self._session.run(None, feed, self._run_options)
        except Exception as error:  # onnxruntime's errors have no common base
            raise self._unusable("it fails while it reads") from error
        rows = [self._rows(output, len(full))[: len(cells)] for output in outputs]
        if rows[0].shape != rows[-1].shape:
            raise self._unusable("its memory is not one row of scores for each picture")
        return rows[0], rows[-1]

    def _rows(self, output: object, count: int) -> Cells:
        if not isinstance(output, np.ndarray) or output.dtype.kind != "f":
            raise self._unusable("its output is not numbers")
        if output.ndim < 2 or len(output) != count or output.size != count * output.shape[1]:
            raise self._unusable("its output is not one row of scores for each picture")
        with np.errstate(over="ignore"):
            rows = output.reshape(count, -1).astype(np.float32)
        rows = np.maximum(rows, _MIN_LOGIT)
        if not np.isfinite(rows).all():
            raise self._unusable("its output is not finite")
        return rows

    def _input_layout(self) -> tuple[str, InputLayout]:
        """Name and layout of the one input."""
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        self._has_memory = len(outputs) == 2 and _is_memory(outputs[1])
        if len(inputs) != 1 or len(outputs) != 1 + self._has_memory:
            raise self._unusable(
                f"it has {len(inputs)} inputs and {len(outputs)} outputs, not one of each"
            )
        try:
            return inputs[0].name, InputLayout.of(inputs[0].shape, inputs[0].type)
        except UnicodeDecodeError as error:
            raise self._unusable("the name of its input is not UTF-8") from error
        except ValueError as error:
            raise self._unusable(str(error)) from error

    def _probe(self) -> int:
        """Run the network on test cells; find its output count, and if they are probabilities."""
        cells = _probe_cells()
        try:
            scores, _ = self._scores(cells)
        except ModelUnusable:
            if self._batch is not None:
                raise
            self._batch = 1  # it declares an open batch, but has a fixed one
            scores, _ = self._scores(cells)
        sums_to_one = np.allclose(scores.sum(axis=1), 1, atol=1e-3)
        self._outputs_probabilities = bool(sums_to_one and (scores >= 0).all())
        return int(scores.shape[1])

    def _with_labels(self, info: ModelInfo, outputs: int) -> ModelInfo:
        labels = info.labels or (_DIGITS if outputs == len(_DIGITS) else ())
        if not labels:
            raise self._unusable(f"it does not say what its {outputs} outputs stand for")
        if len(labels) != outputs:
            raise self._unusable(f"it has {len(labels)} labels for {outputs} outputs")
        if outputs < 2:
            raise self._unusable("it has only one class")
        return replace(info, labels=labels)

    def _unusable(self, reason: str) -> ModelUnusable:
        return ModelUnusable(name=self._name, reason=reason)


def _made(
    data: bytes, name: str, max_batch: int | None, lines: Callable[[], LineReader] | None
) -> OnnxClassifier:
    """A classifier with the line reader that `lines` makes."""
    made = OnnxClassifier(data, name, max_batch=max_batch)
    made.lines = None if lines is None else lines()
    return made


def _is_memory(output: Any) -> bool:
    try:
        return bool(output.name == TAUGHT)
    except UnicodeDecodeError:
        return False


def _probe_cells() -> Cells:
    """Cells to test a network with: blank, a bar, a gradient, all ink."""
    cells = np.zeros((4, 1, CELL_SIDE, CELL_SIDE), np.float32)
    cells[1, 0, 4:24, 13:16] = 1
    cells[2, 0] = np.linspace(0, 1, CELL_SIDE, dtype=np.float32)
    cells[3] = 1
    return cells
