"""Tells ink from the roughness of what it might be written on: cloth, wood, packing paper, a wiped
board, a crumpled sheet.

Lines have a strength of their own: most of what is cut out as ink is clearly stronger than the cut,
and little is not quite as strong. What is cut out of roughness is the tail of a distribution.
"""

from __future__ import annotations

from inkread.core.page.contrast import cut_at, ink_level, strengths
from inkread.core.reading import Grey

#: Of ink at least this part is so many times as strong as the cut,
_CLEARLY, _LEAST_CLEAR = 1.5, 0.6
#: and not so many times as much as that is nearly as strong, which is this part of the cut; less
#: the part of the page that is cut out, as of a tail that long the rest is short. Highlighters have
#: little of the one, faint pencil much of the other; only roughness has both.
_NEARLY, _MOST_NEAR = 0.5, 0.55
#: The core of ink is so many times as strong as noise; what remains of a wiped board 1.35 times.
_ABOVE_NOISE = 1.7
#: So often what may be ink is looked for above the roughness.
_ROUNDS = 4


def level_above_roughness(ink: Grey, grain: float, noise: float = 0.0) -> float | None:
    """Typical strength of full ink, grey levels; None if there is none but the paper's roughness.

    Parameters
    ----------
    ink : (h, w) array of uint8
        How much darker than its paper each pixel of a page is.
    grain : float
        Standard deviation of its noise, grey levels.
    noise : float
        What was weaker has been taken off already: its tail is not seen.
    """
    level = ink_level(ink, grain)
    if level is not None and level < _ABOVE_NOISE * noise:
        return None
    for _ in range(_ROUNDS):
        if level is None or not is_rough(ink, level, grain):
            return level
        level = ink_level(ink, grain, above=level)
    return None


def is_rough(ink: Grey, level: float, grain: float) -> bool:
    """Whether what would be cut out as ink is nothing but the tail of a distribution."""
    histogram, least = strengths(ink), cut_at(level, grain)
    cut_out = float(histogram[int(least) + 1 :].sum())
    clear = float(histogram[int(_CLEARLY * least) + 1 :].sum())
    near = float(histogram[int(_NEARLY * least) + 1 : int(least) + 1].sum())
    most_near = _MOST_NEAR - cut_out / float(histogram.sum())
    return clear < _LEAST_CLEAR * cut_out and near > most_near * cut_out
