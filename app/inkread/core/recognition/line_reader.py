"""Picture of a line -> what it may say, through a line network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from inkread.core.line_picture import LinePicture
from inkread.core.reading import Grey
from inkread.core.recognition.ctc_decode import decoded
from inkread.core.recognition.glyph_regions import with_regions
from inkread.core.recognition.line_hypothesis import LineHypothesis


class LineReader(Protocol):
    """The interface of a line network to recognition; ml implements it."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The k signs in the order of the logits, one character each."""
        ...

    @property
    def is_calibrated(self) -> bool:
        """Whether its probabilities are calibrated, that is, meant as frequencies."""
        ...

    def logits(self, pictures: Sequence[Grey]) -> list[NDArray[np.float32]]:
        """Read pictures of any number and widths.

        Parameters
        ----------
        pictures : sequence of (32, w) arrays of uint8
            See `LinePicture`.

        Returns
        -------
        list of (w / 4, k + 1) arrays of float32
            Logits of each step, divided by the temperature; the last column is blank.
        """
        ...


def read_line(reader: LineReader, picture: LinePicture) -> tuple[LineHypothesis, ...]:
    """The most probable texts of a line, the best first, with the regions of their signs."""
    return read_lines(reader, [picture])[0]


def read_lines(
    reader: LineReader, pictures: Sequence[LinePicture]
) -> list[tuple[LineHypothesis, ...]]:
    """As `read_line` for several lines, which the network may read at once."""
    logits = reader.logits([picture.image for picture in pictures])
    return [
        with_regions(picture, decoded(rows, reader.labels))
        for picture, rows in zip(pictures, logits, strict=True)
    ]
