"""Pages and states of pages for the tests of the stages."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inkread.core.ink import Ink, draw_strokes
from inkread.core.page.pipeline import STAGES, run
from inkread.core.page.state import PageState
from inkread.core.reading import Grey

Stage = Callable[[PageState], PageState]


def before(stage: Stage, grey: Grey) -> PageState:
    """A page as it comes to a stage; all of the picture is the page."""
    return run(PageState.of(grey), STAGES[1 : STAGES.index(stage)])


def cleaned(grey: Grey) -> PageState:
    """A page after all stages; all of the picture is the page."""
    return run(PageState.of(grey), STAGES[1:])


def drawn(ink: Ink, shape: tuple[int, int]) -> Grey:
    """The ink alone, 0 to 255."""
    return draw_strokes(shape, [s.points for s in ink.strokes], [s.width for s in ink.strokes])


def share(where: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    return float(where.mean())
