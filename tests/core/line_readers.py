"""Line readers that need no network: they know what is written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inkread.core.line_labels import LINE_LABELS
from inkread.core.line_picture import resized
from inkread.core.reading import Cells, Grey
from inkread.core.recognition.line_views import PARAMS
from tests.core.templates import Templates


class Knowing:
    """The LineReader protocol by the texts of the lines, in their order, one after the other;
    a line at other sizes shows its text again.

    The signs of a text stand where ink stands: evenly over the runs of columns with ink if there is
    one for each sign, else evenly over all of the ink. A space is ink that it does not see.
    `doubt` gives signs (by their index in all texts together) another one that is as probable, or
    "" for none.
    """

    labels = LINE_LABELS
    is_calibrated = True

    def __init__(self, *texts: str, doubt: dict[int, str] | None = None) -> None:
        self._texts = texts
        self._doubt = doubt or {}
        self.pictures: list[Grey] = []

    def logits(self, pictures: Sequence[Grey]) -> list[NDArray[np.float32]]:
        return [self._logits(picture) for picture in pictures]

    def _logits(self, picture: Grey) -> NDArray[np.float32]:
        if not self._is_of_last(picture):
            self.pictures.append(picture)
        index = (len(self.pictures) - 1) % len(self._texts)
        before = sum(map(len, self._texts[:index]))
        text = self._texts[index]
        found = np.full((picture.shape[1] // 4, len(self.labels) + 1), -8, np.float32)
        found[:, -1] = 0
        for k, x in enumerate(_middles(picture, len(text))):
            if text[k] == " ":
                continue
            step = min(int(x / 4), len(found) - 1)
            found[step, -1] = -8
            found[step, self.labels.index(text[k])] = 0
            if (other := self._doubt.get(before + k)) is not None:
                found[step, self.labels.index(other) if other else -1] = 0
        return found

    def _is_of_last(self, picture: Grey) -> bool:
        """Whether it shows the last line at another size."""
        return bool(self.pictures) and any(
            np.array_equal(picture, resized(self.pictures[-1], size))
            for size in (PARAMS.smaller, PARAMS.larger)
        )


def _middles(picture: Grey, count: int) -> NDArray[np.float64]:
    """Where as many signs stand in the picture of a line."""
    inked = (picture > 64).any(axis=0)
    edges = np.flatnonzero(np.diff(inked, prepend=False, append=False))
    runs = edges.reshape(-1, 2)
    if len(runs) == count:
        return np.asarray(runs.mean(axis=1), np.float64)
    first, last = (runs[0, 0], runs[-1, 1]) if len(runs) else (0, picture.shape[1])
    return np.asarray(first + (last - first) * (np.arange(count) + 0.5) / count)


class WithLines(Templates):
    """Templates, and a line reader beside them."""

    def __init__(self, *texts: str, doubt: dict[int, str] | None = None) -> None:
        super().__init__()
        self.lines = Knowing(*texts, doubt=doubt)

    def taught(self, form: Cells, label: str) -> WithLines:
        """The same, after a person taught it that this cell is this digit."""
        flat = form.ravel() - form.mean()
        self._known = self._known.copy()
        self._known[int(label)] = flat / np.linalg.norm(flat)
        return self
