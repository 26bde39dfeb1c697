"""Picture of a line -> what it may say, through a line network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from inkread.core.line_picture import LinePicture
from inkread.core.reading import Grey
from inkread.core.recognition.ctc_decode import decoded
from inkread.core.recognition.glyph_regions import with_regions
from inkread.core.recognition.line_hypothesis import LineHypothesis

#: Steps from ink, beyond which there is no sign. Chosen: the width of two digits.
_NEAR = 8
#: Nats by which blank is surer than signs there.
_SURE = np.float32(30)


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


def logits_of(reader: LineReader, pictures: Sequence[Grey]) -> list[NDArray[np.float32]]:
    """Logits as the reader gives them, but surely blank where a picture is empty.

    In a line without any ink networks see signs, as they were trained on lines with some.
    """
    if not pictures:
        return []
    return [
        _blank_where_empty(rows, picture)
        for rows, picture in zip(reader.logits(pictures), pictures, strict=True)
    ]


def _blank_where_empty(rows: NDArray[np.float32], picture: Grey) -> NDArray[np.float32]:
    inked = picture.any(axis=0).astype(np.uint8).reshape(len(rows), -1).max(axis=1)
    near = cv2.dilate(inked[np.newaxis], np.ones((1, 2 * _NEAR + 1), np.uint8))[0]
    if near.all():
        return rows
    blank = np.full(rows.shape[1], -_SURE, np.float32)
    blank[-1] = 0
    return np.where(near[:, np.newaxis] > 0, rows, blank)


def read_line(reader: LineReader, picture: LinePicture) -> tuple[LineHypothesis, ...]:
    """The most probable texts of a line, the best first, with the regions of their signs."""
    return read_lines(reader, [picture])[0]


def read_lines(
    reader: LineReader, pictures: Sequence[LinePicture]
) -> list[tuple[LineHypothesis, ...]]:
    """As `read_line` for several lines, which the network may read at once."""
    logits = logits_of(reader, [picture.image for picture in pictures])
    return [
        with_regions(picture, decoded(rows, reader.labels))
        for picture, rows in zip(pictures, logits, strict=True)
    ]
