"""Rejects the texture of what text may stand on: cloth, wood, packing paper, a wiped board, a
crumpled sheet.

Lines have a contrast of their own: most of what is cut out as ink is clearly stronger than the cut,
and little is just below it. What is cut out of texture is the tail of a distribution.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from inkread.core.page.contrast import contrasts, cut_at, ink_level
from inkread.core.page.state import PageState, Strokes
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the texture."""

    # Times the cut that is clearly above it; chosen: full ink has twice the cut.
    clear: float = 1.5
    # Share of the ink that is clear; chosen: the rest are the soft edges of thin lines.
    min_clear: float = 0.6
    # Times the cut that is just below it; chosen: half of it, the soft edge of lines has little.
    near: float = 0.5
    # Near px for each cut-out one, less the page's share that is cut out (a tail that long leaves
    # less below the cut). Highlighters have little clear, faint pencil much near; only texture
    # has both. chosen: between tests/synthetic.py's pencil and its texture.
    max_near: float = 0.55
    # Times the noise floor; measured: the wiped boards of tests/test_pictures.py have 1.34 to 1.37.
    min_noise_floors: float = 1.7
    # Rounds; chosen: bounds the work, each looks for ink above the texture of the last.
    rounds: int = 4


PARAMS = Params()


def reject_texture(state: PageState) -> PageState:
    """Raise the contrast that ink must have above that of the texture, or find no ink."""
    if state.ink is None or state.level is None or state.strokes is Strokes.BOLD:
        return state
    level: float | None = state.level
    if state.level < PARAMS.min_noise_floors * state.noise_floor:
        level = None
    for _ in range(PARAMS.rounds):
        if level is None or not is_texture(state.ink, level, state.noise):
            break
        level = ink_level(state.ink, state.noise, above=level)
    else:
        level = None
    if level == state.level:
        return state
    if level is None:
        return replace(state, level=None, note="Nothing but noise and texture was found.")
    return replace(state, level=level, note=f"Texture below {level:.0f} grey levels was rejected.")


def is_texture(ink: Grey, level: float, noise: float) -> bool:
    """Whether what would be cut out as ink is nothing but the tail of a distribution."""
    histogram, least = contrasts(ink), cut_at(level, noise)
    cut_out = float(histogram[int(least) + 1 :].sum())
    clear = float(histogram[int(PARAMS.clear * least) + 1 :].sum())
    near = float(histogram[int(PARAMS.near * least) + 1 : int(least) + 1].sum())
    max_near = PARAMS.max_near - cut_out / float(histogram.sum())
    return clear < PARAMS.min_clear * cut_out and near > max_near * cut_out
