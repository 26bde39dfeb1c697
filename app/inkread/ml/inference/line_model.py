"""A `LineReader` on an onnxruntime session."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inkread.core.errors import InkreadError, LineModelUnusable, ModelUnusable
from inkread.core.line_labels import DIGIT_COUNT, LINE_LABELS
from inkread.core.line_picture import LINE_HEIGHT, MIN_WIDTH, STEP
from inkread.core.reading import Grey
from inkread.ml.inference.metadata import LINES, ModelInfo
from inkread.ml.inference.model_file import check_size, read_model
from inkread.ml.inference.session import info_of, open_session, run_options

Logits = NDArray[np.float32]

#: Version of the line pictures that a network is trained with, its `preprocess_version`.
LINE_PICTURE_VERSION = 1
#: Labels that a line network must have; others are signs.
DIGITS = frozenset(LINE_LABELS[:DIGIT_COUNT])
_FLOATS = "tensor(float)"
_WIDE = 64


def open_lines(path: Path) -> OnnxLineReader | None:
    """Open the line network that came with the program; None: this version has none.

    Raises
    ------
    LineModelUnusable
    """
    if not path.exists():
        return None
    try:
        reader = OnnxLineReader.open(path)
        if not DIGITS.issubset(reader.labels) or not set(reader.labels) <= set(LINE_LABELS):
            raise ModelUnusable(name=path, reason="its signs are not those of lines of digits")
        return reader
    except InkreadError as error:
        reason = error.facts.get("reason", "it cannot be read")
        raise LineModelUnusable(path=path, reason=reason) from error


class OnnxLineReader:
    """A network in an ONNX file as a `LineReader`.

    Its input is (n, 1, 32, w) float32, 0 (background) to 1 (full ink), n and w open; its output
    (n, w / 4, k + 1) float32 are logits of k labels and blank. Its metadata has the kind ``lines``
    and the labels, one character each.

    It trusts the model as `OnnxClassifier` does.
    """

    def __init__(self, data: bytes, name: str, threads: int = 1) -> None:
        """Open a model from the bytes of its file, and run it on two blank pictures.

        Parameters
        ----------
        data : bytes
            A whole ONNX file.
        name : str
            Name of the model in error messages.
        threads : int
            Per operator.

        Raises
        ------
        ModelUnusable
            If the bytes are not a usable model of lines.
        """
        self._name, self._data = name, data
        check_size(data, name)
        #: SHA-256 of the file, hexadecimal.
        self.checksum = hashlib.sha256(data).hexdigest()
        self._session = open_session(data, name, threads)
        self._run_options = run_options()
        #: The model's metadata.
        self.info: ModelInfo = info_of(self._session, name)
        self._check_info()
        self._input = self._checked_input()
        for width in (MIN_WIDTH, _WIDE):
            self._scores(np.zeros((LINE_HEIGHT, width), np.uint8))

    @classmethod
    def open(cls, path: str | os.PathLike[str], threads: int = 1) -> OnnxLineReader:
        """Open a model file; `threads` as in the constructor.

        Raises
        ------
        ModelUnusable, FileMissing, FileNotAllowed, FileIsFolder, FileUnusable
        """
        return cls(read_model(path), os.fspath(path), threads)

    @property
    def maker(self) -> Callable[[], OnnxLineReader]:
        """A picklable factory of equal readers, with one thread per operator."""
        return partial(OnnxLineReader, self._data, self._name)

    @property
    def labels(self) -> tuple[str, ...]:
        """The signs in the order of the logits."""
        return self.info.labels

    @property
    def is_calibrated(self) -> bool:
        """Whether the model has a temperature."""
        return self.info.temperature is not None

    def logits(self, pictures: Sequence[Grey]) -> list[Logits]:
        """Read pictures of any number and widths, one after the other.

        Parameters
        ----------
        pictures : sequence of (32, w) arrays of uint8
            0 (background) to 255 (full ink); w is a multiple of 4, at least 16.

        Returns
        -------
        list of (w / 4, k + 1) arrays of float32
            Logits of each step, divided by the temperature if the model has one.

        Raises
        ------
        ModelUnusable
            If the network fails, or its output is not finite.
        """
        temperature = np.float32(self.info.temperature or 1.0)
        return [self._scores(picture) / temperature for picture in pictures]

    def _scores(self, picture: Grey) -> Logits:
        height, width = picture.shape
        if height != LINE_HEIGHT or width % STEP or width < MIN_WIDTH:
            raise ValueError(f"a picture of a line of {width} x {height} px")
        fed = picture[np.newaxis, np.newaxis] * np.float32(1 / 255)
        try:
            output = self._session.run(None, {self._input: fed}, self._run_options)[0]
        except Exception as error:  # onnxruntime's errors have no common base
            raise self._unusable("it fails while it reads") from error
        expected = (1, width // STEP, len(self.labels) + 1)
        if not isinstance(output, np.ndarray) or output.dtype != np.float32:
            raise self._unusable("its output is not numbers")
        if output.shape != expected:
            raise self._unusable(
                f"for a line of {width} px its output is not {expected[1]} steps of {expected[2]}"
            )
        if not np.isfinite(output).all():
            raise self._unusable("its output is not finite")
        return np.asarray(output[0])

    def _check_info(self) -> None:
        if self.info.kind != LINES:
            raise self._unusable("it reads single digits, not whole lines")
        if self.info.preprocess_version not in (None, LINE_PICTURE_VERSION):
            raise self._unusable(
                f"it was trained on lines of recipe {self.info.preprocess_version}, "
                f"this program makes recipe {LINE_PICTURE_VERSION}"
            )
        if not self.labels or any(len(label) != 1 for label in self.labels):
            raise self._unusable("it does not say which sign each of its outputs stands for")

    def _checked_input(self) -> str:
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or len(outputs) != 1:
            raise self._unusable(
                f"it has {len(inputs)} inputs and {len(outputs)} outputs, not one of each"
            )
        if inputs[0].type != _FLOATS:
            raise self._unusable(f"its input of type {inputs[0].type} takes no line")
        return str(inputs[0].name)

    def _unusable(self, reason: str) -> ModelUnusable:
        return ModelUnusable(name=self._name, reason=reason)
