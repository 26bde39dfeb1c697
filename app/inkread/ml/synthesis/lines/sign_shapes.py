"""Whether strokes have the shape of the sign that their label says.

A few samples of UNIPEN lack strokes, or are another sign.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inkread.core.ink import Points


@dataclass(frozen=True, slots=True)
class _Shape:
    """Ranges of the number of strokes, and of height over width; a further rule.

    All chosen by looking at 100 samples of each sign.
    """

    strokes: tuple[int, int]
    tall: tuple[float, float]
    rule: Callable[[Sequence[Points]], bool] = lambda _: True


def _rises(strokes: Sequence[Points]) -> bool:
    """Whether a stroke leans to the right."""
    x, y = strokes[0].T
    return float(np.cov(x, y)[0, 1]) < 0 if len(x) > 1 else False


def _bulge(strokes: Sequence[Points]) -> float:
    """How far a stroke bulges to the right of the straight line between its ends."""
    points = strokes[0] if strokes[0][0, 1] <= strokes[0][-1, 1] else strokes[0][::-1]
    way, offsets = points[-1] - points[0], points - points[0]
    across = offsets[:, 0] * way[1] - offsets[:, 1] * way[0]
    return float(across[np.abs(across).argmax()])


_TALL_MOST = 1e9
_SHAPES: Mapping[str, _Shape] = {
    # Some that are labelled 1 are dashes.
    "1": _Shape((1, 3), (1.0, _TALL_MOST)),
    **{digit: _Shape((1, 5), (0.5, _TALL_MOST)) for digit in "023456789"},
    ".": _Shape((1, 2), (0, _TALL_MOST)),
    ",": _Shape((1, 1), (0.6, _TALL_MOST)),
    "'": _Shape((1, 1), (0.8, _TALL_MOST)),
    "-": _Shape((1, 2), (0, 0.4)),
    "=": _Shape((1, 3), (0.15, 1.3), lambda strokes: len(strokes) > 1 or len(strokes[0]) > 3),
    "/": _Shape((1, 1), (0.6, _TALL_MOST), _rises),
    ":": _Shape((2, 4), (1.1, _TALL_MOST)),
    "(": _Shape((1, 1), (1.1, _TALL_MOST), lambda strokes: _bulge(strokes) < 0),
    ")": _Shape((1, 1), (1.1, _TALL_MOST), lambda strokes: _bulge(strokes) > 0),
    "+": _Shape((2, 2), (0.5, 2.0)),
    "%": _Shape((2, 4), (0.6, 2.8)),
    "*": _Shape((2, 5), (0.5, 2.0)),
}


def has_shape_of(label: str, strokes: Sequence[Points]) -> bool:
    """Whether strokes can be the sign; any strokes can be one that has no rule.

    Parameters
    ----------
    label : str
        One character.
    strokes : sequence of (n, 2) arrays of float32
        At least one.
    """
    shape = _SHAPES.get(label)
    if shape is None:
        return True
    width, height = np.ptp(np.concatenate(strokes), axis=0).tolist()
    tall = height / max(width, 1e-6)
    return (
        shape.strokes[0] <= len(strokes) <= shape.strokes[1]
        and shape.tall[0] <= tall <= shape.tall[1]
        and shape.rule(strokes)
    )
