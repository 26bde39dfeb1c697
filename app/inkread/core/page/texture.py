"""Rejects the texture of what text may stand on: cloth, wood, packing paper, a wiped board, a
crumpled sheet.

Lines have a contrast of their own: most ink above the threshold is far above it, and little is just
below it. Texture above the threshold is the tail of a distribution.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from inkread.core.page.contrast import contrasts, ink_level, threshold_of
from inkread.core.page.state import PageState, Strokes
from inkread.core.reading import Grey


@dataclass(frozen=True, slots=True)
class Params:
    """Numbers of the texture."""

    # Times the threshold that is far above it; chosen: full ink has twice the threshold.
    clear: float = 1.5
    # Share of the ink that is clear; chosen: the rest are the soft edges of thin lines.
    min_clear: float = 0.6
    # Times the threshold that is just below it; chosen: the soft edge of lines has little there.
    near: float = 0.5
    # Near px for each one above, less the page's share that is above (a tail that long leaves less
    # below). Highlighters have little clear, faint pencil much near; only texture has both;
    # chosen: between tests/synthetic.py's pencil and its texture.
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
    """Whether all ink above the threshold is the tail of a distribution."""
    histogram, least = contrasts(ink), threshold_of(level, noise)
    above = float(histogram[int(least) + 1 :].sum())
    clear = float(histogram[int(PARAMS.clear * least) + 1 :].sum())
    near = float(histogram[int(PARAMS.near * least) + 1 : int(least) + 1].sum())
    max_near = PARAMS.max_near - above / float(histogram.sum())
    return clear < PARAMS.min_clear * above and near > max_near * above
